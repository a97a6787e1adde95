"""Twenty venues on one till that is away for a night: few calls, nobody's attempt counted in vain, nothing lost."""

from datetime import timedelta

import pytest

from demo.simulator import Till, serve
from sommit.extensions import db
from sommit.jobs import import_night, queue
from sommit.jobs import nights as bells
from sommit.models import Breaker, Night, TillConnection, Venue
from sommit.services import breaker, nights, till_connection
from tests import factories
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import invariants, naive

VENUES = 20
ALWAYS = 10**6
DEAD = 6  # calls of a reading that finds nobody: one, four again, and one for the closings
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bars(app, server, till):
    """Twenty venues whose last night is to be read, by id, with their tills."""
    server.tills.clear()
    return dict(add(server, number) for number in range(VENUES))


def add(server, number):
    venue, till = factories.venue(f"Bar {number}"), Till(token=f"the-key-of-bar-{number}", name=f"Bar {number}")
    server.tills.append(till)
    till_connection.keep(venue, till.token, till_connection.attempt(venue, till.token))
    db.session.commit()
    till.closing([("PINTE", number + 1)], date=LAST_NIGHT)
    return venue.id, till


@pytest.fixture
def tick(app, monkeypatch):
    """Ring for what is due and read it all, `after` the tick before; returns whose bell rang."""
    rung = []
    monkeypatch.setattr(queue, "enqueue_import", lambda venue_id: bool(rung.append(venue_id)) or True)

    def tick(after=MINUTE):
        app.config["NOW"] += after
        rung.clear()
        bells.ring_due()
        for venue_id in rung:
            import_night.import_night(venue_id)
        return list(rung)

    return tick


def states(bars):
    db.session.rollback()
    found = {venue_id: nights.find(venue_id, LAST_NIGHT) for venue_id in bars}
    return {venue_id: night.state if night else "due" for venue_id, night in found.items()}


def attempts():
    db.session.rollback()
    return sum(night.attempts for night in db.session.query(Night))


def lose(server, tick):
    """Let the till die, and ring once."""
    server.faults.add(status=503, times=ALWAYS)
    return tick()


def come_back(server):
    server.faults.clear()


def test_a_dead_till_gets_few_calls_in_a_night_and_every_night_is_right_once_it_is_back(
    app, server, bars, tick, record_property
):
    """Six hours, twenty venues. Without a breaker: each venue about seven readings, 840 calls or so.

    With it: three readings that open it, then one every half hour, 6 calls each: at most 3 + 4 + 15 of them, 132 calls.
    """
    before = len(server.requests)
    lose(server, tick)
    for _ in range(6 * 12):
        tick(5 * MINUTE)
    calls = len(server.requests) - before
    record_property("calls", calls)

    assert 10 * DEAD < calls <= (breaker.FAILURES + 4 + 15) * DEAD
    assert calls == attempts() * DEAD  # who was held back has no attempt against it
    come_back(server)
    for _ in range(8):
        tick(5 * MINUTE)
    assert set(states(bars).values()) == {"imported"}
    assert len(naive.lines_stored()) == VENUES
    invariants.check_invariants()
    assert tick() == []


def test_three_venues_are_waited_for_and_the_others_stay_due_without_an_attempt(server, bars, tick):
    before = len(server.requests)
    rung = lose(server, tick)

    assert len(rung) == VENUES  # all were due at once: the job asks the breaker too
    assert len(server.requests) - before == breaker.FAILURES * DEAD
    found = list(states(bars).values())
    assert (found.count("failed"), found.count("due")) == (breaker.FAILURES, VENUES - breaker.FAILURES)
    assert tick() == []
    assert attempts() == breaker.FAILURES


def test_once_the_till_is_back_all_are_read_with_the_tick_after_the_one_that_tried(app, server, bars, tick):
    lose(server, tick)
    come_back(server)
    app.config["NOW"] = breaker.outage(till_connection.host()).until
    tick()
    tick()

    assert set(states(bars).values()) == {"imported"}
    assert attempts() == 0
    assert db.session.get(Breaker, till_connection.host()).open_until is None


def test_what_a_person_asks_for_is_read_at_once_and_its_success_is_everybodys(app, server, bars, tick):
    lose(server, tick)
    mine = list(bars)[-1]
    nights.ask(db.session.get(Venue, mine))
    db.session.commit()
    assert tick() == [mine]  # in vain: the till is still away
    assert breaker.outage(till_connection.host()) is not None
    assert tick() == []

    come_back(server)
    nights.ask(db.session.get(Venue, mine))
    db.session.commit()
    assert tick() == [mine]
    assert breaker.outage(till_connection.host()) is None
    assert len(tick()) == VENUES - 1
    assert set(states(bars).values()) == {"imported"}


def test_the_command_asks_the_till_whatever_the_breaker_says(app, server, bars, tick):
    lose(server, tick)
    come_back(server)
    result = app.test_cli_runner().invoke(args=["till", "import", str(list(bars)[-1])])

    assert result.exit_code == 0
    assert breaker.outage(till_connection.host()) is None


def test_another_host_is_read_meanwhile(app, server, bars, tick):
    lose(server, tick)
    with serve([]) as elsewhere:
        away, app.config["JALIA_API_URL"] = app.config["JALIA_API_URL"], elsewhere.url
        there, _ = add(elsewhere, VENUES)
        assert there in tick()
        app.config["JALIA_API_URL"] = away

    assert states([there]) == {there: "imported"}
    assert breaker.outage(till_connection.host()) is not None


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 401},
        {"status": 404},
        {"status": 429, "retry_after": "900"},
        {"html": "<p>Bonjour</p>", "status": 200},
    ],
    ids=["refused", "unknown", "too many", "a portal"],
)
def test_a_till_that_says_no_is_not_away(server, bars, tick, fault):
    server.faults.add(times=ALWAYS, **fault)
    tick()

    assert breaker.outage(till_connection.host()) is None


def test_a_till_whose_closings_alone_do_not_come_is_not_away(server, bars, tick):
    server.faults.add("/v1/reports/", status=500, times=ALWAYS)
    tick()

    assert breaker.outage(till_connection.host()) is None
    assert set(states(bars).values()) == {"failed"}


def test_one_venue_that_finds_nobody_holds_no_other_back(server, bars, tick):
    poor = next(iter(bars))
    server.faults.add(status=500, times=ALWAYS, till=bars[poor])
    for _ in range(12):
        tick(5 * MINUTE)

    assert states(bars) == {venue_id: "failed" if venue_id == poor else "imported" for venue_id in bars}
    assert breaker.outage(till_connection.host()) is None
    assert MORNING < db.session.get(TillConnection, poor).silent_since < MORNING + 6 * MINUTE
