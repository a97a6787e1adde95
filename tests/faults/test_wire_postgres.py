"""Postgres behind a bad network: the answer to a COMMIT lost (FAULTS 25), nobody there (FAULTS 24)."""

import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from sommit import extensions
from sommit.extensions import db
from sommit.jobs import import_night
from tests.faults.cluster import waits
from tests.support.proxy import Hold, Pass, Reset, proxy

__all__ = ["waits"]


@pytest.fixture
def between(empty_postgres):
    """The proxy before Postgres."""
    url = make_url(empty_postgres)
    host = url.host or str(url.query["host"])
    port = url.port or 5432
    with proxy(Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, port)) as made:
        yield made


@pytest.fixture
def database_url(empty_postgres, between):
    """The database of these tests is reached through the proxy only."""
    url = make_url(empty_postgres).difference_update_query(["host"]).set(host="127.0.0.1", port=between.port)
    return url.render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def let_through(make_app, between):
    """Whatever a test did, its database can be emptied after it."""
    yield
    between.up.watch, between.up.mode, between.down.mode = lambda _piece: None, Pass(), Pass()


def lose_the_answer_to_the_commit_of(between, statement):
    """Once a connection has sent this and then COMMIT, it is reset in place of the answer; returns what was sent."""
    sent = []

    def look(piece):
        if statement in piece and not sent:
            sent.append(statement)
        elif b"COMMIT" in piece and sent == [statement]:
            sent.append(b"COMMIT")
            between.down.mode = Reset()

    between.up.watch = look
    return sent


def test_reset_in_place_of_the_answer_to_its_commit_a_closing_is_looked_up_and_not_written_twice(bar, between, waits):
    stored = []

    def look_past_it():
        between.down.mode = Pass()
        with db.engine.connect() as other:
            stored.append(other.execute(text("SELECT count(*) FROM sale_line")).scalar_one())

    sent = lose_the_answer_to_the_commit_of(between, b"INSERT INTO sale_line")
    waits.then[1] = look_past_it
    assert import_night.read_till(bar.venue.id).status == "ok"
    assert (len(sent), len(waits)) == (2, 1)
    assert stored[0] > 0  # it had gone through
    bar.check_right()


def test_a_page_says_that_the_database_is_away_when_nothing_comes_from_it(tablet, between, monkeypatch):
    assert tablet.get("/boissons").status_code == 200
    db.session.remove()
    db.engine.dispose()
    between.down.mode = Hold()
    with monkeypatch.context() as impatient:  # only here: once it answers, a slow machine may take its time
        impatient.setitem(extensions.POSTGRES_SILENCE, "connect_timeout", 2)
        refused = tablet.get("/boissons")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    between.down.mode = Pass()
    assert tablet.get("/boissons").status_code == 200


def test_a_server_that_vanishes_is_noticed_by_what_nobody_acknowledges(app):
    with (
        db.engine.connect() as connection,
        socket.socket(fileno=os.dup(connection.connection.driver_connection.fileno())) as wire,
    ):
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
