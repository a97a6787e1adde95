"""A closing of the till and its orders. Instants are aware datetimes; money is integer cents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from demo.simulator.lines import Item, Menu
from demo.simulator.totals import Rule, Totals, add_up, turnover

if TYPE_CHECKING:
    from demo.simulator.till import Till

Unit = Literal["cents", "euros"]


@dataclass
class Order:
    """A note. `served=False` keeps it in the report's totals and out of every answer."""

    id: str
    closing: Closing
    opened_at: datetime
    closed_at: datetime | None
    items: list[Item]
    menus: list[Menu] | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    number: str = "1"
    place: str = "Salle"
    guests: int = 2
    is_canceled: bool = False
    cancel_reason: str | None = None
    is_transferred: bool = False
    transfer_reason: str | None = None
    served: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        written = (self.closed_at or self.opened_at) + timedelta(seconds=20)
        self.created_at = self.created_at or written
        self.updated_at = self.updated_at or self.created_at

    def money_lines(self) -> Iterable[Item]:
        """Every line whose total may count: the items, then the menus' (CONTRACT §7.3)."""
        yield from self.items
        for menu in self.menus or ():
            yield from menu.money_lines()


@dataclass
class Closing:
    """One end-of-shift operation. Its report follows its orders until `freeze_totals` is called.

    `counts` is the till's own rule for what its report adds up; `difference_cents` makes `totalSales` wrong by
    that much; `unit` is the unit of its orders' money.
    """

    id: str
    till: Till
    opened_at: datetime
    finalized_at: datetime | None
    created_at: datetime
    updated_at: datetime
    device: str = "iPad comptoir"
    number: int = 1
    unit: Unit = "cents"
    counts: Rule = turnover
    difference_cents: int = 0
    orders: list[Order] = field(default_factory=list)
    extra: Mapping[str, Any] = field(default_factory=dict)
    _frozen: Totals | None = None

    def order(
        self,
        items: list[Item],
        *,
        opened_at: datetime | None = None,
        closed_at: datetime | None = None,
        id: str | None = None,
        **fields: Any,
    ) -> Order:
        """Add an order to this closing; `fields` are those of `Order`. Without an instant, one early in the shift."""
        rank = len(self.orders)
        opened_at = opened_at or self.opened_at + timedelta(minutes=1 + rank)
        closed_at = closed_at or opened_at + timedelta(minutes=20)
        order_id = id or self.till.new_id(f"order:{self.id}:{rank}")
        fields.setdefault("number", str(rank + 1))
        order = Order(order_id, self, opened_at, closed_at, items, **fields)
        self.orders.append(order)
        return order

    @property
    def totals(self) -> Totals:
        """What the report says, `difference_cents` apart."""
        return self._frozen or add_up(self.orders, self.counts)

    @property
    def total_sales_cents(self) -> int:
        """The report's `totalSales`."""
        return self.totals.sales_cents + self.difference_cents

    def freeze_totals(self) -> None:
        """Keep the report's figures as they are now, whatever happens to the orders."""
        self._frozen = add_up(self.orders, self.counts)

    def recompute_totals(self) -> None:
        """Let the report's figures follow the orders again."""
        self._frozen = None

    def amend(
        self,
        target: Item | Order | None = None,
        *,
        at: datetime | None = None,
        moves_updated_at: bool = True,
        totals_follow: bool = True,
        **changes: Any,
    ) -> None:
        """Correct a line or an order after the closing: set `changes` on it (CONTRACT §8, amended and late).

        `at` is when, by default twelve hours after the last writing; `moves_updated_at=False` leaves no trace of it.
        """
        if not totals_follow:
            self.freeze_totals()
        for name, value in changes.items():
            if not hasattr(target, name):
                raise AttributeError(name)
            setattr(target, name, value)
        if moves_updated_at:
            self.updated_at = at or self.updated_at + timedelta(hours=12)
            for order in self.orders:
                if order is target or any(item is target for item in order.items):
                    order.updated_at = self.updated_at

    def finalize(self, at: datetime) -> None:
        """End a running shift: its orders now belong to a report."""
        self.finalized_at = at
        self.updated_at = at + timedelta(seconds=17)
