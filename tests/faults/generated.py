"""Hostile answers by the thousand: a good answer of the till, changed as a seed says.

Nobody would write these by hand, and that is the point: those of `hostile.py` are what we thought of.
"""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Chance = random.Random
#: Where a value stands: the object or list that holds it, and its name or place there.
Spot = tuple[Any, Any]

#: The fields that the product reads: half of the changes are of these, the others anywhere.
READ = {
    "id", "name", "category", "priceList", "unitPrice", "taxRate", "startedAt", "finalizedAt", "updatedAt",
    "createdAt", "locationId", "totalSales", "reportNumber", "reportProducts", "productQuantity", "productCatalogId",
    "reportId", "openedAt", "closedAt", "items", "menus", "quantity", "weight", "total", "itemCatalogId",
    "description", "tier", "isCanceled", "isTransferred", "isLoss", "stockImpactIndicator", "data", "meta",
    "totalPage",
}  # fmt: skip
NUMBERS: tuple[Any, ...] = (0, -1, 1, 0.5, 1e-9, 1e15, 1e308, 10**12, 10**400, -(10**19), float("nan"), float("inf"))
WORDS: tuple[Any, ...] = (
    *("", " ", "null", "1,5", "2e3", "٢", "NaN", "\u0000", "\ud800", "\u202eETON", "a\u0300" * 300, "É" * 70_000),
    *("'; DROP TABLE drink; --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "🍷\u200d🍷"),
)
DATES: tuple[Any, ...] = (
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2025-13-45T99:99:99Z", "1969-12-31T23:59:59.999Z"),
    *("2026-06-14T02:30:00+14:00", "2026-06-14", "hier", "20260614T023000Z", "2026-06-14T02:30:00.123456789Z"),
    *(1741974011, -1, "2262-04-12T00:00:00Z", "2026-06-13T23:59:60Z"),
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [None], [[]], {"value": 2}, [{}], [[[[[[]]]]]])
ANY_VALUE = NUMBERS + WORDS + DATES + OTHERS
LITERALS = (b"NaN", b"-Infinity", b"1e999", b"1e-999", b"01", b"0x10", b"undefined", b"'x'", b"-0", b"9" * 400)


def generated(seed: int, number: int, answer: Any) -> bytes:
    """Return the `number`th hostile form of a good answer (decoded JSON): the same for the same seed."""
    chance = random.Random(f"{seed} {number}")
    tree = json.loads(json.dumps(answer))
    bytewise = chance.random() < 0.3
    for _ in range(chance.choice((0, 1) if bytewise else (1, 1, 1, 2, 4))):
        tree = chance.choice(_CHANGES)(chance, tree)
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.3)
    body = text.encode("utf-8", "surrogatepass")
    return chance.choice(_BREAKS)(chance, body) if bytewise else body


def _spots(value: Any) -> Iterator[Spot]:
    """Every place inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield value, name
        yield from _spots(each)


def _spot(chance: Chance, tree: Any) -> Spot | None:
    spots = list(_spots(tree))
    read = [spot for spot in spots if spot[1] in READ]
    spots = read if read and chance.random() < 0.5 else spots
    return chance.choice(spots) if spots else None


def _at_a_spot(change: Callable[[Chance, Any, Any], None]) -> Callable[[Chance, Any], Any]:
    def changed(chance: Chance, tree: Any) -> Any:
        if spot := _spot(chance, tree):
            change(chance, *spot)
        return tree

    return changed


def _put(chance: Chance, holder: Any, name: Any) -> None:
    holder[name] = copy.deepcopy(chance.choice(ANY_VALUE))  # it may be changed further


def _take_away(_chance: Chance, holder: Any, name: Any) -> None:
    del holder[name]


def _rename(chance: Chance, holder: Any, name: Any) -> None:
    if isinstance(holder, dict):
        holder[chance.choice((name.upper(), f"{name} ", "", "__proto__"))] = holder.pop(name)


def _wrap(chance: Chance, holder: Any, name: Any) -> None:
    holder[name] = chance.choice(([holder[name]], {"value": holder[name]}, str(holder[name]), [holder[name]] * 2))


def _shift(chance: Chance, holder: Any, name: Any) -> None:
    """A number somewhat off, a text somewhat longer, a list in another order: what no type check refuses."""
    value = holder[name]
    if isinstance(value, bool):
        holder[name] = not value
    elif isinstance(value, int | float):
        holder[name] = chance.choice((-value, value + 1, value * 1000, value / 3, str(value), value + 0.001))
    elif isinstance(value, str):
        at = chance.randrange(len(value) + 1)
        holder[name] = value[:at] + chance.choice(("\u0000", "\u200b", "x", "\ud800", "\n", "É", "")) + value[at + 1 :]
    elif isinstance(value, list):
        chance.shuffle(value)


def _double(chance: Chance, holder: Any, name: Any) -> None:
    """A record comes twice, maybe with another content the second time."""
    if isinstance(holder, list):
        twin = json.loads(json.dumps(holder[name]))
        holder.insert(chance.randrange(len(holder) + 1), twin)
        if chance.random() < 0.5 and (spot := _spot(chance, twin)):
            _shift(chance, *spot)


def _swap(chance: Chance, tree: Any) -> Any:
    """Two records change one field: ids, quantities, dates."""
    names = [name for _, name in _spots(tree) if isinstance(name, str)]
    if names:
        name = chance.choice(sorted(set(names) & READ) or names)
        holders = [holder for holder, each in _spots(tree) if each == name]
        one, other = chance.choice(holders), chance.choice(holders)
        one[name], other[name] = other[name], one[name]
    return tree


def _another_answer(chance: Chance, tree: Any) -> Any:
    """The whole is something else: the list without its object, a record without its list."""
    records = tree["data"] if isinstance(tree, dict) and isinstance(tree.get("data"), list) else tree
    return chance.choice((records, {"data": tree}, [tree], {"data": [tree]}, {"error": "later"}, None, [], {}))


def _cut(chance: Chance, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _without_a_part(chance: Chance, body: bytes) -> bytes:
    start = chance.randrange(len(body) + 1)
    return body[:start] + body[start + chance.randrange(1, 60) :]


def _other_bytes(chance: Chance, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _more_bytes(chance: Chance, body: bytes) -> bytes:
    more = chance.choice(
        (b"\xef\xbb\xbf", b"\x00", b"[" * 3000, b"]" * 9, b"//", b",", b"{}", b"\xff\xfe", b" " * 9000)
    )
    at = chance.choice((0, len(body), chance.randrange(len(body) + 1)))
    return body[:at] + more + body[at:]


def _literal(chance: Chance, body: bytes) -> bytes:
    """A value of another kind of JSON, where one stood."""
    values = list(re.finditer(rb'(?<=: )[^,\[\]{}"]+', body))
    if not values:
        return body
    found = chance.choice(values)
    return body[: found.start()] + chance.choice(LITERALS) + body[found.end() :]


def _same_name_twice(chance: Chance, body: bytes) -> bytes:
    fields = list(re.finditer(rb'"(\w+)": [^,\[\]{}"]+', body))
    if not fields:
        return body
    found = chance.choice(fields)
    return body[: found.start()] + b'"%s": %s, ' % (found[1], chance.choice(LITERALS[-2:])) + body[found.start() :]


_CHANGES: tuple[Callable[[Chance, Any], Any], ...] = (
    *(_at_a_spot(change) for change in (_put, _put, _put, _take_away, _rename, _wrap, _shift, _shift, _double)),
    _swap,
    _another_answer,
)
_BREAKS = (_cut, _without_a_part, _other_bytes, _more_bytes, _literal, _same_name_twice)
