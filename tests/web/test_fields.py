"""No field of any form or address breaks a page, whatever it holds."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sommit.models import User
from sommit.services import till_connection
from tests.web import routes
from tests.web.conftest import token_of
from tests.web.world import world

HOSTILE = {"long": "x" * 60_000, "NUL": "a\x00b", "huge": "9" * 40, "negative": "-1"}


@pytest.fixture(autouse=True)
def no_till(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is pasted is tried at once: here nobody answers, and nobody waits."""
    app.config["JALIA_API_URL"] = "http://127.0.0.1:1"
    monkeypatch.setattr(till_connection, "sleep", lambda _seconds: None)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_no_field_breaks_a_page(app: Flask, browser_of: Callable[[User], FlaskClient], value: str) -> None:
    home = world()
    browser = browser_of(home.user)
    fields = {
        **home.form,
        "token": "jalia",
        "days": "30",
        "next": "/",
        "serving_cl": "12",
        "vintage_typed": "2020",
        "producer": "",
        "colour": "",
    }
    for address in routes.unsafe(app, home.venue, home.ids):
        if address.endpoint == "auth.sign_out":
            continue
        for name in fields:
            data = {**fields, "csrf_token": token_of(browser), name: value}
            if name in ("serving_cl", "vintage_typed"):
                data |= {"serving": "autre", "vintage": "autre"}
            assert browser.open(address.path, method=address.method, data=data).status_code < 500, (address, name)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_no_address_breaks_a_page(app: Flask, browser_of: Callable[[User], FlaskClient], value: str) -> None:
    home = world()
    browser = browser_of(home.user)
    for address in routes.pages(app, home.venue, home.ids):
        for query in home.queries:
            for name in query:
                answer = browser.get(address.path, query_string={**query, name: value})
                assert answer.status_code < 500, (address, name)
