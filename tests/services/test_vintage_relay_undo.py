"""Changing vintage is an act: undone, the keys pour the former vintage as if nothing had been."""

import threading
from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
from flask import current_app
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Act, Drink, Link
from sommit.services import acts, library, stock, till_links, undo, vintage_relay
from tests import factories
from tests.services.test_vintage_relay import now, old, young
from tests.support import naive

__all__ = ["now", "old", "young"]

NOW = factories.NOW
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def keys(venue, old):
    glass, bottle = factories.reference(venue, "VRE CHABLIS"), factories.reference(venue, "BT CHABLIS")
    factories.link(glass, old, 125, starts_at=APRIL)
    factories.link(bottle, old, 750)
    return glass, bottle


def relay(drink, vintage, shown=None):
    relayed = vintage_relay.relay(drink, vintage, shown=vintage_relay.live(drink) if shown is None else shown)
    db.session.commit()
    return relayed


def undone(act):
    undo.undo(act.venue_id, act.id, by=None)
    db.session.commit()


def later():
    current_app.config["NOW"] += timedelta(hours=1)


def poured(*drinks):
    """What pours these drinks, or did: all of their unbroken links that matters."""
    columns = Link.reference_id, Link.drink_id, Link.serving_ml, Link.starts_at, Link.ends_at, Link.created_at
    mine = Link.drink_id.in_([drink.id for drink in drinks]), Link.broken_at.is_(None)
    return [
        tuple(row)
        for row in db.session.execute(select(*columns).where(*mine).order_by(Link.reference_id, Link.drink_id))
    ]


def test_the_links_come_back_with_their_periods_and_what_was_sold_since_is_the_former_vintages(venue, old, young, keys):
    glass, bottle = keys
    before = poured(old, young)
    act = relay(old, 2023).act
    closing = factories.closing(venue)
    factories.sale(closing, glass, 3, at=NOW - timedelta(minutes=1), cents=2100)
    factories.sale(closing, glass, 2, at=NOW + timedelta(minutes=1), cents=1400)
    factories.sale(closing, bottle, 1, at=NOW + timedelta(minutes=1), cents=4000)
    assert stock.on_hand(young) == (6 * 750 - 2 * 125 - 750) * stock.UL

    later()
    undone(act)

    assert poured(old, young) == before
    assert stock.on_hand(old) == (12 * 750 - 5 * 125 - 750) * stock.UL
    assert stock.on_hand(young) == 6 * 750 * stock.UL
    assert (naive.turnover_cents(old), naive.turnover_cents(young)) == (7500, 0)


def test_a_key_that_poured_the_sibling_before_still_does(old, young, keys):
    glass, _bottle = keys
    factories.link(glass, young, 500)
    before = poured(old, young)

    undone(relay(old, 2023).act)

    assert poured(old, young) == before


def test_the_sibling_that_was_added_is_put_away_and_one_that_was_there_stays(old, young, keys):
    undone(relay(old, 2023).act)
    assert young.archived_at is None

    relayed = relay(old, 2024)
    undone(relayed.act)
    assert relayed.sibling.archived_at is not None
    assert library.siblings(old) == [young]


def test_an_added_sibling_to_which_something_came_since_stays(old, keys):
    relayed = relay(old, 2024)
    factories.delivery(relayed.sibling, 4500, NOW)

    undone(relayed.act)

    assert relayed.sibling.archived_at is None
    assert stock.on_hand(relayed.sibling) == 4500 * stock.UL


def test_the_same_form_again_is_no_act_and_leaves_the_first_one_undoable(old, young, keys):
    shown, before = vintage_relay.live(old), poured(old, young)
    first, second = (relay(old, 2023, shown) for _tap in range(2))
    assert first.act.kind == "relay"
    assert second.act is None

    undone(first.act)

    assert poured(old, young) == before


def test_two_tablets_that_send_the_form_at_once_are_one_act_and_add_one_drink(app, old, keys):
    drink_id, shown, acted = old.id, vintage_relay.live(old), []
    db.session.rollback()

    def send():
        with app.app_context():
            acted.append(relay(db.session.get(Drink, drink_id), 2024, shown).act is not None)

    threads = [threading.Thread(target=send) for _tablet in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(acted) == [False, True]
    assert len(library.siblings(old)) == 1
    assert len(poured(old, *library.siblings(old))) == 4


def test_undoing_twice_is_undoing_once_and_the_vintage_can_change_again(old, young, keys):
    act = relay(old, 2023).act
    for _tap in range(2):
        undone(act)
    later()

    again = relay(old, 2023)
    undone(act)

    assert again.act is not None
    assert vintage_relay.live(old) == []
    assert len(vintage_relay.live(young)) == 2


def test_the_form_from_before_the_undo_is_refused(old, young, keys):
    shown = vintage_relay.live(old)
    undone(relay(old, 2023).act)

    with pytest.raises(vintage_relay.Moved):
        relay(old, 2023, shown)


def test_one_key_that_changed_since_keeps_the_whole_act_and_is_named(old, young, keys):
    _glass, bottle = keys
    act = relay(old, 2023).act
    till_links.unlink(bottle, young)
    db.session.commit()
    before = poured(old, young)

    with pytest.raises(undo.ChangedSince, match="BT CHABLIS"):
        undo.undo(act.venue_id, act.id, by=None)

    db.session.rollback()
    assert poured(old, young) == before


def test_of_two_changes_the_last_one_is_undone_and_the_first_one_is_not(old, young, keys):
    first = relay(old, 2023)
    between = poured(old, young)
    later()
    second = relay(young, 2024)
    with pytest.raises(undo.ChangedSince):
        undo.undo(first.act.venue_id, first.act.id, by=None)
    db.session.rollback()

    later()
    undone(second.act)

    assert poured(old, young) == between
    assert poured(second.sibling) == []


def test_a_refused_change_keeps_no_act_and_adds_no_drink(old, keys):
    with pytest.raises(vintage_relay.Moved):
        relay(old, 2024, [])

    db.session.rollback()
    assert db.session.scalar(select(Act)) is None
    assert library.siblings(old) == []


def test_another_venues_act_is_not_there(old, young, keys):
    act = relay(old, 2023).act

    with pytest.raises(acts.NoSuchAct):
        undo.undo(factories.venue("Ailleurs").id, act.id, by=None)


def test_the_act_outlives_a_step_back_to_the_release_before_and_is_still_undoable(old, young, keys):
    before, act_id = poured(old, young), relay(old, 2023).act.id
    db.session.remove()
    try:
        flask_migrate.downgrade(revision="0012")
    finally:
        flask_migrate.upgrade()

    act = db.session.get(Act, act_id)
    undone(act)
    assert poured(old, young) == before
