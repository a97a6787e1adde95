"""A dead man's switch: somebody outside is told that the clock ticks, and calls for help once it is silent."""

from urllib.parse import urlsplit

import requests
import structlog
from flask import current_app
from requests.adapters import HTTPAdapter

from sommit.config import LOOPBACK
from sommit.jalia.guard import Guard, guarded_pools

CONNECT_S, READ_S, DEADLINE_S = 3.0, 3.0, 5.0

log = structlog.get_logger(__name__)


def beat() -> bool:
    """Ask for HEARTBEAT_URL, where there is one; return whether somebody heard. Never raises."""
    url = current_app.config["HEARTBEAT_URL"]
    if not url:
        return False
    try:
        _ask(url)
    except Exception as absence:  # whatever it was, it must not stop the clock; the address may hold a secret
        log.warning("heartbeat_not_heard", reason=type(absence).__name__)
        return False
    return True


def _ask(url: str) -> None:
    """GET, without a proxy, a redirect or a body, from an address that is nobody's inner network."""
    guard = Guard(loopback=urlsplit(url).hostname in LOOPBACK)
    adapter = HTTPAdapter(pool_maxsize=1)
    adapter.poolmanager.pool_classes_by_scheme = guarded_pools(guard)
    with requests.Session() as session, guard.within(DEADLINE_S):
        session.trust_env = False
        session.mount(url, adapter)
        with session.get(url, timeout=(CONNECT_S, READ_S), allow_redirects=False, stream=True) as answer:
            answer.raise_for_status()
