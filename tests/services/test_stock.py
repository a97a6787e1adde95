"""Stock = last count + deliveries - losses - linked sales, each at its own time."""

from datetime import UTC, datetime, timedelta

import pytest

from sommit.services import stock
from tests import factories

COUNTED = datetime(2026, 6, 1, 8, tzinfo=UTC)
EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
UL = stock.UL


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, stock=12, counted_at=COUNTED)


@pytest.fixture
def glass(venue, chablis):
    reference = factories.reference(venue, "VRE CHABLIS")
    factories.link(reference, chablis, 125)
    return reference


def test_a_drink_never_counted_nor_delivered_has_no_stock(venue):
    drink = factories.drink(venue)

    assert stock.on_hand(drink) is None
    assert stock.cellar(venue.id) == {}


def test_six_glasses_take_three_quarters_of_a_litre(venue, chablis, glass):
    factories.sale(factories.closing(venue), glass, 6, at=EVENING)

    assert stock.on_hand(chablis) == (12 * 750 - 6 * 125) * UL


def test_thousandths_of_a_glass_are_exact(venue, chablis, glass):
    factories.sale(factories.closing(venue), glass, 0.333, at=EVENING)

    assert stock.on_hand(chablis) == 9_000_000 - 333 * 125


def test_a_count_absorbs_what_was_sold_before_it_even_inside_one_closing(venue, chablis, glass):
    closing = factories.closing(venue)
    factories.sale(closing, glass, 5, at=EVENING)
    factories.sale(closing, glass, 2, at=EVENING + timedelta(hours=2))
    factories.count(chablis, 3000, at=EVENING + timedelta(hours=1))

    assert stock.on_hand(chablis) == (3000 - 2 * 125) * UL


def test_the_first_delivery_starts_the_stock_of_a_drink_that_was_never_counted(venue):
    drink = factories.drink(venue)
    reference = factories.reference(venue)
    factories.link(reference, drink, 750)
    factories.sale(factories.closing(venue), reference, 3, at=EVENING - timedelta(days=2))
    factories.delivery(drink, 6 * 750, at=EVENING - timedelta(days=1))
    factories.delivery(drink, 750, at=EVENING)
    factories.sale(factories.closing(venue), reference, 1, at=EVENING)

    assert stock.on_hand(drink) == 6 * 750 * UL


def test_deliveries_come_in_and_losses_go_out_after_the_count_only(venue, chablis):
    factories.delivery(chablis, 9000, at=COUNTED - timedelta(days=1))
    factories.delivery(chablis, 750, at=COUNTED + timedelta(days=1))
    factories.loss(chablis, 9000, at=COUNTED - timedelta(days=1))
    factories.loss(chablis, 125, at=COUNTED + timedelta(days=1))

    assert stock.on_hand(chablis) == (9000 + 750 - 125) * UL


def test_a_link_takes_only_the_sales_of_its_period(venue, chablis):
    reference = factories.reference(venue)
    noon, six = EVENING - timedelta(hours=7), EVENING - timedelta(hours=1)
    factories.link(reference, chablis, 125, starts_at=noon, ends_at=six)
    closing = factories.closing(venue)
    for at in (noon - timedelta(minutes=1), noon, six - timedelta(minutes=1), six):
        factories.sale(closing, reference, 1, at=at)

    assert stock.on_hand(chablis) == (9000 - 2 * 125) * UL


def test_a_broken_link_takes_nothing(venue, chablis):
    reference = factories.reference(venue)
    factories.link(reference, chablis, 125, broken_at=EVENING)
    factories.sale(factories.closing(venue), reference, 6, at=EVENING)

    assert stock.on_hand(chablis) == 9000 * UL


def test_a_declared_loss_leaves_the_cellar_and_a_cancelled_line_does_not(venue, chablis, glass):
    closing = factories.closing(venue)
    factories.sale(closing, glass, 1, at=EVENING, stock="loss", money="loss")
    factories.sale(closing, glass, 1, at=EVENING, stock="none", money="canceled")

    assert stock.on_hand(chablis) == (9000 - 125) * UL


def test_stock_may_be_negative(venue, chablis, glass):
    factories.sale(factories.closing(venue), glass, 100, at=EVENING)

    assert stock.on_hand(chablis) == (9000 - 12_500) * UL


def test_another_venue_s_sales_do_not_matter(venue, chablis, glass):
    other = factories.venue("Ailleurs")
    drink = factories.drink(other, stock=1, counted_at=COUNTED)
    reference = factories.reference(other)
    factories.link(reference, drink, 750)
    factories.sale(factories.closing(other), reference, 1, at=EVENING)

    assert stock.cellar(venue.id) == {chablis.id: 9000 * UL}
    assert stock.cellar(other.id) == {drink.id: 0}


def test_the_effect_shown_before_a_link_is_what_the_link_then_does(venue, chablis):
    reference = factories.reference(venue)
    for day in (2, 3):
        closing = factories.closing(venue, (COUNTED + timedelta(days=day)).date())
        factories.sale(closing, reference, 7, at=COUNTED + timedelta(days=day))
    factories.sale(factories.closing(venue), reference, 50, at=COUNTED - timedelta(days=1))

    shown = stock.effect(venue.id, reference.id, chablis, 125)
    factories.link(reference, chablis, 125)

    assert (shown.nights, shown.taken_milli) == (2, 14_000)
    assert shown.before_ul == 9000 * UL
    assert shown.after_ul == stock.on_hand(chablis) == (9000 - 14 * 125) * UL
