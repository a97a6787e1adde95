"""A night of the till becomes sales, once, whatever happens on the way."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from demo.simulator import situations
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Closing, SaleLine
from sommit.services import nights, references, stock, till_links, turnover
from tests import factories
from tests.jobs.conftest import LAST_NIGHT
from tests.jobs.stored import lines_stored, reference
from tests.support import naive


def test_a_night_becomes_lines_references_and_a_settled_evening(connected, till, read):
    till.product("VRE CHABLIS", price_cents=650, category="Vins au verre")
    till.product("BTL JAMAIS VENDUE", price_cents=4000)
    till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT)

    summary = read()

    assert (summary.status, summary.closings, summary.lines, summary.new_references) == ("ok", 1, 1, 2)
    assert summary.difference_cents == 0
    assert [night.state for night in nights.latest(connected.id, 1)] == ["imported"]
    rows = references.listed(connected.id, references.Show.ALL)
    assert [(row.reference.label, row.sold) for row in rows] == [("VRE CHABLIS", True), ("BTL JAMAIS VENDUE", False)]
    assert rows[0].turnover_cents == 3900


def test_a_night_imported_twice_takes_the_bottles_once(connected, till, read):
    chablis = factories.drink(connected, stock=12)
    till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT)
    read()
    till_links.link(reference("VRE CHABLIS"), chablis, serving_ml=125)
    db.session.commit()
    before = naive.everything_stored()

    again = read()

    assert (again.closings, again.lines, again.status) == (0, 0, "ok")
    assert naive.everything_stored() == before
    assert stock.on_hand(chablis) == (12 * 750 - 6 * 125) * stock.UL


def test_two_readings_at_once_write_each_line_once(connected, till, app):
    for day in range(5):
        till.closing([("VRE CHABLIS", 2), ("PINTE", 3)], date=LAST_NIGHT - timedelta(days=day))
    summaries = []

    def go():
        with app.app_context():
            summaries.append(import_night.read_till_when_free(connected.id))

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(summary.closings for summary in summaries) == [0, 5]
    assert lines_stored() == 10
    naive.check_sums()


def test_a_whole_evening_of_every_kind_of_line_equals_the_naive_recomputation(connected, till, read, app):
    closing = situations.evening(till)
    app.config["NOW"] = closing.finalized_at + timedelta(hours=6)
    glass = factories.drink(connected, "Chinon Graviers", stock=24)
    read()
    for label, serving_ml in ((situations.GLASS, 125), (situations.CARAFE, 500), (situations.BOTTLE, 750)):
        till_links.link(reference(label), glass, serving_ml=serving_ml)
    db.session.commit()

    assert stock.on_hand(glass) == naive.stock_ul(glass)
    assert stock.on_hand(glass) < 24 * 750 * stock.UL
    naive.check_sums()


@pytest.mark.parametrize("moves", [True, False], ids=["updatedAt moved", "updatedAt not moved"])
def test_an_amended_closing_replaces_its_own_lines(connected, till, read, moves):
    closing = till.closing([("VRE CHABLIS", 6), ("PINTE", 2)], date=LAST_NIGHT)
    read()

    closing.amend(closing.orders[0].items[0], is_canceled=True, moves_updated_at=moves)
    summary = read()

    assert (summary.closings, summary.lines, summary.status) == (1, 2, "ok")
    assert turnover.total(connected.id, LAST_NIGHT, LAST_NIGHT, everything=True).turnover_cents == 2 * 500
    assert lines_stored() == 2


def test_a_closing_older_than_a_week_is_read_again_only_when_the_till_says_that_it_changed(
    connected, till, read, server
):
    old = till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=8))
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    asked = len(server.requests)
    read()

    orders = [request for request in server.requests[asked:] if request.path == "/v1/orders/"]
    assert old.id not in str(orders)
    assert len(orders) == 1


def test_the_same_evening_in_euros_and_in_cents_ends_in_the_same_cents(venue, app, connected, till, read):
    situations.same_evening(till, "euros")
    app.config["NOW"] = till.closings[0].finalized_at + timedelta(hours=5)
    summary = read()

    stored = db.session.scalars(select(Closing)).one()
    assert stored.unit == "euros"
    assert (summary.status, summary.difference_cents) == ("ok", 0)
    assert stored.turnover_cents == till.closings[0].total_sales_cents


def test_where_nothing_tells_the_unit_the_quantities_go_in_and_the_money_stays_unknown(connected, till, read, app):
    closing = situations.unit_unknown(till)
    app.config["NOW"] = closing.finalized_at + timedelta(hours=5)
    summary = read()

    assert summary.status == "partial"
    assert summary.difference_cents is None
    line = db.session.scalars(select(SaleLine)).one()
    assert (line.quantity_milli, line.total_cents, line.stock) == (3000, None, "sale")


def test_a_closing_that_does_not_add_up_says_by_how_much(connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, difference_cents=450)
    summary = read()

    assert (summary.status, summary.difference_cents) == ("partial", -450)
    assert db.session.scalars(select(Closing)).one().difference_cents == -450


def test_a_closing_without_a_total_cannot_be_said_to_add_up(connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, extra={"totalSales": None})
    summary = read()

    assert (summary.status, summary.lines, summary.difference_cents) == ("partial", 1, None)


def test_a_closing_that_comes_back_empty_keeps_its_sales(connected, till, read):
    closing = till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    closing.orders.clear()
    summary = read()

    assert (summary.status, lines_stored()) == ("partial", 1)
    assert db.session.scalars(select(Closing)).one().problem


def test_unknown_fields_and_missing_optional_ones_change_nothing(connected, till, read):
    till.extra_fields = True
    till.optional = "missing"
    till.closing([("PINTE", 1)], date=LAST_NIGHT)

    assert read().lines == 1
