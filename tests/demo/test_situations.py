from datetime import date

import pytest

from demo.simulator import Till, serve, situations
from tests.demo.till_client import Reader, schema, turnover

PARTS = [part.__name__ for part in situations.PARTS]


def named(items, label):
    return [item for item in items if item["description"] == label]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_of_the_evening_is_well_formed_and_adds_up(till, reader, name):
    closing = getattr(situations, name)(till)

    page = reader.json("/v1/orders/", reportId=closing.id)

    schema("OrderPage").validate(page)
    assert reader.reports()[0]["totalSales"] == closing.total_sales_cents
    if name != "menu_beside_items":
        assert turnover(page["data"]) == closing.total_sales_cents


def test_the_whole_evening_says_the_same_in_cents_and_in_euros():
    cents, euros = Till(token="cents"), Till(token="euros")
    situations.evening(cents)
    situations.evening(euros, unit="euros")
    with serve([cents, euros]) as server:
        in_cents, in_euros = (Reader(server, key) for key in ("cents", "euros"))

        assert round(turnover(in_euros.orders()) * 100) == turnover(in_cents.orders())
        assert in_euros.reports()[0]["totalSales"] == in_cents.reports()[0]["totalSales"]
        schema("OrderPage").validate(in_euros.json("/v1/orders/", size=100))


def test_the_same_evening_may_be_told_in_either_unit(till, reader):
    situations.same_evening(till, "euros")

    assert {item["unitPrice"] for item in reader.items()} == {6.5, 5.5, 32, 22}


def test_nothing_tells_the_unit_of_some_closings(till, reader):
    situations.unit_unknown(till)

    (order,) = reader.orders()
    total = reader.reports()[0]["totalSales"]

    assert all(isinstance(order["items"][0][name], int) for name in ("unitPrice", "total"))
    assert "tax" not in order["items"][0]
    assert order["items"][0]["itemCatalogId"] is None
    assert total not in (order["total"], order["total"] * 100)


def test_a_cancelled_line_and_a_loss_keep_their_totals(till, reader):
    situations.cancelled_line(till)
    situations.loss(till)

    cancelled, lost = named(reader.items(), situations.BOTTLE)

    assert (cancelled["isCanceled"], cancelled["total"]) == (True, 3200)
    assert (lost["isLoss"], lost["lossReason"], lost["total"]) == (True, "Bouchonné", 3200)


def test_an_offered_glass_costs_nothing_and_a_discount_is_taken_off(till, reader):
    situations.offered_glass(till)
    situations.part_discount(till)

    offered, reduced = reader.items()

    assert (offered["total"], offered["discountsApplied"][0]["discountValue"]) == (0, 650)
    assert (reduced["unitPrice"], reduced["total"]) == (3200, 2700)


def test_only_the_parent_of_a_split_note_moves_the_stock(till, reader):
    situations.split_note(till)

    items = reader.items()

    assert [item["stockImpactIndicator"] for item in items] == [True, False, False]
    assert sum(item["total"] for item in items) == 3200
    assert reader.reports()[0]["reportProducts"][0]["productQuantity"] == 1


def test_menus_come_in_three_shapes(till, reader):
    situations.menu_in_items(till)
    situations.menu_as_one_line(till)
    situations.menu_beside_items(till)
    situations.menu_beside_items(till, priced=False)

    inside, one_line, priced, unpriced = reader.orders()

    assert [item["total"] for item in inside["items"]] == [1850, 0]
    assert [item["description"] for item in one_line["items"]] == ["DEGUSTATION 3 VERRES"]
    assert (priced["menus"][0]["total"], priced["menus"][0]["items"][0]["total"]) == (1900, 0)
    assert (unpriced["menus"][0]["total"], unpriced["menus"][0]["productRowList"][0]["total"]) == (0, 1300)


def test_the_evening_holds_what_is_returned_weighed_free_or_handed_over(till, reader):
    situations.evening(till)

    orders, items = reader.orders(), reader.items()

    assert any(item["quantity"] < 0 for item in items)
    assert any(item["weight"] for item in items)
    assert any(item["itemCatalogId"] is None for item in items)
    assert any(item["modifiers"] for item in items)
    assert any(item["isTransferred"] for item in items)
    assert any(item["tier"] == "Happy hour" for item in items)
    assert [order["isTransferred"] for order in orders].count(True) == 1
    assert [order["isCanceled"] for order in orders].count(True) == 1


def test_two_tills_close_on_one_evening(till, reader):
    situations.two_closings(till)

    reports = reader.reports()

    assert {report["deviceName"] for report in reports} == {"iPad comptoir", "iPad terrasse"}
    assert len({report["startedAt"] for report in reports}) == 1


@pytest.mark.parametrize(
    ("situation", "finalized_at"),
    [
        (situations.after_midnight, "2026-03-15T02:12:00.000Z"),
        (situations.summer_time_begins, "2026-03-29T01:30:00.000Z"),
        (situations.summer_time_ends, "2026-10-25T02:10:00.000Z"),
        (situations.finalized_late, "2026-03-15T16:00:00.000Z"),
    ],
)
def test_closings_fall_at_awkward_hours(till, reader, situation, finalized_at):
    closing = situation(till)

    assert reader.json(f"/v1/reports/{closing.id}")["finalizedAt"] == finalized_at
    assert all(order["openedAt"] < finalized_at for order in reader.orders(reportId=closing.id))


def test_the_autumn_night_has_two_half_past_twos(till, reader):
    situations.summer_time_ends(till)

    opened = {order["openedAt"] for order in reader.orders()}

    assert {"2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"} <= opened


def test_a_running_shift_has_no_end_and_its_orders_no_report_until_it_is_closed(till, reader):
    closing = situations.running_shift(till)

    assert reader.reports()[0]["finalizedAt"] is None
    assert reader.orders(reportId=closing.id) == []
    assert [order["reportId"] for order in reader.orders()] == [None]

    closing.finalize(closing.opened_at.replace(hour=23))

    assert len(reader.orders(reportId=closing.id)) == 1


@pytest.mark.parametrize("moves", [True, False])
def test_a_closing_may_be_amended_with_or_without_a_trace(till, reader, moves):
    closing = situations.same_evening(till, "cents")
    before = reader.reports()[0]

    situations.amended(till, closing, moves_updated_at=moves)

    after = reader.reports()[0]
    assert (after["updatedAt"] != before["updatedAt"]) is moves
    assert before["totalSales"] - after["totalSales"] == 3 * 650
    assert turnover(reader.orders()) == after["totalSales"]


def test_a_report_may_stay_as_it_was_when_an_order_is_amended(till, reader):
    closing = situations.same_evening(till, "cents")
    before = reader.reports()[0]["totalSales"]

    closing.amend(closing.orders[0].items[0], is_canceled=True, totals_follow=False)
    assert reader.reports()[0]["totalSales"] == before

    closing.recompute_totals()
    assert reader.reports()[0]["totalSales"] == before - 3 * 650


def test_an_order_may_be_missing_from_what_the_report_counts(till, reader):
    closing = situations.missing_order(till)

    assert reader.reports()[0]["totalSales"] - turnover(reader.orders()) == 450
    assert reader.get(f"/v1/orders/{closing.orders[-1].id}").status_code == 404


def test_the_catalogue_changes_under_the_same_identifiers(till, reader):
    glass, carafe, _ = situations.wine(till)
    situations.changed_price(till)
    situations.renamed_product(till)
    situations.new_product(till)
    till.remove(carafe)

    catalogue = {product["id"]: product for product in reader.catalogue()}

    assert catalogue[glass.id]["name"] == "VRE CHINON GRAVIERS 12CL"
    assert catalogue[glass.id]["priceList"][0]["unitPrice"] == 700
    assert carafe.id not in catalogue
    assert "MAGNUM CHINON GRAVIERS 20" in {product["name"] for product in catalogue.values()}
    till.empty_catalogue = True
    assert reader.catalogue() == []


def test_an_identifier_may_be_given_to_another_product(till, reader):
    glass = situations.product_given_another_meaning(till)

    (product,) = (each for each in reader.catalogue() if each["id"] == glass.id)

    assert (product["name"], product["priceList"][0]["taxRate"]) == ("CAFE EXPRESSO", 1000)


def test_unknown_fields_may_be_everywhere(till, reader):
    situations.evening(till)
    till.extra_fields = True

    objects = [*reader.catalogue(), *reader.reports(), *reader.orders(), *reader.items()]

    assert all("futureField" in each for each in objects)


@pytest.mark.parametrize("optional", ["missing", "null"])
def test_optional_fields_may_be_missing_or_null(till, reader, optional):
    situations.evening(till)
    whole = turnover(reader.orders())

    till.optional = optional

    item, report = reader.items()[0], reader.reports()[0]
    absent = [name in item for name in ("tax", "tier", "weight", "isLoss")]
    assert absent == [optional == "null"] * 4
    assert item.get("tax") is None
    assert report.get("deviceName") is None
    assert turnover(reader.orders()) == whole


def test_a_contradiction_in_a_products_settings_is_refused(till):
    situations.wine(till)

    with pytest.raises(ValueError, match="VERRE CHINON GRAVIERS"):
        till.product(situations.GLASS, price_cents=1)


def test_a_closing_without_a_date_is_the_evening_before(till):
    closing = till.closing([("CAFE", 1)])

    assert closing.opened_at.date() == date(2026, 3, 19)
