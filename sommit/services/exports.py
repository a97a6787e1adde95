"""Files for Excel in French: UTF-8 with its mark, semicolons, decimal commas, days as 13/06/2026 (RFC 4180 quoting).

A text that a spreadsheet would take for a formula gets an apostrophe before it; a number never does.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, select

from sommit.extensions import db
from sommit.models import Drink, Link, TillReference

Cell = str | int | Decimal | date | None

BOM = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
ROWS_AT_ONCE = 500


def written(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a file, some hundred rows at a time."""
    lines: list[str] = [BOM]
    writer = csv.writer(_Lines(lines), delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(name) for name in head])
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if len(lines) > ROWS_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


class _Lines:
    """A file that csv.writer writes into: keeps the lines in a list."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def cell(value: Cell) -> str:
    """Return what stands in one cell; None is an empty one."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


def decimal(value: int, places: int) -> Decimal:
    """Return an integer of cents (2), thousandths (3) and the like as the number that it means."""
    return Decimal(value).scaleb(-places)


def quantity(value: int, places: int) -> Decimal:
    """Return the same without zeros at its end: 2,5 and 12 rather than 2,500 and 12,000."""
    return decimal(value, places).normalize()


def links(venue_id: int) -> Iterator[tuple[Link, TillReference, Drink]]:
    """Yield the links of a venue that were not broken, those that ended included, by the till's label."""
    query = (
        select(Link, TillReference, Drink)
        .join(TillReference, and_(TillReference.venue_id == Link.venue_id, TillReference.id == Link.reference_id))
        .join(Drink, and_(Drink.venue_id == Link.venue_id, Drink.id == Link.drink_id))
        .where(Link.venue_id == venue_id, Link.broken_at.is_(None))
        .order_by(TillReference.label, TillReference.id, Link.id)
    )
    return (tuple(row) for row in db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))
