"""The page of one drink: its stock, line by line."""

from datetime import UTC, datetime, timedelta

from sommit.services import drink_sheet, stock
from tests import factories

COUNTED = datetime(2026, 6, 1, 8, tzinfo=UTC)
EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
UL = stock.UL


def test_the_lines_add_up_to_the_stock(venue):
    chablis = factories.drink(venue, stock=9, counted_at=COUNTED)
    factories.delivery(chablis, 12 * 750, at=COUNTED + timedelta(days=3))
    factories.loss(chablis, 750, at=COUNTED + timedelta(days=6))
    glass = factories.reference(venue)
    factories.link(glass, chablis, 125)
    factories.sale(factories.closing(venue), glass, 6, at=EVENING)

    shown = drink_sheet.arithmetic(chablis)

    assert (shown.from_at, shown.counted_ml) == (COUNTED, 9 * 750)
    assert (shown.delivered_ml, shown.lost_ml, shown.sold_ul) == (12 * 750, 750, 6 * 125 * UL)
    assert shown.left_ul == stock.on_hand(chablis) == (20 * 750 - 6 * 125) * UL


def test_what_came_before_the_last_count_is_not_told_again(venue):
    chablis = factories.drink(venue, stock=9, counted_at=COUNTED)
    factories.delivery(chablis, 750, at=COUNTED + timedelta(days=1))
    factories.count(chablis, 1500, at=COUNTED + timedelta(days=2))

    shown = drink_sheet.arithmetic(chablis)

    assert (shown.counted_ml, shown.delivered_ml, shown.left_ul) == (1500, 0, 1500 * UL)


def test_a_drink_that_was_only_delivered_starts_at_its_first_delivery(venue):
    chablis = factories.drink(venue)
    factories.delivery(chablis, 1500, at=EVENING)
    factories.delivery(chablis, 750, at=COUNTED)

    shown = drink_sheet.arithmetic(chablis)

    assert (shown.from_at, shown.counted_ml, shown.delivered_ml) == (COUNTED, None, 2250)


def test_a_drink_never_counted_nor_delivered_has_nothing_to_tell(venue):
    assert drink_sheet.arithmetic(factories.drink(venue)) is None
