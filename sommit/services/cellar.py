"""The page "Mes boissons": every drink with its stock, its price by the glass and its golden till."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from sommit.extensions import Wide, db
from sommit.matching.text import words
from sommit.models import Drink, Link, TillReference
from sommit.services import stock, till_links
from sommit.statements import built_once

#: The groups of the list, in the order of a wine list; a wine goes by its colour.
GROUPS = ("blanc", "rosé", "rouge", "effervescent", "wine", "beer", "spirit", "cocktail", "soft", "other")


@dataclass(frozen=True, slots=True)
class Poured:
    """A live link of a drink: the key's label, what one sale takes (millilitres), and the key's price (cents)."""

    link_id: int
    reference_id: int
    label: str
    serving_ml: int
    key_cents: int | None
    shared: bool  # whether the key pours other drinks too
    since: datetime  # when the link was made

    @property
    def price_cents(self) -> int | None:
        """Return what the till asks for one sale, None too where the key pours several drinks: no made-up split."""
        return None if self.shared else self.key_cents


@dataclass(frozen=True, slots=True)
class Line:
    """One drink of the list. `stock_ul` is in microlitres, None: never counted nor delivered."""

    drink: Drink
    stock_ul: int | None
    poured: tuple[Poured, ...]

    @property
    def group(self) -> str:
        """Return the heading under which the drink stands."""
        if self.drink.category == "wine":
            return self.drink.colour if self.drink.colour in GROUPS else "wine"
        return self.drink.category

    @property
    def below_threshold(self) -> bool:
        """Return whether there is less than the drink's threshold, but not less than nothing."""
        threshold = self.drink.threshold_ml
        return threshold is not None and self.stock_ul is not None and 0 <= self.stock_ul < threshold * stock.UL

    @property
    def glass_prices(self) -> tuple[int, ...]:
        """Return the prices of a part of the format, in cents: the till's where a key says one, else the typed one."""
        till = {p.price_cents for p in self.poured if p.price_cents is not None and p.serving_ml < self.drink.volume_ml}
        typed = self.drink.glass_price_cents
        return tuple(sorted(till)) or ((typed,) if typed is not None else ())


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page is asked to show; empty means all."""

    text: str = ""
    category: str = ""
    colour: str = ""


def poured(drink: Drink) -> tuple[Poured, ...]:
    """Return the links that pour one drink now, oldest first. One statement."""
    return tuple(Poured(*row[1:]) for row in db.session.execute(*_live_links_of(drink.venue_id, drink.id)))


def listed(venue_id: int, filters: Filters = Filters()) -> list[Line]:
    """Return the drinks that fit the filters, as a wine list: by group, then by name and vintage. Two statements
    for the drinks and their links, one for the stock, whatever the number of rows.
    """
    stocks = stock.cellar(venue_id)
    poured = _poured(venue_id)
    drinks = [drink for drink in db.session.scalars(_query(venue_id, filters)) if _fits(drink, filters.text)]
    lines = [Line(drink, stocks.get(drink.id), tuple(poured.get(drink.id, ()))) for drink in drinks]
    return sorted(lines, key=_order)


def short(venue_id: int) -> list[Line]:
    """Return the drinks of which there is less than nothing, or than their threshold, in the order of the list.

    One statement; the keys that pour them are not asked for.
    """
    found = db.session.execute(*_short(venue_id))
    return sorted((Line(drink, int(stock_ul), ()) for drink, stock_ul in found), key=_order)


@built_once()
def _short(venue_id: Any) -> Any:
    held = stock.of_all(venue_id).subquery("held")
    least_ul = func.coalesce(Drink.threshold_ml, 0).cast(Wide) * stock.UL
    return (
        select(Drink, held.c.stock_ul)
        .join(held, held.c.drink_id == Drink.id)
        .where(Drink.venue_id == venue_id, Drink.archived_at.is_(None), held.c.stock_ul < least_ul)
    )


def _order(line: Line) -> tuple[Any, ...]:
    return GROUPS.index(line.group), line.drink.identity


def _query(venue_id: int, filters: Filters) -> Any:
    query = select(Drink).where(Drink.venue_id == venue_id, Drink.archived_at.is_(None))
    if filters.category:
        query = query.where(Drink.category == filters.category)
    return query.where(Drink.colour == filters.colour) if filters.colour else query


def _fits(drink: Drink, text: str) -> bool:
    """Every word typed begins a word of the drink, accents and case aside."""
    typed = words(text)
    if not typed:
        return True
    said = words(" ".join((drink.name, drink.producer, drink.appellation, drink.region, str(drink.vintage or ""))))
    return all(any(word.startswith(part) for word in said) for part in typed)


def _poured(venue_id: int) -> dict[int, list[Poured]]:
    """The live links of every drink, in one statement."""
    poured: dict[int, list[Poured]] = {}
    for drink_id, *link in db.session.execute(*_live_links(venue_id)):
        poured.setdefault(drink_id, []).append(Poured(*link))
    return poured


@built_once()
def _live_links(venue_id: Any) -> Any:
    return _links(venue_id)


@built_once()
def _live_links_of(venue_id: Any, drink_id: Any) -> Any:
    return _links(venue_id).where(Link.drink_id == drink_id)


def _links(venue_id: Any) -> Any:
    live = Link.venue_id == venue_id, till_links.is_live()
    shared = select(Link.reference_id).where(*live).group_by(Link.reference_id).having(func.count() > 1)
    key = TillReference.id, TillReference.label, Link.serving_ml, TillReference.price_cents
    return (
        select(Link.drink_id, Link.id, *key, TillReference.id.in_(shared), Link.created_at)
        .join(TillReference, and_(TillReference.id == Link.reference_id, TillReference.venue_id == Link.venue_id))
        .where(*live)
        .order_by(Link.id)
    )


def colours(lines: Sequence[Line]) -> list[str]:
    """Return the colours found among some drinks, in the order of the list."""
    found = {line.drink.colour for line in lines if line.drink.category == "wine" and line.drink.colour in GROUPS}
    return [colour for colour in GROUPS if colour in found]


def size(venue_id: int) -> int:
    """Return how many drinks a venue's library holds."""
    return int(db.session.scalar(*_size(venue_id)))


@built_once()
def _size(venue_id: Any) -> Any:
    return select(func.count()).where(Drink.venue_id == venue_id, Drink.archived_at.is_(None))
