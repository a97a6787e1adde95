"""What the page says while nobody answers at the till, for one venue and for all of them."""

from datetime import timedelta

import pytest

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Breaker
from sommit.services import nights, till_connection
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words

ALWAYS = 10**6
MINUTE = timedelta(minutes=1)
NOTHING_LOST = "Rien n’est perdu : la prochaine nuit lue rattrape celles qui manquent."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """The waits between two tries of a call take no time."""
    monkeypatch.setattr(till_connection, "sleep", lambda seconds: None)


@pytest.fixture
def lost(connected, server):
    """The venue, whose till does not answer any more."""
    server.faults.add(status=503, times=ALWAYS)
    return connected


@pytest.fixture
def left_alone(app, lost):
    """The venue, when three others have found nobody at 5:12 and nobody asks again before 6 o'clock."""
    spell = {"since": MORNING - 18 * MINUTE, "open_until": MORNING + 30 * MINUTE}
    db.session.add(Breaker(host=till_connection.host(), failures=3, openings=1, **spell))
    db.session.commit()
    return lost


def state_of(screen):
    page = screen.get("/caisse").text
    return words(page.partition('id="etat"')[2].partition('class="section"')[0])


def test_a_venue_whose_till_does_not_answer_says_since_when_and_when_it_is_tried_again(app, screen, lost, read):
    read()
    app.config["NOW"] = MORNING + 6 * MINUTE
    read()
    db.session.rollback()

    said = f"Jalia ne répond pas depuis 5 h 30. Prochain essai vers 5 h 46. {NOTHING_LOST}"
    assert said in state_of(screen)
    assert "hx-trigger" not in screen.get("/caisse/etat", htmx=True).text


def test_a_venue_held_back_says_the_same_though_it_never_tried(app, screen, left_alone):
    import_night.import_night(left_alone.id)

    assert nights.find(left_alone.id, LAST_NIGHT) is None
    said = f"Jalia ne répond pas depuis 5 h 12. Prochain essai vers 6 h. {NOTHING_LOST}"
    assert said in state_of(screen)


def test_a_silence_of_yesterday_is_told_with_its_day(app, screen, left_alone):
    row = db.session.get(Breaker, till_connection.host())
    row.since = MORNING - timedelta(hours=8)
    db.session.commit()

    assert "Jalia ne répond pas depuis hier à 21 h 30." in state_of(screen)


def test_in_english_too(screen, left_alone):
    screen.client.set_cookie("language", "en")
    assert "Jalia has not been answering since" in state_of(screen)


def test_a_reading_asked_for_meanwhile_is_noted_and_done_in_vain_or_not(app, screen, left_alone, bells, server, till):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    screen.post("/caisse/importer")
    assert bells == [left_alone.id]
    assert "La lecture est notée : elle se fera dès que possible." in state_of(screen)
    import_night.import_night(left_alone.id)
    assert "Jalia ne répond pas depuis 5 h 12." in state_of(screen)

    server.faults.clear()
    screen.post("/caisse/importer")
    import_night.import_night(left_alone.id)
    assert "Connectée à « Le Zinc des Capucins »" in state_of(screen)


def test_a_night_that_is_read_says_nothing_of_an_outage_that_came_after_it(app, screen, connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    spell = {"since": MORNING, "open_until": MORNING + 30 * MINUTE}
    db.session.merge(Breaker(host=till_connection.host(), failures=3, openings=1, **spell))
    db.session.commit()

    assert "Connectée à « Le Zinc des Capucins »" in state_of(screen)
