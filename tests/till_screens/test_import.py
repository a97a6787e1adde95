"""*Importer maintenant*, how far the reading is, and what the page says when it is over."""

import re
from datetime import timedelta

import pytest

from sommit.extensions import db
from sommit.jalia.errors import OtherVenue
from sommit.models import Night
from sommit.services import nights, till_connection
from tests import factories
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words

WAYS = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])


def state_of(page: str) -> str:
    """What the page says of the till, without the rest."""
    return words(page.partition('id="etat"')[2].partition('class="section"')[0])


def due() -> list[int]:
    found = nights.due()
    db.session.commit()
    return found


@pytest.fixture
def settled(connected, till, read):
    """The venue, its last night read and adding up."""
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    assert read().status == "ok"
    return connected


@WAYS
def test_importing_now_asks_for_a_reading_and_rings(screen, settled, bells, htmx):
    assert due() == []
    answer = screen.post("/caisse/importer", htmx=htmx)

    shown = answer.text if htmx else screen.get(answer.location).text
    assert answer.status_code == (200 if htmx else 303)
    assert "La lecture est notée : elle se fera dès que possible." in state_of(shown)
    assert 'hx-trigger="every 2s"' in shown
    assert bells == due() == [settled.id]


@WAYS
def test_without_redis_the_reading_is_noted_and_nothing_is_lost(app, screen, settled, htmx):
    app.config["REDIS_URL"] = "redis://127.0.0.1:1"
    answer = screen.post("/caisse/importer", htmx=htmx)

    shown = answer.text if htmx else screen.get(answer.location).text
    assert answer.status_code == (200 if htmx else 303)
    assert "La lecture est notée : elle se fera dès que possible." in state_of(shown)
    assert due() == [settled.id]


@WAYS
def test_without_a_till_there_is_nothing_to_import_and_the_page_says_why(screen, venue, bells, htmx):
    answer = screen.post("/caisse/importer", htmx=htmx)

    assert answer.status_code == 409
    assert "Pas encore de caisse." in state_of(answer.text)
    assert bells == []


@WAYS
def test_with_a_refused_token_the_page_asks_for_another(screen, connected, bells, htmx):
    connection = till_connection.get(connected.id)
    connection.state, connection.problem = "refused", OtherVenue.sentence
    db.session.commit()
    answer = screen.post("/caisse/importer", htmx=htmx)

    assert answer.status_code == 409
    assert "La caisse n’est plus lue. Ce token est celui d’un autre établissement" in state_of(answer.text)
    assert "Demandez-en un autre, puis collez-le plus bas" in state_of(answer.text)
    assert "Importer maintenant" not in answer.text
    assert "Écrire à Jalia" in answer.text
    assert bells == []


def test_logged_out_nothing_is_asked_for(client, settled, bells):
    assert client.post("/caisse/importer").location.startswith("/connexion")
    assert bells == []


def test_another_venues_button_rings_only_for_its_own_till(stranger, settled, bells):
    assert stranger.post("/caisse/importer").status_code == 409
    assert due() == bells == []


def test_the_progress_is_told_until_the_reading_is_over_then_the_journal_comes_along(screen, settled):
    lease = nights.claim(settled)
    db.session.commit()
    assert "Lecture en cours. Vous pouvez quitter cette page." in state_of(screen.get("/caisse/etat", htmx=True).text)
    nights.renew(lease, done=3, total=7)
    db.session.commit()

    page = screen.get("/caisse").text
    assert "Lecture en cours, 3 clôtures sur 7." in state_of(page)
    assert '<progress max="7" value="3"' in page
    assert "<noscript><a" in page
    assert "Actualiser" in page
    part = screen.get("/caisse/etat", htmx=True).text
    assert re.search(r'id="etat"[^>]* hx-get="/caisse/etat\?regard=1"[^>]* hx-trigger="every 2s"', part)
    assert "Journal des nuits" not in part

    nights.release(lease)
    db.session.commit()
    over = screen.get("/caisse/etat", htmx=True, regard=1).text
    assert "Connectée à « Le Zinc des Capucins »" in state_of(over)
    assert "hx-trigger" not in over
    assert 'id="nuits" aria-labelledby="t-nuits" hx-swap-oob="true"' in over
    assert 'id="to-sync-badge" hx-swap-oob="true"' in over


def test_a_reading_that_nobody_takes_up_is_looked_for_seldom(screen, settled, bells):
    screen.post("/caisse/importer")
    assert "every 2s" in screen.get("/caisse/etat", htmx=True, regard=30).text
    assert "every 30s" in screen.get("/caisse/etat", htmx=True, regard=31).text


def test_a_reading_that_is_under_way_is_not_asked_for_twice(screen, settled, bells):
    nights.claim(settled)
    db.session.commit()
    assert "Lecture en cours." in state_of(screen.post("/caisse/importer").text)
    assert bells == []


def test_the_part_alone_is_no_page(screen, connected):
    assert screen.get("/caisse/etat").location == "/caisse"


def test_the_state_names_the_venue_the_last_night_the_next_one_and_the_references(app, screen, settled):
    app.config["NOW"] = MORNING + timedelta(hours=3)
    assert (
        "Connectée à « Le Zinc des Capucins » depuis le 14 juin. "
        "Dernière nuit lue à 5 h 30, la prochaine demain vers 5 h. 1 référence." in state_of(screen.get("/caisse").text)
    )


def test_a_night_that_is_not_closed_is_no_night_without_sales(screen, connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, finalized=False)
    read()
    page = screen.get("/caisse").text
    assert "La nuit n’est pas close. Jalia n’a pas encore fermé la soirée du samedi 13 juin." in state_of(page)
    assert "Prochain regard vers 6 h." in state_of(page)
    assert "en attente" in words(page)


def test_a_till_that_does_not_answer_is_told_with_the_next_try(app, screen, connected, read, till, server):
    till.forbidden.add("reports")
    read()
    page = screen.get("/caisse").text

    assert "La dernière lecture n’a pas abouti." in state_of(page)
    assert (
        "Rien n’est perdu : la prochaine nuit lue rattrape celles qui manquent. Nouvel essai vers 5 h 35."
        in state_of(page)
    )
    assert "échec" in words(page)


def test_a_reading_asked_for_that_fails_leaves_the_night_read_and_says_when_it_is_tried_again(
    screen, settled, till, read, bells
):
    screen.post("/caisse/importer")
    till.forbidden.add("orders")
    read()
    page = screen.get("/caisse").text

    assert "La dernière lecture n’a pas abouti." in state_of(page)
    assert "lue" in words(page.partition("Journal des nuits")[2])


def test_a_night_read_in_part_says_what_is_missing(screen, connected, till, read):
    till.forbidden.add("catalog")
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    read()
    page = screen.get("/caisse").text

    assert "notice is-warn" in page
    assert "catalogue" in state_of(page)


@pytest.mark.parametrize(
    ("later", "said"),
    [(timedelta(0), "à 5 h 30"), (timedelta(days=1), "hier à 5 h 30"), (timedelta(days=3), "le 14 juin à 5 h 30")],
)
def test_the_last_reading_is_said_as_one_says_it(app, screen, settled, later, said):
    app.config["NOW"] = MORNING + later
    factories.closing(settled, (MORNING + later).date() - timedelta(days=1), finalized_at=MORNING + later)
    db.session.add(Night(venue_id=settled.id, business_date=LAST_NIGHT + later, state="imported")) if later else None
    db.session.commit()
    assert f"Dernière nuit lue {said}," in state_of(screen.get("/caisse").text)
