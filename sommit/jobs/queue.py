"""The doorbell: Redis only says that there is something to do. What is due stands in the database (FAULTS rule a)."""

import secrets
from datetime import UTC, datetime
from functools import lru_cache

import structlog
from flask import current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

NAME = "sommit"
JOB = "sommit.jobs.import_night.import_night"
AUDIT_JOB = "sommit.jobs.audits.audit_morning"
JOB_TIMEOUT_S = 3600
RESULT_TTL_S = 60
FAILURE_TTL_S = 24 * 3600
TICK_KEY = "sommit:tick"
TICK_TTL_S = 24 * 3600
PATIENCE_S = 2.0  # a page that rings must not hang on a Redis that is away

log = structlog.get_logger(__name__)


def connection() -> Redis:
    """Return the connection to the application's REDIS_URL. Nothing is sent yet, so nothing fails here."""
    return _connect(current_app.config["REDIS_URL"])


def queue() -> Queue:
    """Return the one queue. Its payloads are JSON: pickle would let whoever writes to Redis run code (security 46)."""
    return Queue(NAME, connection=connection(), serializer=JSONSerializer)


def enqueue_import(venue_id: int) -> bool:
    """Ask a worker to import what a venue's till has closed; a bell that already waits is not rung twice.

    Returns False, and never raises, when Redis is away or full: the next tick of the scheduler rings again.
    """
    return _ring(JOB, "import", venue_id)


def enqueue_audit(venue_id: int) -> bool:
    """Ask a worker to audit a venue's books, as `enqueue_import` asks for its night."""
    return _ring(AUDIT_JOB, "audit", venue_id)


def _ring(job: str, name: str, venue_id: int) -> bool:
    try:
        bells = queue()
        if not _waits(bells, name, venue_id):
            bells.enqueue(
                job,
                venue_id,
                job_id=f"{name}-{venue_id}-{secrets.token_hex(8)}",
                description=f"{name} {venue_id}",
                job_timeout=JOB_TIMEOUT_S,
                result_ttl=RESULT_TTL_S,
                failure_ttl=FAILURE_TTL_S,
            )
    except (RedisError, ValueError) as absence:
        # ValueError: REDIS_URL is not an address. The type alone is logged: an address may hold a password.
        log.warning("bell_not_rung", job=name, venue_id=venue_id, reason=type(absence).__name__)
        return False
    return True


def mark_tick() -> None:
    """Note that the scheduler has just asked what is due. Raises RedisError."""
    connection().set(TICK_KEY, datetime.now(UTC).isoformat(), ex=TICK_TTL_S)


def last_tick() -> datetime | None:
    """Return when (UTC) a scheduler last asked what is due, None when none did for a day. Raises RedisError."""
    text = connection().get(TICK_KEY)
    return datetime.fromisoformat(text.decode()) if isinstance(text, bytes) else None


def _waits(bells: Queue, name: str, venue_id: int) -> bool:
    return any(job_id.startswith(f"{name}-{venue_id}-") for job_id in bells.job_ids)


@lru_cache(maxsize=4)
def _connect(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 1, supported_errors=(LostConnection,)),  # a stale connection, not a silent Redis
        health_check_interval=30,
    )
