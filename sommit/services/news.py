"""What a morning brought: how the till's keys have changed since the reading before, and what asks for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from sommit import clock
from sommit.extensions import db
from sommit.jalia.payload import NORMAL
from sommit.matching.text import fold
from sommit.models import (
    Closing,
    Drink,
    KeyQuestion,
    Link,
    Night,
    ReferenceName,
    ReferencePrice,
    ReferenceSum,
    TillReference,
    Venue,
)
from sommit.services import asked_keys, cellar, closing_states, evenings, nights, till_links, turnover
from sommit.services.asked_keys import Asked
from sommit.statements import built_once

LOOKED_BACK = timedelta(days=31)  # for nights that are still missing, and for news

Drinks = dict[int, list[Drink]]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that the till did not have before, and whether it was sold at once."""

    reference: TillReference
    sold: bool


@dataclass(frozen=True, slots=True)
class Repriced:
    """A price that was taken over from the till, in cents; the normal tariff has no name."""

    reference: TillReference
    tariff: str
    before_cents: int
    cents: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A key that is called otherwise."""

    reference: TillReference
    before: str
    label: str


@dataclass(frozen=True, slots=True)
class News:
    """What the readings of one morning brought, until the next. Stocks are those of now: `low` and `below_zero`."""

    evening: date
    first: bool  # the first reading of all: every key is new
    new: list[NewKey]
    repriced: list[Repriced]
    renamed: list[Renamed]
    gone: list[TillReference]
    back: list[TillReference]
    asked: list[Asked]
    amended: list[Closing]
    vanished: list[Closing]
    missing: list[Night]
    below_zero: list[cellar.Line]
    low: list[cellar.Line]
    drinks: Drinks  # what the keys named here pour now
    earlier: date | None  # the evening before, as far back as anybody reads news: a month, and to the first reading

    def __bool__(self) -> bool:
        changed = self.new or self.repriced or self.renamed or self.gone or self.back
        closings = self.amended or self.vanished or self.missing
        return bool(changed or closings or self.asked or self.below_zero or self.low)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to read this morning."""

    new: int
    repriced: int
    renamed: int
    closings: int  # amended, or denied by the till
    asked: int
    known: bool  # the till was read before this morning


def latest(venue: Venue) -> date:
    """Return the evening whose morning it is: the last one that was due."""
    return nights.evening_before(venue, clock.now())


def of(venue: Venue, evening: date) -> News:
    """Return the news of the morning after an evening: from the hour at which it was due to the next one's.

    The same number of statements whatever the number of keys, nights and drinks; a question costs a few of its own.
    """
    start, end = _morning(venue, evening)
    last = latest(venue)
    now = evening == last
    first, new = _is_first(venue.id, start), _new(venue.id, start, end)
    prices, names = _repriced(venue.id, start, end), _names(venue.id, start, end)
    renamed = [Renamed(key, before, label) for key, before, label in names if before and label and before != label]
    lines = cellar.short(venue.id) if now else []
    closings = closing_states.changed(venue.id, start, end)
    one_by_one = [] if first else new
    named: Sequence[NewKey | Repriced | Renamed] = [*one_by_one, *prices, *renamed]
    return News(
        evening=evening,
        first=first and bool(new),
        new=new,
        repriced=prices,
        renamed=renamed,
        gone=[key for key, _before, label in names if label is None],
        back=[key for key, before, label in names if before is None and label is not None],
        asked=_asked(venue.id, start, end, now),
        amended=closings.amended,
        vanished=closings.vanished,
        missing=turnover.unsettled(venue.id, evening - LOOKED_BACK, evening),
        below_zero=[line for line in lines if line.stock_ul is not None and line.stock_ul < 0],
        low=[line for line in lines if line.below_threshold],
        drinks=_drinks(venue.id, [one.reference.id for one in named]),
        earlier=None if first or evening <= last - LOOKED_BACK else evening - timedelta(days=1),
    )


def counts(venue: Venue) -> Counts:
    """Return how much news the latest morning has, in one statement; questions are all those that wait."""
    start, end = _morning(venue, latest(venue))
    waiting = select(func.count(KeyQuestion.id)).where(
        KeyQuestion.venue_id == venue.id, KeyQuestion.answered_at.is_(None)
    )
    changed = _changed_names(venue.id, start, end).subquery()
    renamed = changed.c.label.is_not(None), changed.c.before.is_not(None), changed.c.label != changed.c.before
    figures = (
        select(func.count(TillReference.id)).where(*_seen_first(venue.id, start, end)),
        select(func.count()).select_from(_changed_prices(venue.id, start, end).subquery()),
        select(func.count()).select_from(changed).where(*renamed),
        closing_states.count_changed(venue.id, start, end),
        waiting,
    )
    query = select(*(one.scalar_subquery() for one in figures), _known_before(venue.id, start))
    new, repriced, names, closings, asked, known = db.session.execute(query).one()
    return Counts(new, repriced, names, closings, asked, bool(known))


def _morning(venue: Venue, evening: date) -> tuple[datetime, datetime]:
    start, end = (clock.at_hour(evening + timedelta(days=days), evenings.DUE_HOUR, venue.timezone) for days in (1, 2))
    return start, end


def _known_before(venue_id: Any, start: Any) -> Any:
    return exists().where(TillReference.venue_id == venue_id, TillReference.first_seen_at < start)


def _is_first(venue_id: int, start: datetime) -> bool:
    return not db.session.scalar(*_known(venue_id, start))


@built_once()
def _known(venue_id: Any, start: Any) -> Any:
    return select(_known_before(venue_id, start))


def _seen_first(venue_id: Any, start: Any, end: Any) -> tuple[Any, ...]:
    seen = TillReference.first_seen_at
    return TillReference.venue_id == venue_id, seen >= start, seen < end


def _new(venue_id: int, start: datetime, end: datetime) -> list[NewKey]:
    return [NewKey(*row) for row in db.session.execute(*_new_keys(venue_id, start, end))]


@built_once()
def _new_keys(venue_id: Any, start: Any, end: Any) -> Any:
    sums = ReferenceSum.venue_id == venue_id, ReferenceSum.reference_id == TillReference.id
    sold = exists().where(*sums, ReferenceSum.sales > 0)
    query = select(TillReference, sold).where(*_seen_first(venue_id, start, end))
    return query.order_by(TillReference.label, TillReference.id)


def _asked_about(venue_id: Any, start: Any, end: Any) -> Select[Any]:
    """The keys about which that morning asks: the question says how they have changed."""
    asked = KeyQuestion.asked_at >= start, KeyQuestion.asked_at < end
    return select(KeyQuestion.reference_id).where(KeyQuestion.venue_id == venue_id, *asked)


def _changed_prices(venue_id: Any, start: Any, end: Any) -> Select[Any]:
    """The prices of a period that differ from the one before them, each key and tariff's own."""
    tariff = ReferencePrice.reference_id, ReferencePrice.tariff
    before = func.lag(ReferencePrice.unit_price_cents).over(partition_by=tariff, order_by=ReferencePrice.id)
    columns = (*tariff, ReferencePrice.unit_price_cents.label("cents"), ReferencePrice.seen_at, ReferencePrice.id)
    within = ReferencePrice.seen_at >= start, ReferencePrice.seen_at < end
    touched = select(ReferencePrice.reference_id).where(ReferencePrice.venue_id == venue_id, *within)
    asked = _asked_about(venue_id, start, end)
    mine = ReferencePrice.venue_id == venue_id, ReferencePrice.reference_id.in_(touched.except_(asked))
    told = select(*columns, before.label("before")).where(*mine).subquery()
    changed = told.c.seen_at >= start, told.c.seen_at < end, told.c.before != told.c.cents
    return select(told).where(*changed)


def _repriced(venue_id: int, start: datetime, end: datetime) -> list[Repriced]:
    return [
        Repriced(key, "" if fold(tariff) == NORMAL else tariff, *cents)
        for key, tariff, *cents in db.session.execute(*_priced_otherwise(venue_id, start, end))
    ]


@built_once()
def _priced_otherwise(venue_id: Any, start: Any, end: Any) -> Any:
    changed = _changed_prices(venue_id, start, end).subquery()
    return (
        select(TillReference, changed.c.tariff, changed.c.before, changed.c.cents)
        .join(changed, changed.c.reference_id == TillReference.id)
        .where(TillReference.venue_id == venue_id)
        .order_by(TillReference.label, changed.c.id)
    )


def _changed_names(venue_id: Any, start: Any, end: Any) -> Select[Any]:
    """The names of a period that another one came before; no name: the catalogue did not show the key."""
    key = ReferenceName.reference_id
    before = func.lag(ReferenceName.label).over(partition_by=key, order_by=ReferenceName.id)
    rank = func.row_number().over(partition_by=key, order_by=ReferenceName.id)
    columns = key, ReferenceName.label, ReferenceName.seen_at, ReferenceName.id
    within = ReferenceName.seen_at >= start, ReferenceName.seen_at < end
    touched = select(key).where(ReferenceName.venue_id == venue_id, *within)
    mine = ReferenceName.venue_id == venue_id, key.in_(touched.except_(_asked_about(venue_id, start, end)))
    told = select(*columns, before.label("before"), rank.label("rank")).where(*mine).subquery()
    return select(told).where(told.c.seen_at >= start, told.c.seen_at < end, told.c.rank > 1)


def _names(venue_id: int, start: datetime, end: datetime) -> list[tuple[TillReference, str | None, str | None]]:
    return [(row[0], row[1], row[2]) for row in db.session.execute(*_named_otherwise(venue_id, start, end))]


@built_once()
def _named_otherwise(venue_id: Any, start: Any, end: Any) -> Any:
    changed = _changed_names(venue_id, start, end).subquery()
    return (
        select(TillReference, changed.c.before, changed.c.label)
        .join(changed, changed.c.reference_id == TillReference.id)
        .where(TillReference.venue_id == venue_id)
        .order_by(TillReference.label, changed.c.id)
    )


def _asked(venue_id: int, start: datetime, end: datetime, now: bool) -> list[Asked]:
    """What was asked that morning; this morning also what still waits from before."""
    return (asked_keys.since_or_pending if now else asked_keys.since)(venue_id, start, end)


def _drinks(venue_id: int, reference_ids: list[int]) -> Drinks:
    found: Drinks = {}
    for reference_id, drink in db.session.execute(*_poured(venue_id, reference_ids)) if reference_ids else ():
        found.setdefault(reference_id, []).append(drink)
    return found


@built_once()
def _poured(venue_id: Any, reference_ids: Any) -> Any:
    return (
        select(Link.reference_id, Drink)
        .join(Drink, and_(Drink.venue_id == Link.venue_id, Drink.id == Link.drink_id))
        .where(Link.venue_id == venue_id, Link.reference_id.in_(reference_ids), till_links.is_live())
        .order_by(Link.id)
    )
