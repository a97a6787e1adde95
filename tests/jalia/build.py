"""Answers of a till, as JSON: each with what a good one holds, changed by keyword."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sommit.jalia import parse
from sommit.jalia.client import Orders
from sommit.jalia.lines import Line, lines_of
from sommit.jalia.payload import Order, Report

REPORT_ID = "9e6a1d52-0f3b-4c7a-b1d4-6a2e8f0c7701"
LOCATION = "c4b8e6d0-7a21-4f35-9d0c-1e5f3a9b2c40"
GLASS = "5b0e7f1a-2c64-4d1e-9a53-0d6f7c1b8e01"
BOTTLE = "5b0e7f1a-2c64-4d1e-9a53-0d6f7c1b8e02"
FINALIZED = datetime(2025, 3, 15, 0, 47, 55, tzinfo=UTC)


def item(**changes: Any) -> dict[str, Any]:
    return {
        "itemCatalogId": GLASS,
        "description": "VRE CHINON",
        "category": "Vins au verre",
        "subCategory": "Rouges",
        "quantity": 2,
        "weight": None,
        "unitPrice": 650,
        "total": 1300,
        "tier": "Normal",
        "isCanceled": False,
        "isTransferred": False,
        "isLoss": False,
        "stockImpactIndicator": True,
        "tax": {"taxRate": 2000},
        **changes,
    }


def order(number: int = 1, items: Sequence[Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"1c7e0b34-8d2f-4a96-b0e3-{number:012d}",
        "locationId": LOCATION,
        "reportId": REPORT_ID,
        "openedAt": "2025-03-14T17:20:11.000Z",
        "closedAt": "2025-03-14T18:41:37.000Z",
        "updatedAt": "2025-03-15T00:48:12.000Z",
        "isCanceled": False,
        "isTransferred": False,
        "items": [item()] if items is None else list(items),
        **changes,
    }


def report(**changes: Any) -> dict[str, Any]:
    return {
        "id": REPORT_ID,
        "createdAt": "2025-03-15T00:48:12.000Z",
        "updatedAt": "2025-03-15T00:48:12.000Z",
        "locationId": LOCATION,
        "startedAt": "2025-03-14T16:02:40.000Z",
        "finalizedAt": "2025-03-15T00:47:55.000Z",
        "deviceName": "iPad comptoir",
        "reportNumber": 412,
        "totalSales": 1300,
        "reportHeaderInfo": {"headerName": "Bar à vins Le Coteau"},
        **changes,
    }


def product(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"5b0e7f1a-2c64-4d1e-9a53-{number:012d}",
        "name": "VRE CHINON",
        "category": "Vins au verre",
        "subCategories": [{"id": "x", "name": "Rouges"}],
        "priceList": [{"priceTypeId": 0, "priceTypeName": "Normal", "unitPrice": 650, "taxRate": 2000}],
        **changes,
    }


def page(records: Sequence[Any], **meta: Any) -> bytes:
    return json.dumps({"data": list(records), **({"meta": meta} if meta else {})}).encode()


def orders_of(*raw: Any) -> list[Order]:
    return parse.order_page(page(raw))[0]


def report_of(**changes: Any) -> Report:
    return parse.report(json.dumps(report(**changes)).encode())


def lines(*raw: Any) -> tuple[Line, ...]:
    return lines_of(orders_of(*raw), finalized_at=FINALIZED)


def line(**changes: Any) -> Line:
    return lines(order(items=[item(**changes)]))[0]


class Readings:
    """Stands for a client that gives one list of notes per reading."""

    def __init__(self, *readings: Sequence[Any], pages: int = 1, end_known: bool = True) -> None:
        self._left = [tuple(orders_of(*raw)) for raw in readings]
        self._pages, self._end_known = pages, end_known
        self.thorough: list[bool] = []

    def orders(self, _report_id: str, *, thorough: bool = False) -> Orders:
        self.thorough.append(thorough)
        found = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        return Orders(found, self._pages, self._end_known or thorough)
