"""A house as a platform runs it: a Valkey, a scheduler, workers, on one database; and venues whose nights are due."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from demo import tether, valkey
from demo.simulator import Server, Till
from demo.simulator.closing import Closing as Sold
from demo.simulator.faults import ALWAYS
from sommit import clock
from sommit.extensions import db
from sommit.jobs import queue
from sommit.models import Closing, Night, SaleLine
from sommit.services import nights, till_connection
from tests import factories
from tests.conftest import KEY
from tests.house.processes import descendants

PATIENCE_S = 900.0  # far beyond every goal: a slow machine makes a bad figure, not a failure
NOTICE_S = 0.2
CLOSINGS, LINES = 6, 40
STUCK_S = 600.0  # what a till that is stuck waits before each answer

_numbers = count(1)


@dataclass
class Place:
    """A venue whose night is due, and its till, which answers about so many closings (`stuck`) and then no more."""

    venue_id: int
    till: Till
    evening: date
    stuck: int

    def in_mid_night(self) -> bool:
        """Whether a reader has asked for what does not come."""
        return sum(request.path == "/v1/orders/" for request in list(self.till.requests)) > self.stuck

    def night(self) -> tuple[str, datetime | None]:
        """The night's state, and until when a reader holds it. No transaction stays open: SQLite's keeps all out."""
        mine = Night.venue_id == self.venue_id, Night.business_date == self.evening
        found = db.session.execute(select(Night.state, Night.lease_until).where(*mine)).one_or_none()
        db.session.rollback()
        return tuple(found) if found else ("unknown", None)

    def right(self) -> bool:
        """Whether the night is imported, by a reader that has ended."""
        return self.night() == ("imported", None)

    def lost_or_doubled(self) -> int:
        """How many lines of the till are not stored once; a closing that is stored with another sum counts whole."""
        sums = func.count(), func.coalesce(func.sum(SaleLine.quantity_milli), 0)
        query = select(Closing.till_id, *sums).join(SaleLine, SaleLine.closing_id == Closing.id)
        rows = db.session.execute(query.where(Closing.venue_id == self.venue_id).group_by(Closing.till_id))
        stored = {row[0]: (row[1], int(row[2])) for row in rows}
        db.session.rollback()
        sold = {closing.id: _sold(closing) for closing in self.till.closings}
        assert stored.keys() <= sold.keys()
        return sum(lines for closing, (lines, milli) in sold.items() if stored.get(closing) != (lines, milli))


def _sold(closing: Sold) -> tuple[int, int]:
    items = [item for order in closing.orders for item in order.items]
    return len(items), sum(int(item.quantity * 1000) for item in items)


@dataclass
class House:
    """The processes; `directory` is theirs. Workers may be on another machine: see `elsewhere.py`."""

    app: Flask
    server: Server
    directory: Path
    database_url: str
    socket: Path
    workers: list[subprocess.Popen[str]] = field(default_factory=list)
    _valkey: subprocess.Popen[str] | None = None

    @property
    def redis_url(self) -> str:
        """Where Redis answers, whenever it does."""
        return f"unix://{self.socket}"

    def start_redis(self, *, empty: bool = False) -> None:
        """Start Redis at its address, with what it knew or without."""
        data = self.directory / "valkey"
        if empty:
            shutil.rmtree(data, ignore_errors=True)
        self._valkey = tether.start(valkey.command(data, self.socket))
        valkey.wait_ready(self.redis_url)

    def stop_redis(self) -> None:
        """Stop Redis."""
        if self._valkey:
            tether.stop(self._valkey)

    def start(self, command: str, machine: str = "") -> subprocess.Popen[str]:
        """Start `flask COMMAND`, on another machine where one is named."""
        env = os.environ | {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "JALIA_API_URL": self.server.url,
            "TOKEN_KEYS": KEY,
            "SECRET_KEY": self.app.config["SECRET_KEY"],
            "ELSEWHERE": str(self.directory / machine),
        }
        application = "tests.faults.long.elsewhere" if machine else "app"
        with (self.directory / f"{command}.log").open("a") as log:
            return tether.start([sys.executable, "-m", "flask", "--app", application, command], env=env, output=log)

    def start_workers(self, *machines: str) -> None:
        """Start a worker on each machine; "" is this one."""
        self.workers += [self.start("worker", machine) for machine in machines]

    def kill_workers(self) -> None:
        """Kill every worker with its job, at once."""
        for pid in [pid for worker in self.workers for pid in sorted(descendants(worker.pid))]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        tether.stop(*self.workers)
        self.workers.clear()

    def open(self, *, stuck: int | None = None) -> Place:
        """A venue opens, where it is noon, and its till has closed last night."""
        number, now = next(_numbers), datetime.now(UTC)
        zone = f"Etc/GMT{now.hour - 12:+d}"
        venue = factories.venue(f"Le Zinc {number}", timezone=zone)
        evening = nights.evening_before(venue, now)
        till = Till(token=f"the-key-of-number-{number}", name=venue.name)
        _close(till, evening, zone)
        place = Place(venue.id, till, evening, CLOSINGS if stuck is None else stuck)
        if stuck is not None:
            self.server.faults.add("/v1/orders/", till=till, after=stuck, times=ALWAYS, delay=STUCK_S)
        self.server.tills.append(till)
        till_connection.keep(venue, till.token, till_connection.attempt(venue, till.token))
        db.session.commit()
        till.requests.clear()
        queue.enqueue_import(place.venue_id)
        return place


def _close(till: Till, evening: date, zone: str) -> None:
    opened_at = clock.at_hour(evening, 17, zone)
    for number in range(CLOSINGS):
        lines = [(f"KEY {line % 9}", 1 + (line * 7 + number) % 5) for line in range(LINES)]
        hours = {"opened_at": opened_at + timedelta(minutes=number), "closed_at": opened_at + timedelta(hours=5)}
        till.closing(lines, device=f"iPad {number}", **hours)


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until `what()` is true."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < PATIENCE_S, "waited in vain"
        time.sleep(NOTICE_S)


def seconds_until_right(places: list[Place], since: float) -> list[float]:
    """Wait until every night is right; return after how many seconds each was, since an instant of `monotonic`."""
    ends: dict[int, float] = {}

    def all_right() -> bool:
        for place in places:
            if place.venue_id not in ends and place.right():
                ends[place.venue_id] = time.monotonic() - since
        return len(ends) == len(places)

    wait_for(all_right)
    return list(ends.values())


@contextmanager
def house(app: Flask, server: Server, directory: Path, database_url: str) -> Iterator[House]:
    """Open a house with a Redis and a scheduler; whatever it started ends with the block."""
    with ExitStack() as stack:
        made = House(app, server, directory, database_url, stack.enter_context(valkey.socket_path()))
        app.config["REDIS_URL"] = made.redis_url
        made.start_redis()
        stack.callback(made.stop_redis)
        scheduler = made.start("scheduler")
        stack.callback(lambda: tether.stop(scheduler, *made.workers))
        yield made
