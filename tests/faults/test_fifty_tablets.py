"""Fifty tablets answer for one reference at the same instant (FAULTS 72, 73): one wins, the others are told."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import select

from sommit import extensions
from sommit.extensions import db
from sommit.models import Drink, Link, TillReference, User
from tests import factories
from tests.browser.conftest import address

__all__ = ["address"]

TABLETS = 50
LIST = "/boissons/a-synchroniser"


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def signed_in(address: str, user: User) -> requests.Session:
    tablet = requests.Session()
    sign_in = f"{address}/connexion"
    fields = {"email": user.email, "password": factories.PASSWORD, "csrf_token": token_in(tablet.get(sign_in).text)}
    assert tablet.post(sign_in, data=fields, allow_redirects=False).status_code in (302, 303)
    return tablet


def answers_at_once(address: str, user: User, reference: TillReference, drinks: list[Drink]) -> Counter[int]:
    """Each drink is chosen on a tablet of its own; all answer together for the row as it was shown."""
    tablet = signed_in(address, user)
    fields = {"csrf_token": token_in(tablet.get(f"{address}{LIST}").text), "version": str(reference.version)}
    start = threading.Barrier(len(drinks))
    url = f"{address}{LIST}/{reference.id}/oui"

    def answer(drink: Drink) -> int:
        start.wait()
        sent = fields | {"drink_id": str(drink.id), "serving": "125"}
        return requests.post(
            url, data=sent, cookies=tablet.cookies.get_dict(), headers={"HX-Request": "true"}, timeout=120
        ).status_code

    with ThreadPoolExecutor(len(drinks)) as pool:
        return Counter(pool.map(answer, drinks))


@pytest.fixture
def make_app(make_app, monkeypatch):
    """Fifty at once on a busy machine may wait longer for SQLite's one writer than a venue's tablets ever do."""
    monkeypatch.setattr(extensions, "SQLITE_BUSY_MS", 120_000)
    return make_app


@pytest.fixture
def key(venue) -> TillReference:
    return factories.reference(venue)


def links() -> list[int]:
    found = list(db.session.scalars(select(Link.drink_id)))
    db.session.commit()
    return found


def test_of_fifty_tablets_with_fifty_drinks_one_wins_and_the_others_are_told(address, venue, user, key, figure):
    drinks = [factories.drink(venue, f"Chablis {number}") for number in range(TABLETS)]

    assert answers_at_once(address, user, key, drinks) == {200: 1, 409: TABLETS - 1}
    assert len(links()) == 1
    figure("tablets", f"1 winner, {TABLETS - 1} clear answers, 0 errors 5xx")


def test_fifty_tablets_with_the_same_drink_make_one_link_and_all_see_it(address, venue, user, key):
    drink = factories.drink(venue)

    assert answers_at_once(address, user, key, [drink] * TABLETS) == {200: TABLETS}
    assert links() == [drink.id]
