"""From the bytes of an answer to the raw shapes of the till. Values stay as the JSON had them; `payload` reads them.

Unknown fields are skipped, numbers are exact decimals, NaN and Infinity are no JSON, nesting is bounded by msgspec.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec

from sommit.jalia.errors import CutShort, NotJalia, TillError, TooLarge

T = TypeVar("T")
_BOM = b"\xef\xbb\xbf"
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
_MISSING = re.compile(r"missing required field `(\w+)`")
_LAST_NAME = re.compile(r"\.(\w+)(?:\[[^\]]*\])*`$")

# In a list, what is not the object expected there: kept so that it can be counted rather than fail the whole answer.
Stray = str | int | float | bool | list[Any] | None


class Item(msgspec.Struct, rename="camel", gc=False):
    """A line of an order, or of a menu (whose rows may use the webhooks' names, CONTRACT §7.3 and §9)."""

    item_catalog_id: Any = None
    product_catalog_id: Any = None
    menu_catalog_id: Any = None
    description: Any = None
    name: Any = None
    category: Any = None
    sub_category: Any = None
    quantity: Any = None
    weight: Any = None
    unit_price: Any = None
    total: Any = None
    tier: Any = None
    tax: Any = None
    is_canceled: Any = None
    cancel_reason: Any = None
    is_transferred: Any = None
    transfer_reason: Any = None
    is_loss: Any = None
    loss_reason: Any = None
    stock_impact_indicator: Any = None
    modifiers: Any = None


class Order(msgspec.Struct, rename="camel", kw_only=True):
    """A note."""

    id: Any
    items: list[Item]
    menus: Any = None
    report_id: Any = None
    location_id: Any = None
    opened_at: Any = None
    closed_at: Any = None
    updated_at: Any = None
    is_canceled: Any = None
    cancel_reason: Any = None
    is_transferred: Any = None
    transfer_reason: Any = None


class Report(msgspec.Struct, rename="camel", kw_only=True):
    """A closing."""

    id: Any
    started_at: Any = None
    finalized_at: Any = None
    updated_at: Any = None
    created_at: Any = None
    location_id: Any = None
    device_name: Any = None
    report_number: Any = None
    total_sales: Any = None
    report_products: Any = None
    report_taxes: Any = None
    report_header_info: Any = None


class OrderPage(msgspec.Struct):
    """A page of notes."""

    data: list[Order]
    meta: Any = None


class ReportPage(msgspec.Struct):
    """A page of closings."""

    data: list[Report]
    meta: Any = None


class Price(msgspec.Struct, rename="camel"):
    """A tariff of a product."""

    price_type_id: Any = None
    price_type_name: Any = None
    unit_price: Any = None
    tax_rate: Any = None


class Product(msgspec.Struct, rename="camel"):
    """A key of the till."""

    id: Any = None
    name: Any = None
    category: Any = None
    sub_categories: Any = None
    price_list: Any = None


class CatalogueObject(msgspec.Struct):
    """The catalogue wrapped in an object: not seen, tolerated (CONTRACT §11)."""

    data: list[Product | Stray]


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent that no decimal can hold
        return Decimal("NaN")


class RawPage(msgspec.Struct):
    """A page of records, each as it came."""

    data: list[msgspec.Raw]


def decoder(kind: type[T] | Any) -> "msgspec.json.Decoder[T]":
    """A decoder whose numbers are exact."""
    return msgspec.json.Decoder(kind, float_hook=_decimal)


def decode(body: bytes, into: "msgspec.json.Decoder[T]") -> T:
    """Decode an answer. A leading BOM is dropped, an escaped lone surrogate reads as U+FFFD.

    Raises CutShort (empty, or stopping in its middle), NotJalia (no JSON, bad UTF-8, wrong shape), TooLarge (nesting).
    """
    body = body.removeprefix(_BOM)
    found = _attempt(body, into)
    if isinstance(found, NotJalia) and found.field is None and b"\\u" in body:
        found = _attempt(_ESCAPE.sub(_mended, body), into)
    if isinstance(found, TillError):
        raise found
    return found


def _mended(match: "re.Match[bytes]") -> bytes:
    return b"\\ufffd" if match.group(1) else match.group(0)


def _attempt(body: bytes, into: "msgspec.json.Decoder[T]") -> T | TillError:
    try:
        return into.decode(body)
    except msgspec.ValidationError as error:
        return NotJalia(str(error), field=_field(str(error)))
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            return CutShort(f"stops after {len(body)} bytes")
        return NotJalia(str(error))
    except UnicodeDecodeError:
        return NotJalia("bad UTF-8")
    except RecursionError:
        return TooLarge("nesting")


def _field(message: str) -> str:
    """The needed field that a validation error is about; the answer as a whole is called `data`."""
    found = _MISSING.search(message) or _LAST_NAME.search(message)
    return found.group(1) if found else "data"
