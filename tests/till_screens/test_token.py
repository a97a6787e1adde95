"""Pasting a token: tried at once, kept encrypted, never shown again."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.jalia.errors import TokenRefused
from sommit.models import Night, TillConnection
from sommit.services import nights, till_connection, tokens
from tests.till_screens.conftest import LAST_NIGHT
from tests.till_screens.words import words

CANARY = "canary-2f0c9d1e-never-to-be-seen-again"
WAYS = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(till_connection, "sleep", lambda _seconds: None)


def kept(venue) -> TillConnection | None:
    db.session.expire_all()
    connection = db.session.get(TillConnection, venue.id)
    db.session.commit()  # no transaction stays open under the browser's feet
    return connection


def states() -> list[str]:
    found = list(db.session.scalars(select(Night.state).order_by(Night.business_date)))
    db.session.commit()
    return found


def focused(page: str) -> str | None:
    found = re.search(r'id="([^"]+)"[^>]* data-focus', page)
    return found and found.group(1)


def test_without_a_till_the_page_shows_the_two_steps_and_the_ready_written_letter(app, screen, venue):
    app.config["JALIA_CONTACT_EMAIL"] = "support@jalia.example"
    page = screen.get("/caisse").text

    assert "Demandez un token à Jalia" in page
    assert "Collez-le ici" in page
    assert "mailto:support@jalia.example?subject=Token%20pour%20l%E2%80%99API%20Somm%E2%80%99It" in page
    assert "Importer maintenant" not in page
    assert "Journal des nuits" not in page


def test_without_an_address_of_jalia_the_letter_has_no_recipient_and_says_so(screen, venue):
    page = screen.get("/caisse").text
    assert 'href="mailto:?subject=' in page
    assert "Ajoutez l’adresse de votre contact chez Jalia." in page


@WAYS
def test_a_good_token_is_kept_and_the_first_reading_is_asked_for(screen, venue, till, server, bells, htmx):
    till.product("VRE CHABLIS")
    till.product("PINTE IPA")
    till.closing([("VRE CHABLIS", 1)])
    answer = screen.post("/caisse/token", htmx=htmx, token=f"  {till.token}\n")

    shown = words(answer.text if htmx else screen.get(answer.location).text)
    assert answer.status_code == (200 if htmx else 303)
    assert "Token accepté : « Le Zinc des Capucins », 2 références." in shown
    assert "La lecture est notée : elle se fera dès que possible." in shown
    connection = kept(venue)
    assert tokens.open_for(venue.id, connection.token) == till.token
    assert bells == nights.due() == [venue.id]


@WAYS
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (None, "Jalia refuse"),
        ({"html": "<h1>Portail</h1>"}, "La réponse reçue ne vient pas de Jalia."),
        ({"body": b"null"}, "La réponse de Jalia est illisible"),
        ({"cut": 40, "times": 9}, "Jalia ne répond pas : le token n’a pas pu être essayé"),
        ({"nan": "unitPrice", "path": "/v1/catalog/"}, "La réponse reçue ne vient pas de Jalia."),
        ({"nan": "totalSales", "path": "/v1/reports/"}, "La réponse reçue ne vient pas de Jalia."),
        ({"status": 503, "times": 9}, "Jalia ne répond pas : le token n’a pas pu être essayé"),
        ({"status": 403, "times": 9}, "ne lui ouvre pas cette rubrique"),
        ({"redirect": "https://elsewhere.example/"}, "par prudence, rien n’a été lu"),
    ],
    ids=["wrong", "HTML", "null", "cut", "NaN price", "NaN total", "down", "not allowed", "redirect"],
)
def test_whatever_the_till_answers_is_a_sentence_at_the_field(
    screen, venue, till, server, bells, htmx, fault, sentence
):
    till.product("VRE CHABLIS")
    till.closing([("VRE CHABLIS", 1)])
    if fault:
        server.faults.add(**{"path": "*"} | fault)
    answer = screen.post("/caisse/token", htmx=htmx, token=till.token if fault else CANARY)

    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert focused(answer.text) == "jeton"
    assert 'aria-invalid="true"' in answer.text
    assert 'value=""' in re.search(r'<input[^>]*id="jeton"[^>]*>', answer.text).group(0)
    assert kept(venue) is None
    assert bells == []


@WAYS
def test_a_till_that_is_switched_off_is_a_sentence_at_the_field(app, screen, venue, bells, htmx):
    app.config["JALIA_API_URL"] = "http://127.0.0.1:1"
    answer = screen.post("/caisse/token", htmx=htmx, token=CANARY)

    assert answer.status_code == 422
    assert "Jalia ne répond pas : le token n’a pas pu être essayé, rien n’a changé." in words(answer.text)


@WAYS
@pytest.mark.parametrize("token", ["", "   ", "x" * 3000, "a\x00b"], ids=["nothing", "spaces", "a novel", "a NUL"])
def test_what_cannot_be_a_token_is_not_even_tried(screen, venue, server, htmx, token):
    answer = screen.post("/caisse/token", htmx=htmx, token=token)

    assert answer.status_code == 422
    assert "Collez le token reçu de Jalia" in words(answer.text)
    assert server.requests == []


def test_logged_out_nothing_is_tried(client, venue, till, server):
    answer = client.post("/caisse/token", data={"token": till.token})
    assert answer.location.startswith("/connexion")
    assert server.requests == []


def test_a_token_pasted_at_one_venue_does_not_reach_another(screen, stranger, venue, till, server, bells):
    stranger.post("/caisse/token", token=till.token)

    assert kept(venue) is None
    assert "Pas encore de caisse." in screen.get("/caisse").text


def test_another_bars_token_is_refused_once_the_till_is_known(screen, connected, till, server, read, bells):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    before = kept(connected).token
    till.location_id, till.token = "b0000000-0000-4000-8000-000000000000", "another"
    answer = screen.post("/caisse/token", token="another")

    assert answer.status_code == 422
    assert "d’un autre établissement" in words(answer.text)
    assert kept(connected).token == before


def test_replacing_a_token_loses_nothing_and_ends_a_refusal(screen, connected, till, server, read, bells):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    connection = kept(connected)
    connection.state, connection.problem = "refused", TokenRefused.sentence
    db.session.commit()
    assert "Jalia refuse le token. Il a été changé ou retiré." in words(screen.get("/caisse").text)
    till.token = "the-second-token-of-the-zinc"
    before = states()

    answer = screen.post("/caisse/token", token=till.token)

    assert answer.status_code == 200
    connection = kept(connected)
    assert (connection.state, connection.problem, connection.token_tail) == ("connected", None, "zinc")
    assert states() == before
    assert nights.due() == [connected.id]


@pytest.mark.parametrize("fault", [{"html": "<p>{token}</p>", "status": 500}, {"body": b'{"token": "{token}"}'}, None])
def test_the_token_stands_in_no_page_no_log_and_nowhere_in_the_database(
    screen, venue, till, server, bells, capfd, fault
):
    till.token = CANARY
    pages = []
    if fault:
        server.faults.add(
            times=9, **{k: v.replace(*_echo(v)) if k in ("html", "body") else v for k, v in fault.items()}
        )
    for htmx in (True, False):
        pages.append(screen.post("/caisse/token", htmx=htmx, token=CANARY).text)
    pages.append(screen.get("/caisse").text)
    pages.append(screen.post("/caisse/importer").text)

    written = "".join(capfd.readouterr())
    assert "token_pasted" in written
    for place in (*pages, written, _dump()):
        assert CANARY not in place
        assert CANARY[:-4] not in place


def _echo(body):
    return (b"{token}", CANARY.encode()) if isinstance(body, bytes) else ("{token}", CANARY)


def _dump() -> str:
    db.session.rollback()
    return repr([list(db.session.execute(table.select())) for table in db.metadata.sorted_tables])
