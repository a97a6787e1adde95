"""To which evening a closing belongs, and what becomes of evenings that have none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from demo.simulator import situations
from sommit.extensions import db
from sommit.jalia.errors import Missing
from sommit.models import Closing, Night, TillConnection
from sommit.services import nights, till_connection, turnover
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.jobs.stored import lines_stored


def test_a_closing_made_days_after_its_evening_is_read_again_for_a_week_from_then_on(connected, till, read):
    evening = MORNING - timedelta(days=10)
    late = till.closing([("PINTE", 2)], opened_at=evening, closed_at=MORNING - timedelta(days=2))
    read()
    late.amend(late.orders[0].items[0], is_canceled=True, moves_updated_at=False)

    assert read().closings == 1


def test_a_shift_that_still_runs_has_no_sales_and_is_taken_once_it_is_closed(connected, till, read):
    running = till.closing([("PINTE", 4)], date=LAST_NIGHT, finalized=False)

    assert read().lines == 0
    assert [night.state for night in nights.latest(connected.id, 1)] == ["waiting"]

    running.finalize(MORNING - timedelta(hours=1))
    assert read().lines == 1
    assert [night.state for night in nights.latest(connected.id, 1)] == ["imported"]


def test_a_running_shift_is_asked_for_by_its_id_however_old_it_gets(connected, till, read, app):
    running = till.closing([("PINTE", 4)], date=LAST_NIGHT, finalized=False)
    read()
    app.config["NOW"] = MORNING + timedelta(days=40)
    running.finalize(MORNING + timedelta(days=39))
    till.closing([("PINTE", 1)], date=LAST_NIGHT + timedelta(days=40))

    assert read().lines == 2


def test_a_running_shift_that_the_till_forgets_is_told_once_and_later_nights_are_whole(connected, till, read, app):
    phantom = till.closing([("PINTE", 4)], date=LAST_NIGHT, finalized=False)
    read()
    till.closings.remove(phantom)
    till.closing([("PINTE", 1)], date=LAST_NIGHT + timedelta(days=1))
    app.config["NOW"] = MORNING + timedelta(days=1)

    assert read().error == Missing.sentence
    assert nights.find(connected.id, LAST_NIGHT).state == "no_service"
    assert [read().status for _ in range(3)] == ["ok"] * 3
    assert till_connection.get(connected.id).problem is None


def test_a_forgotten_shift_that_comes_back_is_taken_once_it_is_closed(connected, till, read, app):
    phantom = till.closing([("PINTE", 4)], date=LAST_NIGHT, finalized=False)
    read()
    till.closings.remove(phantom)
    till.closing([("PINTE", 1)], date=LAST_NIGHT + timedelta(days=1))
    app.config["NOW"] = MORNING + timedelta(days=1)
    read()
    app.config["NOW"] = MORNING + timedelta(days=40)
    till.closings.append(phantom)
    read()
    assert nights.find(connected.id, LAST_NIGHT).state == "waiting"
    phantom.finalize(MORNING + timedelta(days=39))

    assert (read().status, lines_stored()) == ("ok", 2)
    assert nights.find(connected.id, LAST_NIGHT).state == "imported"


def test_a_closing_at_three_in_the_morning_belongs_to_the_evening_on_which_it_was_opened(connected, till, read):
    closing = till.closing([("PINTE", 1)], date=LAST_NIGHT)
    closing.finalized_at = MORNING - timedelta(minutes=18)  # 05:12 in Paris, on the 14th
    read()

    stored = db.session.scalars(select(Closing)).one()
    assert stored.business_date == LAST_NIGHT


@pytest.mark.parametrize("situation", [situations.summer_time_begins, situations.summer_time_ends])
def test_the_nights_of_the_clock_change_keep_their_evening(connected, till, read, app, situation):
    closing = situation(till)
    app.config["NOW"] = closing.finalized_at + timedelta(hours=8)
    connection = db.session.get(TillConnection, connected.id)
    connection.read_from = closing.opened_at.date()
    db.session.commit()
    read()

    stored = db.session.scalars(select(Closing)).one()
    assert stored.business_date == closing.opened_at.astimezone(situations.PARIS).date()
    assert lines_stored() > 0


def test_two_tills_on_one_evening_are_added(connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    till.closing([("PINTE", 2)], date=LAST_NIGHT, device="iPad terrasse")
    read()

    evening = turnover.evenings(connected.id, [LAST_NIGHT])[LAST_NIGHT]
    assert len(evening.closings) == 2
    assert evening.turnover_cents == 1500


def test_a_closing_that_disappears_from_the_list_is_kept(connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    till.closings.clear()

    assert read().status == "ok"
    assert lines_stored() == 1


def test_missed_nights_come_in_with_the_next_good_one(connected, till, read, app):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    for day in range(1, 21):
        till.closing([("PINTE", 1)], date=LAST_NIGHT + timedelta(days=day))
    app.config["NOW"] = MORNING + timedelta(days=20)

    assert read().closings == 20
    assert {night.state for night in nights.latest(connected.id, 20)} == {"imported"}


def test_the_first_reading_goes_thirty_days_back_and_not_further(connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=28))
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=31))

    assert read().closings == 1


def test_the_evenings_without_service_are_told_apart_from_those_not_closed_yet(connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=3))
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=1))
    read()

    states = {night.business_date: night.state for night in db.session.scalars(select(Night))}
    assert states[LAST_NIGHT] == "waiting"
    assert states[LAST_NIGHT - timedelta(days=1)] == "imported"
    assert states[LAST_NIGHT - timedelta(days=2)] == "no_service"
    assert states[date(2026, 5, 20)] == "no_service"
