"""For hosts: is the process alive, is it ready. No version, no name."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sommit.extensions import db
from sommit.jobs import queue

bp = Blueprint("health", __name__)


@bp.get("/live")
def live() -> dict[str, str]:
    """Say that the process answers. Touches nothing."""
    return {"status": "ok"}


@bp.get("/ready")
def ready() -> tuple[dict[str, Any], int]:
    """Say whether the database and Redis answer, and how many seconds ago the scheduler last asked what is due.

    Only the database is needed to serve pages: 503 without it.
    """
    database = _database_answers()
    return {"database": _word(database), **_doorbell()}, 200 if database else 503


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _doorbell() -> dict[str, Any]:
    try:
        tick = queue.last_tick()
    except (RedisError, ValueError):  # ValueError: REDIS_URL is not an address
        return {"redis": _word(False), "last_tick_s": None}
    age = None if tick is None else int((datetime.now(UTC) - tick).total_seconds())
    return {"redis": _word(True), "last_tick_s": age}


def _word(answers: bool) -> str:
    return "ok" if answers else "down"
