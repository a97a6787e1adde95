"""The product's worker, which also knows the jobs of the tests: `python -m tests.house.worker_process ADDRESS DB`.

With a third word, `impatient`, it gives a silent Redis up after two seconds.
"""

import sys

from sommit import create_app
from sommit.jobs import worker

JOBS = frozenset(f"tests.house.jobs.{name}" for name in ("note", "nap", "hold"))

if __name__ == "__main__":
    worker.KnownJob.known |= JOBS
    if "impatient" in sys.argv:
        worker.LISTEN_S = worker.SILENCE_S = 1.0
    worker.run_worker(
        create_app(
            {
                "REDIS_URL": sys.argv[1],
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{sys.argv[2]}",
                "RATELIMIT_STORAGE_URI": "memory://",
            }
        )
    )
