"""The sign-in: what it lets in, what it says, how often it may be tried."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from flask.testing import FlaskClient

from sommit import config
from sommit.extensions import db, limiter
from sommit.models import User, Venue
from sommit.services import accounts
from tests import factories
from tests.web.conftest import sign_in, token_of, without_token


def attempt(client: FlaskClient, email: str, password: str = "pas le bon", **fields: str) -> Any:
    return client.post(
        "/connexion", data={"csrf_token": token_of(client), "email": email, "password": password, **fields}
    )


def test_the_right_pair_opens_the_door(client: FlaskClient, user: User) -> None:
    answer = attempt(client, user.email.upper() + " ", factories.PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location == "/boissons"


def test_an_unknown_and_a_known_address_get_the_same_answer(client: FlaskClient, user: User) -> None:
    known = attempt(client, user.email).text.replace(user.email, "")
    limiter.reset()
    unknown = attempt(client, "personne@example.com").text.replace("personne@example.com", "")
    assert without_token(known) == without_token(unknown)


def test_an_unknown_address_costs_the_same_check(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, hashed, _password: bool(checked.append(hashed)))
    attempt(client, "personne@example.com")
    attempt(client, "pas une adresse")
    assert len(checked) == 2


def test_a_wrong_pair_says_how_many_tries_are_left(client: FlaskClient, user: User) -> None:
    page = attempt(client, user.email)
    assert page.status_code == 422
    assert "Adresse ou mot de passe incorrect." in page.text
    assert "Encore 4 essais avant une pause de 10\u00a0minutes." in page.text
    assert 'value="' + user.email in page.text
    assert "pas le bon" not in page.text


def test_after_five_wrong_pairs_even_the_right_one_waits(client: FlaskClient, user: User) -> None:
    texts = [attempt(client, user.email).text for _ in range(5)]
    assert "Encore 1 essai avant" in texts[3]
    assert "C’était le dernier essai" in texts[4]
    paused = attempt(client, user.email, factories.PASSWORD)
    assert paused.status_code == 429
    assert "Trop d’essais." in paused.text
    assert "Réessayez dans" in paused.text


def test_after_the_pause_the_right_pair_opens_again(client: FlaskClient, user: User) -> None:
    with time_machine.travel(0, tick=False) as clock:
        for _ in range(6):
            attempt(client, user.email)
        clock.shift(601)
        assert attempt(client, user.email, factories.PASSWORD).status_code == 303


def test_the_right_pair_does_not_use_up_tries(client: FlaskClient, user: User) -> None:
    for _ in range(8):
        sign_in(client, user.email)
        client.post("/deconnexion", data={"csrf_token": token_of(client)})
    assert "Encore 4 essais" in attempt(client, user.email).text


def test_one_address_that_tries_many_accounts_is_slowed(client: FlaskClient) -> None:
    statuses = {attempt(client, f"personne{n}@example.com").status_code for n in range(30)}
    assert statuses == {422}
    assert attempt(client, "encore@example.com").status_code == 429


def test_one_account_tried_from_many_addresses_is_slowed(client: FlaskClient, user: User) -> None:
    token = token_of(client)

    def from_address(n: int) -> int:
        form = {"csrf_token": token, "email": user.email, "password": "pas le bon"}
        return client.post("/connexion", data=form, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}).status_code

    assert {from_address(n) for n in range(50)} == {422}
    assert from_address(50) == 429


def test_without_redis_the_tries_are_still_counted_and_the_right_pair_still_opens(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(RATELIMIT_STORAGE_URI="redis://127.0.0.1:1")
    with app.app_context():
        user = factories.user(factories.venue())
        client = app.test_client()
        assert "Encore 4 essais" in attempt(client, user.email).text
        assert "Encore 3 essais" in attempt(client, user.email).text
        assert attempt(client, user.email, factories.PASSWORD).status_code == 303


def test_signing_in_needs_a_token_too(client: FlaskClient, user: User) -> None:
    answer = client.post("/connexion", data={"email": user.email, "password": factories.PASSWORD})
    assert answer.status_code == 403
    assert "Cette page est restée ouverte trop longtemps." in answer.text


def test_the_session_is_a_new_one_after_the_sign_in(client: FlaskClient, user: User) -> None:
    before = token_of(client)
    sign_in(client, user.email)
    assert client.post("/theme", data={"csrf_token": before, "theme": "dark"}).status_code == 403


def test_staying_signed_in_lasts_a_month_and_otherwise_ends_with_the_browser(client: FlaskClient, user: User) -> None:
    sign_in(client, user.email)
    cookie = client.get_cookie("sommit")
    assert cookie is not None
    assert cookie.expires is None
    client.post("/deconnexion", data={"csrf_token": token_of(client)})
    sign_in(client, user.email, remember="on")
    cookie = client.get_cookie("sommit")
    assert cookie is not None
    assert cookie.expires is not None


def test_signing_out_closes_the_door(signed_in: FlaskClient) -> None:
    answer = signed_in.post("/deconnexion", data={"csrf_token": token_of(signed_in)})
    assert (answer.status_code, answer.location) == (303, "/connexion")
    assert signed_in.get("/").location.startswith("/connexion")


def test_whoever_is_signed_in_is_not_asked_again(signed_in: FlaskClient) -> None:
    assert signed_in.get("/connexion").location == "/"


def test_after_the_sign_in_one_is_where_one_wanted_to_be(client: FlaskClient, user: User) -> None:
    client.get("/")
    assert client.get("/?x=1").location == "/connexion?next=/?x%3D1"
    assert attempt(client, user.email, factories.PASSWORD, next="/?x=1").location == "/?x=1"


ELSEWHERE = [
    "//e.example", "/\\e.example", "///e.example", "https:e.example", "https://e.example", "/%09/e.example",
    "/\t/e.example", "javascript:alert(1)", "/\r\nLocation: https://e.example", "\\\\e.example", "e.example",
    "/deconnexion", "/theme", "/nulle-part", "/static/app.css", "/@e.example", "/.e.example", " /", "",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_only_pages_of_ours_are_gone_to_after_the_sign_in(client: FlaskClient, user: User, target: str) -> None:
    assert attempt(client, user.email, factories.PASSWORD, next=target).location == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_only_pages_of_ours_are_gone_back_to_with_another_light(signed_in: FlaskClient, target: str) -> None:
    form = {"csrf_token": token_of(signed_in), "theme": "dark", "next": target}
    assert signed_in.post("/theme", data=form).location == "/"


def test_a_form_posted_after_the_session_ended_leads_back_to_its_page(client: FlaskClient, venue: Venue) -> None:
    answer = client.post("/theme", headers={"Referer": "http://localhost/?x=1"})
    assert answer.location == "/connexion?next=/?x%3D1"
    elsewhere = client.post("/theme", headers={"Referer": "https://e.example/?x=1"})
    assert elsewhere.location == "/connexion"


def test_a_hash_of_an_older_profile_is_renewed_at_the_sign_in(make_app: Callable[..., Flask]) -> None:
    app = make_app(ARGON2=config.LIMITS["ARGON2"])
    with app.app_context():
        user = factories.user(factories.venue())
        email = user.email
        assert extract_parameters(user.password_hash).memory_cost == 8
        sign_in(app.test_client(), email)
        db.session.expire_all()
        renewed = extract_parameters(user.password_hash)
        db.session.rollback()
        assert (renewed.type.name, renewed.memory_cost, renewed.time_cost, renewed.parallelism) == ("ID", 19456, 2, 1)
        sign_in(app.test_client(), email)


def test_a_password_of_a_megabyte_is_refused_without_work(client: FlaskClient, user: User) -> None:
    assert attempt(client, user.email, "x" * 200_000).status_code == 422


def test_an_address_with_a_nul_is_just_wrong(client: FlaskClient) -> None:
    assert attempt(client, "a\x00@example.com").status_code == 422


def test_a_venue_is_made_with_its_owner_and_a_made_up_password(app: Flask) -> None:
    venue, password = accounts.create_venue(" Le  Zinc ", "Camille@Example.com")
    db.session.commit()
    owner = accounts.authenticate("camille@example.com", password or "")
    assert owner is not None
    assert [v.name for v in accounts.venues(owner.id)] == ["Le Zinc"]
    assert venue.timezone == "Europe/Paris"


def test_an_address_that_has_an_account_joins_the_venue_with_the_password_it_has(app: Flask, user: User) -> None:
    annexe, password = accounts.create_venue("L’Annexe", user.email)
    assert password is None
    assert annexe in accounts.venues(user.id)
    assert accounts.authenticate(user.email, factories.PASSWORD) is not None


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "  "}, accounts.BadName),
        ({"name": "x" * 256}, accounts.BadName),
        ({"name": "a\x00b"}, accounts.BadName),
        ({"email": "camille"}, accounts.BadEmail),
        ({"email": "a b@c.fr"}, accounts.BadEmail),
        ({"password": "court"}, accounts.BadPassword),
        ({"password": "x" * 257}, accounts.BadPassword),
        ({"timezone": "Europe/Lutece"}, accounts.BadTimezone),
    ],
)
def test_a_venue_that_cannot_be_is_refused_in_a_sentence(app: Flask, changed: dict[str, str], refusal: type) -> None:
    good = {"name": "Le Zinc", "email": "c@example.com", "password": "assez long", "timezone": "Europe/Paris"}
    with pytest.raises(refusal) as caught:
        accounts.create_venue(**{**good, **changed})
    assert str(caught.value).endswith(".")


def test_a_support_account_is_made_once_and_owns_no_venue(app: Flask) -> None:
    support, password = accounts.create_support("aide@example.com")
    assert accounts.authenticate("aide@example.com", password) is support
    with pytest.raises(accounts.EmailTaken):
        accounts.create_support("AIDE@example.com")
    with pytest.raises(accounts.EmailTaken):
        accounts.create_venue("Le Zinc", "aide@example.com")
