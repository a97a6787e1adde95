"""Names are text, whatever they hold."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sommit.models import User
from tests import factories
from tests.web import routes
from tests.web.conftest import token_of
from tests.web.test_templates import TEMPLATES
from tests.web.world import world

#: Templates escape, whatever database the names come from.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAYLOADS = Path(__file__).with_name("xss.txt").read_text().splitlines()
KNOWN_SCRIPTS = 2
#: Tags that our templates hold: whatever else a page shows came out of a name.
KNOWN_TAGS = {tag for path in TEMPLATES for tag in re.findall(r"<([a-z][a-z0-9]*)", path.read_text())}
ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post"}
OURS = re.compile(r"/(?![/\\])|[?#]|tel:|mailto:|$")


def packed(size: int = 200) -> list[str]:
    """The payloads, several to a name as long as a name may be."""
    names = [""]
    for payload in PAYLOADS:
        if len(names[-1]) + len(payload) > size:
            names.append("")
        names[-1] += payload
    return names


class Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts = 0
        self.strange: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag not in KNOWN_TAGS:
            self.strange.append(tag)
        for name, value in attrs:
            elsewhere = name in ADDRESSES and not OURS.match(value or "")
            if name.startswith(("on", "hx-on", "data-hx-on")) or name == "style" or elsewhere:
                self.strange.append(f"{tag} {name}={value}")


def assert_harmless(html: str, path: str) -> None:
    page = Page(html)
    assert page.strange == [], path
    assert page.scripts <= KNOWN_SCRIPTS, path


def assert_shown_or_saved(answer: TestResponse, path: str) -> None:
    """A page is harmless; a file is saved, never shown: its names are as they were typed."""
    if answer.mimetype != "text/csv":
        assert_harmless(answer.text, path)
    else:
        assert answer.headers["Content-Disposition"].startswith("attachment"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path


@on_sqlite
def test_no_name_in_any_page_becomes_a_tag_or_an_attribute(
    app: Flask, browser_of: Callable[[User], FlaskClient]
) -> None:
    for number, name in enumerate(packed()):
        place = world(name, email=f"\"'><svg/onload=alert({number})>@example.com")
        browser = browser_of(place.user)
        for address in routes.pages(app, place.venue, place.ids):
            for headers in ({}, {"HX-Request": "true"}):
                for query in place.queries:
                    assert_shown_or_saved(browser.get(address.path, headers=headers, query_string=query), address.path)


@on_sqlite
def test_no_answer_to_a_form_gives_back_more_than_text(app: Flask, browser_of: Callable[[User], FlaskClient]) -> None:
    for name in packed():
        place = world(name)
        browser = browser_of(place.user)
        typed = dict.fromkeys(("name", "producer", "serving", "serving_cl", "vintage", "volume_cl", "q"), name)
        for form in (place.form | typed, place.form | {"name": name, "producer": name}):
            for address in routes.unsafe(app, place.venue, place.ids):
                if address.has_ids:
                    form |= {"csrf_token": token_of(browser)}
                    for headers in ({}, {"HX-Request": "true"}):
                        answer = browser.open(address.path, method=address.method, data=form, headers=headers)
                        assert_harmless(answer.text, address.path)


@on_sqlite
@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_into_a_page_or_its_address_comes_back_as_text(client: FlaskClient, payload: str) -> None:
    form = {"csrf_token": token_of(client), "email": payload, "password": payload, "next": payload}
    for answer in (
        client.post("/connexion", data=form),
        client.get("/connexion", query_string={"next": payload}),
        client.get(f"/{payload}"),
    ):
        assert_harmless(answer.text, payload)


def test_a_venues_name_is_text_in_the_bar(app: Flask, browser_of: Callable[[User], FlaskClient]) -> None:
    venue = factories.venue('<b onclick="x">Zinc</b>')
    page = browser_of(factories.user(venue)).get("/404").text
    assert "&lt;b onclick=&#34;x&#34;&gt;Zinc&lt;/b&gt;" in page


@pytest.mark.parametrize(
    "html", ["<img src=x>", '<a href="//e">', "<p onclick=x>", "<p style=x>", "<script></script>" * 3]
)
def test_the_checker_sees_what_a_name_could_do(html: str) -> None:
    with pytest.raises(AssertionError):
        assert_harmless(html, "")
