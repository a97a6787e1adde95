"""How far back to read, chosen with the first token; and what replacing the token leaves alone."""

from datetime import timedelta

import pytest

from sommit.extensions import db
from sommit.models import SaleLine, TillConnection
from sommit.services import nights
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words

WAYS = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
TODAY = MORNING.date()


def kept(venue) -> TillConnection | None:
    db.session.expire_all()
    return db.session.get(TillConnection, venue.id)


def test_the_form_says_thirty_days_to_begin_with(screen, venue):
    page = screen.get("/caisse").text

    assert 'name="days" type="text" value="30"' in page
    assert "30 d’habitude, de 0 à 365" in page


@WAYS
@pytest.mark.parametrize("days", [0, 1, 30, 365])
def test_the_first_evening_is_that_many_days_back(screen, venue, till, server, bells, htmx, days):
    answer = screen.post("/caisse/token", htmx=htmx, token=till.token, days=f" {days} ")

    assert answer.status_code == (200 if htmx else 303)
    assert kept(venue).read_from == TODAY - timedelta(days=days)


def test_a_form_without_the_field_means_thirty_days(screen, venue, till, server, bells):
    screen.post("/caisse/token", token=till.token)

    assert kept(venue).read_from == TODAY - timedelta(days=30)


@WAYS
@pytest.mark.parametrize("days", ["", "366", "-1", "12,5", "trente", "9" * 40, "３０"])
def test_what_is_no_number_of_days_is_said_at_its_field_and_the_token_is_not_even_tried(
    screen, venue, till, server, bells, htmx, days
):
    answer = screen.post("/caisse/token", htmx=htmx, token=till.token, days=days)

    assert answer.status_code == 422
    assert "Indiquez un nombre de jours entre 0 et 365" in words(answer.text)
    assert (
        f'value="{days[:20]}" aria-describedby="jours-error jours-hint" aria-invalid="true" data-focus' in answer.text
    )
    assert till.token not in answer.text
    assert kept(venue) is None
    assert (server.requests, bells) == ([], [])


@WAYS
def test_a_wrong_token_leaves_the_number_of_days_in_its_field_and_itself_nowhere(screen, venue, server, bells, htmx):
    answer = screen.post("/caisse/token", htmx=htmx, token="not-the-token-of-the-zinc", days="90")

    assert answer.status_code == 422
    assert 'name="days" type="text" value="90"' in answer.text
    assert "not-the-token-of-the-zinc" not in answer.text


@WAYS
def test_replacing_the_token_keeps_the_first_evening_and_does_not_ask_for_it(
    screen, connected, till, server, bells, htmx
):
    before = kept(connected).read_from, kept(connected).connected_at
    till.token = "the-second-token-of-the-zinc"

    assert 'name="days"' not in screen.get("/caisse").text
    answer = screen.post("/caisse/token", htmx=htmx, token=till.token, days="lettres")

    assert answer.status_code == (200 if htmx else 303)
    assert (kept(connected).read_from, kept(connected).connected_at) == before


def test_with_no_day_back_last_night_stays_out_and_the_page_does_not_say_that_it_is_awaited(
    screen, venue, till, server, bells, read_now
):
    till.closing([("PINTE", 4)], date=LAST_NIGHT)
    screen.post("/caisse/token", token=till.token, days="0")
    read_now(venue)

    assert db.session.query(SaleLine).count() == 0
    assert nights.due() == []
    page = words(screen.get("/caisse").text)
    assert "Connectée à « Le Zinc des Capucins »" in page
    assert "Aucune nuit n’a encore été lue." in page


def test_the_letter_can_be_read_where_nothing_can_be_copied(app, screen, venue):
    app.config["JALIA_CONTACT_EMAIL"] = "support@jalia.example"
    page = screen.get("/caisse").text

    assert 'data-copy="lettre" data-tell="lettre-copiee" hidden>' in page
    assert "À : support@jalia.example Objet : Token pour l’API Somm’It : Le Zinc des Capucins Bonjour," in words(page)


def test_a_refused_token_shows_the_letter_again(screen, connected):
    kept(connected).state = "refused"
    db.session.commit()

    assert screen.get("/caisse").text.count('data-copy="lettre"') == 1
