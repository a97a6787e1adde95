"""The match engine of each venue, kept warm in this process. The database stays the truth: each use asks it first."""

from collections import OrderedDict
from dataclasses import fields
from threading import Lock
from typing import Any

from flask import current_app
from sqlalchemy import select

from sommit import matching
from sommit.extensions import db
from sommit.models import Drink, TillReference, Venue
from sommit.statements import built_once

MOST_VENUES = 16  # in one process; an engine of 5,000 drinks takes some 30 MB
_COLUMNS = [getattr(Drink, field.name) for field in fields(matching.Drink)]


def of(venue_id: int) -> "InStep":
    """Return the engine over a venue's library as the current transaction sees it, its own changes included."""
    shelf: _Shelf = current_app.extensions.setdefault("sommit_engines", _Shelf())
    return InStep(venue_id, db.session.scalar(*_version(venue_id)), shelf.take(venue_id))


@built_once()
def _version(venue_id: Any) -> Any:
    return select(Venue.library_version).where(Venue.id == venue_id)


def as_label(reference: TillReference) -> matching.Label:
    """Return a till reference as the engine reads it."""
    category = " ".join(part for part in (reference.category, reference.sub_category) if part)
    return matching.Label(reference.label, category, reference.price_cents)


def as_drink(drink: Drink) -> matching.Drink:
    """Return a drink as the engine knows it."""
    return matching.Drink(**{column.key: getattr(drink, column.key) for column in _COLUMNS})


class InStep:
    """An engine at one version of a library; asks it one question at a time, whatever other threads are doing."""

    def __init__(self, venue_id: int, version: int, warm: "_Warm") -> None:
        self._venue_id, self._version, self._warm = venue_id, version, warm

    def propose(self, label: matching.Label, memory: matching.Memory) -> matching.Proposal:
        """Return the candidates for a label, best first, and what to do with them."""
        with self._warm.lock:
            return self._aligned().propose(label, memory)

    def search(self, text: str, limit: int) -> tuple[matching.Candidate, ...]:
        """Return the drinks that a text may mean while it is being typed, best first."""
        with self._warm.lock:
            return self._aligned().search(text, limit)

    def _aligned(self) -> matching.Engine:
        if self._warm.version != self._version:
            self._warm.align(self._venue_id, self._version)
        return self._warm.engine


class _Warm:
    """An engine and the drinks that it holds. Whoever uses it has its lock."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.version: int | None = None
        self.engine = matching.Engine(())
        self._known: dict[matching.DrinkId, matching.Drink] = {}

    def align(self, venue_id: int, version: int) -> None:
        """Bring the engine to what the database holds, drink by drink."""
        self.version = None  # until it is done: a failure halfway is mended by the next use
        query = select(*_COLUMNS).where(Drink.venue_id == venue_id, Drink.archived_at.is_(None))
        drinks = {row.id: matching.Drink(*row) for row in db.session.execute(query)}
        for gone in self._known.keys() - drinks.keys():
            self.engine.remove(gone)
            del self._known[gone]
        for drink_id, drink in drinks.items():
            if self._known.get(drink_id) != drink:
                self.engine.replace(drink)
                self._known[drink_id] = drink
        self.version = version


class _Shelf:
    """The engines of this process; the one that was not asked for longest goes first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._engines: OrderedDict[int, _Warm] = OrderedDict()

    def take(self, venue_id: int) -> _Warm:
        """Return a venue's engine, an empty one where there is none yet."""
        with self._lock:
            warm = self._engines.setdefault(venue_id, _Warm())
            self._engines.move_to_end(venue_id)
            if len(self._engines) > MOST_VENUES:
                self._engines.popitem(last=False)
            return warm
