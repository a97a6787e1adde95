"""A bar that goes on and on: evening after evening, each with closings of hundreds of lines, none sold twice."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Drink
from tests.faults.conftest import Bar
from tests.faults.long.ledger import Ledger
from tests.jobs.conftest import LAST_NIGHT

POURED, SERVING_ML = "VRE CHABLIS", 125  # what the fixture `bar` has linked
KEYS = (POURED, "PINTE", "DEMI", "CAFE", "VRE CHINON", "KIR", "PASTIS", "PLANCHE MIXTE")
TRIALS_AN_EVENING = 8
DAYS = 4  # from an evening to the next: those of the last week are read again each time, and cost time
REMEMBERED = timedelta(days=30)  # of the till: ours asks for nothing older
PER_ORDER = 8


class Evenings:
    """The bar's till and clock moved on. Big closings are just too old to be read again each night: see `sell`."""

    def __init__(self, bar: Bar, chance: random.Random, *, closings: int, lines: int) -> None:
        """Sell `closings` of so many `lines` each time."""
        self.bar, self.chance, self.closings, self.lines = bar, chance, closings, lines
        self.evening, self.sales = LAST_NIGHT, 0
        self.ledger = Ledger(db.session.scalars(select(Drink)).one(), POURED, SERVING_ML)
        for closing in bar.till.closings:
            self.ledger.write(closing)

    def next(self) -> None:
        """One more evening: it is six in the morning after it, and the till has closed it."""
        self.evening += timedelta(days=DAYS)
        self.bar.app.config["NOW"] = clock.at_hour(self.evening + timedelta(days=1), 6, "Europe/Paris")
        self._close(5, date=self.evening)
        young = self.bar.app.config["NOW"] - REMEMBERED
        self.bar.till.closings[:] = [each for each in self.bar.till.closings if each.created_at > young]
        self.bar.till.requests.clear()

    def sell(self) -> None:
        """Some closings that nobody knows yet, of the evening eight days ago, made the day before it was too old."""
        self.sales += 1
        closed_at = self.bar.app.config["NOW"] - timedelta(days=7, hours=8)
        for number in range(self.closings):
            device = f"iPad {self.sales}-{number}"
            self._close(self.lines, date=self.evening - timedelta(days=7), closed_at=closed_at, device=device)

    def _close(self, lines: int, **fields: Any) -> None:
        sold = [(self.chance.choice(KEYS), self.chance.randrange(1, 10)) for _ in range(lines)]
        closing = self.bar.till.closing(sold, per_order=PER_ORDER, **fields)
        closing.freeze_totals()
        self.ledger.write(closing)

    def check_right(self) -> None:
        """All is there once."""
        self.ledger.check_right(self.evening, self.bar.venue.id)
