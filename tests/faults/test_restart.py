"""Postgres restarted at once (FAULTS 24) in the middle of a closing, between two, and under a page."""

import os

import pytest
from sqlalchemy import event

from sommit.extensions import db
from sommit.jobs import import_night, till_reading
from sommit.services import nights
from tests import factories
from tests.faults.cluster import cluster, empty_postgres, waits
from tests.jobs.conftest import LAST_NIGHT
from tests.web.conftest import token_of

__all__ = ["cluster", "empty_postgres", "waits"]
pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
LONG = "SOMMIT_FAULT_MINUTES" in os.environ
STATEMENTS = range(1, 12) if LONG else (1, 4, 8)
POINTS = ("after_claim", "page", "after_raw", "after_commit") if LONG else ("page", "after_raw")


@pytest.fixture
def at_statement(monkeypatch):
    """Call something once, before the n-th statement of the next closing's transaction."""
    listening = []

    def arrange(number, call):
        seen = {"point": "", "statements": 0}

        def before(*_):
            seen["statements"] += seen["point"] == "after_raw"
            if seen["statements"] == number:
                seen["point"], seen["statements"] = "over", number + 1
                call()

        def reached(name):
            seen["point"] = seen["point"] if seen["point"] == "over" else name

        monkeypatch.setattr(till_reading.crash, "point", reached)
        event.listen(db.engine, "before_cursor_execute", before)
        listening.append(before)
        return seen

    yield arrange
    for before in listening:
        event.remove(db.engine, "before_cursor_execute", before)


def read(bar):
    return import_night.read_till(bar.venue.id)


@pytest.mark.parametrize("number", STATEMENTS)
def test_restarted_at_a_statement_of_a_closing_it_is_rolled_back_and_written_whole(
    bar, cluster, waits, at_statement, number
):
    seen = at_statement(number, cluster.restart)
    assert read(bar).status == "ok"
    assert (seen["point"], len(waits)) == ("over", 1)
    bar.check_right()


def test_away_for_three_tries_in_the_middle_of_a_closing_it_is_waited_for(bar, cluster, waits, at_statement):
    waits.then[3] = cluster.start
    at_statement(5, cluster.cut)
    assert read(bar).status == "ok"
    assert len(waits) == 3
    bar.check_right()


def restart_at(point, cluster, monkeypatch):
    left = [cluster.restart]
    monkeypatch.setattr(till_reading.crash, "point", lambda name: left and name == point and left.pop()())
    return left


@pytest.mark.parametrize("point", POINTS)
def test_restarted_between_two_transactions_nobody_notices(bar, cluster, waits, monkeypatch, point):
    left = restart_at(point, cluster, monkeypatch)
    assert read(bar).status == "ok"
    assert (left, waits) == ([], [])
    bar.check_right()


def test_restarted_while_the_night_is_settled_it_is_settled_again(bar, cluster, waits, monkeypatch):
    left = restart_at("before_release", cluster, monkeypatch)
    assert read(bar).status == "ok"
    assert (left, len(waits)) == ([], 1)
    bar.check_right()


def test_away_for_longer_nothing_is_half_there_and_the_next_reading_makes_it_right(
    bar, app, cluster, waits, at_statement
):
    at_statement(3, cluster.cut)
    try:
        with pytest.raises(Exception, match=r"refused|No such file|closed"):
            read(bar)
    finally:
        cluster.start()
    db.session.rollback()
    night = nights.find(bar.venue.id, LAST_NIGHT)
    assert (night.state, night.attempts) == ("due", 1)
    app.config["NOW"] = night.lease_until
    db.session.rollback()

    assert nights.due() == [bar.venue.id]
    assert read(bar).status == "ok"
    bar.check_right()


def test_a_page_says_that_the_database_is_away_and_works_once_it_is_back(tablet, venue, cluster):
    key = factories.reference(venue)
    answer = {"csrf_token": token_of(tablet), "version": str(key.version)}
    ignore = f"/boissons/a-synchroniser/{key.id}/ignorer"
    db.session.rollback()

    cluster.cut()
    try:
        for refused in (tablet.get("/boissons"), tablet.post(ignore, data=answer)):
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
            assert "La base de données ne répond pas pour l’instant." in refused.text
        notice = tablet.post(ignore, data=answer, headers={"HX-Request": "true"})
        assert (notice.status_code, notice.headers["X-Notice"]) == (503, "1")
    finally:
        cluster.start()

    assert tablet.get("/boissons").status_code == 200
    db.session.refresh(key)
    assert key.ignored_at is None
    assert tablet.post(ignore, data=answer, headers={"HX-Request": "true"}).status_code == 200
    db.session.refresh(key)
    assert key.ignored_at is not None


def test_restarted_between_two_pages_the_second_one_comes_as_if_nothing_had_been(tablet, cluster):
    assert tablet.get("/boissons").status_code == 200
    cluster.restart()
    assert tablet.get("/boissons").status_code == 200
