"""Counts, deliveries and losses: added, never edited, and never twice by a second tap."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from sommit import clock
from sommit.extensions import db
from sommit.models import Count, Delivery, Loss
from sommit.services import cellar_facts, stock
from tests import factories

LONG_AGO = datetime(1999, 12, 31, tzinfo=UTC)


@pytest.fixture
def chablis(venue):
    return factories.drink(venue)


def number(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def test_a_count_a_delivery_and_a_loss_make_the_stock(chablis, user):
    noon = clock.now() - timedelta(hours=2)
    cellar_facts.count(chablis, quantity_ml=7500, at=noon, by=user.id)
    cellar_facts.deliver(chablis, quantity_ml=1500, by=user.id)
    loss = cellar_facts.lose(chablis, quantity_ml=750, reason="bouchonnée", by=user.id)

    assert stock.on_hand(chablis) == 8250 * stock.UL
    assert (loss.reason, loss.created_by) == ("bouchonnée", user.id)


def test_a_count_may_find_nothing_but_nothing_is_neither_delivered_nor_lost(chablis):
    assert cellar_facts.count(chablis, quantity_ml=0).quantity_ml == 0
    for act in (cellar_facts.deliver, cellar_facts.lose):
        with pytest.raises(cellar_facts.NothingMoved):
            act(chablis, quantity_ml=0)


@pytest.mark.parametrize("quantity_ml", [-1, cellar_facts.MOST_ML + 1])
def test_what_no_cellar_holds_is_refused(chablis, quantity_ml):
    for act in (cellar_facts.count, cellar_facts.deliver, cellar_facts.lose):
        with pytest.raises(cellar_facts.BadQuantity):
            act(chablis, quantity_ml=quantity_ml)


def test_what_has_not_happened_yet_is_refused_and_so_is_another_century(chablis):
    for at, refusal in ((clock.now() + timedelta(minutes=2), cellar_facts.Ahead), (LONG_AGO, cellar_facts.LongAgo)):
        with pytest.raises(refusal):
            cellar_facts.count(chablis, quantity_ml=750, at=at)


def test_a_reason_is_no_letter(chablis):
    with pytest.raises(cellar_facts.LongReason):
        cellar_facts.lose(chablis, quantity_ml=750, reason="x" * 201)


@pytest.mark.parametrize(
    ("act", "kind"),
    [(cellar_facts.count, Count), (cellar_facts.deliver, Delivery), (cellar_facts.lose, Loss)],
    ids=["count", "deliver", "lose"],
)
def test_a_form_sent_twice_adds_its_fact_once_and_a_fresh_form_adds_it_again(chablis, user, act, kind):
    seen = cellar_facts.last_id(kind, chablis)
    first = act(chablis, quantity_ml=750, by=user.id, seen=seen)
    again = act(chablis, quantity_ml=750, by=user.id, seen=seen)
    assert (again.id, number(kind)) == (first.id, 1)

    act(chablis, quantity_ml=750, by=user.id, seen=cellar_facts.last_id(kind, chablis))
    act(chablis, quantity_ml=1500, by=user.id, seen=seen)

    assert number(kind) == 3


def test_two_people_who_bring_the_same_are_two_facts(chablis, venue, user):
    other = factories.user(venue)
    for person in (user, other):
        cellar_facts.deliver(chablis, quantity_ml=750, by=person.id, seen=0)

    assert number(Delivery) == 2
