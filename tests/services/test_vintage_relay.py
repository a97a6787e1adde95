"""Changing vintage: one instant ends and starts the links; no sale is lost, none counts twice."""

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Count, Drink, Link
from sommit.services import library, sold, stock, till_links, turnover, vintage_relay
from tests import factories

NOW = factories.NOW


@pytest.fixture(autouse=True)
def now(app):
    current_app.config["NOW"] = NOW


@pytest.fixture
def old(venue):
    return factories.drink(venue, vintage=2022, stock=12)


@pytest.fixture
def young(venue, old):
    return factories.drink(venue, vintage=2023, stock=6)


@pytest.fixture
def keys(venue, old):
    glass, bottle = factories.reference(venue, "VRE"), factories.reference(venue, "BT")
    factories.link(glass, old, 125)
    factories.link(bottle, old, 750)
    return glass, bottle


def links(drink):
    return list(db.session.scalars(select(Link).where(Link.drink_id == drink.id).order_by(Link.id)))


def relay(drink, vintage):
    return vintage_relay.relay(drink, vintage, shown=vintage_relay.live(drink)).sibling


def test_the_open_links_end_now_and_the_next_ones_start_on_the_sibling(old, young, keys):
    assert relay(old, 2023) is young

    assert [(link.serving_ml, link.ends_at) for link in links(old)] == [(125, NOW), (750, NOW)]
    assert [(link.serving_ml, link.starts_at, link.ends_at) for link in links(young)] == [
        (125, NOW, None),
        (750, NOW, None),
    ]


def test_past_sales_stay_and_later_ones_are_the_siblings(venue, old, young, keys):
    glass, _bottle = keys
    relay(old, 2023)
    db.session.commit()
    closing = factories.closing(venue)
    for minutes in (-1, 0, 1):
        factories.sale(closing, glass, 1, at=NOW + timedelta(minutes=minutes), cents=700)

    assert stock.on_hand(old) == (12 * 750 - 125) * stock.UL
    assert stock.on_hand(young) == (6 * 750 - 2 * 125) * stock.UL
    assert turnover.total(venue.id, closing.business_date, closing.business_date).turnover_cents == 2100


def test_a_sibling_that_is_missing_is_added_to_the_library(venue, old, keys):
    sibling = relay(old, 2024)

    assert (sibling.name, sibling.vintage, sibling.volume_ml) == (old.name, 2024, old.volume_ml)
    assert len(links(sibling)) == 2


def test_a_second_tap_changes_nothing(old, young, keys):
    shown = vintage_relay.live(old)
    for _tap in range(2):
        assert vintage_relay.relay(old, 2023, shown=shown).sibling is young
    assert (len(links(old)), len(links(young))) == (2, 2)


def test_links_that_are_no_longer_those_shown_are_left_alone(venue, old, young, keys):
    shown = vintage_relay.live(old)
    till_links.link(factories.reference(venue), old, serving_ml=500)

    for seen in (shown, []):
        with pytest.raises(vintage_relay.Moved):
            vintage_relay.relay(old, 2023, shown=seen)
    assert all(link.ends_at is None for link in links(old))


def test_the_vintage_that_is_poured_already_is_no_change(old, keys):
    with pytest.raises(vintage_relay.SameVintage):
        relay(old, 2022)
    with pytest.raises(library.BadVintage):
        relay(old, 22)


def test_there_and_back_again(old, young, keys):
    relay(old, 2023)
    current_app.config["NOW"] = NOW + timedelta(days=30)
    relay(young, 2022)

    assert [(link.starts_at, link.ends_at) for link in links(old)][2:] == [(clock.now(), None)] * 2
    assert vintage_relay.live(young) == []


def test_a_key_that_pours_the_sibling_already_gets_no_second_link(old, young, keys):
    glass, _bottle = keys
    factories.link(glass, young, 500)
    relay(old, 2023)

    assert [link.serving_ml for link in links(young)] == [500, 750]


def test_an_answer_that_still_shows_the_former_state_is_refused(old, young, keys):
    glass, _bottle = keys
    version = glass.version
    relay(old, 2023)

    with pytest.raises(till_links.Changed):
        till_links.unlink(glass, young, version=version)


@pytest.fixture
def poured(venue, old, young, keys):
    """A glass before the relay and two after it; then the next vintage's link is broken: nothing is poured now."""
    glass, _bottle = keys
    relay(old, 2023)
    closing = factories.closing(venue)
    for minutes in (-1, 0, 1):
        factories.sale(closing, glass, 1, at=NOW + timedelta(minutes=minutes), cents=700)
    current_app.config["NOW"] = NOW + timedelta(minutes=5)
    till_links.unlink(glass, young)
    db.session.flush()
    return glass


@pytest.mark.parametrize("again", ["the former vintage", "the next one", "another wine"])
def test_a_key_linked_after_its_relay_was_broken_pours_no_sale_twice(venue, old, young, poured, again):
    drink = {"the former vintage": old, "the next one": young}.get(again) or factories.drink(venue, "Viré", stock=9)
    before = stock.on_hand(drink)
    said = stock.effect(venue.id, poured.id, drink, 125)
    till_links.link(poured, drink, serving_ml=125)

    assert said == stock.Effect(1, 2000, before, before - 2 * 125 * stock.UL)
    assert stock.on_hand(drink) == said.after_ul
    left = sum(stock.on_hand(one) for one in {old, young, drink})
    assert left == sum(stock.UL * count.quantity_ml for count in db.session.scalars(select(Count))) - 3 * 125 * stock.UL


def test_a_key_that_waits_after_its_relay_was_broken_has_sold_what_it_did_since(venue, poured):
    assert sold.of(venue.id)[poured.id] == sold.Sold(2000, 2, 1400, date(2026, 6, 13))


def test_another_wine_is_no_sibling(venue, old, keys):
    factories.drink(venue, "Petit Chablis", vintage=2023)
    relay(old, 2023)

    assert db.session.scalars(select(Drink.name).where(Drink.vintage == 2023).order_by(Drink.id)).all() == [
        "Petit Chablis",
        "Chablis Montmains",
    ]
