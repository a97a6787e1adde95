"""The reader killed or told to stop at each statement, COMMIT and crash point of a reading (FAULTS 5, 8 and 9).

How many there are is counted in a reading that goes through; a quick run takes a sample of them, a long one all.
"""

import signal
import time

import pytest

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.services import nights
from tests.faults.sample import some
from tests.faults.test_killed import KILLED, STOPPED
from tests.support import fork, invariants

COMMITS = ("before COMMIT", "COMMIT")


@pytest.fixture
def steps(bar, monkeypatch):
    """What each step of an ordinary night is: a key that is new, a closing that is new, two that are read again.

    The lease is renewed before each call, not every ten seconds: a slow machine counts the same steps.
    """
    monkeypatch.setattr(import_night, "RENEW_S", 0.0)
    for name in ("first", "counted"):  # before the first one, the night is not settled yet
        assert bar.read() == 0
        news(bar, name)
    found = fork.steps(bar.app, "till", "import", bar.venue.id, "--json")
    kinds = (
        "UPDATE night SET lease_until",
        "INSERT INTO till_reference",
        "INSERT INTO raw_reading",
        "INSERT INTO sale_",
    )
    for kind in (*kinds, "point page", *COMMITS):
        assert any(step.startswith(kind) for step in found), kind
    return list(enumerate(found, 1))


def news(bar, name):
    """The next night: a key and a closing that the books do not know."""
    bar.till.product(f"VERRE {name}")
    bar.sell(f"iPad {name}")


def made_right(bar, number):
    """One more reading, and all is there once."""
    invariants.check_invariants()
    assert bar.read() == 0, number
    bar.check_stored()


def test_killed_at_any_statement_a_closing_is_there_whole_or_not_at_all(bar, steps):
    commits = some([step for step in steps if step[1] in COMMITS], 2, "moments around a COMMIT")
    statements = some([step for step in steps if step[1] not in COMMITS], 4, "statements and points")
    inside = next(step for step in steps if step[1].startswith("INSERT INTO sale_line"))  # its closing is written
    for number, what in dict.fromkeys([inside, *commits, *statements]):
        news(bar, number)
        assert (number, what, bar.read(statement=number)) == (number, what, KILLED)
        made_right(bar, number)
    bar.check_right()


def test_told_to_stop_at_any_point_or_statement_the_reader_gives_its_lease_back(bar, steps):
    points = some([step for step in steps if step[1].startswith("point")], 2, "points")
    others = some([step for step in steps if not step[1].startswith("point")], 2, "statements")
    inside = next(step for step in steps if step[1].startswith("SELECT till_reference"))  # of a transaction that writes
    claimed = next(step for step in steps if step[1] == "COMMIT")
    slowest = 0.0
    for number, what in {*points, *others, inside, claimed, steps[-1]}:
        news(bar, f"stopped {number}")
        began = time.monotonic()
        code = bar.read(signals={number: signal.SIGTERM})
        slowest = max(slowest, time.monotonic() - began)
        assert (number, what, code) == (number, what, STOPPED)
        assert nights.running(bar.venue.id) is None, what
        db.session.rollback()
        made_right(bar, number)
    print(f"told to stop, the slowest reading ended after {slowest:.2f} s in all")  # noqa: T201
    bar.check_right()


def test_told_to_stop_twice_and_then_killed_at_any_step_the_night_is_made_right_as_well(bar, steps):
    for number, what in some(steps, 2, "steps"):
        news(bar, f"stopped and killed {number}")
        signals = {number: signal.SIGTERM, number + 2: signal.SIGTERM, number + 4: signal.SIGKILL}
        assert bar.read(signals=signals) in (KILLED, STOPPED), what
        made_right(bar, number)
    bar.check_right()
