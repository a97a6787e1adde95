"""What the till asks for a drink, now and before."""

from datetime import UTC, datetime, timedelta

import pytest

from sommit.extensions import db
from sommit.models import ReferencePrice
from sommit.services import cellar, drink_prices
from sommit.services.drink_prices import Price, Seen
from tests import factories

MARCH = datetime(2026, 3, 2, 3, tzinfo=UTC)
JUNE = datetime(2026, 6, 2, 3, tzinfo=UTC)


def seen(reference, cents, at, tariff="Normal", tax_rate=2000):
    place = {"venue_id": reference.venue_id, "reference_id": reference.id}
    db.session.add(ReferencePrice(tariff=tariff, unit_price_cents=cents, tax_rate=tax_rate, seen_at=at, **place))
    db.session.commit()


def asked(drink):
    return drink_prices.asked(drink.venue_id, cellar.poured(drink))


@pytest.fixture
def chablis(venue):
    return factories.drink(venue)


@pytest.fixture
def glass(venue, chablis):
    reference = factories.reference(venue, "VRE CHABLIS", price_cents=900)
    factories.link(reference, chablis, 125)
    return reference


def test_a_price_that_never_changed_has_no_past(chablis, glass):
    seen(glass, 900, MARCH)
    seen(glass, 900, JUNE, tax_rate=1000)

    assert asked(chablis) == [Price("VRE CHABLIS", 125, "", 900, None, ())]


def test_a_price_that_changed_says_since_when_and_what_it_was(chablis, glass):
    for cents, days in ((800, 0), (850, 10), (900, 20)):
        seen(glass, cents, MARCH + timedelta(days=days))

    [price] = asked(chablis)

    assert (price.cents, price.since) == (900, MARCH + timedelta(days=20))
    assert price.before == (Seen(850, MARCH + timedelta(days=10)), Seen(800, MARCH))


def test_other_tariffs_stand_beside_the_normal_one(chablis, glass):
    seen(glass, 900, MARCH)
    seen(glass, 600, MARCH, tariff="Happy hour")

    assert [(price.tariff, price.cents) for price in asked(chablis)] == [("", 900), ("Happy hour", 600)]


def test_a_till_without_a_tariff_called_normal_has_the_one_that_its_catalogue_shows(chablis, glass):
    seen(glass, 850, MARCH, tariff="Salle")
    seen(glass, 900, JUNE, tariff="Salle")

    assert [(price.tariff, price.before) for price in asked(chablis)] == [("", (Seen(850, MARCH),))]


def test_two_keys_with_different_prices_show_both(venue, chablis, glass):
    factories.link(factories.reference(venue, "VRE CHABLIS HH", price_cents=600), chablis, 125)

    assert [price.cents for price in asked(chablis)] == [900, 600]


def test_a_key_that_pours_several_drinks_sets_no_price_nor_does_an_ended_link(venue, chablis, glass):
    factories.link(glass, factories.drink(venue, "Crème de cassis"), 20)
    factories.link(factories.reference(venue, price_cents=700), chablis, 125, ends_at=MARCH)

    assert asked(chablis) == []
