"""A browser that is signed in, and what its forms need."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from sommit.models import User, Venue
from tests import factories


class Browser(FlaskClient):
    """A client whose every request has an application context of its own, as a server gives it: nothing of one
    request (who is signed in, its token, its database session) is there in the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token_of(client: FlaskClient) -> str:
    """The token of the forms that this browser is shown now: of its session, or of a page where that has none yet."""
    app = client.application
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    signed = app.session_interface.get_signing_serializer(app).loads(cookie.value) if cookie else {}
    if "csrf_token" in signed:
        return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(signed["csrf_token"]))
    page = client.get("/connexion")
    found = TOKEN.search(client.get("/404").text if page.status_code == 302 else page.text)
    assert found is not None
    return found.group(1)


def without_token(page: str) -> str:
    """A page without its forms' token, which another second signs anew."""
    return TOKEN.sub("", page)


def sign_in(client: FlaskClient, email: str, password: str = factories.PASSWORD, **fields: str) -> None:
    form = {"csrf_token": token_of(client), "email": email, "password": password, **fields}
    answer = client.post("/connexion", data=form)
    assert answer.status_code == 303, answer.text


@pytest.fixture
def make_app(make_app: Callable[..., Flask]) -> Callable[..., Flask]:
    """Build applications whose test clients are browsers."""

    def make(**config: Any) -> Flask:
        app = make_app(**config)
        app.test_client_class = Browser
        return app

    return make


@pytest.fixture
def signed_in(client: FlaskClient, user: User) -> FlaskClient:
    """Camille's browser, at the Zinc."""
    sign_in(client, user.email)
    return client


@pytest.fixture
def other_venue(venue: Venue) -> Venue:
    """A bar at which Camille does not work."""
    return factories.venue("La Cave d’en face")


@pytest.fixture
def browser_of(app: Flask) -> Callable[[User], FlaskClient]:
    """Open a browser and sign a person in."""

    def open_browser(user: User) -> FlaskClient:
        client = app.test_client()
        sign_in(client, user.email)
        return client

    return open_browser
