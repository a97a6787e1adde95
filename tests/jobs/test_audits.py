"""The morning's audit as a job, and the switch that calls for help when it does not run."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import func, select, update

from sommit.extensions import db
from sommit.jobs import alerts, audits, heartbeat, scheduler
from sommit.models import Audit, Closing, Letter, Night
from sommit.services import audit
from tests import factories
from tests.jobs.conftest import LAST_NIGHT, MORNING


@pytest.fixture
def imported(connected, till, read, app):
    """A venue whose night was imported; it is the morning after, 06:30."""
    for back in range(30):
        till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT - timedelta(days=back))
    read()
    app.config["NOW"] = MORNING + timedelta(days=1, hours=1)
    till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT + timedelta(days=1))
    read()
    return connected


def stored():
    return db.session.scalars(select(Audit)).all()


def test_after_an_import_the_audit_finds_that_everything_holds(imported):
    audits.audit_morning(imported.id)

    (seen,) = stored()
    assert seen.findings == []
    assert seen.checked == {"nights": 31, "drinks": 0, "closings": 31, "lines": 31, "findings": 0}


def test_an_audit_that_is_rung_for_twice_is_made_once(imported):
    audits.audit_morning(imported.id)
    db.session.execute(update(Closing).values(lines=2))
    audits.audit_morning(imported.id)

    assert db.session.scalar(select(func.count()).select_from(Audit)) == 1


def test_only_what_is_due_is_rung_for_and_a_lost_bell_rings_again(imported, monkeypatch):
    rung = []
    monkeypatch.setattr("sommit.jobs.queue.enqueue_audit", lambda venue_id: bool(rung.append(venue_id)))
    audits.ring_due()
    audits.ring_due()
    audits.audit_morning(imported.id)
    audits.ring_due()

    assert rung == [imported.id, imported.id]


def letters():
    return [(letter.recipient, letter.subject) for letter in db.session.scalars(select(Letter).order_by(Letter.id))]


def test_what_an_audit_finds_is_written_to_the_people_of_the_venue_once(app, imported):
    people = sorted(factories.user(imported).email for _ in range(2))
    factories.user(factories.venue("Ailleurs"))
    db.session.execute(update(Closing).values(lines=2))
    db.session.commit()
    audits.audit_morning(imported.id)
    subject = "Somm’It : le contrôle de ce matin a trouvé un écart à « Le Zinc des Capucins »"
    assert letters() == [(person, subject) for person in people]

    app.config["NOW"] += timedelta(days=1)
    audits.audit_morning(imported.id)
    assert len(stored()) == 2
    assert len(letters()) == 2, "the same findings are no news"


def test_an_evening_that_is_missing_past_its_deadline_is_written_once_a_spell(app, imported):
    person = factories.user(imported).email
    db.session.execute(update(Night).where(Night.business_date >= LAST_NIGHT).values(state="failed"))
    db.session.commit()
    alerts.tell_missing_nights()
    assert letters() == [], "06:30, the day after the till was connected"

    for hours in (8, 24, 24):
        app.config["NOW"] += timedelta(hours=hours)
        alerts.tell_missing_nights()
        subject = "Somm’It : la nuit du samedi 13 juin manque à « Le Zinc des Capucins »"
        assert letters() == [(person, subject)]


class _Outside(HTTPServer):
    """Somebody outside who listens to the beats."""

    def __init__(self, status=200):
        self.heard, self.status = [], status
        super().__init__(("127.0.0.1", 0), _Ear)
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/a-secret-of-ours"


class _Ear(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.heard.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def outside(app):
    server = _Outside()
    app.config["HEARTBEAT_URL"] = server.url
    yield server
    server.shutdown()
    server.server_close()


def test_each_tick_is_heard_outside_until_an_audit_is_late(app, imported, outside, monkeypatch):
    monkeypatch.setattr("sommit.jobs.queue.mark_tick", lambda: None)
    scheduler.tick(app)
    assert len(outside.heard) == 1

    app.config["NOW"] += audit.PATIENCE
    scheduler.tick(app)
    assert len(outside.heard) == 1

    audits.audit_morning(imported.id)
    scheduler.tick(app)
    assert len(outside.heard) == 2


def test_a_switch_that_does_not_answer_stops_nothing_and_its_address_is_not_logged(app, outside, capsys):
    outside.status = 500
    assert heartbeat.beat() is False
    app.config["HEARTBEAT_URL"] = "http://127.0.0.1:1/a-secret-of-ours"
    assert heartbeat.beat() is False

    logged = "".join(capsys.readouterr())
    assert "heartbeat_not_heard" in logged
    assert "a-secret-of-ours" not in logged


def test_a_beat_follows_no_redirect_and_reaches_no_inner_network(app, outside, monkeypatch):
    outside.status = 302
    assert heartbeat.beat() is True

    monkeypatch.setattr(heartbeat, "LOOPBACK", frozenset())  # a name of the outside that leads inside
    assert heartbeat.beat() is False
    assert len(outside.heard) == 1
