"""Whatever a till sends, the room answers with a reading or with one of its own errors."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sommit.jalia import parse
from sommit.jalia.client import Orders
from sommit.jalia.errors import TillError
from sommit.jalia.payload import Report
from sommit.jalia.reading import catalogue_prices, read_closing
from tests.jalia.build import GLASS, item, order, product, report

MENU = {"name": "Formule", "total": 2500, "quantity": 1, "items": [item(description="CAFE", itemCatalogId=None)]}
GOOD: dict[str, Any] = {
    "catalogue": [product(1), product(2)],
    "reports": {
        "data": [
            report(
                reportProducts=[{"productCatalogId": GLASS, "productName": "VRE CHINON", "productQuantity": 2}],
                reportTaxes=[{"taxName": "TVA", "taxRate": 2000, "taxAmount": 217, "taxableAmount": 1083}],
            )
        ],
        "meta": {"totalPage": 1},
    },
    "orders": {"data": [order(1, menus=[MENU]), order(2, items=[item(), item(isLoss=True)])], "meta": {"totalPage": 1}},
}

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**20), max_value=10**20)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            1e308,
            10**12,
            "1,5",
            "-0",
            "1e400",
            "\u0000",
            "\ud800",
            "2025-03-14T22:12:30+01:00",
            "0001-01-01",
            "true",
            "",
            "é" * 400,
        ]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def paths(node: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from paths(child, (*here, key))


PATHS = [path for path in paths(GOOD) if path]


def mutated(changes: list[tuple[tuple[Any, ...], Any, bool]]) -> dict[str, Any]:
    found: Any = copy.deepcopy(GOOD)
    for path, value, drop in changes:
        parent = found
        try:
            for key in path[:-1]:
                parent = parent[key]
            if drop and isinstance(parent, dict) and len(path) > 1:
                del parent[path[-1]]
            else:
                parent[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that place away
    return found


class Notes:
    """Stands for a client that was sent these bytes."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def orders(self, _report_id: str, *, thorough: bool = False) -> Orders:
        orders, _ = parse.order_page(self._body)
        return Orders(tuple(orders), 2, thorough)


def play(bodies: dict[str, bytes]) -> None:
    """Read the three answers as a night does."""
    told: list[str] = []
    prices: dict[tuple[str, str], int] = {}
    try:
        prices = catalogue_prices(parse.catalogue(bodies["catalogue"]).products)
    except TillError as error:
        told.append(str(error))
    try:
        for closing in parse.report_page(bodies["reports"])[0]:
            look_at(closing, prices, bodies["orders"])
    except TillError as error:
        told.append(str(error))
    assert all(sentence and "%(" not in sentence for sentence in told)


def look_at(closing: Report, prices: dict[tuple[str, str], int], body: bytes) -> None:
    client: Any = Notes(body)
    found = read_closing(client, closing, catalogue_prices=prices, known_unit=None, location_id=None)
    for line in found.lines:
        assert abs(line.quantity_milli) <= 10**9
        assert line.total_cents is None or abs(line.total_cents) <= 10**9
        assert "\u0000" not in line.label
        line.label.encode()


def encoded(answers: dict[str, Any]) -> dict[str, bytes]:
    return {name: json.dumps(value).encode() for name, value in answers.items()}


def test_the_good_answers_read_well() -> None:
    play(encoded(GOOD))


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), VALUES, st.booleans()), min_size=1, max_size=4))
def test_changed_answers_never_raise_anything_but_our_own_errors(
    changes: list[tuple[tuple[Any, ...], Any, bool]],
) -> None:
    play(encoded(mutated(changes)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(list(GOOD)), st.integers(0, 10_000), st.binary(max_size=4), st.booleans())
def test_damaged_bytes_never_raise_anything_but_our_own_errors(name: str, place: int, junk: bytes, cut: bool) -> None:
    bodies = encoded(GOOD)
    body = bodies[name]
    at = place % len(body)
    bodies[name] = body[:at] + junk + (b"" if cut else body[at + len(junk) :])

    play(bodies)
