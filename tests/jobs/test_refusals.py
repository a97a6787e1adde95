"""A till that refuses, answers nonsense or is another bar's: told in a sentence, and nothing is half done."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from demo.simulator import Till, situations
from sommit.extensions import db
from sommit.models import SaleLine, TillConnection, Venue
from sommit.services import nights
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.jobs.stored import lines_stored


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
