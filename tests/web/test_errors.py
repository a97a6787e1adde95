"""What the screen says when something is refused, missing or broken."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from sommit.extensions import db
from sommit.i18n import sentence
from sommit.jalia.errors import NotAllowed
from sommit.models import Night, User, Venue
from sommit.refusals import N_, Refusal
from sommit.security import HEADERS
from tests import factories
from tests.web.conftest import sign_in, token_of

SECRET = "ce-que-personne-ne-doit-lire"


@pytest.fixture
def broken(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An application with an address that breaks, hidden as production does, and one that answers any status."""
    app = make_app(TESTING=False)

    @app.get("/casse")
    def break_down() -> str:
        raise RuntimeError(SECRET)

    @app.get("/statut/<int:code>")
    def answer(code: int) -> str:
        abort(code)

    with app.app_context():
        yield app


@pytest.fixture
def inside(broken: Flask) -> FlaskClient:
    client = broken.test_client()
    sign_in(client, factories.user(factories.venue()).email)
    return client


def test_a_page_that_does_not_exist_is_not_on_the_card_and_the_card_is_given(
    signed_in: FlaskClient, venue: Venue
) -> None:
    factories.drink(venue)
    answer = signed_in.get("/nulle-part")
    assert answer.status_code == 404
    assert "Cette page n’est pas à la carte." in answer.text
    assert '<a href="/boissons">Mes boissons</a></dt><dd>1 fiche</dd>' in answer.text
    assert "pas encore lue" in answer.text


def test_the_card_says_which_evening_was_read_last_and_when(signed_in: FlaskClient, venue: Venue) -> None:
    for day, state in ((12, "imported"), (13, "imported"), (14, "no_service"), (7, "no_service")):
        read_at = datetime(2026, 6, 14 if day == 13 else 15, 3, 12, tzinfo=UTC)
        db.session.add(Night(venue_id=venue.id, business_date=date(2026, 6, day), state=state, read_at=read_at))
    db.session.commit()
    page = signed_in.get("/nulle-part").text
    assert ">Ventes</a></dt><dd>samedi 13 juin</dd>" in page
    assert "lue à 5\u00a0h\u00a012" in page


def test_a_stranger_is_given_no_card(client: FlaskClient) -> None:
    page = client.get("/nulle-part")
    assert page.status_code == 404
    assert "/boissons" not in page.text


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 418, 429, 500, 503])
def test_every_status_has_a_french_page_and_for_htmx_a_notice(inside: FlaskClient, code: int) -> None:
    page = inside.get(f"/statut/{code}")
    assert page.status_code == code
    assert f"Erreur {code}" in page.text
    assert '<html lang="fr"' in page.text
    part = inside.get(f"/statut/{code}", headers={"HX-Request": "true"})
    assert part.status_code == code
    assert part.headers["X-Notice"] == "1"
    assert part.text.strip().startswith('<div class="notice is-alert" role="alert">')
    assert "<html" not in part.text
    for answer in (page, part):
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_broken_page_says_a_number_and_nothing_else(
    capsys: pytest.CaptureFixture[str], inside: FlaskClient, headers: dict[str, str]
) -> None:
    answer = inside.get(f"/casse?q={SECRET}", headers=headers)
    assert answer.status_code == 500
    number = re.search(r">\W*([0-9a-f]{16})</", answer.text)
    assert number is not None
    for leak in (SECRET, "RuntimeError", "Traceback", "/casse", "Python", "Werkzeug", "Flask", "broken"):
        assert leak not in answer.text, leak
    logged = capsys.readouterr().err
    assert f"request_id={number.group(1)}" in logged
    assert "RuntimeError" in logged


def test_a_broken_page_asks_the_database_nothing(inside: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sommit.services.references.count_to_sync", lambda _venue_id: 1 / 0)
    assert inside.get("/casse").status_code == 500


def test_with_every_connection_in_use_a_page_asks_to_come_back_and_then_works(make_app: Callable[..., Flask]) -> None:
    app = make_app(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1})
    with app.app_context():
        person = factories.user(factories.venue())
        client = app.test_client()
        sign_in(client, person.email)
        with db.engine.connect():
            refused = client.get("/boissons")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "Réessayez dans quelques secondes." in refused.text
        assert client.get("/boissons").status_code == 200


def test_a_form_that_lay_too_long_says_what_to_do(signed_in: FlaskClient, user: User) -> None:
    answer = signed_in.post("/theme", data={"csrf_token": "old", "theme": "dark"})
    assert answer.status_code == 403
    assert "rechargez-la, puis recommencez." in answer.text


def test_a_request_larger_than_the_limits_is_refused(signed_in: FlaskClient) -> None:
    token = token_of(signed_in)
    too_large = {
        "a body": {"data": b"x" * (2 * 1024 * 1024 + 1), "content_type": "application/x-www-form-urlencoded"},
        "a field": {"data": {"csrf_token": token, "note": "x" * (256 * 1024 + 1)}},
        "a multipart field": {"data": {"note": "x" * 300_000}, "content_type": "multipart/form-data"},
        "many parts": {"data": {f"f{n}": "x" for n in range(501)}, "content_type": "multipart/form-data"},
    }
    for name, request in too_large.items():
        answer = signed_in.post("/theme", **request)
        assert answer.status_code == 413, name
        assert "C’est trop long." in answer.text, name


def test_a_refusal_is_said_in_the_language_of_the_screen_with_its_values(app: Flask) -> None:
    class TooFew(Refusal):
        sentence = N_("Il en faut %(least)s.")

    with app.test_request_context():
        assert sentence(TooFew(least=3)) == "Il en faut 3."
        assert sentence(Refusal()) == "Ce n’est pas possible."
        assert sentence(NotAllowed(resource="catalogue")).count("catalogue") == 1
