"""Reading the till's JSON: exact, tolerant of what does not matter, loud about what does."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sommit.jalia import parse
from sommit.jalia.errors import CutShort, NotJalia, TillError, TooLarge
from sommit.jalia.payload import Catalogue
from sommit.jalia.values import instant, number, text
from tests.jalia.build import item, order, page, product, report, report_of


def catalogue(*rows: Any) -> Catalogue:
    return parse.catalogue(json.dumps(rows).encode())


def raises(body: bytes, kind: type[TillError], field: str | None = None) -> None:
    with pytest.raises(kind) as caught:
        parse.order_page(body)
    assert type(caught.value) is kind
    assert getattr(caught.value, "field", None) == field


def test_a_product_is_read_with_its_tariffs() -> None:
    (found,) = catalogue(product(id="ABC", unknown=1)).products

    assert (found.id, found.name, found.category, found.sub_categories) == (
        "abc",
        "VRE CHINON",
        "Vins au verre",
        ("Rouges",),
    )
    assert [(each.unit_price_cents, each.tax_rate) for each in found.prices] == [(650, 2000)]


def test_the_normal_price_is_tariff_0_else_the_one_called_normal_else_the_first() -> None:
    happy = {"priceTypeId": 3, "priceTypeName": "Happy hour", "unitPrice": 550}
    normal = {"priceTypeId": 2, "priceTypeName": " NORMÀL", "unitPrice": 650}
    zero = {"priceTypeId": 0, "priceTypeName": "Salle", "unitPrice": 700}

    def price(*tariffs: Any) -> int | None:
        found = catalogue(product(priceList=list(tariffs))).products[0].normal_price()
        return found and found.unit_price_cents

    assert price(happy, normal, zero) == 700
    assert price(happy, normal) == 650
    assert price(happy) == 550
    assert price({"unitPrice": "cher"}, {"unitPrice": 6.5}, None) is None


def test_products_without_id_or_name_are_skipped_and_counted() -> None:
    found = catalogue(product(1), product(2, name=" \u0000 "), product(3, id=None), "rien", None, 3.5, product(1))

    assert (len(found.products), found.skipped) == (1, 6)


def test_a_catalogue_wrapped_in_an_object_is_accepted() -> None:
    assert len(parse.catalogue(page([product()])).products) == 1


def test_a_report_is_read_with_what_it_controls() -> None:
    found = report_of(
        id="9E6A",
        reportProducts=[
            {"productCatalogId": "AB", "productName": "Kir", "productQuantity": 1.5},
            {"productName": "Café  Été", "productQuantity": 2},
            {"productName": "illisible"},
            None,
        ],
        reportTaxes=[{"taxRate": 2000, "taxAmount": 217, "taxableAmount": 1083}],
    )

    assert found.id == "9e6a"
    assert found.started_at == datetime(2025, 3, 14, 16, 2, 40, tzinfo=UTC)
    assert (found.total_sales_cents, found.report_number, found.header_name) == (1300, 412, "Bar à vins Le Coteau")
    assert [(each.till_id, each.quantity_milli) for each in found.products] == [("ab", 1500), ("label:cafe ete", 2000)]
    assert [(each.rate, each.amount, each.base) for each in found.taxes] == [(2000, 217, 1083)]


def test_every_optional_field_of_a_report_may_be_missing_or_null() -> None:
    for raw in ({"id": 7}, {**dict.fromkeys(report()), "id": "7"}):
        found = parse.report(json.dumps(raw).encode())
        assert (found.id, found.finalized_at, found.total_sales_cents, found.unreadable) == ("7", None, None, ())
        assert not found.is_closed


def test_what_a_report_says_unreadably_is_named_and_never_taken_for_a_running_shift() -> None:
    found = report_of(finalizedAt="hier", totalSales="beaucoup")

    assert found.unreadable == ("finalizedAt", "totalSales")
    assert found.is_closed


def test_a_closing_without_id_fails_the_answer() -> None:
    with pytest.raises(NotJalia) as caught:
        parse.report_page(page([report(), report(id=None)]))
    assert caught.value.field == "id"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (order(id=None), "id"),
        (order(id=[1]), "id"),
        (order(id="x" * 300), "id"),
        (order(items=None) | {"items": None}, "items"),
        ({"id": "a"}, "items"),
        (order(items=[item(), 3]), "items"),
        (order(menus=["formule"]), "menus"),
        (order(menus=[{"items": ["verre"]}]), "menus"),
        ("note", "data"),
    ],
)
def test_a_note_without_id_or_items_fails_the_answer_and_names_the_field(raw: Any, field: str) -> None:
    raises(page([order(), raw]), NotJalia, field)


@pytest.mark.parametrize("body", [b"null", b"[]", b"3", b'"bonjour"', b'{"data": null}', b'{"data": {}}', b"{}"])
def test_a_wrong_shape_is_not_jalia(body: bytes) -> None:
    raises(body, NotJalia, "data")


@pytest.mark.parametrize("body", [b"", b" \n", b'{"data": [', page([order()])[:-9]])
def test_an_answer_that_stops_in_its_middle_is_cut_short(body: bytes) -> None:
    raises(body, CutShort)


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"data": [{"x": NaN}]}', b'{"data": [{"x": Infinity}]}', b'{"data": []} x', b"\xff\xfe{\x00}\x00"],
)
def test_what_is_no_json_is_not_jalia(body: bytes) -> None:
    raises(body, NotJalia)


def test_bad_utf8_is_refused() -> None:
    raises(page([order(id="été")]).replace(b"\\u00e9", b"\xe9"), NotJalia)


@pytest.mark.parametrize("place", ["items", "unknown", "menus", "quantity"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_hundred_thousand_levels_are_refused(place: str, opening: str, closing: str) -> None:
    deep = opening * 100_000 + "1" + closing * 100_000
    raw = json.dumps(
        {"data": [order(items=[item(quantity="HERE")]) if place == "quantity" else order(**{place: "HERE"})]}
    )

    with pytest.raises((TooLarge, NotJalia)):
        parse.order_page(raw.replace('"HERE"', deep).encode())


def test_a_menu_of_a_hundred_levels_is_refused() -> None:
    menu: Any = {"items": []}
    for _ in range(100):
        menu = {"course": menu}
    raises(page([order(menus=[menu])]), TooLarge)


def test_a_bom_is_dropped() -> None:
    assert parse.order_page(b"\xef\xbb\xbf" + page([]))[0] == []


def test_a_repeated_key_does_no_harm() -> None:
    (found,), _ = parse.order_page(b'{"data": [{"id": "a", "items": [{}], "id": "b", "items": []}]}')

    assert (found.id, found.items) == ("b", ())


def test_numbers_are_exact_and_absurd_ones_are_not_numbers() -> None:
    (found,), _ = parse.order_page(
        b'{"data": [{"id": 1, "items": [{"total": 1.10, "unitPrice": 1e400, "quantity": 1e99999999999999999999}]}]}'
    )
    line = found.items[0]

    assert (line.total, line.unit_price, line.quantity_milli) == (Decimal("1.1"), None, None)
    assert line.unreadable == ("quantity",)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("1,5", "1.5"),
        (" -2.25 ", "-2.25"),
        (3, "3"),
        ("1e5", None),
        ("", None),
        ("1 000", None),
        (True, None),
        ([1], None),
    ],
)
def test_numbers_may_be_text(value: Any, found: str | None) -> None:
    assert number(value) == (None if found is None else Decimal(found))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("  Kir\u0000 royal\r\n", "Kir  royal"),
        ("Kir \ud83d royal", "Kir \ufffd royal"),
        ("\x1b[31mrouge", "[31mrouge"),
        ("Château 🍷", "Château 🍷"),
        ("x" * 300, "x" * 255),
        (12, "12"),
        ("   ", None),
        ("\u0000", None),
        (True, None),
        ({}, None),
    ],
)
def test_names_are_cleaned_by_a_stated_rule(value: Any, found: str | None) -> None:
    assert text(value) == found


def test_lone_surrogates_in_an_answer_become_the_replacement_character() -> None:
    body = rb'[{"id": "a", "name": "Kir \ud83c royal \ud83c\udf77 \\ud83c"}, {"id": "b", "name": "\udfff"}]'

    assert [each.name for each in parse.catalogue(body).products] == ["Kir \ufffd royal 🍷 \\ud83c", "\ufffd"]


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("2025-03-14T22:12:30Z", 22),
        ("2025-03-14T22:12:30.123Z", 22),
        ("2025-03-14T23:12:30+01:00", 22),
        ("2025-03-14T22:12:30", 22),
        ("hier soir", None),
        ("2025-02-30T22:12:30Z", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("9999-12-31T23:59:59-23:00", None),
        ({}, None),
        (1741990350, None),
    ],
)
def test_instants_are_read_in_utc(value: Any, hour: int | None) -> None:
    found = instant(value)

    assert (found and found.hour) == hour
    assert found is None or found.tzinfo is UTC
