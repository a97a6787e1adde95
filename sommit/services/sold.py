"""What each key of a till has sold, all nights together: years of nights, so it is summed again only where one changed.

Kept in this process. The closings say whether they are still those that were summed; each use asks them first.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from flask import current_app
from sqlalchemy import func, literal, select

from sommit.extensions import Instant, db
from sommit.models import Closing, ReferenceSum, SaleLine
from sommit.services import key_since, stock
from sommit.statements import built_once

MOST_VENUES = 64  # in one process; the sums of 300 keys take some 50 kB


@dataclass(frozen=True, slots=True)
class Sold:
    """What one key has sold: thousandths, how many lines, cents, and the first evening."""

    milli: int = 0
    sales: int = 0
    turnover_cents: int = 0
    since: date | None = None


NOTHING = Sold()


def of(venue_id: int) -> Mapping[int, Sold]:
    """Return what each key of a venue has sold, by the reference's id; one that never sold is not there.

    A key that became another product has sold what it did since then.
    """
    shelf: _Shelf = current_app.extensions.setdefault("sommit_sold", _Shelf())
    others = key_since.all_of(venue_id)
    told = _closings(venue_id), others
    kept = shelf.get(venue_id)
    if kept is None or kept[0] != told:
        kept = (told, _summed(venue_id) | {key: since(venue_id, key, start) for key, start in others.items()})
        shelf.put(venue_id, kept)
    return kept[1]


def _closings(venue_id: int) -> Any:
    """What no change of a closing leaves as it was: each new reading of one has its own instant."""
    return tuple(db.session.execute(*_told(venue_id)).one())


@built_once()
def _told(venue_id: Any) -> Any:
    told = func.count(), func.max(Closing.id), func.max(Closing.read_at), func.sum(Closing.turnover_cents)
    return select(*told).where(Closing.venue_id == venue_id)


def _summed(venue_id: int) -> dict[int, Sold]:
    """Closing by closing, as the sums lie: three times as fast as key by key."""
    mine = ReferenceSum.closing_id.in_(select(Closing.id).where(Closing.venue_id == venue_id))
    sums = (
        func.sum(ReferenceSum.sold_milli),
        func.sum(ReferenceSum.sales),
        func.sum(ReferenceSum.turnover_cents),
        func.min(ReferenceSum.business_date),
    )
    found = db.session.execute(select(ReferenceSum.reference_id, *sums).where(mine).group_by(ReferenceSum.reference_id))
    return {key: Sold(int(milli), int(sales), int(cents), since) for key, milli, sales, cents, since in found}


def since(venue_id: int, reference_id: int, start: datetime) -> Sold:
    """Return what one key has sold from an instant on."""
    milli, sales, cents, first = db.session.execute(*_since(venue_id, reference_id, start)).one()
    return Sold(int(milli), int(sales), int(cents), first)


@built_once(start=Instant())
def _since(venue_id: Any, reference_id: Any, start: Any) -> Any:
    paid = SaleLine.money == "turnover"
    figures = (
        (ReferenceSum.sold_milli, SaleLine.quantity_milli),
        (ReferenceSum.sales, literal(1)),
        (ReferenceSum.turnover_cents, SaleLine.total_cents),
    )
    sums = (func.coalesce(func.sum(stock.within(start, None, whole, part, paid)), 0) for whole, part in figures)
    mine = ReferenceSum.venue_id == venue_id, ReferenceSum.reference_id == reference_id
    return select(*sums, func.min(ReferenceSum.business_date)).where(*mine, ReferenceSum.last_sold_at >= start)


class _Shelf:
    """The sums of this process; those that were made longest ago go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[int, tuple[Any, dict[int, Sold]]] = OrderedDict()

    def get(self, venue_id: int) -> tuple[Any, dict[int, Sold]] | None:
        with self._lock:
            return self._kept.get(venue_id)

    def put(self, venue_id: int, sums: tuple[Any, dict[int, Sold]]) -> None:
        with self._lock:
            self._kept[venue_id] = sums
            self._kept.move_to_end(venue_id)
            if len(self._kept) > MOST_VENUES:
                self._kept.popitem(last=False)
