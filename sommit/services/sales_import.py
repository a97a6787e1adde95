"""From the till's closings to sales: which to read, and each replaced whole in one transaction (CONTRACT §8)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Date, Insert, Table, bindparam, case, delete, func, insert, literal, or_, select

from sommit import clock
from sommit.extensions import db
from sommit.jalia.lines import Line, Money
from sommit.jalia.payload import Report
from sommit.jalia.reading import Reading
from sommit.jalia.units import Unit
from sommit.models import Closing, ReferenceSum, SaleLine, TillConnection, Venue
from sommit.refusals import N_
from sommit.services import catalogue
from sommit.services.stock import TAKES

READ_AGAIN = timedelta(days=7)  # closings younger than this are read again each night: tills amend (CONTRACT §8.4)
MARGIN = timedelta(days=1)  # nobody says which date and zone the till's filter tests (CONTRACT §3.2)
WINDOW = timedelta(days=31)  # a long history is asked for month by month: memory stays flat
CHUNK = 1000
LINES, SUMS = cast(Table, SaleLine.__table__), cast(Table, ReferenceSum.__table__)

DENIED = N_("La caisse ne connaît plus ce service resté ouvert : il n’a pas été clôturé, donc rien n’a été importé.")
ANOTHER = N_(
    "Sous le même identifiant, la caisse montre une autre clôture : "
    "les ventes de la première sont gardées, rien n’a été remplacé."
)
EMPTIED = N_("Cette clôture est revenue sans aucune note : ses ventes sont gardées, rien n’a été remplacé.")


class Written(NamedTuple):
    """What one closing's replacement wrote: nothing when the reading was the one already stored, or is not trusted."""

    lines: int = 0
    new_references: int = 0
    replaced: bool = False
    kept: str | None = None  # why the former lines were kept, in French


def windows(connection: TillConnection, venue: Venue) -> Iterator[tuple[date, date]]:
    """Give the periods to ask the till for, oldest first, both days included.

    From the first evening on a first reading; else the seven days before the last good reading, and all since
    (CONTRACT §8.3 and §8.9). One day more on each side.
    """
    since = connection.read_from
    if connection.read_at is not None:
        since = max(since, _young(connection, venue))
    since, until = since - MARGIN, clock.local_date(clock.now(), venue.timezone) + MARGIN
    while since <= until:
        yield since, min(since + WINDOW, until)
        since += WINDOW + timedelta(days=1)


def due(venue: Venue, connection: TillConnection, reports: Iterable[Report]) -> list[Report]:
    """Return the finalized closings that have to be read, oldest first; remember those that still run (§8.3-4)."""
    reports = list(reports)
    known = _known(venue.id, [report.id for report in reports])
    young = _young(connection, venue)
    chosen = []
    for report in reports:
        if _day(report, venue) < connection.read_from:
            continue
        closing = known.get(report.id)
        if not report.is_closed:
            _runs(closing or _new(venue, report))
        elif closing is None or _may_differ(closing, report) or _last_day(report, venue) >= young:
            chosen.append(report)
    return sorted(chosen, key=lambda report: (_opened_at(report), report.id))


def _young(connection: TillConnection, venue: Venue) -> date:
    """The first day whose closings may have been amended since a good reading last looked."""
    now = clock.now()
    return clock.local_date(min(connection.read_at or now, now), venue.timezone) - READ_AGAIN


def unfinished(venue_id: int, listed: Iterable[str]) -> list[str]:
    """Return the till's ids of closings to ask for one by one: still running, or not taken over, however old."""
    query = select(Closing.till_id).where(
        Closing.venue_id == venue_id, or_(Closing.finalized_at.is_(None), Closing.problem.is_not(None))
    )
    return sorted(set(db.session.scalars(query)) - set(listed))


def deny(venue_id: int, till_id: str) -> bool:
    """Note that the till knows a running shift no more, and return whether that is news.

    It is asked for again each night; until it is back its evening has no closing. What is known of another closing
    stays as it is, and is always news.
    """
    closing = _find(venue_id, till_id)
    if closing is None or closing.problem == DENIED:
        return False
    if closing.finalized_at is None and closing.problem is None:
        closing.problem = DENIED
    return True


def _runs(closing: Closing) -> None:
    if closing.problem == DENIED:
        closing.problem = None


def known_unit(venue_id: int, report: Report) -> Unit | None:
    """Return the unit of money that the closing's former reading decided (CONTRACT §3.1.5)."""
    closing = _find(venue_id, report.id)
    return Unit(closing.unit) if closing is not None and closing.fingerprint else None


def replace(venue: Venue, reading: Reading) -> Written:
    """Replace a closing's lines by a new reading, in the caller's transaction: same id, old lines out, new lines in.

    Reading the same thing again writes nothing. A closing that comes back without any note while it had some is kept
    as it is and says so (CONTRACT §8.6-7); so is one whose id the till has given to another (FAULTS 54, 55).
    """
    closing = _find(venue.id, reading.report.id)
    doubt = _doubt(closing, reading) if closing is not None and closing.lines else None
    if closing is not None and doubt:
        closing.problem = doubt
        return Written(kept=doubt)
    if closing is not None and closing.fingerprint == reading.fingerprint:
        _note_report(closing, reading.report)
        return Written()
    ids, new = catalogue.take_over_lines(venue.id, reading.lines)
    closing = closing or Closing(venue_id=venue.id, till_id=reading.report.id)
    _note_report(closing, reading.report)
    _note_reading(closing, reading, venue)
    db.session.add(closing)
    db.session.flush()
    _swap_lines(closing, reading.lines, ids)
    return Written(len(reading.lines), new, replaced=True)


def _doubt(closing: Closing, reading: Reading) -> str | None:
    """Why a closing that has lines is not replaced by a reading: that has no note, or none of the closing's own."""
    if reading.empty:
        return EMPTIED
    if closing.opened_at == reading.opened_at:
        return None
    mine = SaleLine.venue_id == closing.venue_id, SaleLine.closing_id == closing.id
    former = set(db.session.scalars(select(SaleLine.order_id).where(*mine)))
    return ANOTHER if former.isdisjoint(line.order_id for line in reading.lines) else None


def empty(closing: Closing) -> None:
    """Take a closing's lines out of the books. Its row stays, and any reading of it brings them back."""
    _clear(closing)
    closing.lines = closing.total_cents = closing.turnover_cents = closing.difference_cents = 0
    closing.fingerprint, closing.read_at, closing.control, closing.problem = None, clock.now(), {}, None


def set_aside(venue: Venue, report: Report, problem: str) -> None:
    """Record why a closing could not be taken over; what was stored of it stays, and it is asked for again."""
    closing = _find(venue.id, report.id) or _new(venue, report)
    closing.problem = problem


def _find(venue_id: int, till_id: str) -> Closing | None:
    query = select(Closing).where(Closing.venue_id == venue_id, Closing.till_id == till_id).with_for_update()
    found: Closing | None = db.session.scalar(query)
    return found


def _known(venue_id: int, till_ids: list[str]) -> dict[str, Closing]:
    rows = db.session.scalars(select(Closing).where(Closing.venue_id == venue_id, Closing.till_id.in_(till_ids)))
    return {closing.till_id: closing for closing in rows}


def _may_differ(closing: Closing, report: Report) -> bool:
    return closing.fingerprint is None or closing.problem is not None or closing.till_updated_at != report.updated_at


def _last_day(report: Report, venue: Venue) -> date:
    """The local day on which a closing was made: a forgotten one, made days after its evening, is as young as that."""
    opened = _day(report, venue)
    return max(opened, clock.local_date(report.finalized_at, venue.timezone)) if report.finalized_at else opened


def _day(report: Report, venue: Venue) -> date:
    """The evening a closing belongs to: the local day on which its shift was opened (CONTRACT §8.8)."""
    return clock.local_date(_opened_at(report), venue.timezone)


def _opened_at(report: Report) -> datetime:
    return report.started_at or report.finalized_at or report.created_at or clock.now()


def _new(venue: Venue, report: Report) -> Closing:
    closing = Closing(
        venue_id=venue.id,
        till_id=report.id,
        opened_at=report.started_at,
        business_date=_day(report, venue),
        total_cents=report.total_sales_cents,
        number=report.report_number,
        device=report.device_name,
    )
    db.session.add(closing)
    db.session.flush()
    return closing


def _note_report(closing: Closing, report: Report) -> None:
    closing.number, closing.device = report.report_number, report.device_name
    closing.finalized_at, closing.till_updated_at = report.finalized_at, report.updated_at
    closing.problem = None


def _note_reading(closing: Closing, reading: Reading, venue: Venue) -> None:
    closing.opened_at = reading.opened_at
    closing.business_date = clock.local_date(reading.opened_at, venue.timezone)
    closing.total_cents = reading.report.total_sales_cents
    closing.turnover_cents = reading.turnover_cents
    closing.difference_cents = reading.difference_cents
    closing.unit = reading.unit.value
    closing.lines = len(reading.lines)
    closing.fingerprint = reading.fingerprint
    closing.read_at = clock.now()
    closing.control = {
        "causes": list(reading.causes),
        "gaps": [[gap.till_id, gap.label, gap.ours_milli, gap.theirs_milli, list(gap.causes)] for gap in reading.gaps],
        "held": list(reading.held),
        "opened_from_orders": reading.opened_from_orders,
        "unit_changed": reading.unit_changed,
        "modifiers": _modifiers(reading.lines),
    }


def _modifiers(lines: Sequence[Line]) -> list[list[Any]]:
    """The options chosen on lines that were not cancelled, with thousandths of times: they move no stock (§7.5)."""
    chosen: Counter[str] = Counter()
    for line in lines:
        if line.money is not Money.CANCELED:
            for name in line.modifiers:
                chosen[name] += line.quantity_milli
    return [[name, milli] for name, milli in sorted(chosen.items(), key=lambda one: (-one[1], one[0]))]


def _swap_lines(closing: Closing, lines: Sequence[Line], ids: dict[str, int]) -> None:
    _clear(closing)
    rows = [_line_row(closing, line, ids[line.till_id]) for line in lines]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(LINES), rows[start : start + CHUNK])
    sum_up(closing)


def _clear(closing: Closing) -> None:
    for table in (SUMS, LINES):
        mine = (table.c.venue_id == closing.venue_id, table.c.closing_id == closing.id)
        db.session.execute(delete(table).where(*mine))


def sum_up(closing: Closing) -> None:
    """Write what a closing did to each reference. The database adds up the lines it has just stored."""
    db.session.execute(_SUM_UP, {"closing": closing.id, "day": closing.business_date})


def _sum_up() -> Insert:
    taken, paid = LINES.c.stock.in_(TAKES), LINES.c.money == Money.TURNOVER.value
    keys = (LINES.c.closing_id, LINES.c.reference_id, LINES.c.venue_id)
    sums = {
        "first_sold_at": func.min(LINES.c.sold_at),
        "last_sold_at": func.max(LINES.c.sold_at),
        "taken_milli": _sum(LINES.c.quantity_milli, where=taken),
        "sold_milli": _sum(LINES.c.quantity_milli, where=paid),
        "sales": _sum(literal(1), where=paid),
        "turnover_cents": _sum(func.coalesce(LINES.c.total_cents, 0), where=paid),
    }
    rows = select(*keys, bindparam("day", type_=Date()), *sums.values()).group_by(*keys)
    names = [*(key.name for key in keys), "business_date", *sums]
    return insert(SUMS).from_select(names, rows.where(LINES.c.closing_id == bindparam("closing")))


def _sum(value: Any, *, where: Any) -> Any:
    return func.sum(case((where, value), else_=0))


_SUM_UP: Final = _sum_up()  # built once: building it takes longer than running it


def _line_row(closing: Closing, line: Line, reference_id: int) -> dict[str, Any]:
    return {
        "closing_id": closing.id,
        "order_id": line.order_id,
        "position": line.position,
        "venue_id": closing.venue_id,
        "reference_id": reference_id,
        "sold_at": line.sold_at,
        "label": line.label,
        "tariff": line.tier,
        "quantity_milli": line.quantity_milli,
        "unit_price_cents": line.unit_price_cents,
        "total_cents": line.total_cents,
        "stock": line.stock.value,
        "money": line.money.value,
        "reason": line.reason,
    }
