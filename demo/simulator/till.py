"""The state of one venue's till: its catalogue, its closings, and how it likes to answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from demo.simulator.closing import Closing, Order, Unit
from demo.simulator.lines import NORMAL, Item, Menu, Modifier, Product, whole

if TYPE_CHECKING:
    from demo.simulator.log import Request

PARIS = ZoneInfo("Europe/Paris")
_NAMESPACE = uuid.UUID("6f1c3c0e-6d0b-5c1d-8a52-5b0f6a3f7a11")

#: (label, quantity), (label, quantity, tariff), or a line made by `Till.item`.
Sold = Item | tuple[str, Any] | tuple[str, Any, str]


class Till:
    """One venue. Every identifier is derived from the venue's, so that the same story gives the same identifiers.

    Switches, to be set at will: `meta` (what pages say of themselves), `oversize` (a size above 100), `newest_first`,
    `bad_parameter_status`, `forbidden` (resources answered 403), `dates` (how instants are written), `extra_fields`
    (unknown fields everywhere), `optional` (optional fields present, missing or null), `empty_catalogue`.
    """

    def __init__(
        self,
        token: str = "simulated-key",  # noqa: S107 - a key that opens nothing
        *,
        name: str = "Le Zinc des Capucins",
        location_id: str | None = None,
        today: Date | None = None,
    ) -> None:
        self.token = token
        self.name = name
        self.location_id = location_id or str(uuid.uuid5(_NAMESPACE, name))
        self.today = today
        self.products: list[Product] = []
        self.closings: list[Closing] = []
        self.requests: list[Request] = []
        self.header: dict[str, str] = {"headerName": name, "headerCountry": "France"}
        self.meta: Literal["totalPage", "empty", "absent"] = "totalPage"
        self.oversize: Literal["refused", "capped"] = "refused"
        self.newest_first = False
        self.bad_parameter_status: Literal[400, 422] = 422
        self.forbidden: set[Literal["catalog", "reports", "orders"]] = set()
        self.dates: Literal["milliseconds", "seconds", "offset"] = "milliseconds"
        self.extra_fields = False
        self.optional: Literal["present", "missing", "null"] = "present"
        self.empty_catalogue = False

    def new_id(self, what: str) -> str:
        """The identifier of something of this venue: always the same for the same words."""
        return str(uuid.uuid5(uuid.UUID(self.location_id), what))

    # The catalogue

    def product(self, name: str, *, id: str | None = None, **settings: Any) -> Product:
        """The key called `name`, made on first call (`settings`: the fields of `Product`).

        Raises ValueError when the key exists with other settings: change the product itself instead.
        """
        known = self._find(name)
        if known is None:
            settings = {"price_cents": 500, "category": "Divers", **settings}
            known = Product(id or self.new_id(f"product:{name}"), name, **settings)
            self.products.append(known)
        elif any(getattr(known, key) != value for key, value in settings.items()):
            raise ValueError(f"{name} exists with other settings")
        return known

    def remove(self, product: Product) -> None:
        """Delete a key from the catalogue; what it sold stays."""
        self.products.remove(product)

    def _find(self, name: str) -> Product | None:
        return next((product for product in self.products if product.name == name), None)

    # The lines

    def item(
        self,
        product: Product | str | None = None,
        quantity: Decimal | int | str = 1,
        *,
        free_label: str | None = None,
        tier: str = NORMAL,
        unit_cents: int | None = None,
        offered: bool = False,
        modifiers: Iterable[str] = (),
        **fields: Any,
    ) -> Item:
        """A line of an order: of a product, or without one under `free_label`. `fields` are those of `Item`."""
        if isinstance(product, str):
            product = self.product(product)
        if product is not None:
            price = product.price(tier) if unit_cents is None else unit_cents
            fields = {"category": product.category, "sub_category": product.sub_category, **fields}
            fields.setdefault("tax_rate", product.tax_rate)
        else:
            price = unit_cents or 0
        label = free_label or (product.name if product else "Divers")
        item = Item(label, Decimal(quantity), price, product, tier=tier, **fields)
        item.modifiers = tuple(self.modifier(name) for name in modifiers)
        if offered:
            item.discount_cents = whole(item.quantity * item.unit_cents)
            item.discount_name = "Offert patron"
        return item

    def modifier(self, name: str) -> Modifier:
        """An option of the till's only group of options."""
        return Modifier(name, self.new_id(f"modifier:{name}"), self.new_id("modifiers"))

    def menu(self, label: str, items: list[Item], *, price_cents: int = 0, items_field: str = "items") -> Menu:
        """A formule for `Closing.order(menus=...)`, in a catalogue of its own if a product has its label."""
        product = self._find(label)
        return Menu(self.item(product, free_label=label, unit_cents=price_cents), items, items_field)

    # The closings

    def closing(
        self,
        lines: Sequence[Sold] = (),
        *,
        date: Date | None = None,
        opened_at: datetime | None = None,
        closed_at: datetime | None = None,
        finalized: bool = True,
        per_order: int = 4,
        id: str | None = None,
        device: str = "iPad comptoir",
        number: int | None = None,
        unit: Unit = "cents",
        **fields: Any,
    ) -> Closing:
        """Add a closing that adds up, its `lines` shared out `per_order` to an order; `fields` are those of `Closing`.

        By default the evening of yesterday, from 17:00 to 00:30 in Paris. `finalized=False` leaves the shift running.
        """
        date = date or (self.today or datetime.now(PARIS).date()) - timedelta(days=1)
        opened_at, closed_at = _hours(date, opened_at, closed_at)
        number = number or 1 + sum(closing.device == device for closing in self.closings)
        created_at = fields.pop("created_at", None) or (closed_at if finalized else opened_at) + timedelta(seconds=17)
        updated_at = fields.pop("updated_at", None) or created_at
        id = id or self.new_id(f"closing:{device}:{number}:{date}")
        fields |= {"device": device, "number": number, "unit": unit}
        closing = Closing(id, self, opened_at, closed_at if finalized else None, created_at, updated_at, **fields)
        self.closings.append(closing)
        items = [self._sold(line) for line in lines]
        for start in range(0, len(items), per_order):
            closing.order(items[start : start + per_order])
        return closing

    def _sold(self, line: Sold) -> Item:
        if isinstance(line, Item):
            return line
        label, quantity, *tier = line
        return self.item(label, quantity, tier=tier[0] if tier else NORMAL)

    @property
    def orders(self) -> list[Order]:
        """Every order that the till answers with, of all its closings."""
        return [order for closing in self.closings for order in closing.orders if order.served]


def _hours(date: Date, opened_at: datetime | None, closed_at: datetime | None) -> tuple[datetime, datetime]:
    """When a shift begins and ends, in UTC so that adding minutes never meets a clock change."""
    evening = datetime.combine(date, time(17), PARIS)
    night = datetime.combine(date + timedelta(days=1), time(0, 30), PARIS)
    return (opened_at or evening).astimezone(UTC), (closed_at or night).astimezone(UTC)
