"""A venue whose till is connected, on a morning of June."""

from datetime import UTC, date, datetime

import pytest

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.services import till_connection

MORNING = datetime(2026, 6, 14, 3, 30, tzinfo=UTC)  # 05:30 in Paris
LAST_NIGHT = date(2026, 6, 13)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """The waits between two tries of a call take no time."""
    monkeypatch.setattr(till_connection, "sleep", lambda seconds: None)


@pytest.fixture(autouse=True)
def morning(app):
    """It is Sunday 14 June 2026, 05:30 in Paris."""
    app.config["NOW"] = MORNING


@pytest.fixture
def connected(venue, till, server):
    """The venue, its token tried and kept."""
    probe = till_connection.attempt(venue, till.token)
    till_connection.keep(venue, till.token, probe)
    db.session.commit()
    return venue


@pytest.fixture
def read(connected):
    """Read the till now; returns the summary."""
    return lambda: import_night.read_till(connected.id)
