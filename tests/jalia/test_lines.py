"""CONTRACT §7, row by row: what a line does to stock and to turnover."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sommit.jalia.lines import Line, Money, Stock, label_key
from tests.jalia.build import FINALIZED, GLASS, item, lines, order

CANCELED = {"isCanceled": True}
MOVED = {"isTransferred": True}
SHARE = {"stockImpactIndicator": False}
WEIGHED = {"weight": 0.35}
LOST = {"isLoss": True}
OFFERED = {"total": 0}
RETURN = {"quantity": -1, "total": -650}
NO_ORDER: dict[str, Any] = {}

TABLE = [
    # name, order's flags, line's fields, stock, money
    ("S6 T5 sold", NO_ORDER, {}, Stock.SALE, Money.TURNOVER),
    ("S6 T5 offered", NO_ORDER, OFFERED, Stock.SALE, Money.TURNOVER),
    ("S6 T5 discounted", NO_ORDER, {"total": 1000}, Stock.SALE, Money.TURNOVER),
    ("S6 T5 happy hour", NO_ORDER, {"tier": "Happy hour", "unitPrice": 550}, Stock.SALE, Money.TURNOVER),
    ("S6 T5 a return", NO_ORDER, RETURN, Stock.SALE, Money.TURNOVER),
    ("S6 T5 flags missing", NO_ORDER, {"isCanceled": None, "isLoss": None}, Stock.SALE, Money.TURNOVER),
    ("S6 T5 indicator null", NO_ORDER, {"stockImpactIndicator": None}, Stock.SALE, Money.TURNOVER),
    ("S1 T1 line canceled", NO_ORDER, CANCELED, Stock.NONE, Money.CANCELED),
    ("S1 T1 order canceled", CANCELED, {}, Stock.NONE, Money.CANCELED),
    ("S2 T4 line moved", NO_ORDER, MOVED, Stock.NONE, Money.MOVED),
    ("S6 T3 order transferred", MOVED, {}, Stock.SALE, Money.TRANSFERRED),
    ("S3 T5 a share", NO_ORDER, SHARE, Stock.NONE, Money.TURNOVER),
    ("S4 T5 weighed", NO_ORDER, WEIGHED, Stock.TO_CHECK, Money.TURNOVER),
    ("S4 T5 weighed, zero", NO_ORDER, {"weight": 0}, Stock.TO_CHECK, Money.TURNOVER),
    ("S4 T5 weighed, unreadable", NO_ORDER, {"weight": "beaucoup"}, Stock.TO_CHECK, Money.TURNOVER),
    ("S5 T2 lost", NO_ORDER, LOST, Stock.LOSS, Money.LOSS),
    # combinations: the first row that fits wins, in each table apart
    ("S1 before S5, T1 before T2", NO_ORDER, CANCELED | LOST, Stock.NONE, Money.CANCELED),
    ("S1 before S2, T1 before T4", NO_ORDER, CANCELED | MOVED, Stock.NONE, Money.CANCELED),
    ("S1 before S4, T1 before T3", CANCELED | MOVED, WEIGHED, Stock.NONE, Money.CANCELED),
    ("S1 before S3", NO_ORDER, CANCELED | SHARE, Stock.NONE, Money.CANCELED),
    ("S2 before S5, T2 before T4", NO_ORDER, MOVED | LOST, Stock.NONE, Money.LOSS),
    ("S2 before S4", NO_ORDER, MOVED | WEIGHED, Stock.NONE, Money.MOVED),
    ("S3 before S4", NO_ORDER, SHARE | WEIGHED, Stock.NONE, Money.TURNOVER),
    ("S3 before S5, T2", NO_ORDER, SHARE | LOST, Stock.NONE, Money.LOSS),
    ("S4 before S5, T2", NO_ORDER, WEIGHED | LOST, Stock.TO_CHECK, Money.LOSS),
    ("S5 with T2 before T3", MOVED, LOST, Stock.LOSS, Money.LOSS),
    ("S2 with T3 before T4", MOVED, MOVED, Stock.NONE, Money.TRANSFERRED),
    ("S3 with T3", MOVED, SHARE, Stock.NONE, Money.TRANSFERRED),
    ("S4 with T3", MOVED, WEIGHED, Stock.TO_CHECK, Money.TRANSFERRED),
    ("S6 offered in a transferred order", MOVED, OFFERED, Stock.SALE, Money.TRANSFERRED),
    # what cannot be read is held, and only where it matters
    ("quantity absurd", NO_ORDER, {"quantity": 10**12}, Stock.HELD, Money.TURNOVER),
    ("quantity missing", NO_ORDER, {"quantity": None}, Stock.HELD, Money.TURNOVER),
    ("quantity in words", NO_ORDER, {"quantity": "deux"}, Stock.HELD, Money.TURNOVER),
    ("quantity absurd, canceled", NO_ORDER, {"quantity": 10**12} | CANCELED, Stock.NONE, Money.CANCELED),
    ("total missing", NO_ORDER, {"total": None}, Stock.SALE, Money.HELD),
    ("total absurd", NO_ORDER, {"total": 10**12}, Stock.SALE, Money.HELD),
    ("total absurd, lost", NO_ORDER, {"total": 10**12} | LOST, Stock.LOSS, Money.LOSS),
    ("a flag that is no flag", NO_ORDER, {"isCanceled": {"yes": 1}}, Stock.HELD, Money.HELD),
    ("an order's flag that is no flag", {"isTransferred": "peut-être"}, {}, Stock.HELD, Money.HELD),
]


def only(**changes: Any) -> Line:
    (found,) = lines(order(items=[item(**changes)]))
    return found


@pytest.mark.parametrize(("flags", "fields", "stock", "money"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE])
def test_each_row_of_the_two_tables(flags: dict[str, Any], fields: dict[str, Any], stock: Stock, money: Money) -> None:
    (line,) = lines(order(items=[item(**fields)], **flags))

    assert (line.stock, line.money) == (stock, money)


def test_a_cancelled_line_keeps_its_total_and_its_reason() -> None:
    line = only(isCanceled=True, cancelReason="Erreur de saisie")

    assert (line.total, line.reason) == (1300, "Erreur de saisie")


def test_a_loss_tells_why() -> None:
    assert only(isLoss=True, lossReason="Bouchonnée").reason == "Bouchonnée"


def test_missing_flags_altogether_are_an_ordinary_sale() -> None:
    (line,) = lines({"id": "A", "items": [{"description": "Café", "quantity": 1, "total": 200}]})

    assert (line.stock, line.money, line.till_id) == (Stock.SALE, Money.TURNOVER, "label:cafe")


@pytest.mark.parametrize(
    ("quantity", "milli"),
    [(0, 0), (-2, -2000), (0.5, 500), ("1,5", 1500), ("3", 3000), (0.3333333, 333), (1e-30, 0), (1_000_000, 10**9)],
)
def test_quantities_are_kept_in_thousandths(quantity: Any, milli: int) -> None:
    assert only(quantity=quantity).quantity_milli == milli


def test_a_line_is_sold_when_its_note_was_closed_else_opened_else_at_the_closing() -> None:
    closed = lines(order())[0].sold_at
    opened = lines(order(closedAt=None))[0].sold_at
    neither = lines(order(closedAt="n’importe quoi", openedAt=None))[0].sold_at

    assert closed == datetime(2025, 3, 14, 18, 41, 37, tzinfo=UTC)
    assert opened == datetime(2025, 3, 14, 17, 20, 11, tzinfo=UTC)
    assert neither == FINALIZED


def test_a_line_without_catalogue_id_is_known_by_its_label() -> None:
    assert label_key("  Crème   de CASSIS ") == "label:creme de cassis"
    assert only(itemCatalogId=None, description="Bière  Été").till_id == "label:biere ete"
    assert only(itemCatalogId="", description=None).till_id == "label:sans libelle"


def test_identifiers_are_compared_as_lower_case_text() -> None:
    assert only(itemCatalogId=GLASS.upper()).till_id == GLASS
    assert only(itemCatalogId=12).till_id == "12"


def test_the_share_of_a_split_note_says_so() -> None:
    assert only(stockImpactIndicator=False).split
    assert not only().split


# --- the three shapes of a menu (CONTRACT §7.3)


def test_a_menu_given_as_components_is_ordinary_lines() -> None:
    found = lines(order(items=[item(total=0), item(description="PLAT", itemCatalogId=None, total=2400)]))

    assert [line.total for line in found] == [0, 2400]
    assert {line.stock for line in found} == {Stock.SALE}


def test_a_menu_given_as_one_line_is_an_ordinary_reference() -> None:
    line = only(description="MENU DEGUSTATION", itemCatalogId=None, quantity=1, total=4500)

    assert (line.till_id, line.total, line.stock) == ("label:menu degustation", 4500, Stock.SALE)


def test_a_menu_that_carries_money_brings_it_and_its_components_only_move_stock() -> None:
    menu = {"name": "Formule", "total": 2500, "unitPrice": 2500, "quantity": 1, "items": [item(total=700)]}

    own, component = lines(order(items=[], menus=[menu]))

    assert (own.till_id, own.total, own.money, own.in_menu) == ("label:formule", 2500, Money.TURNOVER, False)
    assert (component.till_id, component.total, component.in_menu) == (GLASS, 0, True)
    assert (component.stock, component.quantity_milli) == (Stock.SALE, 2000)


@pytest.mark.parametrize(
    ("own", "total"),
    [({"unitPrice": 2500}, 2500), ({"total": 2500}, 2500), ({"unitPrice": 2500, "quantity": 2}, 5000)],
)
def test_a_menu_that_says_little_of_itself_still_carries_its_money(own: Any, total: int) -> None:
    line, component = lines(order(items=[], menus=[{"name": "Formule", "items": [item(total=700)], **own}]))

    assert (line.total, line.money, component.total) == (total, Money.TURNOVER, 0)
    assert line.stock is Stock.SALE


def test_the_components_of_a_menu_without_money_speak_for_themselves() -> None:
    (component,) = lines(order(items=[], menus=[{"name": "Formule", "total": 0, "items": [item(total=700)]}]))

    assert (component.total, component.in_menu, component.position) == (700, False, 0)


def test_rows_named_as_in_the_webhooks_and_nested_in_courses_are_found() -> None:
    row = {"productCatalogId": GLASS, "name": "VRE CHINON", "quantity": 1, "total": 650}
    menu = {"name": "Menu", "courses": [{"title": "Plats", "productRowList": [row]}, {"items": [item()]}]}

    found = lines(order(menus=[menu]))

    assert [line.till_id for line in found] == [GLASS] * 3
    assert [line.position for line in found] == [0, 1, 2]


def test_a_cancelled_menu_cancels_what_it_holds() -> None:
    menu = {"name": "Menu", "total": 2500, "quantity": 1, "isCanceled": True, "items": [item()]}

    assert {line.money for line in lines(order(items=[], menus=[menu]))} == {Money.CANCELED}


def test_an_empty_menu_is_still_a_line() -> None:
    (line,) = lines(order(items=[], menus=[{"name": "Menu", "quantity": 1, "unitPrice": 0, "total": 0}]))

    assert (line.label, line.total) == ("Menu", 0)


@pytest.mark.parametrize(
    ("written", "kept"),
    [(0.2, 2000), (0.055, 550), (20, 2000), (5.5, 550), (2000, 2000), (550, 550), (0, 0), (-1, None)],
)
def test_rates_are_told_by_their_size(written: Any, kept: int | None) -> None:
    line = only(tax={"taxRate": written})

    assert line.tax_rate == kept
    assert line.raw_rate == Decimal(str(written))
