"""CONTRACT §7.4: what a closing adds up to, and what would explain a difference."""

from typing import Any

from sommit.jalia.control import Control, check, explain
from sommit.jalia.units import Unit, priced
from tests.jalia.build import BOTTLE, GLASS, item, lines, order, report_of

DINNER = item(total=1300)


def control(*items: Any, total: Any, products: Any = None, end_known: bool = True, **flags: Any) -> Control:
    found = priced(lines(order(items=[DINNER, *items], **flags)), Unit.CENTS)
    return check(found, report_of(totalSales=total, reportProducts=products), end_known=end_known)


def sold(till_id: str, quantity: Any, name: str = "VRE CHINON") -> dict[str, Any]:
    return {"productCatalogId": till_id, "productName": name, "productQuantity": quantity}


def test_a_closing_that_adds_up_has_nothing_to_explain() -> None:
    assert control(total=1300, products=[sold(GLASS, 2)]) == Control(1300, 0, (), ())


def test_without_a_total_or_a_unit_there_is_no_difference() -> None:
    assert control(total=None) == Control(1300, None, (), ())
    assert check(lines(order()), report_of(), end_known=True) == Control(None, None, (), ())


def test_each_group_left_out_can_explain_a_difference() -> None:
    for fields, code in (
        ({"isLoss": True}, "loss"),
        ({"isTransferred": True}, "moved"),
        ({"isCanceled": True}, "canceled"),
    ):
        found = control(item(total=700, **fields), total=2000)
        assert (found.difference_cents, found.causes) == (-700, (code,))


def test_a_transferred_order_can_explain_a_difference() -> None:
    found = priced(lines(order(1), order(2, items=[item(total=700)], isTransferred=True)), Unit.CENTS)

    assert check(found, report_of(totalSales=2000), end_known=True).causes == ("transferred",)


def test_the_shares_of_a_split_note_can_be_too_much() -> None:
    found = control(item(total=650, stockImpactIndicator=False), total=1300)

    assert (found.difference_cents, found.causes) == (650, ("split",))


def test_an_offered_line_that_the_till_counts_can_be_missing() -> None:
    found = control(item(quantity=2, unitPrice=480, total=0), total=2260)

    assert (found.difference_cents, found.causes) == (-960, ("offered",))


def test_two_groups_can_explain_it_together() -> None:
    found = control(item(total=700, isLoss=True), item(total=30, isTransferred=True), total=2030)

    assert found.causes == ("loss", "moved")


def test_a_group_alone_is_preferred_and_equal_groups_are_all_named() -> None:
    assert explain(5, {"a": 5, "b": 2, "c": 3, "d": 5}) == ("a", "d")
    assert explain(5, {"b": 2, "c": 3}) == ("b", "c")
    assert explain(5, {"b": 2}) == ()


def test_what_nobody_knows_is_named_as_a_possibility() -> None:
    assert control(item(total=None), total=2000).causes == ("held",)
    assert control(total=2000, end_known=False).causes == ("missing_page",)
    assert control(total=2000).causes == ()


def test_quantities_are_compared_product_by_product() -> None:
    found = control(total=1300, products=[sold(GLASS, 3), sold(BOTTLE, 1, "BTL CHINON"), sold(BOTTLE, 1, "BTL CHINON")])

    assert [(gap.label, gap.ours_milli, gap.theirs_milli) for gap in found.gaps] == [
        ("VRE CHINON", 2000, 3000),
        ("BTL CHINON", 0, 2000),
    ]


def test_a_gap_of_quantity_is_explained_like_money() -> None:
    lost = control(item(quantity=1, isLoss=True), total=1300, products=[sold(GLASS, 3)]).gaps[0]
    offered = control(item(quantity=1, total=0), total=1300, products=[sold(GLASS, 2)]).gaps[0]
    held = control(item(quantity="?", total=0), total=1300, products=[sold(GLASS, 9)]).gaps[0]

    assert (lost.causes, offered.causes, held.causes) == (("loss",), ("offered",), ("held",))


def test_the_shares_of_a_split_note_are_in_their_parent() -> None:
    share = item(quantity=0.5, total=0, stockImpactIndicator=False)

    assert control(share, total=1300, products=[sold(GLASS, 2)]).gaps == ()
    assert control(share, total=1300, products=[sold(GLASS, 2.5)]).gaps[0].causes == ("split",)


def test_the_components_of_a_paid_menu_are_in_their_menu() -> None:
    menu = {"name": "Menu", "quantity": 1, "total": 2000, "items": [item()]}
    products = [sold(GLASS, 2), {"productName": "Menu", "productQuantity": 1}]

    assert control(total=3300, products=products, menus=[menu]) == Control(3300, 0, (), ())


def test_a_closing_that_lists_no_product_controls_none() -> None:
    assert control(total=1300, products=[]).gaps == ()
