"""Whoever is killed at any step of saying something by e-mail: it goes out once or twice, never never (FAULTS 7)."""

import signal
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.jobs import post
from sommit.models import Letter, Message
from sommit.services import conversation, letters
from tests import factories
from tests.faults.sample import some
from tests.faults.test_killed import KILLED
from tests.support import fork
from tests.support.smtp import mail_server

TEAM = "equipe@somm-it.example"


@pytest.fixture
def server(app):
    with mail_server() as running:
        app.config.update(SMTP_URL=running.url, MAIL_FROM="bonjour@somm-it.example", NOW=factories.NOW)
        yield running


def test_killed_at_any_step_a_letter_whose_message_was_kept_goes_out_once_or_twice(app, venue, user, server):
    def say(what):
        conversation.write(venue, user, what, what, tell=[TEAM])
        db.session.commit()
        post.send_due()
        return 0

    steps = list(enumerate(fork.steps_of(app, lambda: say("counted")), 1))
    assert len(server.received) == 1
    for number, step in some(steps, 8, "steps"):
        what = f"said {number}"
        assert fork.call(app, lambda what=what: say(what), signals={number: signal.SIGKILL}) == KILLED, step
        ticks(app)
        said = db.session.scalar(select(func.count()).select_from(Message).where(Message.body == what))
        db.session.rollback()
        copies = [letter for letter in server.received if letter.get_content().strip() == what]
        assert len(copies) in ((1, 2) if said else (0,)), step
        assert len({letter["Message-ID"] for letter in copies}) <= 1


def test_a_mail_server_that_drips_is_cut_and_its_letter_waits(app, venue, user, server, monkeypatch):
    monkeypatch.setattr(post, "LONGEST_S", 0.5)
    server.drips.set()
    for what in ("one", "two"):
        conversation.write(venue, user, what, what, tell=[TEAM])
    db.session.commit()

    assert post.send_due() == 0  # the second one was not begun
    assert db.session.scalars(select(Letter.attempts).order_by(Letter.id)).all() == [1, 0]
    db.session.rollback()
    server.drips.clear()
    monkeypatch.undo()
    ticks(app)
    assert len(server.received) == 2


def ticks(app):
    """The clock goes on until no letter waits."""
    for _ in range(4):
        post.send_due()
        app.config["NOW"] += letters.WAITS[-1] + timedelta(minutes=1)
    assert letters.due() == []
    db.session.rollback()
