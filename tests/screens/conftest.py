"""A browser signed in at the venue, and a list to answer."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sommit.extensions import db
from sommit.models import User
from tests import factories
from tests.screens.proposals import suggest
from tests.web.conftest import Browser, sign_in, token_of

HTMX = {"HX-Request": "true"}


class Screen:
    """A browser at one venue: sends what the forms of its pages would send."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, *, htmx: bool = False, **args: Any) -> TestResponse:
        db.session.rollback()  # the test's own reading must not keep SQLite from the request
        return self.client.get(address, headers=HTMX if htmx else {}, query_string=args or None)

    def post(self, address: str, *, htmx: bool = True, **fields: Any) -> TestResponse:
        db.session.rollback()
        data = {"csrf_token": token_of(self.client), **fields}
        return self.client.post(address, data=data, headers=HTMX if htmx else {})


@pytest.fixture
def make_app(make_app: Callable[..., Flask]) -> Callable[..., Flask]:
    """Build applications whose test clients are browsers."""

    def make(**config: Any) -> Flask:
        app = make_app(**config)
        app.test_client_class = Browser
        return app

    return make


def screen_of(app: Flask, user: User) -> Screen:
    client = app.test_client()
    sign_in(client, user.email)
    return Screen(client)


@pytest.fixture
def screen(app, user) -> Screen:
    return screen_of(app, user)


@pytest.fixture
def stranger(app) -> Screen:
    """Somebody who is signed in at another venue."""
    return screen_of(app, factories.user(factories.venue("Le Comptoir d’en face")))


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, producer="William Fèvre", region="Bourgogne", colour="blanc", vintage=2023, stock=22)


@pytest.fixture
def glass(venue):
    """A key of the till that was sold 14 times in one night."""
    reference = factories.reference(venue, "VRE CHABLIS FEVRE 22", category="Vins au verre", price_cents=1400)
    factories.sale(factories.closing(venue), reference, 14, cents=19_600)
    return reference


@pytest.fixture
def proposed(glass, chablis):
    """What the form of an open row sends."""
    suggest(glass, chablis, vintage=2022)
    return {"version": glass.version, "drink_id": chablis.id, "serving": 125}


@pytest.fixture
def new(glass):
    """What the form of a new drink sends."""
    entry = {"name": "Chablis Fèvre", "producer": "", "vintage": "2022", "volume_cl": "75", "category": "wine"}
    return {**entry, "version": glass.version, "colour": "blanc", "serving": "autre", "serving_cl": "12,5"}
