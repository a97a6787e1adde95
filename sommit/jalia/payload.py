"""What the till says, typed: products, closings, notes, lines. Every optional field may be missing or null.

Money stays as the till wrote it (`Decimal`): its unit is decided once per closing, in `units` (CONTRACT §3.1).
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from sommit.jalia.values import fold

NO_LABEL: Final = "Sans libellé"
NO_NAME: Final = "Option sans nom"
NORMAL: Final = "normal"
LABEL_PREFIX: Final = "label:"
LABEL_LIMIT: Final = 255


class Price(msgspec.Struct, frozen=True):
    """A tariff of a product, in cents, tax included; `tax_rate` in hundredths of a percent."""

    type_id: str | None
    name: str
    unit_price_cents: int
    tax_rate: int | None


class Product(msgspec.Struct, frozen=True):
    """A key of the till's catalogue."""

    id: str
    name: str
    category: str
    sub_categories: tuple[str, ...]
    prices: tuple[Price, ...]

    def normal_price(self) -> Price | None:
        """The price kept for a serving (CONTRACT §7.6): tariff 0, else the one called "Normal", else the first."""
        by_id = [price for price in self.prices if price.type_id == "0"]
        by_name = [price for price in self.prices if fold(price.name) == NORMAL]
        return next(iter((*by_id, *by_name, *self.prices)), None)


class Catalogue(msgspec.Struct, frozen=True):
    """Every readable product once; `skipped` counts those without id or name, or whose id was already taken."""

    products: tuple[Product, ...]
    skipped: int


class Tax(msgspec.Struct, frozen=True):
    """A row of a closing's taxes, as written (cents by the contract)."""

    rate: int | None
    amount: Decimal
    base: Decimal


class ReportProduct(msgspec.Struct, frozen=True):
    """What the closing says it sold of one product."""

    till_id: str
    label: str
    quantity_milli: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A closing of one till. `unreadable` names the fields that were there and could not be read.

    `asked_as` is the id as the till spells it, for a till that compares ids to the letter. `raw`: its JSON as it came.
    """

    id: str
    asked_as: str
    started_at: datetime | None
    finalized_at: datetime | None
    updated_at: datetime | None
    created_at: datetime | None
    location_id: str | None
    device_name: str | None
    report_number: int | None
    total_sales_cents: int | None
    products: tuple[ReportProduct, ...]
    taxes: tuple[Tax, ...]
    header_name: str | None
    unreadable: tuple[str, ...] = ()
    raw: bytes = b""

    @property
    def is_closed(self) -> bool:
        """Whether the shift is over. An unreadable `finalizedAt` counts as over: reading it will say what is wrong."""
        return self.finalized_at is not None or "finalizedAt" in self.unreadable


class Item(msgspec.Struct, frozen=True):
    """A line of a note. `unreadable` names the needed fields that could not be read (a missing total is just None).

    `modifiers`: the names of the options chosen on it, without stock or money of their own (CONTRACT §7.5).
    """

    catalogue_id: str | None
    label: str
    category: str
    sub_category: str
    tier: str | None
    quantity_milli: int | None
    weight: Decimal | None
    weighed: bool
    unit_price: Decimal | None
    total: Decimal | None
    rate: Decimal | None
    canceled: bool
    transferred: bool
    lost: bool
    moves_stock: bool
    cancel_reason: str | None
    transfer_reason: str | None
    loss_reason: str | None
    unreadable: tuple[str, ...]
    modifiers: tuple[str, ...] = ()


class Menu(msgspec.Struct, frozen=True):
    """A formule beside the items (CONTRACT §7.3, third shape): its own line, then what it holds."""

    line: Item
    items: tuple[Item, ...]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A note."""

    id: str
    report_id: str | None
    location_id: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime | None
    canceled: bool
    transferred: bool
    cancel_reason: str | None
    transfer_reason: str | None
    items: tuple[Item, ...]
    menus: tuple[Menu, ...]
    unreadable: tuple[str, ...]


def label_key(label: str) -> str:
    """The key of a line without catalogue id: `label:` and the label folded (CONTRACT §7)."""
    return (LABEL_PREFIX + fold(label))[:LABEL_LIMIT]
