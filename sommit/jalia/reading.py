"""A closing read whole: its notes, lines, unit of money and control (CONTRACT §7 and §8.4-5)."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import msgspec

from sommit.jalia.client import Orders
from sommit.jalia.control import Control, Gap, check
from sommit.jalia.errors import N_, NotJalia, OtherVenue
from sommit.jalia.lines import Line, Money, Stock, lines_of
from sommit.jalia.payload import Order, Report
from sommit.jalia.units import CatalogPrices, Unit, Vote, catalogue_prices, check_scale, decide, priced

__all__ = ["CatalogPrices", "Reading", "catalogue_prices", "read_closing"]

READINGS: Final = 3

TWO_VERSIONS: Final = N_(
    "Note %(order)s\u00a0: deux versions différentes sous le même identifiant, la première est gardée."
)
#: Why a line is held: its quantity, its amount.
WHY_HELD: Final = {
    (True, False): N_(
        "Note %(order)s, ligne %(line)s, «\u00a0%(label)s\u00a0»\u00a0: quantité illisible ou hors limites."
    ),
    (False, True): N_(
        "Note %(order)s, ligne %(line)s, «\u00a0%(label)s\u00a0»\u00a0: montant illisible ou hors limites."
    ),
    (True, True): N_(
        "Note %(order)s, ligne %(line)s, «\u00a0%(label)s\u00a0»\u00a0: "
        "quantité illisible ou hors limites et montant illisible ou hors limites."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A closing as its notes tell it.

    `lines` bear their money in cents (None while the unit is unknown) and are sorted by note and position. `opened_at`
    is the shift's, else (`opened_from_orders`) the earliest note's, else the closing's. `empty`: no note at all.
    `fingerprint`: SHA-256 of what is kept, whatever the order of pages and notes. `held`: French sentences, one for
    each line or note that a person must look at. `answers`: the pages of notes as they came.
    """

    report: Report
    lines: tuple[Line, ...]
    unit: Unit
    unit_why: str
    unit_changed: bool
    turnover_cents: int | None
    difference_cents: int | None
    gaps: tuple[Gap, ...]
    causes: tuple[str, ...]
    opened_at: datetime
    opened_from_orders: bool
    empty: bool
    fingerprint: str
    held: tuple[str, ...]
    answers: tuple[bytes, ...]


class Source(Protocol):
    """Who gives the notes of a closing: the till, or its answers that were kept."""

    def orders(self, report_id: str, *, thorough: bool = False) -> Orders:
        """Every note of a closing."""


def read_closing(
    source: Source,
    report: Report,
    *,
    catalogue_prices: CatalogPrices,
    known_unit: Unit | None,
    location_id: str | None,
) -> Reading:
    """Read the notes of a finalized closing; again, three times at most, before a difference is shown (CONTRACT §7.4).

    `location_id` is the venue already known for this key, None before the first closing. `known_unit` is the unit of
    the closing's former reading. Raises OtherVenue, Inconsistent, NotJalia (naming the field), and what the client
    raises; then the closing must be left as it is.
    """
    finalized_at = _check_report(report)
    expected = location_id.lower() if location_id else report.location_id
    former: Reading | None = None
    for attempt in range(READINGS):
        orders = source.orders(report.asked_as, thorough=attempt > 0)
        kept = _own(orders.orders, report, expected)
        lines = lines_of(kept, finalized_at=finalized_at)
        vote = decide(lines, report, catalogue_prices, known_unit)
        lines = tuple(sorted(priced(lines, vote.unit), key=lambda line: (line.order_id, line.position)))
        control = check(lines, report, end_known=orders.end_known)
        reading = _reading(report, kept, lines, control=control, vote=vote, asked=orders)
        settled = not control.unexplained and not orders.conflicts
        doubtful = orders.pages > 1 or not orders.end_known or bool(orders.conflicts)
        if settled or not doubtful or (former and former.fingerprint == reading.fingerprint):
            return reading
        former = reading
    return reading


def _check_report(report: Report) -> datetime:
    if report.unreadable:
        raise NotJalia(f"closing {report.id}", field=report.unreadable[0])
    if report.finalized_at is None:
        raise NotJalia(f"closing {report.id} is not finalized", field="finalizedAt")
    check_scale(report)
    return report.finalized_at


def _own(orders: Sequence[Order], report: Report, location_id: str | None) -> list[Order]:
    """The closing's own notes. Raises OtherVenue.

    A note without reportId is taken, unless the answer also holds notes of another closing: then the till did not
    filter, and such a note belongs to the running service.
    """
    for found in (report.location_id, *(order.location_id for order in orders)):
        if found is not None and location_id is not None and found != location_id:
            raise OtherVenue(f"{found} instead of {location_id}")
    filtered = all(order.report_id in (None, report.id) for order in orders)
    return [order for order in orders if order.report_id == report.id or (filtered and order.report_id is None)]


def _reading(
    report: Report,
    orders: Sequence[Order],
    lines: tuple[Line, ...],
    *,
    control: Control,
    vote: Vote,
    asked: Orders,
) -> Reading:
    held = tuple(_held(lines, asked.conflicts))
    opened = [order.opened_at for order in orders if order.opened_at]
    opened_at = report.started_at or min(opened, default=None) or report.finalized_at
    assert opened_at is not None  # noqa: S101 - a closing without finalizedAt was refused before
    return Reading(
        report=report,
        lines=lines,
        unit=vote.unit,
        unit_why=vote.why,
        unit_changed=vote.changed,
        turnover_cents=control.turnover_cents,
        difference_cents=control.difference_cents,
        gaps=control.gaps,
        causes=control.causes,
        opened_at=opened_at,
        opened_from_orders=report.started_at is None,
        empty=not orders,
        fingerprint=_fingerprint(report, opened_at, (vote.unit, lines, control, held)),
        held=held,
        answers=asked.answers,
    )


def _fingerprint(report: Report, opened_at: datetime, found: tuple[object, ...]) -> str:
    """The till's own dates of writing are left out: a closing touched without a change is the same closing."""
    shift = (report.id, opened_at, report.finalized_at, report.device_name, report.report_number)
    return hashlib.sha256(msgspec.json.encode((shift, report.total_sales_cents, found))).hexdigest()


def _held(lines: Sequence[Line], conflicts: Sequence[str]) -> Iterator[str]:
    for order_id in conflicts:
        yield TWO_VERSIONS % {"order": order_id}
    for line in lines:
        why = WHY_HELD.get((line.stock is Stock.HELD, line.money is Money.HELD))
        if why:
            yield why % {"order": line.order_id, "line": line.position + 1, "label": line.label}
