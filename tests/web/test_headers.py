"""What every answer says to the browser, whatever its status."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sommit.config import load
from sommit.models import Venue
from sommit.security import STATIC
from tests import factories
from tests.web import routes

PRODUCTION = {
    "SOMMIT_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "TOKEN_KEYS": "q7lYpPzNV6wFzkO3Yv1cJjT2l9QY2m0n1b3x5v7c9aE=",
    "SOMMIT_SQLITE_OK": "1",
}
HTTPS = {"base_url": "https://sommit.example"}


@pytest.fixture
def production(make_app: Callable[..., Flask], database_url: str) -> Iterator[Flask]:
    """The application as a host runs it, save for its database."""
    settings = load(PRODUCTION)
    kept = ("PRODUCTION", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECRET_KEY", "TOKEN_KEYS")
    app = make_app(**{name: settings[name] for name in kept}, TESTING=False)
    with app.app_context():
        yield app


def every_kind_of_answer(app: Flask, client: FlaskClient, venue: Venue) -> Iterator[TestResponse]:
    for address in routes.addresses(app, venue):
        yield client.open(address.path, method=address.method, buffered=True)  # a streamed file, to its end
    yield client.get("/nulle-part")
    yield client.get("/static/nulle-part.css")
    yield client.get("/static/app.css")
    yield client.put("/connexion")
    yield client.post("/connexion", data=b"x" * 3_000_000)
    yield client.get("/live", headers={"HX-Request": "true"})


def test_every_answer_forbids_inline_scripts_styles_and_frames(
    app: Flask, signed_in: FlaskClient, venue: Venue
) -> None:
    for answer in every_kind_of_answer(app, signed_in, venue):
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'", answer.request.path
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_no_answer_but_a_static_file_is_kept_by_the_browser(app: Flask, signed_in: FlaskClient, venue: Venue) -> None:
    for answer in every_kind_of_answer(app, signed_in, venue):
        if not answer.request.path.startswith("/static/"):
            assert answer.headers["Cache-Control"] == "no-store", answer.request.path
            assert "HX-Request" in answer.headers["Vary"], answer.request.path


def test_a_static_file_is_kept_for_a_year_and_is_the_same_for_all(signed_in: FlaskClient) -> None:
    answer = signed_in.get("/static/app.css")
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_every_static_address_in_a_page_carries_the_hash_of_its_file(signed_in: FlaskClient) -> None:
    addresses = re.findall(r'(?:href|src)="/static/([^"?]+)\??([^"#]*)', signed_in.get("/404").text)
    assert {name for name, _ in addresses} >= {"app.css", "app.js", "icons.svg", "fonts/caviste.woff2"}
    for name, query in addresses:
        assert query == f"v={_hash(name)}", name


def test_the_stylesheet_names_its_font_by_the_same_address_as_the_page() -> None:
    assert f'url("fonts/caviste.woff2?v={_hash("fonts/caviste.woff2")}")' in (STATIC / "app.css").read_text()


def test_htmx_is_the_pinned_file_from_our_own_host(client: FlaskClient) -> None:
    tag = re.search(
        r'<script defer src="(/static/vendor/htmx[^"?]+)[^"]*" integrity="([^"]+)"', client.get("/connexion").text
    )
    assert tag is not None
    content = client.get(tag.group(1)).data
    assert tag.group(2) == "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
    assert tag.group(2) == "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"


def test_htmx_is_told_to_run_no_code_and_to_wait_no_longer_than_twenty_seconds(client: FlaskClient) -> None:
    found = re.search(r"""name="htmx-config" content='([^']+)'""", client.get("/connexion").text)
    assert found is not None
    config: dict[str, Any] = json.loads(found.group(1))
    for name in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert config[name] is False
    assert config["selfRequestsOnly"] is True
    assert (config["historyCacheSize"], config["timeout"]) == (0, 20000)
    assert config["defaultSettleDelay"] == 0  # what has just been swapped in hears the next tap
    assert all(_swaps(config, status) for status in (200, 201, 409, 422))
    assert not any(_swaps(config, status) for status in (204, 400, 403, 404, 413, 429, 500, 502, 503))


def test_in_production_the_cookie_is_bound_to_this_host_and_to_https(production: Flask) -> None:
    user = factories.user(factories.venue())
    client = production.test_client()
    page = client.get("/connexion", **HTTPS).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(
        "/connexion",
        data={"csrf_token": token.group(1), "email": user.email, "password": factories.PASSWORD, "remember": "on"},
        headers={"Referer": "https://sommit.example/connexion", "Origin": "https://sommit.example"},
        **HTTPS,
    )
    assert answer.status_code == 303
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-sommit=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_in_production_only_the_routers_word_on_the_client_is_believed(production: Flask) -> None:
    seen: list[tuple[str | None, str, bool]] = []

    @production.before_request
    def look() -> None:
        from flask import request

        seen.append((request.remote_addr, request.host, request.is_secure))

    headers = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    production.test_client().get("/live", headers=headers, base_url="http://sommit.example")
    assert seen == [("198.51.100.7", "sommit.example", True)]


def _hash(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def _swaps(config: dict[str, Any], status: int) -> bool:
    rule = next(rule for rule in config["responseHandling"] if re.search(rule["code"], str(status)))
    return bool(rule["swap"])
