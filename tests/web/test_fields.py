"""No field of any form or address breaks a page, whatever it holds."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from sommit.models import User
from sommit.services import till_connection
from tests.web import routes
from tests.web.conftest import token_of
from tests.web.routes import Address
from tests.web.world import world

HOSTILE = {"long": "x" * 60_000, "NUL": "a\x00b", "huge": "9" * 40, "negative": "-1"}


@pytest.fixture(autouse=True)
def listening(app: Flask) -> None:
    """The application tells which fields its views ask for: no other one can break them."""
    app.request_class = Listening


@pytest.fixture(autouse=True)
def no_till(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is pasted is tried at once: here nobody answers, and nobody waits."""
    app.config["JALIA_API_URL"] = "http://127.0.0.1:1"
    monkeypatch.setattr(till_connection, "sleep", lambda _seconds: None)


class Asked(ImmutableMultiDict):
    """What a form or an address holds; it notes the names that a view asks for."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *args: Any) -> list[Any]:
        self.names.add(name)
        return super().getlist(name, *args)


class Listening(Request):
    """A request whose form and query note what is asked of them."""

    parameter_storage_class = Asked


def each_asked(ask: Callable[[str], None]) -> None:
    """Call `ask` for no field, then for each name that a view asked for meanwhile, until there is no other."""
    Asked.names.clear()
    ask("")
    done = {"", "csrf_token"}  # the token has its own tests
    while left := Asked.names - done:
        done.add(name := left.pop())
        ask(name)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_no_field_breaks_a_page(app: Flask, browser_of: Callable[[User], FlaskClient], value: str) -> None:
    home = world()
    browser = browser_of(home.user)
    fields = {**home.form, "token": "jalia", "days": "30", "next": "/", "serving_cl": "12", "vintage_typed": "2020"}
    for address in routes.unsafe(app, home.venue, home.ids):
        if address.endpoint == "auth.sign_out":
            continue

        def ask(name: str, address: Address = address) -> None:
            data = {**fields, "csrf_token": token_of(browser), **({name: value} if name else {})}
            if name not in ("serving", "vintage"):
                data |= {"serving": "autre", "vintage": "autre"}
            assert browser.open(address.path, method=address.method, data=data).status_code < 500, (address, name)

        each_asked(ask)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_no_address_breaks_a_page(app: Flask, browser_of: Callable[[User], FlaskClient], value: str) -> None:
    home = world()
    browser = browser_of(home.user)
    for address in routes.pages(app, home.venue, home.ids):
        for query in home.queries:

            def ask(name: str, address: Address = address, query: dict[str, str] = query) -> None:
                answer = browser.get(address.path, query_string={**query, **({name: value} if name else {})})
                assert answer.status_code < 500, (address, name)
                answer.close()  # a file is streamed

            each_asked(ask)


def test_the_names_that_a_view_asks_for_are_noted(app: Flask, browser_of: Callable[[User], FlaskClient]) -> None:
    browser = browser_of(world().user)
    each_asked(lambda _name: browser.get("/ventes").close())

    assert {"jour", "du", "au", "tout"} <= Asked.names
