"""Two entries of one drink become one: nothing is lost, and the stock is what was said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Count, Delivery, Drink, Link, Loss, Venue
from sommit.services import merge, stock
from sommit.services.merge import Stock
from tests import factories
from tests.support import naive

DAY = timedelta(days=1)
START = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(app):
    app.config["NOW"] = factories.NOW


@pytest.fixture
def pair(venue):
    return factories.drink(venue, "Morgon", colour="rouge"), factories.drink(venue, "Morgon Foillard", colour="rouge")


def sold(drink, glasses, at, serving_ml=125):
    venue = drink_venue(drink)
    reference = factories.reference(venue)
    factories.link(reference, drink, serving_ml)
    factories.sale(factories.closing(venue, at.date()), reference, glasses, at=at)
    return reference


def drink_venue(drink):
    return db.session.get(Venue, drink.venue_id)


def bottles(drink):
    ul = stock.on_hand(drink)
    assert ul == naive.stock_ul(drink)
    return None if ul is None else ul / (750 * stock.UL)


def total(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def done(keeps, goes, which=None):
    """Merge, and check that what was said is what was done."""
    said = merge.preview(keeps, goes)
    merge.merge(keeps, goes, which=which, seen=said.fingerprint)
    db.session.commit()
    expected = said.added_ul if said.asks and which is Stock.ADD else said.last_ul
    assert stock.on_hand(keeps) == naive.stock_ul(keeps) == expected
    assert goes.archived_at is not None
    for kind in merge.MOVING:
        assert db.session.scalar(select(func.count()).where(kind.drink_id == goes.id)) == 0


def test_bottles_that_stood_apart_add_up(pair):
    keeps, goes = pair
    factories.count(keeps, 12 * 750, START)
    factories.count(goes, 5 * 750, START + 3 * DAY)
    sold(keeps, 6, START + DAY)
    sold(goes, 12, START + 4 * DAY)
    factories.delivery(keeps, 6 * 750, START + 5 * DAY)
    factories.loss(goes, 750, START + 5 * DAY)
    assert (bottles(keeps), bottles(goes)) == (17, 2)

    done(keeps, goes, Stock.ADD)

    assert bottles(keeps) == 19


def test_bottles_counted_twice_count_once_as_they_were_counted_last(pair):
    keeps, goes = pair
    factories.count(keeps, 12 * 750, START)
    factories.count(goes, 11 * 750, START + 3 * DAY)
    sold(keeps, 6, START + DAY)
    sold(keeps, 6, START + 4 * DAY)

    done(keeps, goes, Stock.LAST)

    assert bottles(keeps) == 10, "the sales after that count come off it, those before are in it"


def test_with_two_stocks_somebody_has_to_say_which_one_holds(pair):
    for drink in pair:
        factories.count(drink, 750, START)

    with pytest.raises(merge.Unsaid):
        merge.merge(*pair, which=None)


def test_what_an_uncounted_entry_sold_comes_off_the_stock_of_the_other(pair):
    keeps, goes = pair
    factories.count(keeps, 12 * 750, START)
    sold(goes, 6, START + DAY)
    assert not merge.preview(keeps, goes).asks

    done(keeps, goes)

    assert bottles(keeps) == 11


def test_a_stock_comes_along_with_the_entry_that_goes(pair):
    keeps, goes = pair
    factories.count(goes, 12 * 750, START)
    sold(keeps, 6, START + DAY)

    done(keeps, goes)

    assert bottles(keeps) == 11


def test_deliveries_without_a_count_add_up_by_themselves(pair):
    keeps, goes = pair
    factories.delivery(keeps, 6 * 750, START)
    factories.delivery(goes, 3 * 750, START + DAY)

    done(keeps, goes)

    assert bottles(keeps) == 9


def test_two_entries_without_a_stock_stay_without_one(pair):
    done(*pair)

    assert bottles(pair[0]) is None


def test_what_was_short_stays_short(pair):
    keeps, goes = pair
    factories.count(keeps, 0, START)
    sold(keeps, 12, START + DAY)
    factories.count(goes, 750, START + 2 * DAY)

    done(keeps, goes, Stock.ADD)

    assert bottles(keeps) == -1
    assert db.session.scalars(select(Loss.quantity_ml)).one() == 750


def test_every_fact_and_link_is_still_there_broken_and_ended_ones_too(venue, pair):
    keeps, goes = pair
    factories.count(goes, 750, START)
    factories.delivery(goes, 750, START)
    factories.loss(goes, 125, START)
    factories.link(factories.reference(venue), goes, broken_at=START)
    factories.link(factories.reference(venue), goes, ends_at=START)
    factories.link(factories.reference(venue), goes)

    done(keeps, goes)

    assert [total(kind) for kind in (Count, Delivery, Loss, Link)] == [1, 1, 1, 3]


def test_sales_that_come_late_come_off_the_merged_stock_as_they_would_have(pair):
    keeps, goes = pair
    factories.count(keeps, 12 * 750, START)
    factories.count(goes, 5 * 750, START)
    reference = sold(goes, 6, START + DAY)
    done(keeps, goes, Stock.ADD)

    factories.sale(factories.closing(drink_venue(keeps)), reference, 6, at=factories.NOW - timedelta(hours=12))

    assert bottles(keeps) == 15


def test_two_formats_are_two_drinks(venue, pair):
    with pytest.raises(merge.OtherFormat):
        merge.preview(pair[0], factories.drink(venue, "Morgon", volume_ml=1500))


def test_an_entry_is_not_merged_with_itself(pair):
    with pytest.raises(merge.SameEntry):
        merge.preview(pair[0], pair[0])


def test_an_archived_entry_is_brought_back_first(pair):
    done(*pair)

    with pytest.raises(merge.Away):
        merge.merge(*pair, which=None)


def test_a_key_that_pours_both_would_take_twice(venue, pair):
    reference = factories.reference(venue, "VRE MORGON")
    for drink in pair:
        factories.link(reference, drink)

    with pytest.raises(merge.BothPoured) as refused:
        merge.preview(*pair)
    assert "VRE MORGON" in str(refused.value)


def test_what_happened_since_the_preview_is_shown_first(pair):
    keeps, goes = pair
    seen = merge.preview(keeps, goes).fingerprint
    factories.delivery(goes, 750, START)

    with pytest.raises(merge.Moved):
        merge.merge(keeps, goes, which=None, seen=seen)


def test_every_table_that_points_to_a_drink_is_thought_of():
    pointing = {
        table.name
        for table in db.metadata.sorted_tables
        if any(constraint.referred_table is Drink.__table__ for constraint in table.foreign_key_constraints)
    }
    moving = {kind.__tablename__ for kind in merge.MOVING}

    # A proposal is computed anew, and what was refused of an entry that is gone says nothing of the other.
    assert pointing == moving | {"suggestion", "refused_pair"}


FACTS = st.lists(
    st.tuples(
        st.sampled_from(["count", "delivery", "loss", "sale"]), st.booleans(), st.integers(0, 9), st.integers(1, 20)
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=FACTS, which=st.sampled_from(Stock))
def test_whatever_happened_before_the_stock_after_is_the_one_that_was_said(app, facts, which):
    venue = factories.venue()
    keeps, goes = (factories.drink(venue, name) for name in ("Morgon", "Morgon bis"))
    keys = {drink.id: factories.reference(venue) for drink in (keeps, goes)}
    for drink in (keeps, goes):
        factories.link(keys[drink.id], drink)
    closings = {}
    for kind, on_keeps, day, amount in facts:
        drink, at = (keeps if on_keeps else goes), START + day * DAY
        if kind == "sale":
            closings[day] = closings.get(day) or factories.closing(venue, at.date())
            factories.sale(closings[day], keys[drink.id], amount + 0.333, at=at)
        else:
            getattr(factories, kind)(drink, amount * 750, at)
    before = [stock.on_hand(drink) for drink in (keeps, goes)]

    said = merge.preview(keeps, goes)
    done(keeps, goes, which)

    if said.added_ul is not None:
        assert abs(said.added_ul - sum(before)) <= stock.UL / 2, "nothing is lost"
