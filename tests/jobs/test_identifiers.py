"""Identifiers are compared case aside (CONTRACT §3.3), and what two tills have in common stays apart."""

from datetime import timedelta

from sqlalchemy import select

from demo.simulator import Till
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Closing
from sommit.services import nights, references, sales_import, stock, till_connection, till_links, turnover
from tests import factories
from tests.jobs.conftest import LAST_NIGHT
from tests.support import naive


def test_a_key_is_the_same_in_capitals_and_a_closing_is_asked_for_as_the_till_spells_it(connected, till, read, server):
    glass = till.product("VRE CHABLIS")
    closing = till.closing([("VRE CHABLIS", 2)], date=LAST_NIGHT, id="8F14E45F-CEEA-467A-9575-3B5F0A1C2D3E")
    glass.id = glass.id.upper()
    assert read().status == "ok"

    glass.id = glass.id.lower()
    assert (read().closings, read().new_references) == (0, 0)
    assert [row.reference.till_id for row in references.listed(connected.id, references.Show.ALL)] == [glass.id]
    assert {request.query["reportId"] for request in server.requests if "reportId" in request.query} == {closing.id}


def test_a_closing_whose_id_is_given_to_another_one_is_told_and_keeps_its_sales(connected, till, read):
    first = till.closing([("PINTE", 2)], date=LAST_NIGHT - timedelta(days=1))
    assert read().status == "ok"
    before = naive.lines_stored()

    till.closings.remove(first)
    other = till.closing([("DEMI", 5)], date=LAST_NIGHT, id=first.id)
    other.orders[0].id = "c0ffee00-0000-4000-8000-000000000001"
    again = read()
    assert (again.status, again.closings) == ("partial", 0)
    assert sales_import.ANOTHER in again.error
    assert naive.lines_stored() == before
    closing = db.session.scalars(select(Closing)).one()
    assert (closing.problem, closing.business_date) == (sales_import.ANOTHER, LAST_NIGHT - timedelta(days=1))
    assert nights.find(connected.id, LAST_NIGHT).state == "waiting"


def test_two_venues_whose_tills_use_the_same_ids_share_nothing(connected, till, read, server):
    twin = Till("another-key", name=till.name)
    server.tills.append(twin)
    other = factories.venue("Le Zinc d’en face")
    till_connection.keep(other, twin.token, till_connection.attempt(other, twin.token))
    db.session.commit()
    for each, glasses in ((till, 2), (twin, 5)):
        each.closing([("VRE CHABLIS", glasses)], date=LAST_NIGHT)
    read()
    import_night.read_till(other.id)

    for venue, glasses in ((connected, 2), (other, 5)):
        chablis = factories.drink(venue, stock=12)
        [row] = references.listed(venue.id, references.Show.ALL)
        till_links.link(row.reference, chablis, serving_ml=125)
        db.session.commit()
        assert stock.on_hand(chablis) == (12 * 750 - glasses * 125) * stock.UL
        assert turnover.total(venue.id, LAST_NIGHT, LAST_NIGHT).turnover_cents == glasses * 500
    assert till.closings[0].id == twin.closings[0].id
