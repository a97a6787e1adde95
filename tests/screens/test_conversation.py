"""The page "Une question ?" and the team's pages: written, refused, read, polled."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Letter, Message
from tests import factories
from tests.screens.conftest import screen_of


@pytest.fixture
def support(app):
    return factories.user(None, is_support=True)


@pytest.fixture
def team(app, support):
    return screen_of(app, support)


def messages() -> list[str]:
    found = list(db.session.scalars(select(Message.body).order_by(Message.id)))
    db.session.commit()
    return found


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "page"])
def test_a_message_is_sent_once_by_two_taps(screen, htmx):
    for _ in range(2):
        answer = screen.post("/aide", htmx=htmx, message="Où est le rhum ?", form_key="a" * 32)
    assert answer.status_code == (200 if htmx else 303)

    assert messages() == ["Où est le rhum ?"]
    assert "Où est le rhum\u202f?" in screen.get("/aide").text


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "page"])
def test_a_refused_message_keeps_its_words_and_says_what_to_do(screen, htmx):
    long = "x" * 4001
    answer = screen.post("/aide", htmx=htmx, message=long, form_key="a" * 32)

    assert answer.status_code == 422
    assert "coupez-le en deux" in answer.text
    assert long in answer.text
    assert "autofocus" in answer.text
    assert messages() == []


def test_the_thread_comes_only_when_something_new_was_said(screen, venue, support):
    assert screen.get("/aide/fil", htmx=True, dernier=0).status_code == 204
    said = factories.message(venue, support, "Ouvrez la ligne MOJITO.")

    assert "Ouvrez la ligne MOJITO." in screen.get("/aide/fil", htmx=True, dernier=0).text
    assert screen.get("/aide/fil", htmx=True, dernier=said.id).status_code == 204


def test_an_answer_is_counted_in_the_bar_until_it_was_read(screen, venue, support):
    said = factories.message(venue, support)
    badge = re.compile(r'id="help-badge"[^>]*>1<')
    assert badge.search(screen.get("/boissons").text)
    assert badge.search(screen.get("/aide").text)  # a page that is fetched is not yet read

    screen.post("/aide/lu", dernier=said.id)
    assert not badge.search(screen.get("/boissons").text)


def test_the_team_answers_and_the_venues_people_are_told(team, venue, user):
    factories.message(venue, user, "Où est le rhum ?")
    assert venue.name in team.get("/assistance").text
    assert "Où est le rhum\u202f?" in team.get(f"/assistance/{venue.id}").text

    team.post(f"/assistance/{venue.id}", message="Sous MOJITO.", form_key="b" * 32)
    assert messages() == ["Où est le rhum ?", "Sous MOJITO."]
    assert list(db.session.scalars(select(Letter.recipient))) == [user.email]


def test_the_team_has_no_conversation_with_a_venue_that_never_was(team):
    assert team.get("/assistance/2147483646").status_code == 404


def test_who_works_at_a_venue_finds_no_page_of_the_team(screen, venue):
    assert screen.get("/assistance").status_code == 404
    assert screen.get(f"/assistance/{venue.id}").status_code == 404


def test_a_list_without_a_conversation_says_so(team):
    assert "Aucun lieu n’a encore écrit." in team.get("/assistance").text
