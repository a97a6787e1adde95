"""Correcting an entry: once, with the latest state in view, and with a question where the format changes."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link
from sommit.services import drink_edit, library, stock
from tests import factories


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, stock=4, vintage=2022)


def entry(drink, **changes):
    return replace(library.as_entry(drink), **changes)


def save(drink, stamp=None, format_is="", **changes):
    return drink_edit.save(drink, entry(drink, **changes), shown=stamp or drink_edit.stamp(drink), format_is=format_is)


def servings():
    return list(db.session.scalars(select(Link.serving_ml).order_by(Link.id)))


def test_an_entry_is_corrected(chablis):
    assert save(chablis, producer="Fèvre", vintage=2023) is chablis
    assert (chablis.producer, chablis.vintage) == ("Fèvre", 2023)


def test_the_second_of_two_tablets_is_told_and_changes_nothing(chablis):
    shown = drink_edit.stamp(chablis)
    save(chablis, region="Bourgogne")

    with pytest.raises(drink_edit.Overtaken):
        save(chablis, shown, producer="Fèvre")
    assert (chablis.region, chablis.producer) == ("Bourgogne", "")


def test_the_same_form_again_changes_nothing(chablis):
    shown, typed = drink_edit.stamp(chablis), entry(chablis, producer="Fèvre")
    for _tap in range(2):
        assert drink_edit.save(chablis, typed, shown=shown) is chablis


def test_a_format_that_changes_asks_what_it_means(chablis):
    with pytest.raises(drink_edit.WhichFormat):
        save(chablis, volume_ml=700)
    assert chablis.volume_ml == 750


def test_a_corrected_format_takes_the_servings_of_a_whole_one_along(venue, chablis):
    bottle, glass, broken = (factories.reference(venue) for _ in range(3))
    factories.link(bottle, chablis, 750)
    factories.link(glass, chablis, 125)
    factories.link(broken, chablis, 750, broken_at=factories.NOW)
    factories.sale(factories.closing(venue), bottle, 1)
    version = bottle.version

    save(chablis, format_is=drink_edit.CORRECTION, volume_ml=700)
    db.session.flush()

    assert servings() == [700, 125, 750]
    assert stock.on_hand(chablis) == (4 * 750 - 700) * stock.UL
    assert bottle.version == version + 1, "a form that still shows the former serving is refused"


def test_another_format_is_another_drink_once(venue, chablis):
    factories.link(factories.reference(venue), chablis, 750)
    shown, typed = drink_edit.stamp(chablis), entry(chablis, volume_ml=1500)

    added = drink_edit.save(chablis, typed, shown=shown, format_is=drink_edit.OTHER)
    again = drink_edit.save(chablis, typed, shown=shown, format_is=drink_edit.OTHER)

    assert (added.volume_ml, chablis.volume_ml, servings()) == (1500, 750, [750])
    assert again is added
    assert db.session.scalars(select(Drink.id)).all() == [chablis.id, added.id]


def test_an_entry_that_would_double_another_one_is_refused(venue, chablis):
    twin = factories.drink(venue, vintage=2023)

    with pytest.raises(library.AlreadyThere) as refusal:
        save(chablis, vintage=2023)
    assert refusal.value.drink is twin
