"""The rows of the files of *Ventes*: sales by night and key, the stock of today, links; amounts and days as such."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sommit import clock, formats
from sommit.blueprints import wording
from sommit.i18n import gettext as _
from sommit.models import Drink, Link, TillReference
from sommit.services import library
from sommit.services.cellar import Line
from sommit.services.exports import Cell, decimal, quantity, written
from sommit.services.sales_pieces import Piece

Row = tuple[Cell, ...]


def sales(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Yield the sales: sales of a night in which a link began or ended are in two rows."""
    head = (
        _("Nuit"),
        _("Référence de la caisse"),
        _("Catégorie de la caisse"),
        _("État"),
        _("Boissons"),
        _("Ventes"),
        _("CA de la caisse (€)"),
    )
    return written(head, map(_sale, pieces))


def _sale(piece: Piece) -> Row:
    """A turnover of which a part is not known is left out rather than made up."""
    return (
        piece.night,
        piece.reference.label,
        piece.reference.category,
        _state(piece),
        ", ".join(library.title(pour.drink) for pour in piece.pours),
        quantity(piece.sold_milli, 3),
        None if piece.unpriced else decimal(piece.turnover_cents, 2),
    )


def _state(piece: Piece) -> str:
    if piece.pours:
        return _("liée")
    return _("ignorée") if piece.reference.ignored_at else _("à synchroniser")


def stock(lines: Iterable[Line], today: date) -> Iterator[bytes]:
    """Yield the stock of each drink; one that was never counted nor delivered has an empty cell."""
    head = (
        _("Jour"),
        _("Boisson"),
        _("Domaine"),
        _("Appellation"),
        _("Millésime"),
        _("Catégorie"),
        _("Format (cl)"),
        _("Stock (formats)"),
        _("Stock (l)"),
        _("Seuil (formats)"),
    )
    return written(head, (_stock(line, today) for line in lines))


def _stock(line: Line, today: date) -> Row:
    drink, stock_ul = line.drink, line.stock_ul
    threshold = drink.threshold_ml
    return (
        today,
        drink.name,
        drink.producer,
        drink.appellation,
        drink.vintage,
        _(wording.GROUPS[line.group]),
        quantity(drink.volume_ml, 1),
        None if stock_ul is None else quantity(round(stock_ul / drink.volume_ml), 3),
        None if stock_ul is None else quantity(stock_ul, 6),
        None if threshold is None else quantity(round(threshold * formats.UL / drink.volume_ml), 3),
    )


def links(rows: Iterable[tuple[Link, TillReference, Drink]], timezone: str) -> Iterator[bytes]:
    """Yield the links; one that is open at an end has an empty cell there."""
    head = (
        _("Référence de la caisse"),
        _("Identifiant de la caisse"),
        _("Catégorie de la caisse"),
        _("Boisson"),
        _("Domaine"),
        _("Millésime"),
        _("Format (cl)"),
        _("Une vente retire (cl)"),
        _("À partir du"),
        _("Jusqu’au"),
        _("Liée le"),
    )
    return written(head, (_link(*row, timezone) for row in rows))


def _link(link: Link, reference: TillReference, drink: Drink, timezone: str) -> Row:
    return (
        reference.label,
        reference.till_id,
        reference.category,
        drink.name,
        drink.producer,
        drink.vintage,
        quantity(drink.volume_ml, 1),
        quantity(link.serving_ml, 1),
        _day(link.starts_at, timezone),
        _day(link.ends_at, timezone),
        _day(link.created_at, timezone),
    )


def _day(instant: datetime | None, timezone: str) -> date | None:
    return None if instant is None else clock.local_date(instant, timezone)
