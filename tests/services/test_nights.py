"""What is due, per venue and time zone; who may read; what becomes of an evening."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Night, TillConnection
from sommit.services import nights
from tests import factories

PARIS = ZoneInfo("Europe/Paris")


def at(app, *when, zone=PARIS):
    app.config["NOW"] = datetime(*when, tzinfo=zone).astimezone(UTC)


def connect(venue, state="connected"):
    row = TillConnection(
        venue_id=venue.id,
        token=b"sealed",
        token_tail="",
        state=state,
        connected_at=factories.NOW,
        read_from=date(2026, 6, 10),
    )
    db.session.add(row)
    db.session.commit()
    return row


def night_of(venue, day, **values):
    db.session.add(Night(venue_id=venue.id, business_date=day, **values))
    db.session.commit()


def test_a_night_is_due_from_five_in_the_morning_at_the_venue(app, venue):
    connect(venue)
    night_of(venue, date(2026, 6, 12), state="imported")

    at(app, 2026, 6, 14, 4, 59)
    assert nights.due() == []
    at(app, 2026, 6, 14, 5, 0)
    assert nights.due() == [venue.id]


def test_each_venue_goes_by_its_own_clock(app, venue):
    reunion = factories.venue("Le Lagon", timezone="Indian/Reunion")
    for one in (venue, reunion):
        connect(one)
        night_of(one, date(2026, 6, 12), state="imported")

    at(app, 2026, 6, 14, 3, 30)  # 05:30 in Réunion
    assert nights.due() == [reunion.id]


def test_a_settled_evening_is_not_due_again_before_the_next_morning(app, venue):
    connect(venue)
    night_of(venue, date(2026, 6, 13), state="imported")

    at(app, 2026, 6, 14, 12, 0)
    assert nights.due() == []
    at(app, 2026, 6, 15, 5, 1)
    assert nights.due() == [venue.id]


def test_a_venue_whose_token_is_refused_or_that_has_no_till_is_never_due(app, venue):
    connect(venue, state="refused")
    factories.venue("Sans caisse")

    at(app, 2026, 6, 14, 9, 0)
    assert nights.due() == []


def test_an_evening_that_is_not_closed_yet_waits_half_an_hour(app, venue):
    connection = connect(venue)
    at(app, 2026, 6, 14, 6, 0)
    lease = nights.claim(venue)
    nights.settle(lease, connection, venue.timezone, None)
    db.session.commit()

    assert nights.latest(venue.id, 1)[0].state == "waiting"
    assert nights.due() == []
    at(app, 2026, 6, 14, 6, 31)
    assert nights.due() == [venue.id]


def test_after_two_in_the_afternoon_a_missing_closing_is_asked_for_the_next_morning(app, venue):
    connection = connect(venue)
    at(app, 2026, 6, 14, 14, 1)
    nights.settle(nights.claim(venue), connection, venue.timezone, None)
    db.session.commit()

    at(app, 2026, 6, 14, 20, 0)
    assert nights.due() == []
    at(app, 2026, 6, 15, 5, 0)
    assert nights.due() == [venue.id]


def test_only_one_reader_holds_a_venue_until_its_lease_is_over(app, venue):
    connect(venue)
    at(app, 2026, 6, 14, 6, 0)
    first = nights.claim(venue)
    db.session.commit()

    with pytest.raises(nights.Busy):
        nights.claim(venue)
    db.session.rollback()
    assert nights.due() == []

    at(app, 2026, 6, 14, 6, 3)
    second = nights.claim(venue)
    db.session.commit()
    assert second.fence > first.fence
    with pytest.raises(nights.LostLease):
        nights.renew(first)


def test_a_reader_of_another_evening_is_refused_too_while_one_reads(app, venue):
    connect(venue)
    at(app, 2026, 6, 14, 23, 59)
    nights.claim(venue)
    db.session.commit()

    at(app, 2026, 6, 15, 0, 0)
    with pytest.raises(nights.Busy):
        nights.claim(venue)


def test_waits_grow_with_each_failure(app, venue):
    connect(venue)
    at(app, 2026, 6, 14, 6, 0)
    waits = []
    for _ in range(8):
        now = clock.now()
        nights.fail(nights.claim(venue), "La caisse ne répond pas.")
        db.session.commit()
        night = nights.latest(venue.id, 1)[0]
        waits.append((night.next_try_at - now) // timedelta(minutes=1))
        app.config["NOW"] = night.next_try_at

    assert waits == [5, 10, 20, 40, 80, 120, 120, 120]
    assert nights.due() == [venue.id]


def test_a_reader_that_died_leaves_its_night_due_at_once_the_first_time_then_after_a_wait(app, venue):
    connect(venue)
    at(app, 2026, 6, 14, 6, 0)
    nights.claim(venue)
    db.session.commit()
    at(app, 2026, 6, 14, 6, 3)
    nights.sweep()
    db.session.commit()
    assert nights.due() == [venue.id]

    nights.claim(venue)
    db.session.commit()
    at(app, 2026, 6, 14, 6, 6)
    nights.sweep()
    db.session.commit()
    assert nights.due() == []
    night = db.session.scalars(select(Night)).one()
    assert (night.state, night.problem) == ("failed", nights.INTERRUPTED)


def test_the_next_reading_is_announced(app, venue):
    connect(venue)
    night_of(venue, date(2026, 6, 13), state="imported")
    at(app, 2026, 6, 14, 9, 0)

    assert nights.next_due_at(venue) == datetime(2026, 6, 15, 5, 0, tzinfo=PARIS)
