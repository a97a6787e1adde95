"""Facts are only added: the database itself refuses to change or to delete one, whoever asks (FAULTS 31)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from sommit.extensions import db
from sommit.models import Closing, Count, Delivery, Link, Loss, ReferenceSum, SaleLine
from sommit.services import stock
from tests import factories
from tests.factories import NOW


@pytest.fixture(autouse=True)
def facts(venue):
    """One of each."""
    chablis, key = factories.drink(venue, stock=12), factories.reference(venue)
    factories.delivery(chablis, 4500, NOW)
    factories.loss(chablis, 750, NOW)
    factories.link(key, chablis)
    factories.sale(factories.closing(venue), key, 2)
    return chablis


CHANGES = [
    *[
        (fact, change)
        for fact in (Count, Delivery, Loss)
        for change in ({"quantity_ml": 1}, {"at": NOW - timedelta(days=1)}, {"created_at": NOW}, {"created_by": None})
    ],
    (Loss, {"reason": "autre"}),
    (Link, {"starts_at": NOW}),
    (SaleLine, {"quantity_milli": 1}),
    (SaleLine, {"sold_at": NOW}),
    (SaleLine, {"stock": "none"}),
    (Closing, {"till_id": "another"}),
]


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_no_fact_can_be_changed(table, change):
    refused(update(table).values(change))


@pytest.mark.parametrize("table", [Count, Delivery, Loss, Link, SaleLine, Closing])
def test_no_fact_can_be_deleted(table):
    refused(delete(table))


def refused(statement):
    before = rows()
    with pytest.raises(IntegrityError, match="facts are only added"):
        db.session.execute(statement)
    db.session.rollback()
    assert rows() == before


def rows():
    kinds = (Count, Delivery, Loss, Link, SaleLine, Closing)
    return [list(map(str, db.session.execute(select(*kind.__table__.columns)))) for kind in kinds]


def test_a_fact_still_moves_with_its_drink_when_two_entries_become_one(venue, facts):
    other = factories.drink(venue, "Chablis Premier Cru")
    for kind in (Count, Delivery, Loss, Link):
        db.session.execute(update(kind).values(drink_id=other.id))
    db.session.commit()

    assert (stock.on_hand(facts), stock.on_hand(other)) == (None, (12 * 750 + 4500 - 750 - 250) * 1000)


def test_lines_still_go_with_all_of_their_closings(facts):
    db.session.execute(delete(ReferenceSum))
    db.session.execute(delete(SaleLine))
    db.session.commit()

    assert stock.on_hand(facts) == (12 * 750 + 4500 - 750) * 1000
