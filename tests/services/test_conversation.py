"""The conversation of a venue with the support team, and the e-mails that it sends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.jobs import post
from sommit.models import Letter, Message
from sommit.services import conversation, letters
from tests import factories
from tests.support.smtp import mail_server

TEAM = "equipe@somm-it.example"


@pytest.fixture
def support(app):
    return factories.user(None, is_support=True)


@pytest.fixture
def server(app):
    with mail_server() as running:
        app.config.update(SMTP_URL=running.url, MAIL_FROM="bonjour@somm-it.example", NOW=factories.NOW)
        yield running


def write(venue, author, body="Une question", key="f1", tell=()):
    message = conversation.write(venue, author, body, key, tell=tell)
    db.session.commit()
    return message


def test_the_same_form_sent_twice_is_one_message_and_one_letter(venue, user):
    first, second = write(venue, user, tell=[TEAM]), write(venue, user, tell=[TEAM])

    assert first.id == second.id
    assert len(conversation.said(venue.id)) == 1
    assert len(list(db.session.scalars(select(Letter)))) == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [("", conversation.NothingWritten), (" \n\t", conversation.NothingWritten), ("é" * 4001, conversation.TooLong)],
)
def test_a_message_needs_words_and_is_no_book(venue, user, body, refusal):
    with pytest.raises(refusal):
        conversation.write(venue, user, body, "f1", tell=[])
    assert conversation.said(venue.id) == []


def test_line_breaks_stay_and_what_cannot_be_printed_goes(venue, user):
    assert write(venue, user, "Bonjour,\r\nle \x00rhum\u202e ?\n\n").body == "Bonjour,\nle rhum ?"


def test_what_one_side_wrote_is_unread_until_the_other_has_seen_it(venue, user, support):
    write(venue, user)
    assert [thread.unread for thread in conversation.threads()] == [1]
    assert conversation.unread(venue.id) == 0

    answer = write(venue, support, "La réponse", "f2")
    assert [thread.unread for thread in conversation.threads()] == [0]  # who answers has read
    assert conversation.unread(venue.id) == 1
    conversation.mark_read(venue.id, by_support=False, up_to=answer.id - 1)
    assert conversation.unread(venue.id) == 1
    conversation.mark_read(venue.id, by_support=False, up_to=answer.id)
    assert conversation.unread(venue.id) == 0


def test_the_team_sees_who_waits_first_and_the_longest_waiting_at_the_top(app, support):
    names = ("Ancien", "Récent", "Répondu")
    for minutes, name in enumerate(names):
        app.config["NOW"] = factories.NOW + timedelta(minutes=minutes)
        venue = factories.venue(name)
        write(venue, factories.user(venue), key=name)
        if name == "Répondu":
            write(venue, support, key="r")

    assert tuple(thread.venue.name for thread in conversation.threads()) == names


def test_a_letter_goes_out_once_however_often_the_clock_ticks(venue, user, server):
    write(venue, user, "Où est le rhum ?", tell=[TEAM])

    assert (post.send_due(), post.send_due()) == (1, 0)
    (letter,) = server.received
    assert (letter["To"], letter["From"]) == (TEAM, "bonjour@somm-it.example")
    assert letter["Subject"] == f"Somm’It : {venue.name}"
    assert letter.get_content().strip() == "Où est le rhum ?"


def test_a_server_that_refuses_is_asked_again_later_and_nothing_is_lost(app, venue, user, server):
    write(venue, user, tell=[TEAM])
    server.refuses = True
    assert (post.send_due(), post.send_due()) == (0, 0)

    server.refuses = False
    assert post.send_due() == 0  # the wait is not over
    app.config["NOW"] = factories.NOW + letters.WAITS[0]
    assert post.send_due() == 1


def test_whoever_dies_between_the_commit_and_the_sending_leaves_a_letter_that_is_tried_again(app, venue, user, server):
    write(venue, user, tell=[TEAM])
    (letter_id,) = letters.due()
    assert letters.take(letter_id)
    db.session.commit()  # and here the process is killed

    assert post.send_due() == 0
    app.config["NOW"] = factories.NOW + letters.WAITS[0]
    assert post.send_due() == 1


def test_a_letter_is_taken_by_one_process_only(venue, user):
    write(venue, user, tell=[TEAM])
    (letter_id,) = letters.due()
    stale = db.session.get(Letter, letter_id)
    assert letters.take(letter_id)
    db.session.commit()
    assert stale.attempts == 1
    assert letters.due() == []


def test_without_a_server_letters_wait_and_after_a_week_they_are_no_news(app, venue, user):
    app.config.update(SMTP_URL="", NOW=factories.NOW)
    write(venue, user, tell=[TEAM])
    assert post.send_due() == 0
    assert len(letters.due()) == 1

    app.config["NOW"] = factories.NOW + letters.TOO_OLD
    assert letters.due() == []


def test_no_header_can_be_slipped_in_through_a_name(user, server):
    venue = factories.venue("Le Zinc\r\nBcc: tous@example.com")
    write(venue, user, tell=["a@example.com\r\nBcc: b@example.com"])

    assert post.send_due() == 1
    (letter,) = server.received
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Somm’It : Le Zinc Bcc: tous@example.com"


def test_a_message_is_of_its_venue_alone(venue, user):
    write(venue, user)
    assert conversation.said(factories.venue("Ailleurs").id) == []
    assert db.session.scalars(select(Message.venue_id)).all() == [venue.id]
