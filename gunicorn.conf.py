"""How the web is served; gunicorn reads this file by itself in the folder it is started from."""

import os
from pathlib import Path

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 30
graceful_timeout = 5  # hosts kill after ten seconds; no page of ours takes five
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes and unlinks its own file there
if MEMORY.is_dir():
    worker_tmp_dir = str(MEMORY)  # a heartbeat file on a slow disk would look like a dead worker


def post_worker_init(worker):
    """Set the garbage collector, now that the application is there."""
    from sommit import collector  # here, where the worker has the application's folder on its path

    collector.settle()
