"""What *Ventes* adds up equals the lines, one after the other, whatever began and ended in the middle of a night."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Closing, Link, SaleLine
from sommit.services import sales_pieces, sales_tables, turnover
from tests import factories
from tests.screens.statements import counted

START = datetime(2026, 6, 1, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 3), date(2026, 6, 7)
HOURS = st.integers(0, 240)
SALE = st.tuples(
    st.integers(0, 2),  # which key
    st.integers(0, 9),  # which closing, a day each
    st.integers(0, 30),  # how many hours after its opening
    st.integers(-900, 9000),  # cents
    st.sampled_from(["turnover", "turnover", "turnover", "canceled", "loss"]),
)
LINK = st.tuples(st.integers(0, 2), st.integers(0, 1), st.none() | HOURS, st.none() | HOURS, st.booleans())


def instant(hours):
    return START + timedelta(hours=hours)


def play(venue, sales, links):
    drinks = [factories.drink(venue, name) for name in ("Chablis", "Aligoté")]
    keys = [factories.reference(venue, f"CLE {n}", ignored_at=START if n == 2 else None) for n in range(3)]
    closings = [
        factories.closing(venue, (START + timedelta(days=day)).date(), turnover_cents=None if day == 4 else 0)
        for day in range(10)
    ]
    for which, day, hours, cents, money in sales:
        factories.sale(closings[day], keys[which], 2, at=instant(24 * day + hours), cents=cents, money=money)
    opened = set()
    for which, drink, since, until, broken in links:
        if since is not None and until is not None and until <= since:
            continue
        if until is None and not broken:
            if (which, drink) in opened:
                continue
            opened.add((which, drink))
        ends = {"starts_at": since, "ends_at": until}
        period = {name: None if hours is None else instant(hours) for name, hours in ends.items()}
        factories.link(keys[which], drinks[drink], **period, broken_at=instant(0) if broken else None)


def by_hand(venue, *, by_night):
    """Each line where the links held when it was sold: (key, night, drinks) → quantity, sales, cents, unpriced."""
    found = {}
    lines = select(SaleLine, Closing).join(Closing, Closing.id == SaleLine.closing_id)
    for line, closing in db.session.execute(lines.where(SaleLine.venue_id == venue.id, SaleLine.money == "turnover")):
        if FIRST <= closing.business_date <= LAST:
            links = db.session.scalars(select(Link).where(Link.reference_id == line.reference_id)).all()
            drinks = frozenset(link.drink_id for link in links if _held(link, line.sold_at))
            key = line.reference_id, closing.business_date if by_night else None, drinks
            sold, sales, cents, unpriced = found.get(key, (0, 0, 0, 0))
            unknown = closing.turnover_cents is None
            found[key] = sold + line.quantity_milli, sales + 1, cents + line.total_cents, unpriced + unknown
    return found


def _held(link, at):
    begun = link.starts_at is None or link.starts_at <= at
    return begun and link.broken_at is None and (link.ends_at is None or at < link.ends_at)


def computed(venue, *, by_night):
    found = {}
    for piece in sales_pieces.pieces(venue.id, FIRST, LAST, by_night=by_night):
        key = piece.reference.id, piece.night, frozenset(pour.drink.id for pour in piece.pours)
        figures = piece.sold_milli, piece.sales, piece.turnover_cents, piece.unpriced
        found[key] = tuple(map(sum, zip(found.get(key, (0, 0, 0, 0)), figures, strict=True)))
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SALE, max_size=12), st.lists(LINK, max_size=5))
def test_every_piece_equals_the_lines_that_it_stands_for(app, sales, links):
    venue = factories.venue()
    play(venue, sales, links)

    for by_night in (True, False):
        assert computed(venue, by_night=by_night) == by_hand(venue, by_night=by_night)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SALE, max_size=12), st.lists(LINK, max_size=5))
def test_the_tables_and_the_proof_count_each_sale_once(app, sales, links):
    venue = factories.venue()
    play(venue, sales, links)
    sold = list(sales_pieces.pieces(venue.id, FIRST, LAST))
    takings = turnover.takings(venue.id, FIRST, LAST, sold)
    nights = turnover.evenings(venue.id, [FIRST + timedelta(days=day) for day in range(5)]).values()

    assert takings.linked_cents == turnover.total(venue.id, FIRST, LAST).turnover_cents
    assert takings.turnover_cents == turnover.total(venue.id, FIRST, LAST, everything=True).turnover_cents
    for name in ("linked_cents", "to_sync_cents", "ignored_cents"):
        assert getattr(takings, name) == sum(getattr(night, name) for night in nights)
    for table, whole in (
        (sales_tables.by_drink, takings.linked_cents),
        (sales_tables.by_category, takings.linked_cents),
        (sales_tables.by_reference, takings.turnover_cents),
    ):
        assert sum(line.turnover_cents for line in table(sold)) == whole


def relay(venue):
    """A key that poured the 2022 until midnight of a night, then the 2023."""
    old, new = (factories.drink(venue, "Chablis", vintage=year) for year in (2022, 2023))
    key, midnight = factories.reference(venue), datetime(2026, 6, 5, 22, tzinfo=UTC)
    factories.link(key, old, ends_at=midnight)
    factories.link(key, new, starts_at=midnight)
    closing = factories.closing(venue, date(2026, 6, 5))
    factories.sale(closing, key, 3, at=midnight - timedelta(seconds=1), cents=2100)
    factories.sale(closing, key, 2, at=midnight, cents=1400)
    return closing


def test_a_vintage_that_changes_in_the_middle_of_a_night_leaves_each_glass_to_its_bottle(venue):
    relay(venue)
    rows = sales_tables.by_drink(sales_pieces.pieces(venue.id, FIRST, LAST))

    shown = [(drink.vintage, row.sold_milli, row.turnover_cents) for row in rows for drink in row.drinks.values()]
    assert shown == [(2022, 3000, 2100), (2023, 2000, 1400)]


@pytest.mark.parametrize("by_night", [True, False])
def test_as_many_statements_for_many_keys_and_cuts_as_for_one(venue, by_night):
    closing = relay(venue)

    def statements():
        with counted() as sent:
            assert computed(venue, by_night=by_night)
        return len(sent)

    few = statements()
    drinks = [factories.drink(venue, f"Vin {n}") for n in range(3)]
    for number in range(30):
        key = factories.reference(venue, f"CLE {number}")
        factories.link(key, drinks[number % 3], starts_at=START + timedelta(hours=number))
        factories.sale(closing, key, at=START + timedelta(hours=20), cents=500)
    assert statements() == few
