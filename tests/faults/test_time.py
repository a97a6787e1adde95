"""Clocks that lie, zones that change, days that are rare: an evening stays what it was (FAULTS, “Time”)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Closing, SaleLine, TillConnection
from sommit.services import nights
from tests.jobs.conftest import LAST_NIGHT, MORNING, connected, no_waiting, read
from tests.support import invariants

__all__ = ["connected", "no_waiting", "read"]


@pytest.fixture(autouse=True)
def morning(app):
    """It is Sunday 14 June 2026, 05:30 in Paris."""
    app.config["NOW"] = MORNING


def stored():
    """The evenings and instants of what was imported."""
    closings = select(Closing.business_date, Closing.opened_at, Closing.finalized_at)
    lines = select(SaleLine.sold_at, SaleLine.quantity_milli)
    return [sorted(map(tuple, db.session.execute(query))) for query in (closings, lines)]


@pytest.mark.parametrize("hours", [-24, -2, 2, 24])
def test_a_clock_of_ours_that_is_wrong_moves_no_evening(connected, till, read, app, hours):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    app.config["NOW"] = MORNING + timedelta(hours=hours)
    read()
    app.config["NOW"] = MORNING + timedelta(hours=1)
    read()

    closings, lines = stored()
    assert [closing[0] for closing in closings] == [LAST_NIGHT]
    assert len(lines) == 1
    assert nights.find(connected.id, LAST_NIGHT).state == "imported"
    invariants.check_replay(read)


def test_a_venue_that_changes_its_zone_keeps_its_past_evenings(connected, till, read):
    opened_at = datetime(2026, 6, 12, 22, 30, tzinfo=UTC)  # half past midnight on the 13th in Paris
    till.closing([("PINTE", 2)], opened_at=opened_at, closed_at=opened_at + timedelta(hours=4))
    read()
    before = stored()
    connected.timezone = "America/Martinique"
    db.session.commit()
    read()

    assert stored() == before
    assert before[0][0][0] == date(2026, 6, 13)
    assert nights.find(connected.id, date(2026, 6, 13)).state == "imported"


@pytest.mark.parametrize(
    "evening", [date(2028, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)]
)
def test_leap_days_new_year_and_week_53_are_evenings_like_any_other(connected, till, read, app, evening):
    app.config["NOW"] = clock.at_hour(evening + timedelta(days=1), 5, "Europe/Paris")
    db.session.get(TillConnection, connected.id).read_from = evening
    db.session.commit()
    assert nights.due() == [connected.id]
    till.closing([("PINTE", 2)], date=evening)
    read()

    assert [closing[0] for closing in stored()[0]] == [evening]
    assert nights.find(connected.id, evening).state == "imported"
    assert nights.due() == []


def test_new_rules_of_a_zone_move_nothing_that_is_stored(connected, till, read, monkeypatch):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    before = stored()
    monkeypatch.setattr(clock, "ZoneInfo", lambda _name: timezone(timedelta(hours=9)))
    read()

    assert stored() == before
    assert nights.find(connected.id, LAST_NIGHT).state == "imported"
