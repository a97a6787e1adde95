"""A browser at a venue, on a morning of June, with a till that answers."""

from datetime import UTC, date, datetime

import pytest

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.services import till_connection
from tests.screens.conftest import Screen, make_app, screen, stranger

__all__ = ["Screen", "make_app", "screen", "stranger"]

MORNING = datetime(2026, 6, 14, 3, 30, tzinfo=UTC)  # 05:30 in Paris
LAST_NIGHT = date(2026, 6, 13)


@pytest.fixture(autouse=True)
def morning(app):
    """It is Sunday 14 June 2026, 05:30 in Paris."""
    app.config["NOW"] = MORNING


@pytest.fixture
def connected(venue, till, server):
    """The venue, its token tried and kept."""
    till_connection.keep(venue, till.token, till_connection.attempt(venue, till.token))
    db.session.commit()
    return venue


@pytest.fixture
def read_now():
    """Read a venue's till now; returns the summary."""
    return lambda venue: import_night.read_till(venue.id)


@pytest.fixture
def read(connected, read_now):
    """Read the till of the connected venue now; returns the summary."""
    return lambda: read_now(connected)


@pytest.fixture
def bells(monkeypatch) -> list[int]:
    """Hear the bell instead of ringing it: the venues rung for."""
    rung: list[int] = []
    monkeypatch.setattr("sommit.jobs.queue.enqueue_import", lambda venue_id: bool(rung.append(venue_id)) or True)
    return rung
