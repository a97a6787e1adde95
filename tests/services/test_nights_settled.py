"""What is due, and what becomes of each evening."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sommit.extensions import db
from sommit.jalia.client import Probe
from sommit.services import nights, till_connection
from tests import factories

MORNING = datetime(2026, 6, 14, 3, 30, tzinfo=UTC)  # 05:30 in Paris
LAST_NIGHT = date(2026, 6, 13)


@pytest.fixture(autouse=True)
def connection(app, venue):
    app.config["NOW"] = MORNING
    kept = till_connection.keep(venue, "a-token-of-the-zinc", Probe(0, None, None, None), history_days=3)
    db.session.commit()
    return kept


@pytest.fixture
def settle(venue, connection):
    """Play a reading that got through."""

    def play(problem=None):
        nights.settle(nights.claim(venue), connection, venue.timezone, problem)
        db.session.commit()

    return play


def states(venue):
    return {night.business_date.day: night.state for night in nights.latest(venue.id)}


def test_a_reading_that_somebody_asks_for_is_due_also_on_a_settled_evening(venue, settle):
    factories.closing(venue, LAST_NIGHT, finalized_at=MORNING)
    settle()
    assert nights.due() == []

    nights.ask(venue)
    assert nights.due() == [venue.id]
    assert states(venue)[13] == "imported"

    settle()
    assert nights.due() == []


def test_a_reading_that_was_asked_for_and_failed_is_tried_again_after_its_wait(app, venue, settle):
    factories.closing(venue, LAST_NIGHT, finalized_at=MORNING)
    settle()
    nights.ask(venue)
    nights.fail(nights.claim(venue), "La caisse ne répond pas.")
    db.session.commit()

    assert nights.due() == []
    again = nights.next_due_at(venue)
    assert MORNING < again < MORNING + timedelta(hours=1)
    app.config["NOW"] = again
    assert nights.due() == [venue.id]


def test_readings_that_got_through_do_not_lengthen_the_wait_after_one_that_fails(venue, settle):
    for _ in range(6):
        settle()
    nights.fail(nights.claim(venue), "La caisse ne répond pas.")

    assert nights.find(venue.id, LAST_NIGHT).next_try_at == MORNING + nights.wait_after(1)


def test_asking_before_the_first_reading_makes_the_evening_due(venue):
    nights.ask(venue)
    assert nights.due() == [venue.id]
    assert states(venue) == {13: "due"}


def test_a_reading_that_failed_after_midnight_waits_as_long_as_any_other(app, venue):
    app.config["NOW"] = datetime(2026, 6, 14, 0, 30, tzinfo=UTC)  # 02:30 in Paris
    nights.fail(nights.claim(venue), "La caisse ne répond pas.")
    db.session.commit()

    assert nights.due() == []


def test_an_evening_whose_closing_is_known_and_not_read_has_failed_and_says_why(venue, settle):
    factories.closing(venue, date(2026, 6, 11), problem="La réponse de Jalia est illisible.")
    factories.closing(venue, LAST_NIGHT, finalized_at=MORNING)
    settle()

    assert states(venue) == {13: "imported", 12: "no_service", 11: "failed"}
    assert nights.find(venue.id, date(2026, 6, 11)).problem == "La réponse de Jalia est illisible."


def test_what_was_wrong_with_an_evening_is_forgotten_once_it_was_read_well(venue, settle):
    factories.closing(venue, LAST_NIGHT, finalized_at=MORNING)
    settle("Une clôture ne tombe pas juste.")
    assert nights.find(venue.id, LAST_NIGHT).problem

    settle()
    assert nights.find(venue.id, LAST_NIGHT).problem is None
