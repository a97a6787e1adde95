"""What a well-behaved till answers to a request: authentication, parameters, pages (CONTRACT §2 and §3)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from demo.simulator import payload
from demo.simulator.closing import Closing, Order
from demo.simulator.till import Till

_DAY = re.compile(
    r"[0-9]{4}-(((0[13578]|(10|12))-(0[1-9]|[1-2][0-9]|3[0-1]))"
    r"|(02-(0[1-9]|[1-2][0-9]))|((0[469]|11)-(0[1-9]|[1-2][0-9]|30)))"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAMES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
          422: "Unprocessable Entity"}  # fmt: skip


class Refused(Exception):
    """The till says no, with this status and this message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    @property
    def body(self) -> dict[str, Any]:
        """The JSON that goes with it."""
        return {"statusCode": self.status, "error": _NAMES[self.status], "message": str(self)}


def answer(till: Till | None, method: str, path: str, query: Mapping[str, str]) -> Any:
    """The JSON of a good answer. Raises Refused."""
    if till is None:
        raise Refused(401, "Clé inconnue")
    resource, identifier = _route(path)
    if method != "GET":
        raise Refused(405, "Lecture seule")
    if resource in till.forbidden:
        raise Refused(403, "Ressource non ouverte à cette clé")
    if resource == "catalog":
        return [] if till.empty_catalogue else [payload.product(till, key) for key in till.products]
    if identifier is not None:
        return _one(till, resource, identifier)
    return _page(till, resource, query)


def _route(path: str) -> tuple[str, str | None]:
    match = re.fullmatch(r"/v1/(?:(catalog|reports|orders)/|(reports|orders)/([^/]+))", path)
    if match is None:
        raise Refused(404, "Introuvable")
    listed, single, identifier = match.groups()
    return listed or single, identifier


def _one(till: Till, resource: str, identifier: str) -> Any:
    if not _UUID.fullmatch(identifier):
        raise Refused(till.bad_parameter_status, "id n’est pas un UUID")
    wanted = uuid.UUID(identifier)
    found = next((each for each in _records(till, resource) if uuid.UUID(each.id) == wanted), None)
    if found is None:
        raise Refused(404, "Introuvable")
    return _shown(found)


def _page(till: Till, resource: str, query: Mapping[str, str]) -> dict[str, Any]:
    bad = till.bad_parameter_status
    index = _integer(query, "index", 0, least=0, status=bad)
    size = _integer(query, "size", 10, least=1, status=bad)
    if size > 100:
        if till.oversize == "refused":
            raise Refused(bad, "size doit être au plus 100")
        size = 100
    keeps = _filter(till, query)
    kept = [each for each in _records(till, resource, query.get("reportId")) if keeps(each)]
    kept.sort(key=_created, reverse=till.newest_first)
    page: dict[str, Any] = {"data": [_shown(each) for each in kept[index * size : (index + 1) * size]]}
    if till.meta != "absent":
        page["meta"] = {"totalPage": -(-len(kept) // size)} if till.meta == "totalPage" else {}
    return page


def _records(till: Till, resource: str, report_id: str | None = None) -> list[Closing | Order]:
    """What a page is taken from; `report_id` only narrows it, so that years of notes are not walked for one closing."""
    if resource == "reports":
        return [*till.closings]
    if report_id is None:
        return [*till.orders]
    named = (closing for closing in till.closings if closing.id.lower() == report_id.lower())
    return [order for closing in named for order in closing.orders if order.served]


def _shown(record: Closing | Order) -> dict[str, Any]:
    return payload.report(record) if isinstance(record, Closing) else payload.order(record)


def _filter(till: Till, query: Mapping[str, str]) -> Callable[[Closing | Order], bool]:
    """`since` and `until` test the day, in UTC, on which the server first recorded the object (CONTRACT §3.2)."""
    since, until, report_id = (query.get(name) for name in ("since", "until", "reportId"))
    for name, day in (("since", since), ("until", until)):
        if day is not None and not _DAY.fullmatch(day):
            raise Refused(till.bad_parameter_status, f"{name} ne correspond pas au format attendu")
    if report_id is not None and not _UUID.fullmatch(report_id):
        raise Refused(till.bad_parameter_status, "reportId n’est pas un UUID")

    def keeps(record: Closing | Order) -> bool:
        day = _created(record)[:10]
        return (
            (since is None or day >= since)
            and (until is None or day <= until)
            and (report_id is None or isinstance(record, Closing) or _belongs(record, report_id))
        )

    return keeps


def _belongs(order: Order, report_id: str) -> bool:
    return order.closing.finalized_at is not None and order.closing.id.lower() == report_id.lower()


def _created(record: Closing | Order) -> str:
    assert record.created_at is not None  # noqa: S101 - set by Order.__post_init__
    return record.created_at.astimezone(UTC).isoformat()


def _integer(query: Mapping[str, str], name: str, default: int, *, least: int, status: int) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch(r"-?[0-9]{1,9}", text) or int(text) < least:
        raise Refused(status, f"{name} doit être un entier d’au moins {least}")
    return int(text)
