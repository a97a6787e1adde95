"""The tables of *Ventes*: sales by drink, by category of the cellar, by key of the till. Each sale is in one row."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from sommit.models import Drink, TillReference
from sommit.services import cellar
from sommit.services.sales_pieces import Piece

SEVERAL = "several"  # the group of what pours several drinks: its turnover is not split


@dataclass(slots=True)
class Line:
    """One row. Cents; thousandths of a serving; `servings`: thousandths by the millilitres that one sale takes."""

    reference: TillReference
    drinks: dict[int, Drink] = field(default_factory=dict)
    servings: dict[int, int] = field(default_factory=dict)
    group: str = ""
    sold_milli: int = 0
    sales: int = 0
    turnover_cents: int = 0
    open_cents: int = 0  # of it, sold while the key poured nothing: to synchronise, or ignored
    unpriced: int = 0  # sales without a known money

    @property
    def priced(self) -> bool:
        """Return whether there is a turnover to show."""
        return self.unpriced < self.sales

    def add(self, piece: Piece) -> None:
        """Count sales into the row."""
        self.drinks |= {pour.drink.id: pour.drink for pour in piece.pours}
        if len(piece.pours) == 1:
            serving_ml = piece.pours[0].serving_ml
            self.servings[serving_ml] = self.servings.get(serving_ml, 0) + piece.sold_milli
        self.sold_milli += piece.sold_milli
        self.sales += piece.sales
        self.turnover_cents += piece.turnover_cents
        self.open_cents += 0 if piece.pours else piece.turnover_cents
        self.unpriced += piece.unpriced


def by_drink(pieces: Iterable[Piece]) -> list[Line]:
    """Return what each drink sold, within the periods of its links; a key that pours several is a row of its own."""
    return _table((piece for piece in pieces if piece.pours), _drink_or_key)


def by_category(pieces: Iterable[Piece]) -> list[Line]:
    """Return what each group of the cellar sold; keys that pour several drinks are one more group."""
    return _table((piece for piece in pieces if piece.pours), _group)


def by_reference(pieces: Iterable[Piece]) -> list[Line]:
    """Return what each key of the till sold, linked or not."""
    return _table(pieces, lambda piece: piece.reference.id)


def _table(pieces: Iterable[Piece], key: Callable[[Piece], Hashable]) -> list[Line]:
    """The largest turnover first, what has none last."""
    lines: dict[Hashable, Line] = {}
    for piece in pieces:
        line = lines.setdefault(key(piece), Line(piece.reference, group=_group(piece)))
        line.add(piece)
    return sorted(lines.values(), key=lambda line: (-line.turnover_cents, -line.sold_milli, line.reference.label))


def _drink_or_key(piece: Piece) -> tuple[str, int]:
    if len(piece.pours) == 1:
        return "drink", piece.pours[0].drink.id
    return "key", piece.reference.id


def _group(piece: Piece) -> str:
    if len(piece.pours) != 1:
        return SEVERAL
    return cellar.Line(piece.pours[0].drink, None, ()).group
