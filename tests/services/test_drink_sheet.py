"""The stock of one drink, line by line and day by day."""

from datetime import UTC, date, datetime, timedelta

from flask import current_app

from sommit.services import drink_sheet, stock
from sommit.services.drink_sheet import Causes, KeySales, Wrong
from tests import factories

COUNTED = datetime(2026, 6, 1, 8, tzinfo=UTC)
EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
UL = stock.UL


def test_the_lines_add_up_to_the_stock(venue):
    chablis = factories.drink(venue, stock=9, counted_at=COUNTED)
    factories.delivery(chablis, 12 * 750, at=COUNTED + timedelta(days=3))
    factories.loss(chablis, 750, at=COUNTED + timedelta(days=6))
    glass, bottle = factories.reference(venue, "VRE CHABLIS"), factories.reference(venue, "BT CHABLIS")
    factories.link(glass, chablis, 125)
    factories.link(bottle, chablis, 750)
    for day, number in ((10, 6), (11, 2)):
        factories.sale(factories.closing(venue, date(2026, 6, day)), glass, number, at=EVENING)
    factories.sale(factories.closing(venue, date(2026, 6, 11)), bottle, 1, at=EVENING)

    told = drink_sheet.arithmetic(chablis)

    assert (told.from_at, told.base.quantity_ml) == (COUNTED, 9 * 750)
    assert [one.quantity_ml for one in (*told.deliveries, *told.losses)] == [12 * 750, 750]
    assert told.keys == [KeySales("VRE CHABLIS", 125, 2, 8000), KeySales("BT CHABLIS", 750, 1, 1000)]
    assert told.left_ul == stock.on_hand(chablis) == (20 * 750 - 8 * 125 - 750) * UL


def test_what_came_before_the_last_count_is_not_told_again(venue):
    chablis = factories.drink(venue, stock=9, counted_at=COUNTED)
    factories.delivery(chablis, 750, at=COUNTED + timedelta(days=1))
    factories.count(chablis, 1500, at=COUNTED + timedelta(days=2))

    told = drink_sheet.arithmetic(chablis)

    assert (told.base.quantity_ml, told.deliveries, told.left_ul) == (1500, [], 1500 * UL)


def test_of_two_counts_at_one_instant_the_one_written_last_holds(venue):
    chablis = factories.drink(venue, stock=9, counted_at=COUNTED)
    factories.count(chablis, 1500, at=COUNTED)
    factories.delivery(chablis, 750, at=COUNTED)

    told = drink_sheet.arithmetic(chablis)

    assert (told.base.quantity_ml, told.left_ul) == (1500, 2250 * UL)
    assert told.left_ul == stock.on_hand(chablis)


def test_a_drink_that_was_only_delivered_starts_at_its_first_delivery(venue):
    chablis = factories.drink(venue)
    factories.delivery(chablis, 1500, at=EVENING)
    factories.delivery(chablis, 750, at=COUNTED)
    factories.loss(chablis, 750, at=COUNTED - timedelta(days=1))

    told = drink_sheet.arithmetic(chablis)

    assert (told.from_at, told.base, told.losses) == (COUNTED, None, [])
    assert [one.quantity_ml for one in told.deliveries] == [750, 1500]


def test_a_drink_never_counted_nor_delivered_has_nothing_to_tell(venue):
    assert drink_sheet.arithmetic(factories.drink(venue)) is None


def test_the_days_end_in_the_stock_and_a_night_keeps_the_date_of_its_evening(venue):
    chablis = factories.drink(venue, stock=2, counted_at=COUNTED)
    glass = factories.reference(venue)
    factories.link(glass, chablis, 125)
    after_midnight = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    factories.sale(factories.closing(venue, date(2026, 6, 10)), glass, 2, at=after_midnight)
    factories.delivery(chablis, 750, at=after_midnight)

    told = drink_sheet.arithmetic(chablis)
    days = drink_sheet.days(told, "Europe/Paris")

    assert [(one.day.day, one.came_ul, one.taken_ul) for one in days] == [(11, 750 * UL, 0), (10, 0, 250 * UL)]
    assert days[0].left_ul == told.left_ul == 2000 * UL


def test_the_week_s_pace_says_for_how_many_evenings_there_is_enough(venue):
    chablis = factories.drink(venue, stock=3, counted_at=COUNTED)
    glass = factories.reference(venue)
    factories.link(glass, chablis, 750)
    factories.sale(factories.closing(venue, date(2026, 6, 10)), glass, 1, at=EVENING)

    told = drink_sheet.arithmetic(chablis)

    assert drink_sheet.evenings_left(told, date(2026, 6, 12)) == 14
    assert drink_sheet.evenings_left(told, date(2026, 7, 12)) is None


def test_offered_and_lost_glasses_are_told_apart_from_what_was_sold(venue):
    chablis = factories.drink(venue, stock=9, counted_at=COUNTED)
    glass = factories.reference(venue, "VRE CHABLIS")
    factories.link(glass, chablis, 125)
    closing = factories.closing(venue, date(2026, 6, 10))
    factories.sale(closing, glass, 5, at=EVENING, cents=3500, unit_price_cents=700)
    factories.sale(closing, glass, 1, at=EVENING, cents=0, unit_price_cents=700)
    factories.sale(closing, glass, 2, at=EVENING, stock="loss", money="loss")
    factories.sale(closing, glass, 1, at=EVENING, stock="none", money="canceled")
    current_app.config["NOW"] = EVENING + timedelta(days=1)

    [key] = drink_sheet.arithmetic(chablis).keys
    current_app.config["NOW"] = EVENING + timedelta(days=200)
    [long_ago] = drink_sheet.arithmetic(chablis).keys

    assert (key.taken_milli, key.sold_milli, key.offered_milli, key.lost_milli) == (8000, 5000, 1000, 2000)
    assert (long_ago.taken_milli, long_ago.sold_milli) == (8000, 8000)


def test_a_negative_stock_has_likely_causes(venue):
    chablis = factories.drink(venue, vintage=2022, stock=0, counted_at=COUNTED)
    sibling = factories.drink(venue, vintage=2023, stock=6)
    factories.drink(venue, vintage=2021, stock=0)
    glass = factories.reference(venue, "VRE CHABLIS", category="Vins au verre", price_cents=700)
    factories.link(glass, chablis, 750)

    found = drink_sheet.causes(chablis, drink_sheet.arithmetic(chablis))

    assert found == Causes(True, True, [Wrong("VRE CHABLIS", 750, 125)], [sibling])
