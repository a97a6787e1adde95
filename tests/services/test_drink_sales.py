"""What the till says of one drink, and what breaking a link will do: exactly what it then does."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sommit.extensions import db
from sommit.services import drink_sales, stock, till_links, turnover
from sommit.services.drink_sales import Sold
from tests import factories
from tests.screens.statements import counted
from tests.services.test_stock_property import FACT, LINK, SALE, play

COUNTED = datetime(2026, 6, 1, 8, tzinfo=UTC)
EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def test_each_key_has_its_sales_and_only_those_of_its_period(venue):
    chablis, cassis = factories.drink(venue), factories.drink(venue, "Crème de cassis")
    glass, kir = factories.reference(venue, "VRE CHABLIS"), factories.reference(venue, "KIR")
    factories.link(glass, chablis, 125, ends_at=EVENING)
    factories.link(kir, chablis, 100)
    factories.link(kir, cassis, 20)
    closing = factories.closing(venue)
    for hours, cents in ((-1, 700), (0, 900)):
        factories.sale(closing, glass, 1, at=EVENING + timedelta(hours=hours), cents=cents)
    factories.sale(closing, kir, 3, at=EVENING, cents=1500)

    of_glass, of_kir = drink_sales.keys(chablis)

    assert (of_glass.reference.label, of_glass.sold_milli, of_glass.turnover_cents) == ("VRE CHABLIS", 1000, 700)
    assert (of_glass.ends_at, of_glass.others) == (EVENING, ())
    assert (of_kir.sold_milli, of_kir.turnover_cents, of_kir.others) == (3000, 1500, (cassis,))


def test_a_key_that_never_sold_is_there_and_a_broken_one_is_not(venue):
    chablis = factories.drink(venue)
    factories.link(factories.reference(venue, "A"), chablis)
    factories.link(factories.reference(venue, "B"), chablis, broken_at=EVENING)

    [key] = drink_sales.keys(chablis)

    assert (key.reference.label, key.sold_milli, key.turnover_cents) == ("A", 0, 0)


def test_the_nights_tell_sold_offered_and_lost_apart_key_by_key(venue):
    chablis = factories.drink(venue)
    glass, bottle = factories.reference(venue, "VRE"), factories.reference(venue, "BT")
    factories.link(glass, chablis, 125)
    factories.link(bottle, chablis, 750)
    friday, saturday = (factories.closing(venue, date(2026, 6, day)) for day in (12, 13))
    factories.sale(friday, glass, 7, at=EVENING, cents=4900, unit_price_cents=700)
    factories.sale(friday, glass, 1, at=EVENING, cents=0, unit_price_cents=700)
    factories.sale(friday, glass, 2, at=EVENING, stock="loss", money="loss", cents=1400)
    factories.sale(friday, glass, 1, at=EVENING, stock="none", money="canceled", cents=700)
    factories.sale(friday, bottle, 1, at=EVENING, cents=4200)
    factories.sale(saturday, glass, 3, at=EVENING, cents=2100, unit_price_cents=700)

    found = drink_sales.nights(chablis, date(2026, 6, 12), date(2026, 6, 13))

    assert found == [
        Sold(date(2026, 6, 13), glass.id, 125, 3000, 0, 0, 2100),
        Sold(date(2026, 6, 12), glass.id, 125, 8000, 1000, 2000, 4900),
        Sold(date(2026, 6, 12), bottle.id, 750, 1000, 0, 0, 4200),
    ]
    assert drink_sales.nights(chablis, date(2026, 6, 13), date(2026, 6, 13)) == found[:1]


def test_there_is_nothing_to_break_where_there_is_no_link(venue):
    chablis, glass = factories.drink(venue), factories.reference(venue)

    assert drink_sales.breaking(chablis, glass, drink_sales.keys(chablis)) is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACT, max_size=5), st.lists(SALE, min_size=1, max_size=10), st.lists(LINK, min_size=1, max_size=5))
def test_what_breaking_will_do_is_what_it_does(app, facts, sales, links):
    venue = factories.venue()
    for drink in play(venue, facts, sales, links):
        for key in drink_sales.keys(drink):
            known = drink_sales.keys(drink)
            shown = drink_sales.breaking(drink, key.reference, known)
            if shown is None:  # broken a moment ago, by another link of the same pair
                continue
            others = {one.reference.id: one for one in known if one.reference.id != key.reference.id}

            till_links.unlink(key.reference, drink)
            db.session.flush()

            left = drink_sales.keys(drink)
            assert shown.after_ul == stock.on_hand(drink)
            assert shown.sold_milli == _sum(known, "sold_milli") - _sum(left, "sold_milli")
            assert shown.turnover_cents == _sum(known, "turnover_cents") - _sum(left, "turnover_cents")
            assert shown.staying == len(others) == len({one.reference.id for one in left})


def test_the_turnover_that_leaves_is_what_the_venue_s_total_loses(venue):
    chablis, glass, bottle = factories.drink(venue), factories.reference(venue), factories.reference(venue)
    factories.link(glass, chablis, 125)
    factories.link(bottle, chablis, 750)
    closing = factories.closing(venue)
    for reference, cents in ((glass, 700), (glass, 650), (bottle, 4200)):
        factories.sale(closing, reference, 1, at=EVENING, cents=cents)
    before = turnover.total(venue.id, SINCE, UNTIL)
    shown = drink_sales.breaking(chablis, glass, drink_sales.keys(chablis))

    till_links.unlink(glass, chablis)

    assert before.turnover_cents - turnover.total(venue.id, SINCE, UNTIL).turnover_cents == shown.turnover_cents == 1350


def _sum(keys, name):
    return sum(getattr(key, name) for key in keys)


def test_the_other_drinks_of_a_key_are_asked_for_only_where_there_are_some(venue):
    chablis, glass = factories.drink(venue), factories.reference(venue)
    factories.link(glass, chablis)

    def statements():
        with counted() as sent:
            keys = drink_sales.keys(chablis)
        return sum("FROM link" in one or "JOIN link" in one for one in sent), keys[0].others

    assert statements() == (1, ())
    cassis = factories.drink(venue, "Crème de cassis")
    factories.link(glass, cassis, 20)
    assert statements() == (2, (cassis,))
