"""A till that answers what `generated` makes of its true answers, and a reader of it in a process of its own."""

import gc
import json
import mmap
import os
import random
import struct
import time
import traceback
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from demo.simulator import Server, Till
from demo.simulator.faults import ALWAYS
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Closing, Night, RawReading, ReferenceSum, SaleLine, TillReference, Venue
from sommit.services import till_connection
from tests import factories
from tests.faults.generated import generated
from tests.jobs.conftest import LAST_NIGHT
from tests.support import fork
from tests.web.conftest import Browser, sign_in

ROUNDS_A_VENUE = 25  # a venue's list grows with every key that a mad till makes up
LOOK_EVERY = 10  # rounds between two looks at the screens
HEAL_EVERY = 4  # rounds between two readings of the till in its right mind
EVENINGS = 7  # all of them are read again each night
WARM = 0.2  # of the answers: what a process needs at all is in memory by then
PAGES = "/caisse", "/ventes", "/boissons/a-synchroniser", "/boissons/quoi-de-neuf"
RESOURCES = {"catalogue": "/v1/catalog/", "closings": "/v1/reports/*", "notes": "/v1/orders/*"}
MAD = (("notes",),) * 5 + (("closings",), ("catalogue", "notes"), ("closings", "notes"), tuple(RESOURCES))
ASIDE = "held", "to_check", "loss"  # lines shown by themselves, for what they are; a good answer has none of them
TOLD = "causes", "gaps", "held", "opened_from_orders"
SHIFT = "<ii"  # the round, 0 while the till behaves; how many hostile answers it has given

#: Of one key: thousandths taken and sold. Of one closing: its evening, its keys, its cents.
Keys = dict[str, tuple[int, int]]
Books = dict[str, tuple[date, Keys, int]]


@dataclass
class Figures:
    """What became of so many hostile answers; each mishap with the round that plays it again."""

    answers: int = 0
    readings: int = 0
    pages: int = 0
    crashes: list[str] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    not_healed: list[str] = field(default_factory=list)
    warm_mb: float = 0
    end_mb: float = 0
    seconds: float = 0

    @property
    def growth_mb(self) -> float:
        """Return how much memory the reader took once it was warm, in MB."""
        return self.end_mb - self.warm_mb

    def __str__(self) -> str:
        rate = self.answers / max(self.seconds, 0.001)
        return (
            f"{self.answers} generated answers, {self.readings} readings, {self.pages} pages, {rate:.0f} a second: "
            f"{len(self.crashes)} crashes, {len(self.unflagged)} unflagged nights, {len(self.not_healed)} not healed, "
            f"memory {self.warm_mb:.0f} MB warm, {self.end_mb:.0f} MB at the end"
        )


class MadTill:
    """Decides, on the till's side, which answers are changed; the reader's process says when, in shared memory."""

    def __init__(self, seed: int) -> None:
        self.seed, self.shared, self.asked = seed, mmap.mmap(-1, struct.calcsize(SHIFT)), Counter[int]()

    def change(self, resource: str, answer: Any) -> Any:
        """Return a good answer as it is, or a hostile form of it."""
        number, answers = struct.unpack(SHIFT, self.shared[:])
        if not number:
            return answer
        self.asked[number] += 1
        mood, each = random.Random(f"{self.seed} {number}"), random.Random(f"{self.seed} {number} {self.asked[number]}")
        if resource not in mood.choice(MAD) or each.random() > mood.choice((0.5, 1, 1)):
            return answer
        self.shared[:] = struct.pack(SHIFT, number, answers + 1)
        return generated(self.seed, number * 1000 + self.asked[number], answer)

    def go_mad(self, number: int) -> None:
        """Change answers from now on; 0: behave."""
        self.shared[:] = struct.pack(SHIFT, number, self.answers)

    @property
    def answers(self) -> int:
        """Return how many hostile answers were given so far."""
        return int(struct.unpack(SHIFT, self.shared[:])[1])


def run(app: Flask, server: Server, seed: int, number: int) -> Figures:
    """Have a venue's till read until it has given `number` hostile answers."""
    till, mad = _till(), MadTill(seed)
    server.tills.append(till)
    for resource, path in RESOURCES.items():
        server.faults.add(path, times=ALWAYS, till=till, edit=partial(mad.change, resource))
    said, told = os.pipe()
    with os.fdopen(said) as answer:

        def read() -> int:
            text = json.dumps(asdict(_Reader(app, till, mad).read(number)))
            os.write(told, text[:60_000].encode())
            return 0

        code = fork.call(app, read, longest_s=4 * 3600, started=lambda _pid: os.close(told))
        server.faults.clear()
        assert code == 0, f"the reader ended with {code}, seed {seed}"
        return Figures(**json.loads(answer.read()))


def _till() -> Till:
    till = Till(token="the-key-of-a-mad-till", name="Le Fou du roi")
    for label, cents in (("VRE CHINON", 650), ("BT CHINON", 3200), ("PINTE", 800), ("MOJITO", 1100)):
        till.product(label, price_cents=cents, category="Bar")
    for days in range(EVENINGS):
        lines = [("VRE CHINON", 6 + days), ("BT CHINON", 2), ("VRE CHINON", 1), ("PINTE", 11), ("MOJITO", 4)]
        till.closing(lines, date=LAST_NIGHT - timedelta(days=days), per_order=2)
    return till


class _Reader:
    """The reader's process: hostile readings and good ones by turns."""

    def __init__(self, app: Flask, till: Till, mad: MadTill) -> None:
        self.app, self.till, self.mad, self.figures = app, till, mad, Figures()

    def read(self, number: int) -> Figures:
        began, turn, figures = time.monotonic(), 0, self.figures
        while self.mad.answers < number:
            if turn % ROUNDS_A_VENUE == 0:
                self.move_in()
            turn += 1
            self.round(turn)
            if not figures.warm_mb and self.mad.answers >= number * WARM:
                figures.warm_mb = _memory_mb()
        figures.answers, figures.seconds, figures.end_mb = self.mad.answers, time.monotonic() - began, _memory_mb()
        return figures

    def move_in(self) -> None:
        """A new venue with the same till, and its books as they should be."""
        self.venue = factories.venue("Le Fou du roi")
        till_connection.keep(self.venue, self.till.token, till_connection.attempt(self.venue, self.till.token))
        db.session.commit()
        self.client = Browser(self.app, self.app.response_class)
        sign_in(self.client, factories.user(self.venue).email)
        import_night.read_till(self.venue.id)
        self.good = books(self.venue)
        assert len(self.good) == len(self.till.closings)

    def round(self, turn: int) -> None:
        forget(self.venue)
        self.mad.go_mad(turn)
        self.attempt(turn, self.ask)
        self.mad.go_mad(0)
        self.figures.unflagged += [f"round {turn}: {why}" for why in unflagged(self.venue, self.good)]
        if turn % LOOK_EVERY == 0:
            for page in PAGES:
                self.attempt(turn, partial(self.look, page))
        if turn % HEAL_EVERY == 0:
            self.attempt(turn, self.ask)
            now = books(self.venue)
            if {one: now.get(one) for one in self.good} != self.good:
                self.figures.not_healed.append(f"round {turn}")

    def ask(self) -> None:
        self.figures.readings += 1
        import_night.read_till(self.venue.id)

    def look(self, page: str) -> None:
        db.session.rollback()
        assert self.client.get(page).status_code == 200, page
        self.figures.pages += 1

    def attempt(self, turn: int, work: Any) -> None:
        """Do something that nothing may break."""
        try:
            work()
        except Exception:
            self.figures.crashes.append(f"round {turn}: {traceback.format_exc()[-1500:]}")
        db.session.rollback()


def forget(venue: Venue) -> None:
    """Begin again: no closing was read, no evening is settled."""
    for row in db.session.scalars(select(ReferenceSum).where(ReferenceSum.venue_id == venue.id)):
        db.session.delete(row)
    for row in db.session.scalars(select(Closing).where(Closing.venue_id == venue.id)):
        db.session.delete(row)
    for table in (RawReading, Night):
        db.session.execute(delete(table).where(table.venue_id == venue.id))
    db.session.commit()


def books(venue: Venue) -> Books:
    """What is stored of each closing, by what the till calls it."""
    closings = {one.id: one for one in db.session.scalars(select(Closing).where(Closing.venue_id == venue.id))}
    found: Books = {one.till_id: (one.business_date, {}, 0) for one in closings.values()}
    query = select(ReferenceSum, TillReference.till_id).join(TillReference)
    for row, key in db.session.execute(query.where(ReferenceSum.venue_id == venue.id)):
        day, keys, cents = found[closings[row.closing_id].till_id]
        keys[key] = row.taken_milli, row.sold_milli
        found[closings[row.closing_id].till_id] = day, keys, cents + row.turnover_cents
    db.session.rollback()
    return found


def unflagged(venue: Venue, good: Books) -> list[str]:
    """The closings that are not as they should be, and of which nobody is told.

    The evening is the till's own word, and nothing contradicts it (CONTRACT §8.8): two closings that change theirs are
    not found, and are right again with the next good reading.
    """
    stored, now = {one.till_id: one for one in _rows(Closing, venue)}, books(venue)
    states = {night.business_date: night.state for night in _rows(Night, venue)}
    silent = []
    for till_id, (day, *wanted) in good.items():
        _, *found = now.get(till_id, (None,))
        if found != wanted and not _is_told(stored.get(till_id)) and states.get(day) == "imported":
            silent.append(f"{till_id}: {found} instead of {wanted}")
    made_up = [one for till_id, one in stored.items() if till_id not in good and now[till_id][1]]
    silent += [f"{one.till_id}: a closing that never was" for one in made_up if not _is_told(one)]
    db.session.rollback()
    return silent


def _rows(table: Any, venue: Venue) -> list[Any]:
    return list(db.session.scalars(select(table).where(table.venue_id == venue.id)))


def _is_told(closing: Closing | None) -> bool:
    if closing is None:
        return False
    doubts = closing.problem, closing.difference_cents, closing.finalized_at is None, closing.turnover_cents is None
    of_it = SaleLine.venue_id == closing.venue_id, SaleLine.closing_id == closing.id
    set_aside = select(SaleLine.position).where(*of_it, SaleLine.stock.in_(ASIDE)).limit(1)
    if db.session.scalar(set_aside) is not None:
        return True
    return any(doubts) or closing.total_cents is None or any(closing.control.get(name) for name in TOLD)


def _memory_mb() -> float:
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * mmap.PAGESIZE / 1e6
