"""What a till gone mad may answer, written by hand: a name, the resource, and what becomes of its true answer.

A change takes the decoded JSON and returns what is sent instead; bytes are sent as they are.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Change = Callable[[Any], Any]

CATALOGUE, CLOSINGS, NOTES = "/v1/catalog/", "/v1/reports/", "/v1/orders/"


class Hostile(NamedTuple):
    """One answer: `fault` is what the simulator's script takes."""

    name: str
    path: str
    fault: dict[str, Any]


#: Values that a field of a line, a note, a closing or a product has no business holding.
NO_NUMBERS: tuple[Any, ...] = (None, "", "1,5", "douze", "NaN", True, [], {}, [2], {"value": 2})
MAD_NUMBERS: tuple[Any, ...] = (0, -1, -2, 0.5, 0.3333333, 1e15, 10**12, 10**40, -(10**12), "2", " 2 ", "2e3", "٢")
NO_TEXTS: tuple[Any, ...] = (None, "", " ", 12, True, [], {"fr": "VRE"}, "\u0000", "\ud800", "\u202eETON", "É" * 5000)
NO_INSTANTS: tuple[Any, ...] = (None, "", "hier", 0, 1741974011, "2025-13-45T99:99:99Z", "0001-01-01T00:00:00Z", [])
NO_LISTS: tuple[Any, ...] = (None, {}, "", 0, [None], [[]], ["x"], [{}], {"0": {}})
NO_FLAGS: tuple[Any, ...] = (None, "true", "non", 1, -1, [], {})


def corpus() -> Iterator[Hostile]:
    """Yield every hostile answer, each under a name of its own."""
    yield from _lines()
    yield from _notes()
    yield from _closings()
    yield from _products()
    yield from _bodies()
    yield from _shapes()


def _field(what: str, path: str, name: str, values: tuple[Any, ...], reach: Callable[[Any], list[Any]]) -> Any:
    """Put each value in a field of the first record that `reach` finds; then take the field away."""

    def put(value: Any) -> Change:
        def change(answer: Any) -> Any:
            for record in reach(answer)[:1]:
                record[name] = value
            return answer

        return change

    def drop(answer: Any) -> Any:
        for record in reach(answer)[:1]:
            record.pop(name, None)
        return answer

    for number, value in enumerate(values):
        yield Hostile(f"{what}.{name} {number}: {json.dumps(value)[:30]}", path, {"edit": put(value)})
    yield Hostile(f"{what}.{name} missing", path, {"edit": drop})


def _records(answer: Any) -> list[Any]:
    return answer["data"] if isinstance(answer, dict) and "data" in answer else [answer]


def _items(answer: Any) -> list[Any]:
    return [item for note in _records(answer) for item in note["items"]]


def _lines() -> Iterator[Hostile]:
    for name in ("quantity", "unitPrice", "total"):
        yield from _field("line", NOTES, name, NO_NUMBERS + MAD_NUMBERS, _items)
    yield from _field("line", NOTES, "description", NO_TEXTS, _items)
    yield from _field("line", NOTES, "itemCatalogId", NO_TEXTS, _items)
    for name in ("isCanceled", "isTransferred", "isLoss", "stockImpactIndicator"):
        yield from _field("line", NOTES, name, NO_FLAGS, _items)


def _notes() -> Iterator[Hostile]:
    yield from _field("note", NOTES, "id", NO_TEXTS, _records)
    yield from _field("note", NOTES, "items", NO_LISTS, _records)
    yield from _field("note", NOTES, "reportId", NO_TEXTS, _records)
    yield from _field("note", NOTES, "locationId", NO_TEXTS, _records)
    for name in ("openedAt", "closedAt", "updatedAt"):
        yield from _field("note", NOTES, name, NO_INSTANTS, _records)
    for name in ("isCanceled", "isTransferred"):
        yield from _field("note", NOTES, name, NO_FLAGS, _records)


def _closings() -> Iterator[Hostile]:
    yield from _field("closing", CLOSINGS, "id", NO_TEXTS, _records)
    yield from _field("closing", CLOSINGS, "totalSales", NO_NUMBERS + MAD_NUMBERS, _records)
    for name in ("startedAt", "finalizedAt", "updatedAt", "createdAt"):
        yield from _field("closing", CLOSINGS, name, NO_INSTANTS, _records)
    yield from _field("closing", CLOSINGS, "reportNumber", NO_NUMBERS, _records)
    yield from _field("closing", CLOSINGS, "locationId", NO_TEXTS, _records)
    yield from _field("closing", CLOSINGS, "reportHeaderInfo", NO_LISTS, _records)


def _products() -> Iterator[Hostile]:
    yield from _field("product", CATALOGUE, "id", NO_TEXTS, _records)
    yield from _field("product", CATALOGUE, "name", NO_TEXTS, _records)
    yield from _field("product", CATALOGUE, "category", NO_TEXTS, _records)
    yield from _field("product", CATALOGUE, "priceList", NO_LISTS, _records)
    yield from _field("product", CATALOGUE, "subCategories", NO_LISTS, _records)


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a number": b"42",
    "a word": b'"ok"',
    "true": b"true",
    "an error told with 200": b'{"statusCode": 500, "error": "Internal Server Error"}',
    "half an object": b'{"data": [{"id": "',
    "two objects": b'{"data": []}{"data": []}',
    "single quotes": b"{'data': []}",
    "a comma too many": b'{"data": [],}',
    "a byte order mark": b'\xef\xbb\xbf{"data": 1}',
    "latin 1": '{"data": "caf\u00e9"}'.encode("latin-1"),
    "NUL bytes": b"\x00" * 64,
    "infinity": b'{"data": [Infinity]}',
    "not a number": b'{"data": [NaN]}',
    "depth": b"[" * 50_000 + b"]" * 50_000,
    "a captive portal": b"<!doctype html><title>WiFi</title><script>location='/'</script>",
    "the same key twice": b'{"data": [], "data": [{}]}',
    "a list of lists": b"[[[[]]]]",
    "data is text": b'{"data": "[]"}',
    "data is an object": b'{"data": {}}',
    "data holds null": b'{"data": [null]}',
    "data holds numbers": b'{"data": [1, 2, 3]}',
}


def _bodies() -> Iterator[Hostile]:
    for path in (CATALOGUE, CLOSINGS, NOTES):
        for name, body in BODIES.items():
            yield Hostile(f"{path} says {name}", path, {"body": body})


def _shapes() -> Iterator[Hostile]:
    shapes: dict[str, Change] = {
        "every record twice": lambda answer: answer | {"data": answer["data"] * 2},
        "no record": lambda answer: answer | {"data": []},
        "the last record lost": lambda answer: answer | {"data": answer["data"][:-1]},
        "a record of nothing": lambda answer: answer | {"data": [*answer["data"], {}]},
        "a record of null": lambda answer: answer | {"data": [*answer["data"], None]},
        "no meta": lambda answer: {"data": answer["data"]},
        "meta is a list": lambda answer: answer | {"meta": []},
        "a thousand pages": lambda answer: answer | {"meta": {"page": 1, "lastPage": 1000, "total": 100_000}},
        "fewer than none": lambda answer: answer | {"meta": {"page": -1, "lastPage": -1, "total": -1}},
        "fields nobody asked for": lambda answer: answer | {"data": [one | {"x": {}} for one in answer["data"]]},
    }
    for path in (CLOSINGS, NOTES):
        for name, change in shapes.items():
            yield Hostile(f"{path} with {name}", path, {"edit": change})
