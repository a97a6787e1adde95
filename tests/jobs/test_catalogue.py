"""What a night does with the till's keys, their names and their prices."""

from decimal import Decimal

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import ReferencePrice, TillReference
from sommit.services import till_links
from tests import factories
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.jobs.stored import lines_stored, reference


def test_without_the_permission_for_the_catalogue_the_lines_bring_their_own_labels(connected, till, read):
    till.forbidden.add("catalog")
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    summary = read()

    assert (summary.status, summary.lines) == ("partial", 1)
    assert reference("PINTE").category == "Divers"


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
