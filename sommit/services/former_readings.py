"""What a closing said each time that it was read, as far as the till's answers are kept (FAULTS 57-59)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from sqlalchemy import and_, select

from sommit.extensions import db
from sommit.jalia import answers
from sommit.jalia.errors import TillError
from sommit.jalia.lines import Line
from sommit.jalia.reading import Reading, read_closing
from sommit.jalia.units import CatalogPrices, Unit
from sommit.models import Closing, Drink, Link, TillReference
from sommit.services import catalogue, line_changes, raw_readings, stock
from sommit.services.line_changes import Change

LATEST = 20  # readings of one closing that are opened: nobody compares more


class Effect(NamedTuple):
    """What a change does to the stock of a drink, with the links of now: microlitres given back, or taken (below 0)."""

    drink: Drink
    ul: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading of a closing; money in cents, None where unknown.

    `read_at` is when the till first answered so, `last_at` when it last did. `stored`: what it says is in the books.
    `changes` are against the reading before it, None where that one is not kept or one of the two cannot be read any
    more; `lines` is None where this one cannot.
    """

    id: int
    read_at: datetime
    last_at: datetime
    stored: bool
    turnover_cents: int | None
    total_cents: int | None
    lines: tuple[Line, ...] | None
    changes: list[Change] | None
    effects: list[Effect]


def of(closing: Closing) -> list[Seen]:
    """Return the kept readings of a closing, the latest first. The same number of statements whatever their number."""
    kept = raw_readings.of(closing, LATEST)
    prices = catalogue.prices(closing.venue_id) if kept else {}
    read = [_open(closing, one.answers, prices) for one in kept]
    changes = [_changes(former, reading) for reading, former in zip_longest(read, read[1:])]
    pours = _Pours(closing.venue_id, [change for some in changes for change in some or ()])
    return [
        _seen(closing, one, reading, changed, pours.effects(changed or ()))
        for one, reading, changed in zip(kept, read, changes, strict=True)
    ]


def given_back(closing: Closing, seen: Sequence[Seen]) -> list[Effect]:
    """Return what taking a closing's lines out of the books would give back to each drink's stock."""
    stored = next((one.lines for one in seen if one.stored), None) or ()
    without = [Change(line, None) for line in stored]
    return _Pours(closing.venue_id, without).effects(without)


def latest(closing: Closing) -> tuple[raw_readings.Stored, Reading] | None:
    """Return what the till last said of a closing, read anew. None: not kept any more. Raises TillError."""
    kept = raw_readings.of(closing, 1)
    return (kept[0], _read(closing, kept[0].answers, catalogue.prices(closing.venue_id))) if kept else None


def _open(closing: Closing, packed: bytes, prices: CatalogPrices) -> Reading | None:
    try:
        return _read(closing, packed, prices)
    except TillError:
        return None


def _read(closing: Closing, packed: bytes, prices: CatalogPrices) -> Reading:
    source = answers.unpack(packed)
    unit = Unit(closing.unit) if closing.fingerprint else None
    return read_closing(source, source.report, catalogue_prices=prices, known_unit=unit, location_id=None)


def _changes(before: Reading | None, after: Reading | None) -> list[Change] | None:
    return line_changes.between(before.lines, after.lines) if before and after else None


def _seen(
    closing: Closing,
    kept: raw_readings.Stored,
    reading: Reading | None,
    changes: list[Change] | None,
    effects: list[Effect],
) -> Seen:
    return Seen(
        id=kept.id,
        read_at=min(kept.applied_at or kept.read_at, kept.read_at),
        last_at=kept.read_at,
        stored=reading is not None and reading.fingerprint == closing.fingerprint,
        turnover_cents=reading.turnover_cents if reading else None,
        total_cents=reading.report.total_sales_cents if reading else None,
        lines=reading.lines if reading else None,
        changes=changes,
        effects=effects,
    )


class _Pours:
    """What the keys of some changes pour now, and from when on it counts."""

    def __init__(self, venue_id: int, changes: Sequence[Change]) -> None:
        self.links: dict[str, list[tuple[Link, Drink]]] = defaultdict(list)
        keys = sorted({change.line.till_id for change in changes})
        if not keys:
            return
        query = (
            select(TillReference.till_id, Link, Drink)
            .join(Link, and_(Link.venue_id == TillReference.venue_id, Link.reference_id == TillReference.id))
            .join(Drink, and_(Drink.venue_id == Link.venue_id, Drink.id == Link.drink_id))
            .where(TillReference.venue_id == venue_id, TillReference.till_id.in_(keys), Link.broken_at.is_(None))
            .order_by(Link.id)
        )
        for till_id, link, drink in db.session.execute(query):
            self.links[till_id].append((link, drink))
        self.starts = stock.starts(venue_id)

    def effects(self, changes: Sequence[Change]) -> list[Effect]:
        """Return what changes do to the stock of each drink, those without an effect left out."""
        drinks: dict[int, Drink] = {}
        given_back: dict[int, int] = defaultdict(int)
        for change in changes:
            for line, sign in ((change.before, 1), (change.after, -1)):
                for drink, ul in self._taken(line) if line else ():
                    drinks[drink.id] = drink
                    given_back[drink.id] += sign * ul
        return [Effect(drinks[drink_id], ul) for drink_id, ul in given_back.items() if ul]

    def _taken(self, line: Line) -> Iterator[tuple[Drink, int]]:
        """What a line takes from each drink, as services/stock.py counts it."""
        if line.stock.value not in stock.TAKES:
            return
        for link, drink in self.links[line.till_id]:
            start = self.starts.get(drink.id)
            bounds = start, link.starts_at
            late_enough = start is not None and all(since is None or line.sold_at >= since for since in bounds)
            if late_enough and (link.ends_at is None or line.sold_at < link.ends_at):
                yield drink, line.quantity_milli * link.serving_ml
