"""Every route, asked by everybody: at home, from another venue, from the support team, by somebody without a venue."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sommit.extensions import db
from sommit.models import User
from sommit.security import WITHOUT_VENUE
from tests import factories
from tests.screens.statements import counted
from tests.support import naive
from tests.web import routes
from tests.web.conftest import token_of
from tests.web.world import World, world

NOBODYS = 2_147_483_646
HTMX = {"HX-Request": "true"}
READING = ("SELECT", "WITH", "BEGIN")


@pytest.fixture
def home(app: Flask) -> World:
    return world()


@pytest.fixture
def at_home(home: World, browser_of: Callable[[User], FlaskClient]) -> FlaskClient:
    return browser_of(home.user)


def with_ids(app: Flask, place: World, ids: dict[str, int]) -> Iterator[routes.Address]:
    for address in routes.addresses(app, place.venue, ids):
        if address.has_ids and address.endpoint not in routes.SUPPORT | {"static"}:
            yield address


def stored() -> list[tuple[object, ...]]:
    """Every row of every table; the transaction that read them does not stay under the browser's feet."""
    db.session.commit()
    rows = naive.everything_stored()
    db.session.commit()
    return rows


def bare(page: str) -> str:
    """A page without what names the address it was asked at, nor the moment at which its forms were made."""
    return re.sub(r'(?:value|content)="[^"]*"', "", page)


def test_every_route_with_an_id_opens_at_home(app: Flask, home: World, at_home: FlaskClient) -> None:
    for address in with_ids(app, home, home.ids):
        data = {"csrf_token": token_of(at_home), **home.form}
        answer = at_home.open(address.path, method=address.method, data=data)
        assert answer.status_code not in (400, 403, 404, 405), address
        assert answer.status_code < 500, address


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_another_venues_row_gets_the_very_answer_of_a_row_that_never_was(
    app: Flask, home: World, at_home: FlaskClient, headers: dict[str, str]
) -> None:
    theirs = world("Ailleurs")
    data = {"csrf_token": token_of(at_home), **home.form}
    before = stored()
    nothing = dict.fromkeys(theirs.ids, NOBODYS)
    pairs = zip(with_ids(app, theirs, theirs.ids), with_ids(app, theirs, nothing), strict=True)
    for real, missing in pairs:
        found, unknown = (
            at_home.open(address.path, method=real.method, data=data, headers=headers) for address in (real, missing)
        )
        assert found.status_code == unknown.status_code == 404, real
        assert bare(found.text) == bare(unknown.text), real
    assert stored() == before


@pytest.mark.parametrize("is_support", [True, False], ids=["support", "no venue"])
def test_who_has_no_venue_opens_and_changes_nothing_of_one(
    app: Flask, home: World, browser_of: Callable[[User], FlaskClient], is_support: bool
) -> None:
    browser = browser_of(factories.user(None, is_support=is_support))
    data = {"csrf_token": token_of(browser), **home.form}
    before = stored()
    for address in routes.addresses(app, home.venue, home.ids):
        if address.endpoint not in routes.PUBLIC | WITHOUT_VENUE:
            assert browser.open(address.path, method=address.method, data=data).status_code == 404, address
    found = browser.get("/", follow_redirects=True).text
    assert ("Conversations" if is_support else "Ce compte n’a pas de lieu.") in found
    assert stored() == before


def test_the_pages_of_the_support_team_are_nobody_elses(
    app: Flask, home: World, at_home: FlaskClient, browser_of: Callable[[User], FlaskClient]
) -> None:
    team, nobody = browser_of(factories.user(None, is_support=True)), browser_of(factories.user(None))
    before = stored()
    asked = [one for one in routes.addresses(app, home.venue, home.ids) if one.endpoint in routes.SUPPORT]
    assert len({one.endpoint for one in asked}) == len(routes.SUPPORT)
    for address in asked:
        for browser in (at_home, nobody):
            data = {"csrf_token": token_of(browser), **home.form}
            assert browser.open(address.path, method=address.method, data=data).status_code == 404, address
    assert stored() == before
    for address in asked:
        data = {"csrf_token": token_of(team), **home.form}
        assert team.open(address.path, method=address.method, data=data).status_code in (200, 302, 303), address


def test_reading_sends_the_database_nothing_but_questions(app: Flask, home: World, at_home: FlaskClient) -> None:
    with counted() as sent:
        for address in routes.pages(app, home.venue, home.ids):
            for method, headers in (("GET", {}), ("GET", HTMX), ("HEAD", {}), ("OPTIONS", {})):
                for query in home.queries:
                    sent.clear()
                    at_home.open(address.path, method=method, headers=headers, query_string=query)
                    writing = [statement for statement in sent if not statement.lstrip().startswith(READING)]
                    assert writing == [], (address, query)
