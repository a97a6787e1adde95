"""Whatever happened, in whatever order it was written down: the one statement equals the recomputation by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sommit.services import stock
from tests import factories
from tests.support import naive

START = datetime(2026, 6, 1, tzinfo=UTC)
HOURS = st.integers(0, 240)  # ten days, so that counts fall inside closings and periods inside both

FACT = st.tuples(st.sampled_from([factories.count, factories.delivery, factories.loss]), HOURS, st.integers(1, 9000))
SALE = st.tuples(
    st.integers(0, 2),  # which reference
    st.integers(0, 9),  # which closing, a day each
    st.integers(0, 30),  # how many hours after its opening
    st.sampled_from([1, 2, 0.5, 0.333, -1]),
    st.sampled_from(["sale", "sale", "loss", "none"]),
)
LINK = st.tuples(
    st.integers(0, 2),
    st.integers(0, 1),  # which drink
    st.sampled_from([20, 125, 750]),
    st.none() | HOURS,
    st.integers(1, 200),  # how long, where it has a beginning
    st.booleans(),
)


def instant(hours):
    return START + timedelta(hours=hours)


def play(venue, facts, sales, links):
    drinks = [factories.drink(venue, name) for name in ("Chablis", "Aligoté")]
    references = [factories.reference(venue, f"CLE {n}") for n in range(3)]
    for number, (fact, hours, quantity_ml) in enumerate(facts):
        fact(drinks[number % 2], quantity_ml, instant(hours))
    closings = [factories.closing(venue, (START + timedelta(days=day)).date()) for day in range(10)]
    for which, day, hours, quantity, effect in sales:
        at = instant(24 * day + hours)
        factories.sale(closings[day], references[which], quantity, at=at, stock=effect)
    taken = set()
    for which, drink, serving_ml, since, length, broken in links:
        is_open = since is None and not broken
        if is_open and (which, drink) in taken:
            continue
        taken |= {(which, drink)} if is_open else set()
        period = {} if since is None else {"starts_at": instant(since), "ends_at": instant(since + length)}
        state = {"broken_at": instant(240)} if broken else {}
        factories.link(references[which], drinks[drink], serving_ml, **period, **state)
    return drinks


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACT, max_size=6), st.lists(SALE, max_size=12), st.lists(LINK, max_size=5))
def test_the_stock_equals_a_naive_recomputation(app, facts, sales, links):
    venue = factories.venue()
    drinks = play(venue, facts, sales, links)

    cellar = stock.cellar(venue.id)

    for drink in drinks:
        assert cellar.get(drink.id) == naive.stock_ul(drink) == stock.on_hand(drink)
