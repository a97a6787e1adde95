"""What a spreadsheet would do to the cellar, row by row, before anything is written. Reads only."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Count, Drink, Venue
from sommit.refusals import Refusal
from sommit.services import drink_rows, library
from sommit.services.drink_rows import Said
from sommit.services.headings import Sheet


class Act(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a row replaces, as the library keeps it; `name` is the entry's field, or "stock"."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Counted:
    """A count that a row makes, in millilitres; `at` None: when the row goes in."""

    quantity_ml: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file, and what it does."""

    number: int
    name: str
    act: Act
    entry: library.Entry | None = None
    changes: tuple[Change, ...] = ()
    counted: Counted | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a file, in its order."""

    lines: tuple[Line, ...]

    def of(self, act: Act) -> list[Line]:
        """Return the rows of one kind."""
        return [line for line in self.lines if line.act is act]

    @property
    def writes(self) -> int:
        """Return how many rows change something."""
        return len(self.of(Act.ADD)) + len(self.of(Act.UPDATE))

    @property
    def fingerprint(self) -> str:
        """Return what tells this plan from another: the same file over another cellar is another plan."""
        said = [(line.number, line.act.value, line.entry, line.changes, line.counted) for line in self.lines]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


@dataclass(slots=True)
class _Cellar:
    """What the cellar holds at a row: what it held before the file, and what the rows above have brought."""

    entries: dict[str, library.Entry]
    last_ml: dict[str, int]  # the last count of a drink
    at_ml: dict[tuple[str, datetime], int] = field(default_factory=dict)  # the last one of an instant


def plan(venue: Venue, sheet: Sheet) -> Plan:
    """Return what taking a sheet in would do. Three statements, however long it is."""
    rows = list(drink_rows.each(sheet, venue.timezone))
    instants = {said.at for _, _, said in rows if isinstance(said, Said) and said.at}
    cellar = _held(venue.id, instants)
    return Plan(tuple(_line(cellar, number, name, said) for number, name, said in rows))


def _line(cellar: _Cellar, number: int, name: str, said: Said | Refusal) -> Line:
    if isinstance(said, Refusal):
        return Line(number, name, Act.REFUSE, refusal=said)
    identity = library.identity(said.entry)
    known = cellar.entries.get(identity)
    entry = said.over(known) if known else said.entry
    counted = _counted(cellar, identity, said)
    changes = _changes(known, entry) if known else ()
    act = Act.UPDATE if changes or counted else Act.UNCHANGED
    if counted:
        changes += (Change("stock", cellar.last_ml.get(identity), counted.quantity_ml),)
    _take(cellar, identity, entry, counted)
    return Line(number, library.title(entry), act if known else Act.ADD, entry, changes, counted)


def _changes(known: library.Entry, entry: library.Entry) -> tuple[Change, ...]:
    pairs = ((name, getattr(known, name), getattr(entry, name)) for name in library.FIELDS)
    return tuple(Change(name, before, after) for name, before, after in pairs if before != after)


def _counted(cellar: _Cellar, identity: str, said: Said) -> Counted | None:
    """The row's count, unless the last one (of that instant, where the file gives one) says the same."""
    if said.counted_ml is None:
        return None
    last = cellar.last_ml.get(identity) if said.at is None else cellar.at_ml.get((identity, said.at))
    return None if last == said.counted_ml else Counted(said.counted_ml, said.at)


def _take(cellar: _Cellar, identity: str, entry: library.Entry, counted: Counted | None) -> None:
    cellar.entries[identity] = entry
    if counted:
        cellar.last_ml[identity] = counted.quantity_ml
    if counted and counted.at:
        cellar.at_ml[identity, counted.at] = counted.quantity_ml


def _held(venue_id: int, instants: Iterable[datetime]) -> _Cellar:
    drinks = list(db.session.scalars(select(Drink).where(Drink.venue_id == venue_id, Drink.archived_at.is_(None))))
    entries = {drink.identity: library.as_entry(drink) for drink in drinks}
    identities = {drink.id: drink.identity for drink in drinks}
    wanted = set(instants)
    cellar = _Cellar(entries, {})
    counts = select(Count.drink_id, Count.at, Count.quantity_ml).where(Count.venue_id == venue_id)
    for drink_id, at, quantity_ml in db.session.execute(counts.order_by(Count.at, Count.id)):
        identity = identities.get(drink_id)
        if identity is None:  # of an archived entry
            continue
        cellar.last_ml[identity] = quantity_ml
        if at in wanted:
            cellar.at_ml[identity, at] = quantity_ml
    return cellar
