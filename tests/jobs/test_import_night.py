"""A night of the till becomes sales, once, whatever happens on the way."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from demo.simulator import Till, situations
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Closing, Night, ReferencePrice, SaleLine, TillConnection, TillReference, Venue
from sommit.services import nights, references, stock, till_links, turnover
from tests import factories
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import naive


def reference(label):
    return db.session.scalars(select(TillReference).where(TillReference.label == label)).one()


def lines_stored():
    return db.session.scalar(select(func.count()).select_from(SaleLine))


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


def test_a_closing_that_disappears_from_the_list_is_kept(connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    till.closings.clear()

    assert read().status == "ok"
    assert lines_stored() == 1


def test_one_closing_that_cannot_be_read_does_not_stop_the_others_and_is_asked_for_again(connected, till, read, server):
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=1))
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    server.faults.add("/v1/orders/", html="<h1>Maintenance</h1>")

    first = read()
    assert (first.status, first.closings) == ("partial", 1)
    assert first.error

    second = read()
    assert (second.status, second.closings, lines_stored()) == ("ok", 1, 2)


def test_an_absurd_quantity_is_held_for_a_person_and_the_night_says_so(connected, till, read, server):
    till.closing([("PINTE", 1), ("DEMI", 1)], date=LAST_NIGHT, per_order=2)

    def absurd(page):
        page["data"][0]["items"][0]["quantity"] = 10**12
        return page

    server.faults.add("/v1/orders/", edit=absurd, times=3)
    summary = read()

    assert summary.status == "partial"
    held, fine = db.session.scalars(select(SaleLine).order_by(SaleLine.position))
    assert (held.stock, held.quantity_milli, fine.stock) == ("held", 0, "sale")


@pytest.mark.parametrize(
    "fault",
    [{"html": "<html>portail</html>"}, {"body": b"null"}, {"cut": 40, "times": 9}, {"nan": "totalSales"}],
    ids=["HTML", "null", "cut", "NaN"],
)
def test_what_is_no_answer_of_jalia_is_a_french_sentence_and_nothing_half_done(connected, till, read, server, fault):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    server.faults.add("/v1/reports/", **{"times": 2} | fault)

    summary = read()

    assert summary.status == "failed"
    assert summary.error
    assert lines_stored() == 0
    night = nights.latest(connected.id, 1)[0]
    assert (night.state, night.lease_until, night.problem) == ("failed", None, summary.error)
    assert night.next_try_at > MORNING


def test_a_refused_token_stops_the_night_and_what_was_imported_stays(connected, till, read, server):
    for day in range(3):
        till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=day))
    server.faults.add("/v1/orders/", token_refused_after=1)

    summary = read()

    assert (summary.status, summary.closings) == ("partial", 1)
    assert db.session.get(TillConnection, connected.id).state == "refused"
    assert nights.due() == []


def test_without_the_permission_for_the_catalogue_the_lines_bring_their_own_labels(connected, till, read):
    till.forbidden.add("catalog")
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    summary = read()

    assert (summary.status, summary.lines) == ("partial", 1)
    assert reference("PINTE").category == "Divers"


def test_without_the_permission_for_orders_the_night_stops(connected, till, read):
    till.forbidden.add("orders")
    till.closing([("PINTE", 1)], date=LAST_NIGHT)

    assert read().status == "failed"


def test_a_key_of_another_venue_is_refused_in_the_middle_of_its_first_night(connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    till.location_id = Till(name="Un autre bar").location_id
    summary = read()

    assert summary.failed
    assert db.session.get(TillConnection, connected.id).state == "refused"
    assert lines_stored() == 1


def test_an_empty_catalogue_after_a_full_one_changes_nothing(connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    till.empty_catalogue = True
    summary = read()

    assert summary.status == "partial"
    assert reference("PINTE").missing_since is None


def test_a_new_key_arrives_the_next_night_and_a_deleted_one_keeps_its_past(connected, till, read):
    pinte = till.product("PINTE")
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    till.remove(pinte)
    till.product("VRE NOUVEAU")

    assert read().new_references == 1
    assert reference("PINTE").missing_since == MORNING
    assert lines_stored() == 1


def test_a_new_price_is_taken_over_with_its_history_and_a_new_name_leaves_the_link(connected, till, read):
    drink = factories.drink(connected)
    glass = till.product("VRE CHABLIS", price_cents=600)
    till.closing([("VRE CHABLIS", 1)], date=LAST_NIGHT)
    read()
    till_links.link(reference("VRE CHABLIS"), drink, serving_ml=125)
    db.session.commit()

    glass.price_cents, glass.name = 650, "VRE CHABLIS 1ER CRU"
    read()

    renamed = reference("VRE CHABLIS 1ER CRU")
    assert renamed.price_cents == 650
    assert [link.drink_id for link in till_links.live_links(renamed)] == [drink.id]
    history = db.session.scalars(select(ReferencePrice.unit_price_cents).order_by(ReferencePrice.id)).all()
    assert history == [600, 650]


def test_a_line_without_a_key_joins_the_list_under_its_label(connected, till, read):
    closing = till.closing(date=LAST_NIGHT)
    closing.order([till.item(free_label="  Évian   1L ", quantity=Decimal(2), unit_cents=400)])
    read()

    assert db.session.scalars(select(TillReference.till_id)).all() == ["label:evian 1l"]


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


def test_a_reader_that_was_overtaken_cannot_write(connected, till, read, server, app):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)

    def overtake():
        with app.app_context():
            app.config["NOW"] = MORNING + timedelta(minutes=10)
            nights.sweep()
            nights.claim(connected)
            db.session.commit()

    server.faults.add("/v1/orders/", run=overtake)
    summary = read()

    assert summary.failed
    assert lines_stored() == 0


def test_only_get_is_ever_sent_and_the_key_never_stands_in_an_address(connected, till, read, server):
    situations.evening(till)
    read()

    assert {request.method for request in server.requests} == {"GET"}
    assert not any(till.token in f"{request.path}{request.query}" for request in server.requests)


def test_unknown_fields_and_missing_optional_ones_change_nothing(connected, till, read):
    till.extra_fields = True
    till.optional = "missing"
    till.closing([("PINTE", 1)], date=LAST_NIGHT)

    assert read().lines == 1


def test_the_evenings_without_service_are_told_apart_from_those_not_closed_yet(connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=3))
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=1))
    read()

    states = {night.business_date: night.state for night in db.session.scalars(select(Night))}
    assert states[LAST_NIGHT] == "waiting"
    assert states[LAST_NIGHT - timedelta(days=1)] == "imported"
    assert states[LAST_NIGHT - timedelta(days=2)] == "no_service"
    assert states[date(2026, 5, 20)] == "no_service"


@pytest.mark.parametrize("resource", ["catalog", "reports", "orders"])
def test_while_the_till_is_asked_anybody_else_can_write(connected, till, read, server, app, resource):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    names = []

    def rename():
        with app.app_context():
            db.session.get(Venue, connected.id).name = resource
            db.session.commit()
            names.append(resource)

    server.faults.add(f"/v1/{resource}/", run=rename)

    assert read().status == "ok"
    assert names == [resource]
