"""Reads `drinks.csv`, what stands in the cellar, and `keys.csv`, what the till sells."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
DRINKS_CSV = HERE / "drinks.csv"
KEYS_CSV = HERE / "keys.csv"


@dataclass(frozen=True)
class Drink:
    """One drink in one format. `stock` and `threshold` are numbers of formats."""

    name: str
    producer: str
    vintage: int | None
    volume_ml: int
    category: str
    stock: Decimal
    threshold: Decimal | None

    @property
    def title(self) -> str:
        """The name with its vintage."""
        return f"{self.name} {self.vintage}" if self.vintage else self.name

    @property
    def full_title(self) -> str:
        """The title with its format, which no other drink has."""
        return f"{self.title} ({self.volume_ml} ml)"


@dataclass(frozen=True)
class Pour:
    """What one sale of a key takes from a drink, in millilitres."""

    drink: Drink
    serving_ml: int


@dataclass(frozen=True)
class Key:
    """A key of the till. `pours` is what it truly pours, or the nearest sibling in the cellar; prices in cents.

    `popularity` weighs how often it is sold, 0 for a key that is only in the catalogue.
    """

    label: str
    category: str
    sub_category: str | None
    price_cents: int
    happy_hour_cents: int | None
    tax_rate: int
    kind: str
    pours: tuple[Pour, ...]
    linked: bool
    ignored: bool
    popularity: float


@functools.cache
def drinks() -> tuple[Drink, ...]:
    """Every drink of the cellar."""
    with DRINKS_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(_drink(row) for row in csv.DictReader(lines))


@functools.cache
def keys() -> tuple[Key, ...]:
    """Every key of the till. KeyError when one pours a drink that the cellar does not have."""
    cellar = _by_title()
    with KEYS_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(_key(row, cellar) for row in csv.DictReader(lines))


def _by_title() -> dict[str, Drink]:
    """Each drink under its full title, and under its title alone where that tells it apart."""
    titles = [drink.title for drink in drinks()]
    alone = {drink.title: drink for drink in drinks() if titles.count(drink.title) == 1}
    return alone | {drink.full_title: drink for drink in drinks()}


def _drink(row: dict[str, str]) -> Drink:
    return Drink(
        name=row["name"],
        producer=row["producer"],
        vintage=int(row["vintage"]) if row["vintage"] else None,
        volume_ml=int(row["volume_ml"]),
        category=row["category"],
        stock=Decimal(row["stock"]),
        threshold=Decimal(row["threshold"]) if row["threshold"] else None,
    )


def _key(row: dict[str, str], cellar: dict[str, Drink]) -> Key:
    titles = row["drink"].split(" + ") if row["drink"] else []
    servings = row["serving_ml"].split(" + ") if titles else []
    return Key(
        label=row["label"],
        category=row["category"],
        sub_category=row["sub_category"] or None,
        price_cents=_cents(row["price"]),
        happy_hour_cents=_cents(row["happy_hour_price"]) if row["happy_hour_price"] else None,
        tax_rate=int(row["tax_rate"]),
        kind=row["kind"],
        pours=tuple(Pour(cellar[title], int(ml)) for title, ml in zip(titles, servings, strict=True)),
        linked=row["linked"] == "yes",
        ignored=row["ignored"] == "yes",
        popularity=float(row["popularity"]),
    )


def _cents(euros: str) -> int:
    return int(Decimal(euros) * 100)
