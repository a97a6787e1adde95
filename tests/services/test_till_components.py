"""A cocktail, a formule: one key pours several drinks, each in its serving; the money counts once."""

from datetime import date

import pytest

from sommit.extensions import db
from sommit.services import cellar, drink_prices, references, stock, till_components, till_links, turnover
from tests import factories

EVENING = date(2026, 6, 13)


@pytest.fixture
def spritz(venue):
    """A key that was sold 10 times for 90 €."""
    key = factories.reference(venue, "SPRITZ", price_cents=900)
    factories.sale(factories.closing(venue, EVENING), key, 10, cents=9000)
    return key


@pytest.fixture
def prosecco(venue):
    return factories.drink(venue, "Prosecco", stock=6)


@pytest.fixture
def aperol(venue):
    return factories.drink(venue, "Aperol", category="spirit", volume_ml=700, stock=3)


def pours(key):
    return [(link.drink_id, link.serving_ml) for link in till_links.live_links(key)]


def test_each_sale_takes_each_drink_and_the_turnover_stays_the_key_s_once(venue, spritz, prosecco, aperol):
    till_components.add(spritz, prosecco, serving_ml=90)
    till_components.add(spritz, aperol, serving_ml=60)
    db.session.commit()

    assert pours(spritz) == [(prosecco.id, 90), (aperol.id, 60)]
    assert stock.on_hand(prosecco) == (6 * 750 - 10 * 90) * stock.UL
    assert stock.on_hand(aperol) == (3 * 700 - 10 * 60) * stock.UL
    assert turnover.total(venue.id, EVENING, EVENING).turnover_cents == 9000
    assert [drink_prices.asked(venue.id, cellar.poured(drink)) for drink in (prosecco, aperol)] == [[], []]


def test_adding_twice_is_once_and_another_serving_is_refused(spritz, prosecco):
    for _tap in range(2):
        till_components.add(spritz, prosecco, serving_ml=90, version=0)
    with pytest.raises(till_components.AlreadyPoured):
        till_components.add(spritz, prosecco, serving_ml=120)

    assert pours(spritz) == [(prosecco.id, 90)]


def test_removing_one_leaves_the_others_and_gives_back_its_own_stock(spritz, prosecco, aperol):
    till_components.add(spritz, prosecco, serving_ml=90)
    till_components.add(spritz, aperol, serving_ml=60)
    for _tap in range(2):
        till_components.remove(spritz, aperol, version=2)
    db.session.commit()

    assert pours(spritz) == [(prosecco.id, 90)]
    assert stock.on_hand(aperol) == 3 * 700 * stock.UL
    assert stock.on_hand(prosecco) == (6 * 750 - 10 * 90) * stock.UL


def test_removing_the_last_one_brings_the_key_back_into_the_list(venue, spritz, prosecco):
    till_components.add(spritz, prosecco, serving_ml=90)
    till_components.remove(spritz, prosecco)
    db.session.flush()

    assert references.row(venue.id, spritz.id).state is references.State.TO_SYNC


def test_what_was_never_poured_cannot_be_removed_and_a_stale_page_changes_nothing(spritz, prosecco, aperol):
    till_components.add(spritz, prosecco, serving_ml=90)
    with pytest.raises(till_links.NotLinked):
        till_components.remove(spritz, aperol)
    with pytest.raises(till_links.Changed):
        till_components.remove(spritz, prosecco, version=0)
    with pytest.raises(till_links.Changed):
        till_components.add(spritz, aperol, serving_ml=60, version=0)

    assert pours(spritz) == [(prosecco.id, 90)]


def test_a_cocktails_price_does_not_make_a_carafe_of_its_wine(venue, spritz):
    """9 € is a third of the bottle's price: alone, it would be a carafe of 25 cl."""
    bottle = factories.drink(venue, "Prosecco Mille", price_cents=2800, stock=6)
    [row] = references.listed(venue.id, references.Show.SOLD)

    assert till_components.proposed(row, bottle).yes.serving_ml == 125
    assert till_components.proposed(row, bottle, 90).yes.serving_ml == 90
