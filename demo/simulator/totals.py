"""What a closing's report adds up to: the turnover table of CONTRACT §7, and ways a till might deviate from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from demo.simulator.lines import Item, whole

if TYPE_CHECKING:
    from demo.simulator.closing import Order

#: Says whether a line of an order is counted in the report.
Rule = Callable[["Order", Item], bool]


def turnover(order: Order, item: Item) -> bool:
    """Rows T1 to T5 of CONTRACT §7."""
    return not (order.is_canceled or order.is_transferred or item.is_canceled or item.is_loss or item.is_transferred)


def without_split_shares(order: Order, item: Item) -> bool:
    """A till whose report leaves the shares of a split note out."""
    return turnover(order, item) and item.stock_impact is not False


def with_losses(order: Order, item: Item) -> bool:
    """A till whose report counts the lines declared lost."""
    return turnover(order, item) or (item.is_loss and not item.is_canceled and not order.is_canceled)


def with_transferred_orders(order: Order, item: Item) -> bool:
    """A till whose report counts the orders handed to an external service."""
    kept = not (order.is_canceled or item.is_canceled or item.is_loss or item.is_transferred)
    return kept and (order.is_transferred or turnover(order, item))


@dataclass
class ProductTotal:
    """One row of `reportProducts`."""

    item: Item
    quantity: Decimal = Decimal(0)
    sales_cents: int = 0


@dataclass(frozen=True)
class Totals:
    """The figures of a report, in cents."""

    sales_cents: int
    products: tuple[ProductTotal, ...]
    taxes: tuple[tuple[int, int, int], ...]  # rate, tax, amount without tax
    discounts: tuple[tuple[str, int], ...]


def add_up(orders: Iterable[Order], rule: Rule = turnover) -> Totals:
    """The totals of these orders, counting the lines that `rule` keeps."""
    products: dict[str, ProductTotal] = {}
    by_rate: dict[int, int] = {}
    discounts: dict[str, int] = {}
    for item in (item for order in orders for item in order.money_lines() if rule(order, item)):
        row = products.setdefault(item.product.id if item.product else item.label, ProductTotal(item))
        row.sales_cents += item.total_cents
        if item.stock_impact is not False:  # the parent of a split note already counts the whole bottle
            row.quantity += item.quantity
        by_rate[item.tax_rate] = by_rate.get(item.tax_rate, 0) + item.total_cents
        if item.discount_cents:
            discounts[item.discount_name] = discounts.get(item.discount_name, 0) + item.discount_cents
    taxes = tuple((rate, *_split(total, rate)) for rate, total in sorted(by_rate.items()))
    return Totals(sum(by_rate.values()), tuple(products.values()), taxes, tuple(discounts.items()))


def _split(total: int, rate: int) -> tuple[int, int]:
    tax = whole(Decimal(total * rate) / (10000 + rate))
    return tax, total - tax
