"""When a till's host is left alone, who tries it next, and what brings everybody back."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Breaker, Night, TillConnection, Venue
from sommit.services import breaker, nights, tokens
from sommit.services.breaker import FAILURES, PROBE, WAITS
from tests import factories

HOST, OTHER = "api.till.example", "api.elsewhere.example"
JITTER = 1.2


@pytest.fixture
def venues(app) -> list[int]:
    """Five venues with a till, at nine in the morning."""
    app.config["NOW"] = factories.NOW
    rows = [factories.venue(f"Bar {number}") for number in range(5)]
    for venue in rows:
        connection = {"connected_at": factories.NOW, "read_from": date(2026, 6, 13), "state": "connected"}
        token = tokens.seal(venue.id, "a-key-of-the-till")
        db.session.add(TillConnection(venue_id=venue.id, token=token, token_tail="", **connection))
    db.session.commit()
    return [venue.id for venue in rows]


@pytest.fixture
def fail(venues):
    """Let the readings of venues, by their place in the list, find nobody at the host."""

    def fail(*places, host=HOST):
        for place in places:
            breaker.silent(host, venues[place])
            db.session.commit()

    return fail


def row(host=HOST):
    db.session.rollback()
    return db.session.get(Breaker, host, populate_existing=True)


def passes(venue_id, host=HOST):
    through = breaker.lets_through(host, venue_id)
    db.session.commit()
    return through


def test_a_host_is_left_alone_after_three_venues_in_a_row(app, venues, fail):
    fail(0, 1)
    assert breaker.outage(HOST) is None
    assert passes(venues[4])
    app.config["NOW"] += timedelta(minutes=1)
    fail(2)

    found = breaker.outage(HOST)
    assert found.since == factories.NOW
    assert 0.8 * WAITS[0] <= found.until - app.config["NOW"] <= JITTER * WAITS[0]
    assert not passes(venues[4])


def test_an_answer_between_two_failures_begins_the_count_anew(venues, fail):
    fail(0, 1)
    breaker.answered(HOST, venues[2])
    db.session.commit()
    fail(3, 4)

    assert breaker.outage(HOST) is None


def test_one_venue_that_always_fails_closes_the_way_to_nobody(venues, fail):
    fail(*[0] * (3 * FAILURES))

    assert breaker.outage(HOST) is None
    assert passes(venues[1])


def test_another_host_goes_on(venues, fail):
    fail(0, 1, 2)

    assert breaker.outage(OTHER) is None
    assert passes(venues[4], OTHER)


def test_after_the_wait_one_venue_tries_and_the_others_wait_on(app, venues, fail):
    fail(0, 1, 2)
    app.config["NOW"] = breaker.outage(HOST).until

    assert [passes(venue_id) for venue_id in venues] == [True, False, False, False, False]


def test_a_try_that_finds_nobody_makes_the_next_wait_longer_up_to_half_an_hour(app, venues, fail):
    fail(0, 1, 2)
    waits = []
    for turn in range(8):
        app.config["NOW"] = breaker.outage(HOST).until
        assert passes(venues[turn % 5])
        fail(turn % 5)
        waits.append(breaker.outage(HOST).until - app.config["NOW"])

    assert all(
        0.8 * due <= wait <= JITTER * due for due, wait in zip([*WAITS[1:], *WAITS[-1:] * 5], waits, strict=True)
    )
    assert len(set(waits)) == len(waits)  # jitter
    assert breaker.outage(HOST).since == factories.NOW


def test_a_try_that_never_ends_leaves_the_turn_to_another_venue(app, venues, fail):
    fail(0, 1, 2)
    app.config["NOW"] = breaker.outage(HOST).until
    assert passes(venues[3])
    app.config["NOW"] += PROBE

    assert passes(venues[4])


def test_who_was_still_asking_when_the_host_was_given_up_does_not_lengthen_the_wait(venues, fail):
    fail(0, 1, 2)
    before = breaker.outage(HOST)
    fail(3, 4, 0)

    assert breaker.outage(HOST) == before


def test_an_answer_ends_the_outage_and_the_waits_of_those_it_kept_out(app, venues, fail):
    fail(0, 1, 2)
    later = app.config["NOW"] + timedelta(hours=2)
    evening = {"business_date": date(2026, 6, 13), "next_try_at": later}
    for place, night in {
        0: {"state": "failed", "attempts": 4},
        1: {"state": "imported", "attempts": 1},  # somebody asked for a reading
        3: {"state": "waiting", "attempts": 0},  # its closing is not made yet: no outage keeps it waiting
    }.items():
        db.session.add(Night(venue_id=venues[place], **evening, **night))
    db.session.commit()
    breaker.answered(HOST, venues[4])
    db.session.commit()

    assert breaker.outage(HOST) is None
    assert (row().failures, row().openings, row().since) == (0, 0, None)
    assert nights.due() == [venues[place] for place in (0, 1, 2, 4)]
    assert db.session.scalars(select(TillConnection.silent_since)).all() == [None] * 5


def test_what_a_person_asks_for_goes_through_and_one_attempt_takes_the_wish_up(app, venues):
    bars = [db.session.get(Venue, venue_id) for venue_id in venues]
    nights.ask(bars[1])
    db.session.commit()
    assert breaker.asked(venues) == [venues[1]]

    nights.claim(bars[1])
    db.session.commit()
    assert breaker.asked(venues) == []


def test_failures_at_the_same_moment_are_all_counted_and_open_once(app, venues):
    at_once(app, [lambda venue_id=venue_id: breaker.silent(HOST, venue_id) for venue_id in venues])

    assert (row().failures, row().openings) == (5, 1)


def test_of_workers_that_want_the_try_at_the_same_moment_one_gets_it(app, venues, fail):
    fail(0, 1, 2)
    app.config["NOW"] = breaker.outage(HOST).until
    got = at_once(app, [lambda venue_id=venue_id: breaker.lets_through(HOST, venue_id) for venue_id in venues])

    assert sorted(got) == [False] * 4 + [True]


def at_once(app, works):
    """Run each in a thread and a transaction of its own, all from the same moment on; returns what they returned."""
    db.session.rollback()
    start, results, failures = threading.Barrier(len(works)), [], []

    def run(work):
        try:
            with app.app_context():
                start.wait(60)
                results.append(work())
                db.session.commit()
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return results
