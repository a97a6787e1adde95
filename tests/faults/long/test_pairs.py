"""Random faults of the till and deaths of its reader, no pair twice, over as many distinct lines as the time allows.

Each trial: new closings, a fault, a death, nothing half; the fault gone, everything there once. SOMMIT_FAULT_MINUTES
says how long, on each database; SOMMIT_FAULT_SEED plays a run again.
"""

import os
import random
import time

from demo.simulator import Server
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.services import audit, till_connection
from tests.faults.conftest import Bar
from tests.faults.long import space
from tests.faults.long.evenings import TRIALS_AN_EVENING, Evenings
from tests.faults.long.ledger import Ledger
from tests.faults.sample import LONG, seed
from tests.faults.test_killed import KILLED, STOPPED
from tests.support import fork, invariants

QUICK_S = 6.0
CLOSINGS, LINES = (2, 700) if LONG else (2, 40)


class Trials:
    """Pair after pair on one bar."""

    def __init__(self, bar: Bar, server: Server, seed: int) -> None:
        self.bar, self.server = bar, server
        self.evenings = Evenings(bar, random.Random(seed), closings=CLOSINGS, lines=LINES)
        self.ledger: Ledger = self.evenings.ledger
        self.done, self.real = 0, 0

    def steps(self) -> list[str]:
        """What the steps of an ordinary night here are; what the readers will ask the database is compiled once."""
        import_night.read_till(self.bar.venue.id)
        db.session.rollback()
        self.evenings.next()
        self.evenings.sell()
        steps = fork.steps(self.bar.app, "till", "import", self.bar.venue.id, "--json")
        self.evenings.check_right()
        return steps

    def run(self, pair: space.Pair) -> None:
        """The fault and the death meet in one reading, or in two that follow each other: both are had in any case."""
        if self.done % TRIALS_AN_EVENING == 0:
            self.evenings.next()
        self.done += 1
        self.server.requests.clear()
        self.evenings.sell()
        path, what, times, after = pair.fault
        fault = self.server.faults.add(path, times=times, after=after, **what)
        died = self.dies(pair.death)
        if died and fault.seen <= fault.after:  # the next reader meets it
            self.read()
        self.server.faults.clear()
        if not died:  # the fault has ended the reading before: the next reader dies
            self.evenings.sell()
            died = self.dies(pair.death)
        assert self.bar.read() == 0
        self.evenings.check_right()
        self.real += died and fault.seen > fault.after

    def dies(self, death: space.Death) -> bool:
        """Read and die; return whether the reading came to that point."""
        return self.read(**death.how) in (KILLED, STOPPED)

    def read(self, **how: object) -> int:
        """Read, and see that nothing is half there."""
        code = self.bar.read(**how)
        assert code in (0, 1, KILLED, STOPPED), code
        self.ledger.check_whole()
        return code


def test_under_random_faults_and_deaths_no_line_is_lost_and_none_is_doubled(bar, server, figure):
    chosen = seed()
    trials = Trials(bar, server, chosen)
    print(f"seed {chosen}")  # noqa: T201 - shown with a failure
    pairs = space.pairs(trials.steps(), chosen, share=int(figure.database == "sqlite"), of=2)
    minutes = float(os.environ.get("SOMMIT_FAULT_MINUTES", QUICK_S / 60))
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        pair = next(pairs)
        try:
            trials.run(pair)
        except BaseException:
            print(f"trial {trials.done}: {pair}")  # noqa: T201
            raise
    check_at_the_end(trials)
    pairs_met = f"{trials.real:,} pairs in {trials.done:,} trials, 0 invariants broken"
    figure("pairs", pairs_met, number=trials.real, seed=chosen)
    closings = len({closing for closing, _ in trials.ledger.sold})
    lines = trials.ledger.lines
    figure("lines", f"{lines:,} lines, {closings:,} closings, 0 lost, 0 doubled", number=lines, seed=chosen)
    assert trials.done


def check_at_the_end(trials: Trials) -> None:
    """All of it once more: by the ledger, by the product's own audit, and by one more reading that changes nothing."""
    bar = trials.bar
    trials.ledger.check_all()
    found = audit.look(bar.venue, till_connection.get(bar.venue.id)).findings
    assert [finding for finding in found if finding["kind"] != "night"] == []
    db.session.rollback()
    assert bar.read() == 0
    trials.ledger.check_all()
    if not LONG:
        invariants.check_invariants()
