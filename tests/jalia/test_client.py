"""What is asked of the till, and how its pages are gathered (CONTRACT §3.4 and §4)."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sommit.jalia.client import JaliaClient, Orders, Probe
from sommit.jalia.errors import NotAllowed, NotJalia, TooLarge
from tests.jalia.build import LOCATION, REPORT_ID, order, page, product, report
from tests.jalia.scripted import Reply, Request, ScriptedTill


def paged(records: Sequence[Any], *, meta: bool = False, size: int | None = None) -> Callable[[Request], Reply]:
    """A till that pages `records`, by its own size when one is given."""

    def answer(request: Request) -> Reply:
        step, index = size or int(request.query["size"]), int(request.query["index"])
        told = {"totalPage": -(-len(records) // step)} if meta else {}
        return Reply(page(records[index * step : (index + 1) * step], **told))

    return answer


def notes(count: int) -> list[dict[str, Any]]:
    return [order(number, items=[]) for number in range(count)]


def ids(found: Orders) -> list[str]:
    return sorted(each.id for each in found.orders)


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("meta", [False, True])
@pytest.mark.parametrize("count", [0, 1, 10, 100, 101, 250])
def test_every_note_is_gathered_once(
    till: ScriptedTill, client: JaliaClient, count: int, meta: bool, thorough: bool
) -> None:
    till.answer = paged(notes(count), meta=meta)

    found = client.orders(REPORT_ID, thorough=thorough)

    assert len(ids(found)) == count
    assert found.end_known == (meta or thorough or count == 10 or count % 100 == 0)
    assert found.pages == len(till.requests) <= 4


def test_the_questions_are_those_of_the_contract(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = paged([])
    client.orders(REPORT_ID)
    client.reports(date(2025, 3, 7), date(2025, 3, 16))
    till.replies(Reply.json(report()))
    client.report("a/../b?c")
    till.replies(Reply.json([]))
    client.catalogue()

    assert [request.target for request in till.requests] == [
        f"/v1/orders/?reportId={REPORT_ID}&index=0&size=100",
        "/v1/reports/?since=2025-03-07&until=2025-03-16&index=0&size=100",
        "/v1/reports/a%2F..%2Fb%3Fc",
        "/v1/catalog/",
    ]
    assert {request.method for request in till.requests} == {"GET"}
    for request in till.requests:
        assert request.headers["Accept"] == request.headers["Content-Type"] == "application/json"
        assert request.headers["Authorization"].startswith("Bearer ")


def test_a_till_that_ignores_the_size_is_read_whole(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = lambda _request: Reply(page(notes(250)))
    assert len(client.orders(REPORT_ID).orders) == 250
    assert len(till.requests) == 2


def test_a_till_that_serves_smaller_pages_is_read_whole_when_it_says_so_or_thoroughly(
    till: ScriptedTill, client: JaliaClient
) -> None:
    till.answer = paged(notes(35), meta=True, size=10)
    assert len(client.orders(REPORT_ID).orders) == 35

    till.answer = paged(notes(35), size=20)
    short = client.orders(REPORT_ID)
    assert (len(short.orders), short.end_known) == (20, False)
    assert len(client.orders(REPORT_ID, thorough=True).orders) == 35


def test_a_till_that_hears_no_size_loses_no_closing_and_no_note(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = paged([report(id=f"r{number}") for number in range(31)], size=10)
    assert len(client.reports(date(2025, 3, 7), date(2025, 4, 6))) == 31

    till.answer = paged(notes(20), size=10)
    assert (len((found := client.orders(REPORT_ID)).orders), found.end_known) == (20, True)


def test_a_page_that_comes_back_ends_the_reading(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = lambda _request: Reply(page(notes(100)))

    found = client.orders(REPORT_ID, thorough=True)

    assert (len(found.orders), found.pages, found.end_known) == (100, 2, False)


def test_a_cycle_of_pages_ends_the_reading(till: ScriptedTill, client: JaliaClient) -> None:
    both = [page(notes(200)[:100]), page(notes(200)[100:])]
    till.answer = lambda request: Reply(both[int(request.query["index"]) % 2])

    assert (len((found := client.orders(REPORT_ID)).orders), found.pages) == (200, 3)


def test_pages_without_end_are_refused(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = lambda request: Reply(page([order(int(request.query["index"]), items=[])], totalPage=10**6))

    with pytest.raises(TooLarge):
        client.orders(REPORT_ID)
    assert len(till.requests) == 200


def test_a_note_on_two_pages_counts_once(till: ScriptedTill, client: JaliaClient) -> None:
    shifted = notes(101)
    both = [page(shifted[:100]), page(shifted[99:])]
    till.answer = lambda request: Reply(both[int(request.query["index"])])

    found = client.orders(REPORT_ID)

    assert (len(found.orders), found.conflicts) == (101, ())


def test_of_two_versions_of_a_note_the_newer_is_kept(till: ScriptedTill, client: JaliaClient) -> None:
    old, new = order(1, items=[]), order(1, items=[], isCanceled=True, updatedAt="2025-03-16T00:00:00Z")
    for pair in ([old, new], [new, old]):
        till.replies(Reply(page(pair)))
        found = client.orders(REPORT_ID)
        assert (found.orders[0].canceled, found.conflicts) == (True, ())


def test_two_contents_under_one_id_and_date_are_a_conflict(till: ScriptedTill, client: JaliaClient) -> None:
    till.replies(Reply(page([order(1), order(1, items=[]), order(1, isCanceled=True)])))

    found = client.orders(REPORT_ID)

    assert (len(found.orders), found.conflicts) == (1, (order(1)["id"],))


def test_one_bad_note_fails_the_reading_rather_than_vanish(till: ScriptedTill, client: JaliaClient) -> None:
    till.replies(Reply(page([order(1), {"id": "x"}])))

    with pytest.raises(NotJalia, match="items"):
        client.orders(REPORT_ID)
    assert len(till.requests) == 1


def test_closings_are_gathered_from_all_pages(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = paged([report(id=f"r{number}") for number in range(120)])

    assert len(client.reports(date(2025, 3, 7), date(2025, 3, 16))) == 120


def probing(reports: Sequence[Any], *, meta: bool = True) -> Callable[[Request], Reply]:
    lists = paged(reports, meta=meta)

    def answer(request: Request) -> Reply:
        if request.path == "/v1/catalog/":
            return Reply.json([product(1), product(2), None])
        return lists(request) if request.query else Reply.json(report(reportHeaderInfo={"headerName": "Le Coteau"}))

    return answer


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_probe_tells_what_the_key_sees_whatever_the_order_of_the_list(
    till: ScriptedTill, client: JaliaClient, newest_first: bool
) -> None:
    days = [report(id=f"r{day}", finalizedAt=f"2025-03-{day:02d}T00:00:00Z") for day in range(1, 10)]
    till.answer = probing(days[::-1] if newest_first else days)

    assert client.probe() == Probe(2, "Bar à vins Le Coteau", datetime(2025, 3, 9, tzinfo=UTC), LOCATION)
    assert till.requests[1].target == "/v1/reports/?index=0&size=1"


def test_a_probe_asks_the_closing_itself_for_the_name_when_the_list_has_none(
    till: ScriptedTill, client: JaliaClient
) -> None:
    till.answer = probing([report(reportHeaderInfo=None)], meta=False)

    assert client.probe().header_name == "Le Coteau"


def test_a_probe_of_a_till_that_never_closed(till: ScriptedTill, client: JaliaClient) -> None:
    till.answer = probing([])

    assert client.probe() == Probe(2, None, None, None)


@pytest.mark.parametrize(
    ("ask", "resource"),
    [
        (lambda client: client.catalogue(), "catalogue"),
        (lambda client: client.reports(date(2025, 1, 1), date(2025, 1, 2)), "clôtures"),
        (lambda client: client.report("x"), "clôtures"),
        (lambda client: client.orders("x"), "notes"),
    ],
)
def test_a_refusal_names_the_resource(
    till: ScriptedTill, client: JaliaClient, ask: Callable[[JaliaClient], object], resource: str
) -> None:
    till.replies(Reply(json.dumps({"message": "non"}).encode(), 403))

    with pytest.raises(NotAllowed, match=resource) as caught:
        ask(client)
    assert caught.value.resource == resource
