"""The books worked out anew from the raw facts, line by line, by other code than the screens' own.

Lines are read as a stream, closing by closing: a venue of ten years needs no more memory than one of a week.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Closing, Count, Delivery, Link, Loss, ReferenceSum, SaleLine

UL = 1000  # microlitres in a millilitre
FETCH = 2000  # rows in memory at a time
AGES_AGO, FAR_AWAY = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
NO_SUMS = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Odd:
    """A closing of which something does not hold: `what` is lines, sums or total; the figures said and counted."""

    closing_id: int
    day: date
    what: str
    said: int
    counted: int


@dataclass(slots=True)
class Books:
    """A venue's books as they are worked out: stocks in microlitres, and the closings that contradict themselves."""

    stocks: dict[int, int]
    closings: int = 0
    lines: int = 0
    odd: list[Odd] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Pour:
    """What one link takes from its drink, and when: half-open, from the drink's last count on."""

    drink_id: int
    serving_ml: int
    since: datetime
    until: datetime


def work_out(venue_id: int) -> Books:
    """Work a venue's books out anew. A constant number of statements, in the caller's transaction."""
    origins, books = _facts(venue_id)
    pours = _pours(venue_id, origins)
    lines, sums = _InStep(_lines(venue_id)), _InStep(_sums(venue_id))
    for closing in _closings(venue_id):
        sold = lines.of(closing.id)
        books.closings += 1
        books.lines += len(sold)
        _take(books.stocks, sold, pours)
        books.odd += _contradictions(closing, sold, sums.of(closing.id))
    return books


def twice(venue_id: int, limit: int) -> list[tuple[str, date, date]]:
    """Return the till's notes that stand in two closings, with the two evenings (FAULTS 61)."""
    first, last = func.min(Closing.business_date), func.max(Closing.business_date)
    rows = (
        select(SaleLine.order_id, first, last)
        .join(Closing, Closing.id == SaleLine.closing_id)
        .where(Closing.venue_id == venue_id)
        .group_by(SaleLine.order_id)
        .having(func.min(SaleLine.closing_id) < func.max(SaleLine.closing_id))
        .order_by(SaleLine.order_id)
    )
    return [(order, since, until) for order, since, until in db.session.execute(rows.limit(limit))]


class _InStep:
    """Rows that come in the order of their closings, handed out closing by closing."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, closing_id: int) -> list[Any]:
        """Return the rows of one closing; closings have to be asked for in their order."""
        if self._next is None or self._next[0] != closing_id:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _stream(query: Any) -> Iterator[Any]:
    return iter(db.session.execute(query, execution_options={"yield_per": FETCH}))


def _closings(venue_id: int) -> Iterator[Any]:
    figures = (Closing.total_cents, Closing.turnover_cents, Closing.difference_cents, Closing.lines)
    mine = Closing.venue_id == venue_id
    return _stream(select(Closing.id, Closing.business_date, *figures).where(mine).order_by(Closing.id))


def _lines(venue_id: int) -> Iterator[Any]:
    effect = (SaleLine.quantity_milli, SaleLine.total_cents, SaleLine.stock, SaleLine.money)
    query = select(SaleLine.closing_id, SaleLine.reference_id, SaleLine.sold_at, *effect)
    mine = select(Closing.id).where(Closing.venue_id == venue_id)
    return _stream(query.where(SaleLine.closing_id.in_(mine)).order_by(SaleLine.closing_id))


def _sums(venue_id: int) -> Iterator[Any]:
    sums = (ReferenceSum.taken_milli, ReferenceSum.sold_milli, ReferenceSum.sales, ReferenceSum.turnover_cents)
    mine = select(Closing.id).where(Closing.venue_id == venue_id)
    query = select(ReferenceSum.closing_id, ReferenceSum.reference_id, *sums)
    return _stream(query.where(ReferenceSum.closing_id.in_(mine)).order_by(ReferenceSum.closing_id))


def _facts(venue_id: int) -> tuple[dict[int, datetime], Books]:
    """Where each drink's stock starts, and what people wrote down since."""
    counts, base = _read(Count, venue_id), {}
    for drink_id, at, quantity_ml in counts:
        base[drink_id] = at, quantity_ml  # in the order of their instants: the last one holds
    deliveries = _read(Delivery, venue_id)
    for drink_id, at, _ in deliveries:
        base.setdefault(drink_id, (at, 0))
    stocks = {drink_id: quantity_ml * UL for drink_id, (_, quantity_ml) in base.items()}
    for rows, sign in ((deliveries, UL), (_read(Loss, venue_id), -UL)):
        for drink_id, at, quantity_ml in rows:
            if drink_id in base and at >= base[drink_id][0]:
                stocks[drink_id] += sign * quantity_ml
    return {drink_id: at for drink_id, (at, _) in base.items()}, Books(stocks)


def _read(fact: Any, venue_id: int) -> list[tuple[int, datetime, int]]:
    query = select(fact.drink_id, fact.at, fact.quantity_ml).where(fact.venue_id == venue_id)
    return [(drink_id, at, ml) for drink_id, at, ml in db.session.execute(query.order_by(fact.at, fact.id))]


def _pours(venue_id: int, origins: dict[int, datetime]) -> dict[int, list[_Pour]]:
    """By reference, the links that take from a drink whose stock is known."""
    columns = (Link.reference_id, Link.drink_id, Link.serving_ml, Link.starts_at, Link.ends_at)
    query = select(*columns).where(Link.venue_id == venue_id, Link.broken_at.is_(None))
    pours: dict[int, list[_Pour]] = defaultdict(list)
    for reference_id, drink_id, serving_ml, starts_at, ends_at in db.session.execute(query):
        if drink_id in origins:
            since = max(origins[drink_id], starts_at or AGES_AGO)
            pours[reference_id].append(_Pour(drink_id, serving_ml, since, ends_at or FAR_AWAY))
    return pours


def _take(stocks: dict[int, int], lines: Sequence[Any], pours: dict[int, list[_Pour]]) -> None:
    for line in lines:
        if line.stock in ("sale", "loss"):
            for pour in pours.get(line.reference_id, ()):
                if pour.since <= line.sold_at < pour.until:
                    stocks[pour.drink_id] -= line.quantity_milli * pour.serving_ml


def _contradictions(closing: Any, lines: Sequence[Any], sums: Sequence[Any]) -> Iterator[Odd]:
    """What a closing says of itself that its lines do not say; a difference that it shows is none (FAULTS rule e)."""

    def odd(what: str, said: int, counted: int) -> Odd:
        return Odd(closing.id, closing.business_date, what, said, counted)

    if len(lines) != closing.lines:
        yield odd("lines", closing.lines, len(lines))
    if {row.reference_id: tuple(row[2:]) for row in sums} != (added := _added(lines)):
        yield odd("sums", len(sums), len(added))
    if closing.turnover_cents is None:
        return
    turnover = sum(line.total_cents or 0 for line in lines if line.money == "turnover")
    if turnover != closing.turnover_cents:
        yield odd("total", closing.turnover_cents, turnover)
    elif closing.total_cents is not None and turnover - closing.total_cents != (closing.difference_cents or 0):
        yield odd("total", closing.total_cents, turnover)


def _added(lines: Sequence[Any]) -> dict[int, tuple[int, ...]]:
    """By reference: what was taken and sold, in thousandths, how many sales, and their cents."""
    added: dict[int, tuple[int, ...]] = {}
    for line in lines:
        taken, sold, sales, cents = added.get(line.reference_id, NO_SUMS)
        if line.stock in ("sale", "loss"):
            taken += line.quantity_milli
        if line.money == "turnover":
            sold, sales, cents = sold + line.quantity_milli, sales + 1, cents + (line.total_cents or 0)
        added[line.reference_id] = taken, sold, sales, cents
    return added
