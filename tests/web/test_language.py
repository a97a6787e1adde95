"""French first; English by a switch that is remembered on the device, before and after somebody signs in."""

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import token_of


def test_french_is_spoken_whatever_the_browser_speaks(client: FlaskClient) -> None:
    page = client.get("/connexion", headers={"Accept-Language": "en-GB,en"}).text
    assert '<html lang="fr"' in page
    assert "Se connecter" in page


def test_the_switch_speaks_english_and_comes_back_to_the_page(signed_in: FlaskClient) -> None:
    asked = {"csrf_token": token_of(signed_in), "language": "en", "next": "/boissons?q=chablis"}
    answer = signed_in.post("/langue", data=asked)
    assert (answer.status_code, answer.location) == (303, "/boissons?q=chablis")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {"language=en", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    page = signed_in.get("/boissons").text
    assert '<html lang="en"' in page
    assert "My drinks" in page
    signed_in.post("/langue", data=asked | {"language": "fr", "csrf_token": token_of(signed_in)})
    assert "Mes boissons" in signed_in.get("/boissons").text


def test_somebody_who_is_not_signed_in_has_the_switch_and_keeps_the_way_on(client: FlaskClient) -> None:
    asked = {"csrf_token": token_of(client), "language": "en", "next": "/connexion?next=/ventes"}
    answer = client.post("/langue", data=asked)
    assert (answer.status_code, answer.location) == (303, "/connexion?next=/ventes")
    assert "Sign in" in client.get("/connexion").text


@pytest.mark.parametrize("target", ["https://e.example/", "//e.example", "/langue", "/static/app.css", ""])
def test_the_switch_leads_to_pages_of_ours_only(signed_in: FlaskClient, target: str) -> None:
    asked = {"csrf_token": token_of(signed_in), "language": "en", "next": target}
    assert signed_in.post("/langue", data=asked).location == "/"


@pytest.mark.parametrize("language", ["", "de", "en_GB", "../en", "EN"])
def test_a_language_that_is_not_spoken_is_refused_and_a_forged_cookie_ignored(
    signed_in: FlaskClient, language: str
) -> None:
    asked = {"csrf_token": token_of(signed_in), "language": language}
    assert signed_in.post("/langue", data=asked).status_code == 400
    signed_in.set_cookie("language", language)
    assert '<html lang="fr"' in signed_in.get("/404").text


def test_the_switch_needs_the_token_of_the_form(client: FlaskClient) -> None:
    assert client.post("/langue", data={"language": "en"}).status_code == 403


def test_a_refusal_and_an_error_are_said_in_english(signed_in: FlaskClient) -> None:
    signed_in.set_cookie("language", "en")
    assert "This page is not on the list." in signed_in.get("/nulle-part").text
    refused = signed_in.post("/theme", data={"csrf_token": "old"}, headers={"HX-Request": "true"})
    assert "This page has been open for too long." in refused.text
