"""From the till's state to the JSON of CONTRACT §5 and §6."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from demo.simulator.closing import Closing, Order, Unit
from demo.simulator.lines import MISSING, NORMAL, Item, Menu, Product
from demo.simulator.till import PARIS, Till

JSON = dict[str, Any]

#: Fields that `Till.optional` takes away: what a night can do without.
_OPTIONAL = {
    "product": {"category", "categoryId", "subCategories"},
    "order": {
        "deviceId", "createdAt", "updatedAt", "guests", "orderPlace", "orderNumber", "operatorId", "operatorName",
        "total", "totalTax", "totalDiscount", "customerId", "cancelReason", "transferReason", "payments",
    },
    "item": {
        "weight", "category", "subCategory", "cancelReason", "transferReason", "lossReason", "discountsApplied",
        "modifiers", "tax", "tier",
    },
    "report": {
        "createdAt", "deviceName", "deviceIdentifier", "reportNumber", "guestsNumber", "reportHeaderInfo",
        "reportProducts", "reportClerksShift", "clerkName", "clerkId", "reportDiscounts", "reportTaxes",
        "reportPayments", "initialCashBalance", "finalCashBalance", "reportEntries",
    },
}  # fmt: skip
#: Flags that may be missing while they say what a missing flag means (CONTRACT §7).
_DEFAULTS = {"isCanceled": False, "isTransferred": False, "isLoss": False, "stockImpactIndicator": True}


def product(till: Till, key: Product) -> JSON:
    """A product of the catalogue."""
    tiers = {NORMAL: key.price_cents, **key.tiers}
    sub = key.sub_category
    return _finish(till, "product", key.extra, {
        "id": key.id,
        "name": key.name,
        "category": key.category,
        "categoryId": till.new_id(f"category:{key.category}"),
        "subCategories": [{"id": till.new_id(f"sub:{sub}"), "name": sub}] if sub else [],
        "priceList": [
            {"priceTypeId": number, "priceTypeName": name, "unitPrice": price, "taxRate": key.tax_rate}
            for number, (name, price) in enumerate(tiers.items())
        ],
    })  # fmt: skip


def report(closing: Closing) -> JSON:
    """A closing."""
    till, totals, total = closing.till, closing.totals, closing.total_sales_cents
    return _finish(till, "report", closing.extra, {
        "id": closing.id,
        "createdAt": instant(till, closing.created_at),
        "updatedAt": instant(till, closing.updated_at),
        "locationId": till.location_id,
        "startedAt": instant(till, closing.opened_at),
        "finalizedAt": instant(till, closing.finalized_at),
        "deviceName": closing.device,
        "deviceIdentifier": None,
        "reportNumber": closing.number,
        "guestsNumber": sum(order.guests for order in closing.orders),
        "totalSales": total,
        "reportHeaderInfo": dict(till.header),
        "reportProducts": [_report_product(row.item, row.quantity, row.sales_cents) for row in totals.products],
        "reportClerksShift": [],
        "clerkName": None,
        "clerkId": None,
        "reportDiscounts": [_discount(till, name, value) for name, value in totals.discounts],
        "reportTaxes": [
            {"taxName": _tax_name(rate), "taxRate": rate, "taxAmount": tax, "taxableAmount": net}
            for rate, tax, net in totals.taxes
        ],
        "reportPayments": [{"paymentName": "Carte bancaire", "paymentAmount": total}],
        "initialCashBalance": 15000,
        "finalCashBalance": 15000,
        "reportEntries": [],
    })  # fmt: skip


def _report_product(item: Item, quantity: Decimal, sales_cents: int) -> JSON:
    return {
        "productName": item.label,
        "productSales": sales_cents,
        "category": item.category,
        "subCategory": item.sub_category,
        "productQuantity": _number(quantity),
        "productCatalogId": item.product.id if item.product else None,
    }


def order(note: Order) -> JSON:
    """A note with its lines, its money in the unit of its closing."""
    closing = note.closing
    till, unit = closing.till, closing.unit
    answer = {
        "id": note.id,
        "deviceId": till.new_id(f"device:{closing.device}"),
        "createdAt": instant(till, note.created_at),
        "updatedAt": instant(till, note.updated_at),
        "locationId": till.location_id,
        "reportId": closing.id if closing.finalized_at else None,
        "openedAt": instant(till, note.opened_at),
        "closedAt": instant(till, note.closed_at),
        "guests": note.guests,
        "orderPlace": note.place,
        "orderNumber": note.number,
        "operatorId": till.new_id("operator:Salle 1"),
        "operatorName": "Salle 1",
        **_sums(note, unit),
        "customerId": None,
        "isCanceled": note.is_canceled,
        "cancelReason": note.cancel_reason,
        "isTransferred": note.is_transferred,
        "transferReason": note.transfer_reason,
        "items": [_item(till, item, unit) for item in note.items],
    }
    if note.menus is not None:
        answer["menus"] = [_menu(till, menu, unit) for menu in note.menus]
    return _finish(till, "order", note.extra, answer)


def _item(till: Till, item: Item, unit: Unit) -> JSON:
    return _finish(till, "item", item.extra, {
        "description": item.label,
        "quantity": _number(item.quantity),
        "weight": None if item.weight is None else _number(item.weight),
        "unitPrice": money(item.unit_cents, unit),
        "total": money(item.total_cents, unit),
        "category": item.category,
        "subCategory": item.sub_category,
        "isCanceled": item.is_canceled,
        "cancelReason": item.cancel_reason,
        "tier": item.tier,
        "isTransferred": item.is_transferred,
        "transferReason": item.transfer_reason,
        "discountsApplied": _discounts(till, item, unit),
        "modifiers": [
            {"modifierGroupId": option.group_id, "modifierId": option.id, "name": option.name}
            for option in item.modifiers
        ],
        "stockImpactIndicator": item.stock_impact,
        "tax": _tax(till, item, unit),
        "itemCatalogId": item.product.id if item.product else None,
        "isLoss": item.is_loss,
        "lossReason": item.loss_reason,
    })  # fmt: skip


def _sums(note: Order, unit: Unit) -> JSON:
    kept = [item for item in note.money_lines() if not item.is_canceled]
    return {
        "total": money(sum(item.total_cents for item in kept), unit),
        "totalTax": money(sum(item.tax_cents for item in kept), unit),
        "totalDiscount": money(sum(item.discount_cents for item in kept), unit),
    }


def _discounts(till: Till, item: Item, unit: Unit) -> list[JSON]:
    if not item.discount_cents:
        return []
    return [_discount(till, item.discount_name, money(item.discount_cents, unit))]


def _discount(till: Till, name: str, value: float) -> JSON:
    return {"discountName": name, "discountValue": value, "discountCatalogId": till.new_id(f"discount:{name}")}


def _tax(till: Till, item: Item, unit: Unit) -> JSON:
    return {
        "taxName": _tax_name(item.tax_rate),
        "taxRate": item.tax_rate if unit == "cents" else item.tax_rate / 10000,
        "taxAmount": money(item.tax_cents, unit),
        "taxCatalogId": till.new_id(f"tax:{item.tax_rate}"),
    }


def _menu(till: Till, menu: Menu, unit: Unit) -> JSON:
    line = _item(till, menu.line, unit)
    return {**line, "name": menu.line.label, menu.items_field: [_item(till, item, unit) for item in menu.items]}


def money(cents: int, unit: Unit) -> int | float:
    """An amount of an order as the till writes it in that unit."""
    return cents if unit == "cents" else _number(Decimal(cents) / 100)


def instant(till: Till, at: datetime | None) -> str | None:
    """An instant as this till writes it; None for none."""
    if at is None:
        return None
    if till.dates == "offset":
        return at.astimezone(PARIS).isoformat(timespec="seconds")
    precision = "milliseconds" if till.dates == "milliseconds" else "seconds"
    return at.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _tax_name(rate: int) -> str:
    return f"TVA {rate / 100:g} %".replace(".", ",")


def _finish(till: Till, kind: str, extra: Mapping[str, Any], answer: JSON) -> JSON:
    """Apply the till's habits, then what the test asked for on this very object."""
    if till.optional != "present":
        for name in [name for name in answer if name in _OPTIONAL[kind] or _says_nothing(name, answer)]:
            answer[name] = MISSING if till.optional == "missing" else None
    if till.extra_fields:
        answer |= {"futureField": {"nested": [1, "deux", None]}, "x-beta": True}
    answer |= extra
    return {name: value for name, value in answer.items() if value is not MISSING}


def _says_nothing(name: str, answer: JSON) -> bool:
    return name in _DEFAULTS and answer[name] == _DEFAULTS[name]
