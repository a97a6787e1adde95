"""Every (fault of the till, death of its reader) that a long run may draw: none twice, in the order of a seed."""

import random
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from demo.simulator.faults import ALWAYS

#: How many calls may pass before: a reading asks for its catalogue and its list once.
AFTER = {"/v1/catalog/": (0,), "/v1/reports/": (0,), "/v1/orders/": (0, 1, 2, 3)}
STATUSES = (400, 401, 403, 404, 409, 418, 422, 500, 502, 503, 504)
WAITS = ("1", "30", "3600")
BODIES = (b"", b"null", b"{}", b'"soon"', b"[[", b"\xff\xfe")
KEPT = (0, 1, 40, 400)  # bytes that come before the answer breaks off
KINDS: tuple[dict[str, Any], ...] = (
    *({"status": status} for status in STATUSES),
    *({"status": status, "retry_after": wait} for status in (429, 503) for wait in WAITS),
    *({"body": body} for body in BODIES),
    *({"html": "<h1>Bienvenue</h1>", "status": status} for status in (200, 502)),
    *({kind: kept} for kind in ("cut", "reset") for kept in KEPT),
    {"redirect": "https://elsewhere.example/"},
    {"delay": 0.02},
)
TIMES = (1, 3, ALWAYS)  # once, until the last try, until the till is mended
SIGNALS = (signal.SIGKILL, signal.SIGTERM)


class Fault(NamedTuple):
    """What the till does instead of answering, and on which calls."""

    path: str
    what: dict[str, Any]
    times: int
    after: int


class Death(NamedTuple):
    """Where the reader dies or is told to stop: at a named point's n-th passage, or at its n-th step."""

    point: str
    number: int
    signal: signal.Signals

    @property
    def how(self) -> dict[str, Any]:
        """What `Bar.read` is told."""
        if self.point:
            return {"crash_at": f"{self.point}:{self.number}:{self.signal.name}"}
        return {"signals": {self.number: self.signal}}


class Pair(NamedTuple):
    """One fault and one death."""

    fault: Fault
    death: Death


def faults() -> list[Fault]:
    """Return every fault. An answer that is well-formed and lies is none of these: see `hostile.py`."""
    whens = [(path, times, after) for path, calls in AFTER.items() for after in calls for times in TIMES]
    return [Fault(path, what, times, after) for path, times, after in whens for what in KINDS]


def deaths(steps: Sequence[str]) -> list[Death]:
    """Return every death that a reading of these steps (`fork.steps`) can die."""
    passages = Counter(step.removeprefix("point ") for step in steps if step.startswith("point "))
    places = [(name, number + 1) for name, times in passages.items() for number in range(times)]
    places += [("", number + 1) for number in range(len(steps))]
    return [Death(*place, each) for place in places for each in SIGNALS]


def pairs(steps: Sequence[str], seed: int, *, share: int, of: int) -> Iterator[Pair]:
    """Draw pairs until there are no more; each of `of` shares has pairs of its own, whatever its steps are."""
    all_faults, all_deaths = faults(), deaths(steps)
    numbers = list(range(len(all_faults) * len(all_deaths)))
    random.Random(seed).shuffle(numbers)
    for number in numbers:
        fault, place = divmod(number, len(all_deaths))
        death = all_deaths[place]
        if (fault + death.number) % of == share:
            yield Pair(all_faults[fault], death)
