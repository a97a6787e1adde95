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
from sqlalchemy import func, literal, select, true

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
    told = _told(venue_id)
    kept = shelf.get(venue_id)
    if kept is None or kept[0] != told:
        kept = (told, _summed(venue_id) | {key: since(venue_id, key, start) for key, start in told[1].items()})
        shelf.put(venue_id, kept)
    return kept[1]


def _told(venue_id: int) -> tuple[Any, dict[int, datetime]]:
    """What no change of a closing leaves as it was, each new reading of one having its own instant; and the keys that
    became another product, with the instant. One statement: each use of the sums asks it.
    """
    others: dict[int, datetime] = {}
    rows = db.session.execute(*_closings_and_others(venue_id)).all()
    for key, start, *_ in rows:
        if key is not None:
            others[key] = max(start, others.get(key, start))
    return tuple(rows[0][2:]), others


@built_once()
def _closings_and_others(venue_id: Any) -> Any:
    """The closings are one row; it comes as often as there are such keys, and once without any."""
    told = func.count(), func.max(Closing.id), func.max(Closing.read_at), func.sum(Closing.turnover_cents)
    closings = select(*told).where(Closing.venue_id == venue_id).subquery("closings")
    others = key_since.all_of(venue_id).subquery("others")
    return select(others.c.reference_id, others.c.since, *closings.c).select_from(closings).outerjoin(others, true())


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
