"""The stock of one drink, told line by line and day by day: every line is a fact, and together they are the figure."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, or_, select, union_all

from sommit import clock
from sommit.extensions import db
from sommit.models import Count, Delivery, Drink, Link, Loss, TillReference, User
from sommit.services import drink_sales, library, servings, stock, suggestions, till_links
from sommit.services.stock import UL, Taken
from sommit.statements import built_once

PACE_DAYS = 7  # of how many days the pace is taken
DETAILED = timedelta(days=92)  # further back, offered and lost ones are not told apart: each line of the till is read
OLD_COUNT = timedelta(days=45)  # after that a count explains little


@dataclass(frozen=True, slots=True)
class Fact:
    """A count, a delivery or a loss that somebody wrote down. Millilitres."""

    at: datetime
    quantity_ml: int
    by: str = ""  # an e-mail address
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeySales:
    """What one key took since the stock starts: thousandths of a serving, on so many nights."""

    label: str
    serving_ml: int
    nights: int
    taken_milli: int
    offered_milli: int = 0  # of those
    lost_milli: int = 0  # of those, declared on the till

    @property
    def sold_milli(self) -> int:
        """Return what was sold and paid."""
        return self.taken_milli - self.offered_milli - self.lost_milli


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Why the stock is what it is: `base` + deliveries - losses - what the keys took = `left_ul` (microlitres)."""

    base: Fact | None  # the last count; None: never counted, the first delivery starts it
    from_at: datetime
    deliveries: list[Fact]
    losses: list[Fact]
    taken: list[Taken]
    aside: dict[tuple[int, int], tuple[int, int]]  # offered and lost, by reference and serving
    left_ul: int

    @property
    def keys(self) -> list[KeySales]:
        """Return what each key took, one line for each serving, in the order of their first night."""
        found: dict[tuple[int, int], list[Taken]] = defaultdict(list)
        for one in self.taken:
            found[one.reference_id, one.serving_ml].append(one)
        return [
            KeySales(
                those[0].label,
                those[0].serving_ml,
                len({one.business_date for one in those}),
                sum(one.taken_milli for one in those),
                *self.aside.get(key, (0, 0)),
            )
            for key, those in found.items()
        ]


def arithmetic(drink: Drink) -> Arithmetic | None:
    """Return how a drink's stock came about since its last count, None when it has no stock figure."""
    facts: dict[str, list[Fact]] = {kind.__tablename__: [] for kind in (Count, Delivery, Loss)}
    for name, *told in db.session.execute(*_facts(drink.venue_id, drink.id)):
        facts[name].append(Fact(*told))
    counts, deliveries, losses = facts.values()
    if not counts and not deliveries:
        return None
    base = counts[-1] if counts else None
    from_at = base.at if base else deliveries[0].at
    losses = [loss for loss in losses if loss.at >= from_at]
    taken = stock.nights(drink, from_at)
    came_ml = sum(one.quantity_ml for one in (*counts[-1:], *deliveries)) - sum(loss.quantity_ml for loss in losses)
    return Arithmetic(
        base=base,
        from_at=from_at,
        deliveries=deliveries,
        losses=losses,
        taken=taken,
        aside=drink_sales.aside(drink, from_at) if clock.now() - from_at < DETAILED else {},
        left_ul=came_ml * UL - sum(one.ul for one in taken),
    )


@built_once()
def _facts(venue_id: Any, drink_id: Any) -> Any:
    """The last count of a drink (of two at one instant, both) and its moves since; without a count, all of them."""
    mine = Count.venue_id == venue_id, Count.drink_id == drink_id
    last = select(func.max(Count.at)).where(*mine).scalar_subquery()
    kinds = {Count: Count.at == last} | {kind: or_(kind.at >= last, last.is_(None)) for kind in (Delivery, Loss)}
    facts = union_all(*(_told(kind, venue_id, drink_id).where(since) for kind, since in kinds.items())).subquery()
    said = facts.c.at, facts.c.quantity_ml, func.coalesce(User.email, ""), facts.c.reason
    return select(facts.c.kind, *said).outerjoin(User, User.id == facts.c.created_by).order_by(facts.c.at, facts.c.id)


def _told(kind: Any, venue_id: Any, drink_id: Any) -> Any:
    reason = kind.reason if kind is Loss else literal("")
    told = kind.id, kind.at, kind.quantity_ml, kind.created_by, reason.label("reason")
    mine = kind.venue_id == venue_id, kind.drink_id == drink_id
    return select(literal(kind.__tablename__).label("kind"), *told).where(*mine)


@dataclass(slots=True)
class Day:
    """What one day did to the stock, in microlitres, and what was left after it."""

    day: date
    came_ul: int = 0
    lost_ul: int = 0
    taken_ul: int = 0
    left_ul: int = 0


def days(told: Arithmetic, timezone: str) -> list[Day]:
    """Return the days on which something moved since the stock starts, the latest first.

    A sale belongs to the evening of its closing, a fact to the day on the venue's wall.
    """
    found: dict[date, Day] = {}

    def at(day: date) -> Day:
        return found.setdefault(day, Day(day))

    for delivery in told.deliveries:
        at(clock.local_date(delivery.at, timezone)).came_ul += delivery.quantity_ml * UL
    for loss in told.losses:
        at(clock.local_date(loss.at, timezone)).lost_ul += loss.quantity_ml * UL
    for taken in told.taken:
        at(taken.business_date).taken_ul += taken.ul
    left = told.base.quantity_ml * UL if told.base else 0
    ordered = sorted(found.values(), key=lambda one: one.day)
    for one in ordered:
        left += one.came_ul - one.lost_ul - one.taken_ul
        one.left_ul = left
    return ordered[::-1]


def evenings_left(told: Arithmetic, today: date) -> int | None:
    """Return for how many evenings the stock lasts at the pace of the last week; None where nothing was poured."""
    recent = sum(one.ul for one in told.taken if today - timedelta(days=PACE_DAYS) <= one.business_date < today)
    return told.left_ul * PACE_DAYS // recent if recent > 0 and told.left_ul >= 0 else None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A key whose link takes something else than its label says, in millilitres."""

    label: str
    serving_ml: int
    likely_ml: int


@dataclass(frozen=True, slots=True)
class Causes:
    """What a negative stock probably comes from."""

    no_delivery: bool  # none was entered since the stock starts
    old_count: bool
    wrong: list[Wrong]
    siblings: list[Drink]  # other vintages that are there: the till may pour them already


def causes(drink: Drink, told: Arithmetic) -> Causes:
    """Return the likely causes of a stock below zero."""
    stocks = stock.cellar(drink.venue_id)
    return Causes(
        no_delivery=not told.deliveries,
        old_count=clock.now() - told.from_at > OLD_COUNT,
        wrong=_wrong_servings(drink),
        siblings=[one for one in library.siblings(drink) if stocks.get(one.id, 0) > 0],
    )


def _wrong_servings(drink: Drink) -> list[Wrong]:
    poured = db.session.execute(*_poured(drink.venue_id, drink.id))
    house = servings.house(drink.venue_id)
    likely = [(ref.label, ml, suggestions.serving_for(ref, drink, house)) for ref, ml in poured]
    return [Wrong(*one) for one in likely if one[2] < one[1]]


@built_once()
def _poured(venue_id: Any, drink_id: Any) -> Any:
    return (
        select(TillReference, Link.serving_ml)
        .join(Link, Link.reference_id == TillReference.id)
        .where(Link.venue_id == venue_id, Link.drink_id == drink_id, till_links.is_live())
    )
