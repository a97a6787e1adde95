import uuid

import pytest
import requests

from demo.simulator import Till, serve
from tests.demo.till_client import Reader, schema, turnover


@pytest.fixture
def chablis(till):
    return till.product(
        "VERRE CHABLIS",
        price_cents=650,
        category="Vins au verre",
        sub_category="Blancs",
        tiers={"Happy hour": 550},
    )


@pytest.mark.parametrize("unit", ["cents", "euros"])
@pytest.mark.parametrize("dates", ["milliseconds", "seconds", "offset"])
def test_ordinary_answers_are_those_of_the_published_description(till, reader, chablis, unit, dates):
    till.dates = dates
    closing = till.closing(lines=[("VERRE CHABLIS", 6), ("VERRE CHABLIS", 2, "Happy hour")], unit=unit)
    order = closing.orders[0]

    for product in reader.catalogue():
        schema("CatalogProduct").validate(product)
    schema("ReportPage").validate(reader.json("/v1/reports/"))
    schema("OrderPage").validate(reader.json("/v1/orders/"))
    schema("Report").validate(reader.json(f"/v1/reports/{closing.id}"))
    schema("Order").validate(reader.json(f"/v1/orders/{order.id}"))


def test_a_closing_adds_up_in_money_in_quantity_and_in_tax(till, reader, chablis):
    closing = till.closing(lines=[("VERRE CHABLIS", 6), ("VERRE CHABLIS", 2, "Happy hour")])

    (report,) = reader.reports()

    assert report["totalSales"] == 6 * 650 + 2 * 550 == turnover(reader.orders(reportId=closing.id))
    assert report["totalSales"] == sum(tax["taxAmount"] + tax["taxableAmount"] for tax in report["reportTaxes"])
    assert [(row["productCatalogId"], row["productQuantity"]) for row in report["reportProducts"]] == [(chablis.id, 8)]


def test_the_same_evening_in_euros_has_decimal_amounts_and_fractional_rates(till, reader, chablis):
    till.closing(lines=[("VERRE CHABLIS", 3)], unit="euros")

    (item,) = reader.items()

    assert (item["unitPrice"], item["total"], item["tax"]["taxRate"]) == (6.5, 19.5, 0.2)
    assert reader.reports()[0]["totalSales"] == 1950


@pytest.mark.parametrize("authorization", [None, "Bearer another", "a-key-of-the-simulator", "Basic YTpi"])
def test_without_the_right_key_everything_is_refused(server, authorization):
    headers = {"Authorization": authorization} if authorization else {}

    answer = requests.get(server.url + "/v1/catalog/", headers=headers, timeout=60)

    assert answer.status_code == 401
    schema("Error").validate(answer.json())


def test_a_key_sees_its_own_venue_only():
    ours, theirs = Till(token="ours", name="Le Zinc"), Till(token="theirs", name="La Grappe")
    ours.closing(lines=[("VERRE CHABLIS", 1)])
    closing = theirs.closing(lines=[("VERRE CHABLIS", 1)])
    with serve([ours, theirs]) as server:
        reader = Reader(server, "ours")

        assert {report["locationId"] for report in reader.reports()} == {ours.location_id}
        assert reader.get(f"/v1/reports/{closing.id}").status_code == 404


def test_one_resource_may_be_closed_to_a_key(till, reader, chablis):
    till.forbidden = {"orders"}

    assert reader.get("/v1/orders/").status_code == 403
    assert reader.get(f"/v1/orders/{uuid.uuid4()}").status_code == 403
    assert reader.catalogue()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/orders/", {"size": 0}),
        ("/v1/orders/", {"size": "dix"}),
        ("/v1/orders/", {"size": 101}),
        ("/v1/reports/", {"index": -1}),
        ("/v1/reports/", {"since": "2026-02-30"}),
        ("/v1/reports/", {"until": "20/03/2026"}),
        ("/v1/reports/", {"until": "2026-03-20T00:00:00Z"}),
        ("/v1/orders/", {"reportId": "412"}),
        ("/v1/reports/412", {}),
    ],
)
def test_a_parameter_outside_its_pattern_is_refused(reader, path, query):
    assert reader.get(path, **query).status_code == 422


def test_bad_parameters_may_be_answered_400_and_a_size_above_100_capped(till, reader):
    till.bad_parameter_status, till.oversize = 400, "capped"
    till.closing(lines=[("CAFE", 1)] * 120, per_order=1)

    assert reader.get("/v1/orders/", size=0).status_code == 400
    assert len(reader.json("/v1/orders/", size=101)["data"]) == 100


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/reports", "/v1/catalog", "/v1/tills/", "/v2/orders/", "/"])
def test_an_undocumented_address_or_a_missing_slash_is_not_found(reader, path):
    assert reader.get(path).status_code == 404


def test_unknown_identifiers_are_not_found_and_known_ones_are_found_in_upper_case(till, reader):
    closing = till.closing(lines=[("CAFE", 1)])

    assert reader.get(f"/v1/reports/{uuid.uuid4()}").status_code == 404
    assert reader.json(f"/v1/reports/{closing.id.upper()}")["id"] == closing.id


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_till_is_read_only(server, till, method):
    headers = {"Authorization": f"Bearer {till.token}"}

    answer = requests.request(method, server.url + "/v1/orders/", headers=headers, json={}, timeout=60)

    assert answer.status_code == 405
    assert server.requests[-1].method == method


@pytest.mark.parametrize("count", [0, 1, 10, 100, 101, 250])
def test_orders_come_ten_at_a_time_by_default_and_a_hundred_at_most(till, reader, count):
    closing = till.closing(lines=[("CAFE", 1)] * count, per_order=1)

    assert len(reader.json("/v1/orders/", reportId=closing.id)["data"]) == min(count, 10)
    ids = [order["id"] for order in reader.orders(reportId=closing.id)]
    assert len(ids) == len(set(ids)) == count


def test_pages_say_how_many_they_are_or_say_nothing(till, reader):
    till.closing(lines=[("CAFE", 1)] * 101, per_order=1)

    assert reader.json("/v1/orders/", size=100)["meta"] == {"totalPage": 2}
    till.meta = "empty"
    assert reader.json("/v1/orders/", size=100)["meta"] == {}
    till.meta = "absent"
    assert "meta" not in reader.json("/v1/orders/", size=100)


def test_since_and_until_test_the_day_of_creation_on_the_server(till, reader):
    closing = till.closing(lines=[("CAFE", 1)])  # opened on the 19th, recorded at 00:30 in Paris, still the 19th in UTC

    assert reader.reports(since="2026-03-19", until="2026-03-19")[0]["id"] == closing.id
    assert reader.reports(since="2026-03-20") == []
    assert reader.reports(until="2026-03-18") == []


def test_a_record_added_between_two_pages_shifts_the_list(till, server, reader):
    closing = till.closing(lines=[("CAFE", 1)] * 150, per_order=1)
    till.newest_first = True
    late = till.item("CAFE")
    server.faults.add("/v1/orders/", after=1, run=lambda: closing.order([late], opened_at=closing.finalized_at))

    ids = [order["id"] for order in reader.orders(reportId=closing.id)]

    assert len(ids) == 151
    assert len(set(ids)) == 150


def test_the_log_names_every_request_and_never_holds_a_key(till, server, reader):
    reader.catalogue()
    reader.get("/v1/orders/", size=5, token=till.token)

    first, second = till.requests
    assert (first.method, first.path, first.key_in_url, first.status) == ("GET", "/v1/catalog/", False, 200)
    assert "authorization" in first.header_names
    assert second.key_in_url
    assert second.query["size"] == "5"
    assert till.token not in repr(server.requests)
