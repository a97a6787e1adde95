"""From the till's raw shapes to typed payloads: one function per kind of answer.

A bad object is never dropped in silence: a note without id or items, or a closing without id, fails the answer; a
product without id or name is counted.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from sommit.jalia import wire
from sommit.jalia.errors import NotJalia, TooLarge
from sommit.jalia.payload import (
    NO_LABEL,
    NO_NAME,
    Catalogue,
    Item,
    Menu,
    Order,
    Price,
    Product,
    Report,
    ReportProduct,
    Tax,
    label_key,
)
from sommit.jalia.values import (
    AMOUNT_LIMIT,
    TOTAL_LIMIT,
    bounded,
    flag,
    identifier,
    instant,
    number,
    rate,
    text,
    thousandths,
    whole,
)

_ROWS = ("items", "productRowList")
_DEPTH = 20  # levels of a menu

_CATALOGUE: msgspec.json.Decoder[list[wire.Product | wire.Stray] | wire.CatalogueObject] = wire.decoder(
    list[wire.Product | wire.Stray] | wire.CatalogueObject
)
_REPORTS: msgspec.json.Decoder[wire.ReportPage] = wire.decoder(wire.ReportPage)
_RAW: msgspec.json.Decoder[wire.RawPage] = wire.decoder(wire.RawPage)
_REPORT: msgspec.json.Decoder[wire.Report] = wire.decoder(wire.Report)
_ORDERS: msgspec.json.Decoder[wire.OrderPage] = wire.decoder(wire.OrderPage)


def catalogue(body: bytes) -> Catalogue:
    """Read the answer of `/v1/catalog/`: an array, or an object holding one in `data`. Raises as `wire.decode`."""
    found = wire.decode(body, _CATALOGUE)
    rows = found.data if isinstance(found, wire.CatalogueObject) else found
    products: dict[str, Product] = {}
    for row in rows:
        product = _product(row) if isinstance(row, wire.Product) else None
        if product is not None:
            products.setdefault(product.id, product)
    return Catalogue(tuple(products.values()), len(rows) - len(products))


def report_page(body: bytes) -> tuple[list[Report], int | None]:
    """Read a page of closings and the number of pages, if told. Raises as `wire.decode`; a closing needs an id."""
    page, raws = wire.decode(body, _REPORTS), wire.decode(body, _RAW).data
    reports = [_report(row, bytes(raw)) for row, raw in zip(page.data, raws, strict=True)]
    return reports, _total_pages(page.meta)


def report(body: bytes) -> Report:
    """Read one closing. Raises as `wire.decode`."""
    return _report(wire.decode(body, _REPORT), body)


def order_page(body: bytes) -> tuple[list[Order], int | None]:
    """Read a page of notes and the number of pages, if told. Raises as `wire.decode`; a note needs id and items."""
    page = wire.decode(body, _ORDERS)
    return [_order(row) for row in page.data], _total_pages(page.meta)


def _total_pages(meta: Any) -> int | None:
    return whole(meta.get("totalPage")) if isinstance(meta, dict) else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _needed_id(value: Any) -> str:
    found = identifier(value)
    if found is None:
        raise NotJalia("no id", field="id")
    return found


def _unreadable(**needed: object) -> tuple[str, ...]:
    return tuple([name for name, value in needed.items() if value is None])


def _product(row: wire.Product) -> Product | None:
    product_id, name = identifier(row.id), text(row.name)
    if product_id is None or name is None:
        return None
    subs = tuple(sub for each in _objects(row.sub_categories) if (sub := text(each.get("name"))))
    prices = tuple(price for each in _objects(row.price_list) if (price := _price(each)))
    return Product(product_id, name, text(row.category) or "", subs, prices)


def _price(row: dict[str, Any]) -> Price | None:
    cents = whole(row.get("unitPrice"), AMOUNT_LIMIT)
    if cents is None:
        return None
    tax = rate(number(row.get("taxRate")))
    return Price(identifier(row.get("priceTypeId")), text(row.get("priceTypeName")) or "", cents, tax)


def _report(row: wire.Report, raw: bytes) -> Report:
    header = row.report_header_info
    finalized, total = instant(row.finalized_at), whole(row.total_sales)
    unreadable = [] if finalized or row.finalized_at is None else ["finalizedAt"]
    if total is None and row.total_sales is not None:
        unreadable.append("totalSales")
    return Report(
        id=_needed_id(row.id),
        asked_as=text(row.id) or "",
        started_at=instant(row.started_at),
        finalized_at=finalized,
        updated_at=instant(row.updated_at),
        created_at=instant(row.created_at),
        location_id=identifier(row.location_id),
        device_name=text(row.device_name),
        report_number=whole(row.report_number, AMOUNT_LIMIT),
        total_sales_cents=total,
        products=tuple(found for each in _objects(row.report_products) if (found := _report_product(each))),
        taxes=tuple(found_tax for each in _objects(row.report_taxes) if (found_tax := _tax(each))),
        header_name=text(header.get("headerName")) if isinstance(header, dict) else None,
        unreadable=tuple(unreadable),
        raw=raw,
    )


def _report_product(row: dict[str, Any]) -> ReportProduct | None:
    label = text(row.get("productName")) or NO_LABEL
    quantity = thousandths(row.get("productQuantity"))
    if quantity is None:
        return None
    return ReportProduct(identifier(row.get("productCatalogId")) or label_key(label), label, quantity)


def _tax(row: dict[str, Any]) -> Tax | None:
    amount = bounded(row.get("taxAmount"), TOTAL_LIMIT)
    base = bounded(row.get("taxableAmount"), TOTAL_LIMIT)
    if amount is None or base is None:
        return None
    return Tax(rate(number(row.get("taxRate"))), amount, base)


def _order(row: wire.Order) -> Order:
    canceled, transferred = flag(row.is_canceled, default=False), flag(row.is_transferred, default=False)
    return Order(
        id=_needed_id(row.id),
        report_id=identifier(row.report_id),
        location_id=identifier(row.location_id),
        opened_at=instant(row.opened_at),
        closed_at=instant(row.closed_at),
        updated_at=instant(row.updated_at),
        canceled=canceled is True,
        transferred=transferred is True,
        cancel_reason=text(row.cancel_reason),
        transfer_reason=text(row.transfer_reason),
        items=tuple([_item(item) for item in row.items]),
        menus=tuple([_menu(menu) for menu in row.menus]) if isinstance(row.menus, list) else (),
        unreadable=_unreadable(isCanceled=canceled, isTransferred=transferred),
    )


def _item(row: wire.Item) -> Item:
    quantity = thousandths(row.quantity)
    unit_price, total = bounded(row.unit_price, AMOUNT_LIMIT), bounded(row.total, AMOUNT_LIMIT)
    canceled, transferred = flag(row.is_canceled, default=False), flag(row.is_transferred, default=False)
    lost, moves = flag(row.is_loss, default=False), flag(row.stock_impact_indicator, default=True)
    unreadable = _unreadable(
        quantity=quantity,
        total=0 if row.total is None else total,
        isCanceled=canceled,
        isTransferred=transferred,
        isLoss=lost,
        stockImpactIndicator=moves,
    )
    return Item(
        identifier(row.item_catalog_id) or identifier(row.product_catalog_id) or identifier(row.menu_catalog_id),
        text(row.description) or text(row.name) or NO_LABEL,
        text(row.category) or "",
        text(row.sub_category) or "",
        text(row.tier),
        quantity,
        bounded(row.weight, AMOUNT_LIMIT),
        row.weight is not None,
        unit_price,
        total,
        number(row.tax.get("taxRate")) if isinstance(row.tax, dict) else None,
        canceled is True,
        transferred is True,
        lost is True,
        moves is not False,
        text(row.cancel_reason),
        text(row.transfer_reason),
        text(row.loss_reason),
        unreadable,
        _modifiers(row.modifiers) if row.modifiers else (),
    )


def _modifiers(value: Any) -> tuple[str, ...]:
    """The options of a line. One without a name is called by its id: whatever was chosen is shown (FAULTS 66)."""
    rows = value if isinstance(value, list) else [value]
    return tuple([_modifier(row) if isinstance(row, dict) else text(row) or NO_NAME for row in rows])


def _modifier(row: dict[str, Any]) -> str:
    return text(row.get("name")) or identifier(row.get("modifierId")) or NO_NAME


def _menu(node: Any) -> Menu:
    """A formule. Its own fields were never seen: without a quantity it is one, without a total its price times that."""
    if not isinstance(node, dict):
        raise NotJalia("a menu that is no object", field="menus")
    quantity = node.get("quantity")
    line = _row({**node, "quantity": 1 if quantity is None else quantity})
    if node.get("total") is None and line.unit_price is not None and line.quantity_milli is not None:
        line = msgspec.structs.replace(line, total=line.unit_price * line.quantity_milli / 1000)
    return Menu(line, tuple([_row(row) for row in _rows(node, _DEPTH)]))


def _row(node: Any) -> Item:
    if not isinstance(node, dict):
        raise NotJalia("a menu's line that is no object", field="menus")
    return _item(msgspec.convert(node, wire.Item))


def _rows(node: Any, depth: int) -> Iterator[Any]:
    """Every line inside a menu, however its courses nest it."""
    if depth == 0:
        raise TooLarge("nesting of a menu")
    if isinstance(node, list):
        for each in node:
            yield from _rows(each, depth - 1)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in _ROWS and isinstance(value, list):
                yield from value
            if isinstance(value, list | dict):
                yield from _rows(value, depth - 1)
