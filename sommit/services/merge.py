"""Two entries of one drink become one. Every fact and link of the one that goes moves to the one that stays.

Stock is derived from its last count, and a count is of one entry. Where both entries have a stock, only a person knows
whether the bottles stood apart, so that they add up, or were counted twice, so that the last count holds.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update

from sommit import clock
from sommit.extensions import db
from sommit.models import Count, Delivery, Drink, Link, Loss, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import archive, library, stock
from sommit.services.archive import Past
from sommit.services.stock import UL

MOVING = (Count, Delivery, Loss, Link)
REASON = N_("Fusion de deux fiches : ce qui manquait")


class SameEntry(Refusal):
    """An entry and itself."""

    sentence = N_("Choisissez une autre fiche que celle-ci.")
    field = "avec"


class OtherFormat(Refusal):
    """A bottle and a magnum: what one bottle is in the one is half a magnum in the other."""

    sentence = N_("Ces deux fiches n’ont pas le même format : ce sont deux boissons.")
    field = "avec"


class Away(Refusal):
    """One of both is archived."""

    sentence = N_("Une de ces deux fiches est archivée. Ressortez-la d’abord.")
    field = "avec"


class BothPoured(Refusal):
    """One key pours both entries: merged, one sale would take twice."""

    sentence = N_("« %(label)s » est liée aux deux fiches. Cassez d’abord l’une des deux liaisons.")
    field = "avec"


class Unsaid(Refusal):
    """Both have a stock, and nobody said which one holds."""

    sentence = N_("Dites d’abord quel stock est le bon.")
    field = "stock"


class Moved(Refusal):
    """Something happened to one of both since the preview."""

    sentence = N_("Une des deux fiches a changé depuis l’aperçu. Voici où elles en sont.")


class Stock(StrEnum):
    """Whose stock holds where both entries have one."""

    ADD = "add"  # the bottles stood apart
    LAST = "last"  # they were counted twice


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do. Stocks in microlitres, None: never counted nor delivered."""

    moves: Past
    keeps_ul: int | None
    goes_ul: int | None
    last_ul: int | None  # after the merge, from the last count of both on; without one, from the first delivery
    last_at: datetime | None  # when that was
    added_ul: int | None  # after the merge if both stocks add up; None where there is nothing to choose
    added_at: datetime | None  # from when on both go on as one

    @property
    def asks(self) -> bool:
        """Return whether somebody has to say which stock holds."""
        return self.added_ul is not None and self.added_ul != self.last_ul

    @property
    def fingerprint(self) -> str:
        """Return what tells this preview from another."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


def preview(keeps: Drink, goes: Drink) -> Preview:
    """Return what merging `goes` into `keeps` would do. Raises SameEntry, OtherFormat, Away, BothPoured."""
    _check(keeps, goes)
    start, joined = _start(keeps, goes), _joined(keeps, goes)
    return Preview(
        moves=archive.past(goes),
        keeps_ul=stock.on_hand(keeps),
        goes_ul=stock.on_hand(goes),
        last_ul=_from(keeps, goes, *start) if start else None,
        last_at=start[0] if start else None,
        added_ul=_from(keeps, goes, *joined) if joined else None,
        added_at=joined[0] if joined else None,
    )


def merge(keeps: Drink, goes: Drink, *, which: Stock | None, seen: str | None = None, by: int | None = None) -> None:
    """Move everything of `goes` to `keeps`, and archive `goes`. `seen` is the fingerprint of the preview agreed to.

    Raises what `preview` raises, Unsaid, and Moved when something happened since.
    """
    library.hold(keeps.venue_id)
    db.session.refresh(keeps)
    db.session.refresh(goes)
    now = preview(keeps, goes)
    if seen is not None and now.fingerprint != seen:
        raise Moved()
    if now.asks and which is None:
        raise Unsaid()
    joined = _joined(keeps, goes) if now.asks and which is Stock.ADD else None
    for kind in MOVING:
        own = (kind.venue_id == goes.venue_id, kind.drink_id == goes.id)
        db.session.execute(update(kind).where(*own).values(drink_id=keeps.id))
    if joined:
        _go_on(keeps, *joined, by)
    library.archive(goes)
    db.session.flush()


def _joined(keeps: Drink, goes: Drink) -> tuple[datetime, int] | None:
    """Where two stocks go on as one: the later of their beginnings, and what both had by then, in millilitres.

    Later facts and sales of both come off it as before; a part of a millilitre is rounded. None where one of both has
    no stock, or neither was ever counted: then there are only deliveries, and they add up by themselves.
    """
    origins = [at for drink in (keeps, goes) if (at := _origin(drink))]
    if len(origins) < 2 or _last_count(keeps, goes) is None:
        return None
    at = max(origins)
    total_ul = sum((stock.on_hand(drink) or 0) - _since(drink, at) for drink in (keeps, goes))
    return at, (2 * total_ul + UL) // (2 * UL)


def _go_on(keeps: Drink, at: datetime, total_ml: int, by: int | None) -> None:
    """Write the sum of two stocks as a count. No count is below zero: what was short is a loss beside it."""
    fact = {"venue_id": keeps.venue_id, "drink_id": keeps.id, "at": at, "created_at": clock.now(), "created_by": by}
    db.session.add(Count(quantity_ml=max(total_ml, 0), **fact))
    if total_ml < 0:
        db.session.add(Loss(quantity_ml=-total_ml, reason=REASON, **fact))


def _from(keeps: Drink, goes: Drink, at: datetime, base_ml: int) -> int:
    """The stock of both together, in microlitres, from what there was at an instant on."""
    return base_ml * UL + sum(_since(drink, at) for drink in (keeps, goes))


def _check(keeps: Drink, goes: Drink) -> None:
    if keeps.id == goes.id:
        raise SameEntry()
    if keeps.volume_ml != goes.volume_ml:
        raise OtherFormat()
    if keeps.archived_at or goes.archived_at:
        raise Away()
    poured = select(Link.reference_id).where(Link.venue_id == keeps.venue_id, Link.broken_at.is_(None))
    shared = select(TillReference.label).where(
        TillReference.id.in_(poured.where(Link.drink_id == keeps.id)),
        TillReference.id.in_(poured.where(Link.drink_id == goes.id)),
    )
    if label := db.session.scalar(shared.limit(1)):
        raise BothPoured(label=label)


def _start(keeps: Drink, goes: Drink) -> tuple[datetime, int] | None:
    """Where the stock of both facts together starts: the last count and its millilitres, else the first delivery."""
    if last := _last_count(keeps, goes):
        return last
    first = [at for drink in (keeps, goes) if (at := _origin(drink))]
    return (min(first), 0) if first else None


def _last_count(keeps: Drink, goes: Drink) -> tuple[datetime, int] | None:
    both = Count.venue_id == keeps.venue_id, Count.drink_id.in_([keeps.id, goes.id])
    last = select(Count.at, Count.quantity_ml).where(*both).order_by(Count.at.desc(), Count.id.desc())
    row = db.session.execute(last.limit(1)).first()
    return (row.at, row.quantity_ml) if row else None


def _origin(drink: Drink) -> datetime | None:
    """Where the stock of one drink starts."""
    at = select(func.max(Count.at)).where(Count.venue_id == drink.venue_id, Count.drink_id == drink.id)
    first = select(func.min(Delivery.at)).where(Delivery.venue_id == drink.venue_id, Delivery.drink_id == drink.id)
    found: datetime | None = db.session.scalar(at) or db.session.scalar(first)
    return found


def _since(drink: Drink, at: datetime) -> int:
    """What came in less what went out from an instant on, in microlitres."""
    came, lost = (_sum(kind, drink, at) for kind in (Delivery, Loss))
    return (came - lost) * UL - sum(taken.ul for taken in stock.nights(drink, at))


def _sum(kind: Any, drink: Drink, at: datetime) -> int:
    own = kind.venue_id == drink.venue_id, kind.drink_id == drink.id, kind.at >= at
    return int(db.session.scalar(select(func.coalesce(func.sum(kind.quantity_ml), 0)).where(*own)))
