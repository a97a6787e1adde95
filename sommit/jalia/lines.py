"""What each line of a closing does to stock and to turnover: the two tables of CONTRACT §7."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from sommit.jalia.payload import Item, Menu, Order, label_key
from sommit.jalia.values import rate

__all__ = ["Line", "Money", "Stock", "label_key", "lines_of"]

UNREADABLE: Final = "valeur illisible ou hors limites"
_FLAGS = frozenset({"isCanceled", "isTransferred", "isLoss", "stockImpactIndicator"})
_NOTHING = Decimal(0)


class Stock(StrEnum):
    """What a line does to the stock of the linked drinks."""

    SALE = "sale"
    LOSS = "loss"
    NONE = "none"
    TO_CHECK = "to_check"  # weighed: the unit is unknown
    HELD = "held"  # unreadable: a person decides


class Money(StrEnum):
    """Where the `total` of a line goes; only TURNOVER counts as turnover."""

    TURNOVER = "turnover"
    CANCELED = "canceled"
    LOSS = "loss"
    TRANSFERRED = "transferred"  # the whole order went to an external service
    MOVED = "moved"  # the line went to another order, which carries it
    HELD = "held"  # unreadable: a person decides


class Line(msgspec.Struct, frozen=True):
    """A line of a closing, identified by (order id, position).

    `quantity_milli` is in thousandths (0 when unreadable, the stock then being held). `unit_price` and `total` are as
    the till wrote them; `unit_price_cents` and `total_cents` are set once the closing's unit is known. `tax_rate` is in
    hundredths of a percent, `raw_rate` as written. `split`: a share of a split note, whose parent carries the stock.
    `in_menu`: a component whose money the menu's own line carries. `modifiers`: the options chosen on it, which do
    nothing of their own.
    """

    order_id: str
    position: int
    till_id: str
    label: str
    category: str
    sub_category: str
    tier: str | None
    sold_at: datetime
    quantity_milli: int
    unit_price: Decimal | None
    total: Decimal | None
    weight: Decimal | None
    tax_rate: int | None
    raw_rate: Decimal | None
    stock: Stock
    money: Money
    split: bool
    in_menu: bool
    reason: str | None
    modifiers: tuple[str, ...] = ()
    unit_price_cents: int | None = None
    total_cents: int | None = None


def lines_of(orders: Iterable[Order], *, finalized_at: datetime) -> tuple[Line, ...]:
    """The lines of a closing's notes: their items, then their menus (CONTRACT §7, §7.3).

    A line is sold when its note was closed, else opened, else when the closing was made (CONTRACT §6.2).
    """
    return tuple(
        [
            _line(order, position, item, order.closed_at or order.opened_at or finalized_at, in_menu=in_menu)
            for order in orders
            for position, (item, in_menu) in enumerate(_items(order))
        ]
    )


def stock_of(order: Order, item: Item) -> Stock:
    """The first row of the stock table that fits, S1 to S6."""
    if order.unreadable or not _FLAGS.isdisjoint(item.unreadable):
        return Stock.HELD
    if order.canceled or item.canceled:  # S1
        return Stock.NONE
    if item.transferred or not item.moves_stock:  # S2, S3
        return Stock.NONE
    if item.weighed:  # S4
        return Stock.TO_CHECK
    if item.quantity_milli is None:
        return Stock.HELD
    return Stock.LOSS if item.lost else Stock.SALE  # S5, S6


def money_of(order: Order, item: Item) -> Money:
    """The first row of the turnover table that fits, T1 to T5."""
    if order.unreadable or not _FLAGS.isdisjoint(item.unreadable):
        return Money.HELD
    if order.canceled or item.canceled:
        return Money.CANCELED  # T1
    if item.lost:
        return Money.LOSS  # T2
    if order.transferred:
        return Money.TRANSFERRED  # T3
    if item.transferred:
        return Money.MOVED  # T4
    return Money.HELD if item.total is None else Money.TURNOVER  # T5


def _line(order: Order, position: int, item: Item, sold_at: datetime, *, in_menu: bool) -> Line:
    stock, money = stock_of(order, item), money_of(order, item)
    return Line(
        order.id,
        position,
        item.catalogue_id or label_key(item.label),
        item.label,
        item.category,
        item.sub_category,
        item.tier,
        sold_at,
        item.quantity_milli or 0,
        item.unit_price,
        item.total,
        item.weight,
        rate(item.rate),
        item.rate,
        stock,
        money,
        not item.moves_stock,
        in_menu,
        _reason(order, item, held=stock is Stock.HELD or money is Money.HELD),
        item.modifiers,
    )


def _reason(order: Order, item: Item, *, held: bool) -> str | None:
    if held:
        return UNREADABLE
    if order.canceled or item.canceled:
        return item.cancel_reason or order.cancel_reason
    if item.lost:
        return item.loss_reason
    if item.transferred or order.transferred:
        return item.transfer_reason or order.transfer_reason
    return None


def _items(order: Order) -> Iterator[tuple[Item, bool]]:
    for item in order.items:
        yield item, False
    for menu in order.menus:
        yield from _menu_items(menu)


def _menu_items(menu: Menu) -> Iterator[tuple[Item, bool]]:
    """A menu that carries money is a line of its own and its components bring none; else they speak for themselves."""
    own = menu.line
    paid = bool(own.total) or "total" in own.unreadable
    if paid or not menu.items:
        yield own, False
    for item in menu.items:
        inherited = msgspec.structs.replace(
            item,
            canceled=item.canceled or own.canceled,
            transferred=item.transferred or own.transferred,
            lost=item.lost or own.lost,
            total=_NOTHING if paid else item.total,
        )
        yield inherited, paid
