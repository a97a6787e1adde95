"""The morning's audit: the books worked out a second time, and what does not hold is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from sommit.extensions import db, read_only_moment
from sommit.jalia.client import Probe
from sommit.models import Closing, Night, ReferenceSum
from sommit.services import audit, books, missing_nights, stock, till_connection
from tests import factories
from tests.screens.statements import counted
from tests.services.test_stock_property import FACT, LINK, SALE, play

MORNING = datetime(2026, 6, 14, 4, 2, tzinfo=UTC)  # 06:02 in Paris
EVENING = date(2026, 6, 12)


@pytest.fixture
def connection(app, venue):
    app.config["NOW"] = MORNING - timedelta(days=4)
    kept = till_connection.keep(venue, "a-token-of-the-zinc", Probe(0, None, None, None), history_days=1)
    db.session.commit()
    app.config["NOW"] = MORNING
    return kept


@pytest.fixture
def bar(venue, connection):
    """A drink of which six glasses were sold, on a night that adds up; every evening is in the books."""
    chablis, key = factories.drink(venue, stock=12), factories.reference(venue)
    factories.link(key, chablis)
    closing = factories.closing(venue, EVENING, lines=1, turnover_cents=3900, total_cents=3900, difference_cents=0)
    factories.sale(closing, key, 6, at=MORNING - timedelta(days=1, hours=8), cents=3900)
    for day in range(9, 14):
        night(venue, date(2026, 6, day), "imported")
    return closing


def night(venue, day, state):
    db.session.add(Night(venue_id=venue.id, business_date=day, state=state))
    db.session.commit()


def kinds(venue, connection):
    return [finding["kind"] for finding in audit.look(venue, connection).findings]


def test_books_that_hold_have_no_finding_and_say_how_much_was_looked_at(venue, connection, bar):
    seen = audit.look(venue, connection)

    assert seen.findings == []
    assert seen.checked == {"nights": 5, "drinks": 1, "closings": 1, "lines": 1, "findings": 0}


@pytest.mark.parametrize(
    ("table", "values", "found"),
    [
        (ReferenceSum, {"taken_milli": 5000}, ["stock", "sums"]),
        (ReferenceSum, {"turnover_cents": 1}, ["sums"]),
        (Closing, {"lines": 2}, ["lines"]),
        (Closing, {"turnover_cents": 4000}, ["total"]),
        (Closing, {"total_cents": 4000}, ["total"]),
    ],
)
def test_what_somebody_changed_in_the_database_is_found(venue, connection, bar, table, values, found):
    db.session.execute(update(table).values(values))
    db.session.commit()

    assert kinds(venue, connection) == found


def test_a_difference_that_the_closing_itself_shows_is_no_finding(venue, connection, bar):
    db.session.execute(update(Closing).values(total_cents=4350, difference_cents=-450))
    db.session.commit()

    assert kinds(venue, connection) == []


def test_a_note_that_stands_in_two_closings_is_found(venue, connection, bar):
    key = factories.reference(venue, "PINTE")
    other = factories.closing(venue, EVENING + timedelta(days=1), lines=1)
    factories.sale(other, key, order_id="note-7", stock="none", money="moved")
    factories.sale(bar, key, order_id="note-7", stock="none", money="moved")
    db.session.execute(update(Closing).where(Closing.id == bar.id).values(lines=2))
    db.session.commit()

    assert audit.look(venue, connection).findings == [
        {"kind": "twice", "order": "note-7", "day": "2026-06-12", "other_day": "2026-06-13"}
    ]


def test_evenings_that_are_not_in_the_books_at_their_deadline_are_one_finding_a_spell(app, venue, connection):
    for day, state in ((9, "imported"), (11, "failed"), (12, "no_service"), (13, "waiting")):
        night(venue, date(2026, 6, day), state)
    assert audit.look(venue, connection).findings == [{"kind": "night", "day": "2026-06-10", "other_day": "2026-06-11"}]

    app.config["NOW"] = MORNING + timedelta(hours=8)  # 14:02: the evening before should be here by now

    assert [found["day"] for found in audit.look(venue, connection).findings] == ["2026-06-10", "2026-06-13"]


def test_the_weekly_closing_day_is_no_news(venue, connection):
    connection.read_from = date(2026, 6, 5)
    for day in range(6, 13):
        night(venue, date(2026, 6, day), "imported")
    night(venue, date(2026, 6, 5), "no_service")
    db.session.execute(update(Night).where(Night.business_date == EVENING).values(state="waiting"))
    db.session.commit()

    assert missing_nights.look(venue, connection, MORNING) == (8, [])


def test_of_a_till_that_was_just_connected_nothing_is_late(app, venue, connection):
    app.config["NOW"] = MORNING - timedelta(days=3)
    assert missing_nights.look(venue, connection, MORNING - timedelta(days=4)) == (0, [])
    assert missing_nights.look(venue, connection, MORNING - timedelta(days=2, hours=-8)).missing


def test_an_audit_is_due_once_a_day_from_six_o_clock_on_at_the_venue(app, venue, connection):
    app.config["NOW"] = datetime(2026, 6, 14, 3, 59, tzinfo=UTC)
    assert audit.due() == []
    app.config["NOW"] = MORNING
    assert audit.due() == [venue.id]
    assert audit.due(late=audit.PATIENCE) == []

    assert audit.keep(audit.look(venue, connection))
    db.session.commit()
    assert not audit.keep(audit.look(venue, connection))
    db.session.commit()

    assert audit.due() == []
    app.config["NOW"] = MORNING + timedelta(days=1, hours=1)
    assert audit.due(late=audit.PATIENCE) == [venue.id]


def test_the_number_of_statements_does_not_grow_with_the_books(venue, connection, bar):
    few = statements(venue, connection)
    for number in range(12):
        key, drink = factories.reference(venue), factories.drink(venue, f"Vin {number}", stock=3)
        factories.link(key, drink)
        factories.sale(factories.closing(venue, EVENING, lines=1), key)

    assert statements(venue, connection) == few


def statements(venue, connection):
    db.session.refresh(venue)
    db.session.refresh(connection)
    with counted() as seen:
        audit.look(venue, connection)
    return len(seen)


def test_an_audit_hinders_nobody_who_writes(venue, connection, bar, app):
    read_only_moment()
    stock.cellar(venue.id)
    with db.engine.begin() as other:  # SQLite has one writer's lock: it is free
        other.execute(update(Closing).values(lines=7))

    assert books.work_out(venue.id).odd == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACT, max_size=6), st.lists(SALE, max_size=12), st.lists(LINK, max_size=5))
def test_both_ways_of_working_out_the_stock_agree(app, facts, sales, links):
    venue = factories.venue()
    play(venue, facts, sales, links)

    assert books.work_out(venue.id).stocks == stock.cellar(venue.id)
