"""A closing that is read again: what it said before, what became of it, and applying it again without the till."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.jobs.till_reading import Reader
from sommit.models import Closing
from sommit.services import closing_again, closing_states, former_readings, raw_readings, stock
from tests import factories
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.jobs.stored import lines_stored, reference
from tests.screens.statements import counted
from tests.support import naive

DAY = timedelta(days=1)


@pytest.fixture
def at(app):
    """Let it be so many days later."""

    def move(days):
        app.config["NOW"] = MORNING + days * DAY

    return move


@pytest.fixture
def sold(connected, till, read):
    """A closing with two lines, read; its glass is linked."""
    closing = till.closing([("VRE CHABLIS", 6), ("PINTE", 2)], date=LAST_NIGHT)
    read()
    drink = factories.drink(connected, volume_ml=750, stock=24, counted_at=datetime(2026, 6, 1, tzinfo=UTC))
    factories.link(reference("VRE CHABLIS"), drink)
    closing.drink = drink
    return closing


def stored():
    return db.session.scalars(select(Closing)).one()


def kind(closing):
    state = closing_states.of(closing.venue_id, [closing]).get(closing.id)
    return state and (state.kind, state.at)


def test_a_closing_read_once_has_nothing_to_tell_and_read_again_it_says_when(sold, read, at):
    assert kind(stored()) is None

    at(1)
    read()
    assert kind(stored()) == ("read_again", MORNING + DAY)


def test_an_amended_closing_says_what_changed_and_what_it_gives_back(connected, sold, read, at):
    before = stock.on_hand(sold.drink)
    at(1)
    sold.amend(sold.orders[0].items[0], quantity=Decimal(4))
    read()
    closing = stored()
    assert kind(closing) == ("amended", MORNING + DAY)

    latest, former = former_readings.of(closing)
    (change,) = latest.changes
    assert (change.before.quantity_milli, change.after.quantity_milli) == (6000, 4000)
    assert (latest.stored, former.stored) == (True, False)
    assert former.changes is None
    assert [(effect.drink, effect.ul) for effect in latest.effects] == [(sold.drink, 2 * 125 * stock.UL)]
    assert stock.on_hand(sold.drink) - before == 2 * 125 * stock.UL

    at(2)
    read()
    assert kind(stored()) == ("amended", MORNING + DAY)
    assert former_readings.of(stored())[0].last_at == MORNING + 2 * DAY


def test_a_count_made_since_has_absorbed_what_an_amendment_changes(connected, sold, read, at):
    factories.count(sold.drink, 7500, at=MORNING)
    at(1)
    sold.amend(sold.orders[0].items[0], is_canceled=True)
    read()

    assert former_readings.of(stored())[0].effects == []
    assert stock.on_hand(sold.drink) == 7500 * stock.UL


def test_answers_that_differ_in_nothing_that_is_stored_amend_nothing(sold, read, at):
    at(1)
    sold.amend()  # the till's own dates of writing move
    read()

    assert kind(stored()) == ("read_again", MORNING + DAY)
    assert [one.changes for one in former_readings.of(stored())] == [[], None]


def test_the_morning_tells_an_amended_closing_once(connected, sold, read, at):
    at(1)
    sold.amend(sold.orders[0].items[0], is_canceled=True)
    read()
    at(2)
    read()

    def told(days):
        return closing_states.changed(connected.id, MORNING + days * DAY, MORNING + (days + 1) * DAY).amended

    assert (told(0), told(1), told(2)) == ([], [stored()], [])


def test_a_closing_that_the_till_denies_is_marked_once_and_keeps_its_sales_until_it_is_back(
    connected, sold, till, read, at
):
    at(1)
    till.closings.remove(sold)
    assert read().status == "ok"
    at(2)
    assert read().status == "ok"

    assert lines_stored() == 2
    assert kind(stored()) == ("vanished", MORNING + DAY)
    assert closing_states.changed(connected.id, MORNING + DAY, MORNING + 2 * DAY).vanished == [stored()]
    assert closing_states.changed(connected.id, MORNING + 2 * DAY, MORNING + 3 * DAY).vanished == []

    at(3)
    till.closings.append(sold)
    read()
    assert kind(stored()) == ("read_again", MORNING + 3 * DAY)


def test_a_closing_that_the_list_forgets_but_the_till_knows_is_not_marked(sold, read, at, server):
    at(1)
    server.faults.add("/v1/reports/", edit=lambda page: {**page, "data": []}, times=10)
    read()

    assert kind(stored()) is None


def test_a_till_that_does_not_answer_for_a_closing_says_nothing_of_it(sold, till, read, at, server):
    at(1)
    till.closings.remove(sold)
    server.faults.add(f"/v1/reports/{sold.id}", status=500, times=10**6)

    assert read().status == "ok"
    assert kind(stored()) is None


def test_applied_again_without_the_till_a_closing_is_what_it_was(connected, sold, server, app):
    server.faults.add(status=500, times=10**6)
    before = naive.lines_stored()

    applied = closing_again.apply(connected, stored())
    db.session.commit()

    assert (applied.changed, applied.before) == (False, applied.after)
    assert naive.lines_stored() == before


def test_what_the_product_reads_better_today_is_written_once(connected, sold):
    closing = stored()
    closing.fingerprint = "as a former product read it"
    closing.lines, closing.turnover_cents = 1, 0
    db.session.commit()

    applied = closing_again.apply(connected, stored())
    db.session.commit()
    assert (applied.changed, applied.before, applied.after.lines) == (True, (1, 0), 2)
    assert lines_stored() == 2
    assert not closing_again.apply(connected, stored()).changed


def test_applied_again_a_closing_is_still_denied_by_the_till_and_its_problem_stays(connected, sold, till, read, at):
    at(1)
    till.closings.remove(sold)
    read()
    closing = stored()
    closing.problem, closing.fingerprint = "La réponse était coupée.", "as a former product read it"
    db.session.commit()

    assert closing_again.apply(connected, closing).changed
    assert kind(closing) == ("vanished", MORNING + DAY)
    assert closing.problem == "La réponse était coupée."


def test_what_is_not_kept_any_more_is_refused(connected):
    closing = factories.closing(connected)
    with pytest.raises(closing_again.NothingKept):
        closing_again.apply(connected, closing)


def test_many_readings_cost_as_many_statements_as_two(connected, sold, read, at):
    def statements():
        db.session.rollback()
        with counted() as sent:
            former_readings.of(stored())
        return len(sent)

    item = sold.orders[0].items[0]
    at(1)
    sold.amend(item, quantity=Decimal(4))
    read()
    two = statements()
    for days in range(2, 6):
        at(days)
        sold.amend(item, quantity=Decimal(4 + days))
        read()
    assert len(former_readings.of(stored())) == 6
    assert statements() == two


def test_applied_again_a_closing_takes_the_answer_that_a_reader_kept_and_did_not_live_to_apply(
    connected, sold, read, at, monkeypatch
):
    def die(*_):
        raise KeyboardInterrupt

    at(1)
    sold.amend(sold.orders[0].items[0], is_canceled=True)
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "_apply", die)
        with pytest.raises(KeyboardInterrupt):
            read()
    assert raw_readings.pending(connected.id) != []

    assert closing_again.apply(connected, stored()).changed
    db.session.commit()
    assert raw_readings.pending(connected.id) == []
    assert kind(stored()) == ("amended", MORNING + DAY)
    assert read().closings == 0
