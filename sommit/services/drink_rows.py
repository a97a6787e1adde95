"""One row of a spreadsheet, or one form filled in by hand: the drink that it describes, and what was counted of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sommit.refusals import N_, Refusal
from sommit.services import cells as cell
from sommit.services import library
from sommit.services.cells import Cells
from sommit.services.headings import Sheet
from sommit.services.spreadsheet import Row

STANDARD_ML = 750  # where nobody says the format
_TEXTS = ("name", "producer", "appellation", "region", "country")
_SAID_BY = {"price_cents": "price", "glass_price_cents": "glass_price", "threshold_ml": "threshold"}


class TooManyCells(Refusal):
    """A row with more cells than there are columns: an unquoted separator, probably."""

    sentence = N_("La ligne a plus de cases que le fichier n’a de colonnes. Un séparateur est-il resté dans un texte ?")


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: an entry that the library can take, and the stock, if it was counted (`at`: now if None)."""

    entry: library.Entry
    columns: frozenset[str]  # those that the file has, blank or not
    counted_ml: int | None = None
    at: datetime | None = None

    def over(self, known: library.Entry) -> library.Entry:
        """Return a known drink with what the row says; a column that the file does not have leaves its value alone."""
        silent = {name for name in library.FIELDS if _SAID_BY.get(name, name) not in self.columns} - {"volume_ml"}
        kept: dict[str, Any] = {name: getattr(known, name) for name in silent}
        return replace(self.entry, **kept)


def read(cells: Cells, timezone: str, unit: str = "") -> Said:
    """Return what the cells of one row say, by the name of their column; `unit` is that of a bare volume.

    Raises a Refusal whose `field` is the column at fault.
    """
    for text in cells.values():
        if text.startswith("="):
            raise cell.Formula(typed=text[: cell.SHOWN])
    volume_ml = cell.volume(cells, unit)
    entry = library.checked(_entry(cells, STANDARD_ML if volume_ml is None else volume_ml))
    counted_ml = cell.millilitres(cells, "stock", entry.volume_ml)
    when = cells.get("counted_at", "")
    at = cell.instant(when, timezone) if when else None
    return Said(entry, frozenset(cells), counted_ml, None if counted_ml is None else at)


def _entry(cells: Cells, volume_ml: int) -> library.Entry:
    texts: dict[str, str] = {name: cells.get(name, "") for name in _TEXTS}
    colour, category = cell.colour(cells.get("colour", "")), cells.get("category", "")
    return library.Entry(
        vintage=cell.vintage(cells),
        volume_ml=volume_ml,
        category="wine" if colour in cell.WINE_COLOURS and not category else cell.category(category),
        colour=colour,
        price_cents=cell.cents(cells, "price"),
        glass_price_cents=cell.cents(cells, "glass_price"),
        threshold_ml=cell.millilitres(cells, "threshold", volume_ml),
        **texts,
    )


def each(sheet: Sheet, timezone: str) -> Iterator[tuple[int, str, Said | Refusal]]:
    """Return every row of a sheet: its number, its name as it is written, and what it says or why it is refused."""
    columns = [name.partition(":")[0] for name in sheet.columns]
    unit = next((name.partition(":")[2] for name in sheet.columns if name.startswith("volume:")), "")
    for number, texts in sheet.rows:
        cells = {name: text for name, text in zip(columns, texts + [""] * len(columns), strict=False) if name}
        try:
            yield number, cells["name"], _said((number, texts), cells, len(columns), timezone, unit)
        except Refusal as refusal:
            yield number, cells["name"], refusal


def _said(row: Row, cells: Cells, width: int, timezone: str, unit: str) -> Said:
    if any(row[1][width:]):
        raise TooManyCells()
    return read(cells, timezone, unit)
