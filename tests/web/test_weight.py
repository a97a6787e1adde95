"""What a visit weighs: transferred bytes, which no machine's speed changes."""

import re

import pytest

from tests import factories
from tests.screens.conftest import Screen, make_app, screen
from tests.screens.proposals import suggest

__all__ = ["Screen", "make_app", "screen"]

KB = 1000
FIRST_VISIT, LATER_VISIT = 90 * KB, 15 * KB
ASKS_FOR = {"Accept-Encoding": "gzip, deflate, br"}
STATIC = re.compile(r'(?:href|src)="(/static/[^"#]+)')
IN_THE_STYLE = re.compile(r"url\([\"']?([^\"')]+)")


@pytest.fixture
def full_bar(venue):
    """Two hundred rows of either list."""
    for number in range(200):
        drink = factories.drink(venue, f"Château Belair-Monange {number}", vintage=2015, producer="Moueix", stock=12)
        reference = factories.reference(venue, f"BT CH BELAIR MONANGE {number}", category="Vins", price_cents=8900)
        suggest(reference, drink, serving_ml=750)


def weight(client, address: str) -> int:
    answer = client.get(address, headers=ASKS_FOR)
    assert answer.status_code == 200
    return len(answer.data)


def kept(client, page: str) -> set[str]:
    """The addresses of what the browser fetches once, and keeps for a year."""
    found = set(STATIC.findall(page))
    style = next(address for address in found if ".css" in address)
    asked = IN_THE_STYLE.findall(client.get(style).text)
    return found | {f"/static/{address}" for address in asked if not address.startswith("data:")}


@pytest.mark.parametrize("address", ["/boissons", "/boissons/a-synchroniser", "/ventes", "/caisse", "/aide"])
def test_a_first_visit_weighs_ninety_kilobytes_and_a_later_one_fifteen(screen, full_bar, address):
    client = screen.client
    page = weight(client, address)
    first = page + sum(weight(client, each) for each in kept(client, client.get(address).text))

    assert page <= LATER_VISIT
    assert first <= FIRST_VISIT


def test_a_browser_that_cannot_unpack_gets_the_page_as_it_is(screen):
    plain = screen.client.get("/aide", headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert screen.client.get("/aide", headers=ASKS_FOR).headers["Content-Encoding"] == "br"
