"""The list "à synchroniser": the till's keys with what they have sold and what is proposed for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select

from sommit.extensions import db
from sommit.models import Drink, Link, ReferenceSum, Suggestion, TillReference
from sommit.services import sold, till_links
from sommit.statements import built_once

STILL_POSSIBLE = 0.5  # of the best score


class State(StrEnum):
    """Where a reference stands. Exactly one fits."""

    TO_SYNC = "to_sync"
    LINKED = "linked"
    IGNORED = "ignored"


class Show(StrEnum):
    """Which rows the list shows."""

    SOLD = "vendues"
    ALL = "toutes"
    IGNORED = "ignorees"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. Money in cents, quantities in thousandths."""

    reference: TillReference
    state: State
    sold_milli: int
    sales: int
    turnover_cents: int
    sold_since: date | None
    suggestion: Suggestion | None
    drink: Drink | None  # the suggestion's

    @property
    def possible(self) -> int:
        """Return how many drinks may be meant: those that explain at least half as much as the best one does."""
        scores = [candidate["score"] for candidate in self.suggestion.candidates] if self.suggestion else []
        return sum(score >= scores[0] * STILL_POSSIBLE for score in scores)

    @property
    def is_open_question(self) -> bool:
        """Return whether several drinks may be meant. Another vintage than the label's is a "presque", no question."""
        said = self.suggestion
        if said is None or self.drink is None or said.decision != "ask" or self.possible < 2:
            return False
        return said.vintage is None or said.vintage == self.drink.vintage

    @property
    def sold(self) -> bool:
        """Return whether the row bears the tag icon: it was sold at least once."""
        return self.sales > 0

    @property
    def is_sure(self) -> bool:
        """Return whether a "oui" needs no second look: the engine suggests the drink, and nothing known contradicts."""
        said = self.suggestion
        if said is None or said.decision != "oui" or self.drink is None or self.drink.archived_at is not None:
            return False
        of_drink = [one["evidence"] for one in said.candidates if one["drink_id"] == self.drink.id]
        return not any(state == "differs" for evidence in of_drink for _, state, *_ in evidence)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many references each filter shows, and how many are linked."""

    sold: int
    all: int
    ignored: int
    linked: int


def is_linked(venue_id: Any) -> Any:
    """Return the condition that a reference of a venue is linked now (SQL): one list, not a look for each reference."""
    live = select(Link.reference_id).where(Link.venue_id == venue_id, till_links.is_live())
    return TillReference.id.in_(live)


def count_to_sync(venue_id: int) -> int:
    """Return N of "N boissons à synchroniser": neither linked nor ignored, sold or only in the catalogue."""
    return int(db.session.scalar(*_waiting(venue_id)))


@built_once()
def _waiting(venue_id: Any) -> Any:
    waiting = and_(TillReference.venue_id == venue_id, TillReference.ignored_at.is_(None), ~is_linked(venue_id))
    return select(func.count()).select_from(TillReference).where(waiting)


def counts(venue_id: int) -> Counts:
    """Return how many references wait, how many of them were sold, how many are ignored, how many linked."""
    return Counts(*db.session.execute(*_counts(venue_id)).one())


@built_once()
def _counts(venue_id: Any) -> Any:
    # One look at the index for each reference; the list of all that was ever sold would be years long.
    sold = exists().where(
        ReferenceSum.venue_id == venue_id, ReferenceSum.reference_id == TillReference.id, ReferenceSum.sales > 0
    )
    waiting = and_(TillReference.ignored_at.is_(None), ~is_linked(venue_id))
    return select(
        func.count(case((and_(waiting, sold), 1))),
        func.count(case((waiting, 1))),
        func.count(case((TillReference.ignored_at.is_not(None), 1))),
        func.count(case((TillReference.ignored_at.is_(None) & is_linked(venue_id), 1))),
    ).where(TillReference.venue_id == venue_id)


def listed(venue_id: int, show: Show, keep: int | None = None) -> list[Row]:
    """Return the rows of the list: sold ones first, by turnover, then those only in the catalogue, by label.

    `keep` is a reference that stays in its place whatever its state: the one that is open, or just answered.
    """
    wanted = TillReference.ignored_at.is_(None) & ~is_linked(venue_id)
    if show is Show.IGNORED:
        wanted = TillReference.ignored_at.is_not(None)
    found = db.session.execute(_rows(venue_id).where(or_(wanted, TillReference.id == keep)))
    sums = sold.of(venue_id)
    rows = [_row(row, sums) for row in found]
    if show is Show.SOLD:
        rows = [row for row in rows if row.sold or row.reference.id == keep]
    return sorted(rows, key=lambda row: place(row.sales > 0, row.turnover_cents, row.reference.label, row.reference.id))


def place(was_sold: bool, turnover_cents: int, label: str, reference_id: int) -> tuple[bool, int, str, int]:
    """Return what the list is sorted by."""
    return not was_sold, -turnover_cents, label, reference_id


def row(venue_id: int, reference_id: int) -> Row:
    """Return one line of the list, whatever its state. Raises till_links.NoSuchReference."""
    found = db.session.execute(*_one(venue_id, reference_id)).one_or_none()
    if found is None:
        raise till_links.NoSuchReference(reference=reference_id)
    return _row(found, sold.of(venue_id))


def several(venue_id: int, reference_ids: Collection[int]) -> list[Row]:
    """Return some lines of the list, oldest key first, whatever their state. Raises till_links.NoSuchReference."""
    query = _rows(venue_id).where(TillReference.id.in_(reference_ids)).order_by(TillReference.id)
    sums = sold.of(venue_id)
    rows = [_row(found, sums) for found in db.session.execute(query)]
    if missing := set(reference_ids) - {row.reference.id for row in rows}:
        raise till_links.NoSuchReference(reference=min(missing))
    return rows


@dataclass(frozen=True, slots=True)
class Listed:
    """A reference for the command `references list`."""

    reference: TillReference
    state: State
    sold: bool
    links: list[Link]


def everything(venue_id: int) -> list[Listed]:
    """Return every reference of a venue with its state and its live links, by label."""
    links: dict[int, list[Link]] = {}
    for link in db.session.scalars(
        select(Link).where(Link.venue_id == venue_id, till_links.is_live()).order_by(Link.id)
    ):
        links.setdefault(link.reference_id, []).append(link)
    found = db.session.execute(_rows(venue_id).order_by(TillReference.label, TillReference.id))
    sums = sold.of(venue_id)
    rows = [_row(row, sums) for row in found]
    return [Listed(row.reference, row.state, row.sold, links.get(row.reference.id, [])) for row in rows]


@built_once()
def _one(venue_id: Any, reference_id: Any) -> Any:
    return _rows(venue_id).where(TillReference.id == reference_id)


def _rows(venue_id: Any) -> Select[Any]:
    return (
        select(TillReference, is_linked(venue_id), Suggestion, Drink)
        .outerjoin(Suggestion, Suggestion.reference_id == TillReference.id)
        .outerjoin(Drink, Drink.id == Suggestion.drink_id)
        .where(TillReference.venue_id == venue_id)
    )


def _row(found: Any, sold_by: Mapping[int, sold.Sold]) -> Row:
    reference, linked, suggestion, drink = found
    sums = sold_by.get(reference.id, sold.NOTHING)
    return Row(
        reference=reference,
        state=State.IGNORED if reference.ignored_at else State.LINKED if linked else State.TO_SYNC,
        sold_milli=sums.milli,
        sales=sums.sales,
        turnover_cents=sums.turnover_cents,
        sold_since=sums.since,
        suggestion=suggestion,
        drink=drink,
    )
