"""A cellar from a spreadsheet: the rows that are good go in, the others are listed with what is wrong (INTERFACES)."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sommit.extensions import db
from sommit.matching.text import fold
from sommit.models import Count, Drink, Venue
from sommit.refusals import N_, Refusal
from sommit.services import cellar_facts, library
from sommit.services import cells as cell
from sommit.services.cells import Cells

STANDARD_ML = 750  # where the file does not say the format


class NoNameColumn(Refusal):
    """The first line does not name the columns."""

    sentence = N_("La première ligne du fichier doit nommer les colonnes, dont « name ».")


class NotText(Refusal):
    """The file is no text in UTF-8."""

    sentence = N_("Ce fichier n’est pas un CSV en UTF-8. Enregistrez-le ainsi depuis le tableur, puis recommencez.")


class TooManyCells(Refusal):
    """A row with more cells than there are columns: an unquoted separator, probably."""

    sentence = N_("La ligne a plus de cases que le fichier n’a de colonnes. Un séparateur est-il resté dans un texte ?")


@dataclass(slots=True)
class Outcome:
    """What a file brought: how many drinks were added, updated, left as they were; and the rows refused, by line."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def went_in(self) -> int:
        """Return how many rows are in the library now."""
        return self.added + self.updated + self.unchanged


def take_in(venue: Venue, content: bytes) -> Outcome:
    """Add or update a venue's drinks from a CSV; a `stock` cell becomes a count unless it says what the last one said.

    A row whose name, producer, appellation, vintage and volume are those of a drink updates it. Raises NotText,
    NoNameColumn; what is wrong with a row is in the outcome.
    """
    outcome = Outcome()
    for number, row in _rows(content):
        try:
            with db.session.begin_nested():
                _take_row(venue, row, outcome)
        except Refusal as refusal:
            outcome.refused.append((number, str(refusal)))
    return outcome


def _rows(content: bytes) -> Iterator[tuple[int, dict[str | None, Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText() from None
    if "\0" in text:
        raise NotText()
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    reader.fieldnames = [fold(name or "").strip() for name in reader.fieldnames or ()]
    if "name" not in reader.fieldnames:
        raise NoNameColumn()
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise NotText() from None


def _take_row(venue: Venue, row: dict[str | None, Any], outcome: Outcome) -> None:
    if None in row:
        raise TooManyCells()
    cells: Cells = {str(name): (text or "").strip() for name, text in row.items()}
    entry = library.checked(_entry(cells))
    counted = _counted(cells, venue)
    drink = library.find(venue.id, entry)
    if drink is None:
        drink = library.add(venue.id, entry)
        outcome.added += 1
    elif library.change(drink, _merged(drink, entry, cells)):
        outcome.updated += 1
    else:
        outcome.unchanged += 1
    if counted is not None:
        _count(drink, *counted)


def _entry(row: Cells) -> library.Entry:
    volume_ml = _volume_ml(row)
    return library.Entry(
        name=row["name"],
        vintage=cell.whole(row, "vintage"),
        volume_ml=volume_ml,
        category=cell.category(row.get("category", "")),
        colour=cell.colour(row.get("colour", "")),
        price_cents=cell.cents(row, "price"),
        glass_price_cents=cell.cents(row, "glass_price"),
        threshold_ml=cell.millilitres(row, "threshold", volume_ml),
        **{name: row.get(name, "") for name in ("producer", "appellation", "region", "country")},
    )


def _volume_ml(row: Cells) -> int:
    volume_ml = cell.whole(row, "volume_ml")
    return STANDARD_ML if volume_ml is None else volume_ml


def _merged(drink: Drink, entry: library.Entry, row: Cells) -> library.Entry:
    """A column that the file does not have leaves the drink's own value alone."""
    absent = {"price_cents": "price", "glass_price_cents": "glass_price", "threshold_ml": "threshold"}
    kept: dict[str, Any] = {name: getattr(drink, name) for name in library.FIELDS if absent.get(name, name) not in row}
    return replace(entry, **kept)


def _count(drink: Drink, quantity_ml: int, at: datetime | None) -> None:
    """Make a count, unless the last one (of that instant, where the file gives one) says the same."""
    query = select(Count.quantity_ml).where(Count.venue_id == drink.venue_id, Count.drink_id == drink.id)
    if at is not None:
        query = query.where(Count.at == at)
    if db.session.scalar(query.order_by(Count.at.desc(), Count.id.desc()).limit(1)) == quantity_ml:
        return
    cellar_facts.count(drink, quantity_ml=quantity_ml, at=at)


def _counted(row: Cells, venue: Venue) -> tuple[int, datetime | None] | None:
    volume_ml = _volume_ml(row)
    quantity_ml = cell.millilitres(row, "stock", volume_ml)
    text = row.get("counted_at", "")
    at = cell.instant(text, venue.timezone) if text else None
    return None if quantity_ml is None else (quantity_ml, at)
