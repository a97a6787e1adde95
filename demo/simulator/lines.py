"""What is sold: products of the catalogue, lines of an order, menus. Money in integer cents, tax included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

NORMAL: Final = "Normal"


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


#: Given as a value in `extra`, removes that field from the answer.
MISSING: Final = _Missing()


def whole(amount: Decimal) -> int:
    """The nearest whole number of cents."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Product:
    """A key of the till. `tiers` gives the price in cents of each further tariff; change any field at will."""

    id: str
    name: str
    price_cents: int
    category: str
    sub_category: str | None = None
    tiers: dict[str, int] = field(default_factory=dict)
    tax_rate: int = 2000
    extra: Mapping[str, Any] = field(default_factory=dict)

    def price(self, tier: str = NORMAL) -> int:
        """The price in cents under a tariff; KeyError when the product has no such tariff."""
        return self.price_cents if tier == NORMAL else self.tiers[tier]


@dataclass(frozen=True)
class Modifier:
    """An option chosen on a line."""

    name: str
    id: str
    group_id: str


@dataclass
class Item:
    """A line of an order, its label and price as they were at the time of the sale."""

    label: str
    quantity: Decimal
    unit_cents: int
    product: Product | None = None
    category: str | None = None
    sub_category: str | None = None
    tier: str = NORMAL
    discount_cents: int = 0
    discount_name: str = "Remise"
    tax_rate: int = 2000
    is_canceled: bool = False
    cancel_reason: str | None = None
    is_loss: bool = False
    loss_reason: str | None = None
    is_transferred: bool = False
    transfer_reason: str | None = None
    stock_impact: bool | None = True
    weight: Decimal | None = None
    modifiers: tuple[Modifier, ...] = ()
    fixed_total_cents: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total_cents(self) -> int:
        """The line's money, net of its discounts. A cancelled line keeps it (CONTRACT §6.2)."""
        if self.fixed_total_cents is not None:
            return self.fixed_total_cents
        return whole(self.quantity * self.unit_cents) - self.discount_cents

    @property
    def tax_cents(self) -> int:
        """The tax contained in the total."""
        return whole(Decimal(self.total_cents * self.tax_rate) / (10000 + self.tax_rate))


@dataclass
class Menu:
    """A formule in the third shape of CONTRACT §7.3: beside the items, with its own lines inside."""

    line: Item
    items: list[Item]
    items_field: str = "items"

    @property
    def carries_money(self) -> bool:
        """Whether the menu itself is priced; its components' money then counts for nothing."""
        return self.line.total_cents != 0

    def money_lines(self) -> list[Item]:
        """The lines whose total counts."""
        return [self.line] if self.carries_money else self.items
