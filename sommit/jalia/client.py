"""The till's API as Somm'It uses it: four questions, GET only (CONTRACT §4)."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Generic, TypeVar
from urllib.parse import quote

from sommit.jalia import parse
from sommit.jalia.address import checked
from sommit.jalia.errors import N_, NotAllowed, TooLarge
from sommit.jalia.payload import Catalogue, Order, Report
from sommit.jalia.transport import PATIENT, Bearer, Limits, Transport

Record = TypeVar("Record", Order, Report)

PAGE_SIZE: Final = 100
DEFAULT_SIZE: Final = 10  # of a page where the size asked for is not heard (CONTRACT §3.4)
MAX_PAGES: Final = 200
MAX_KEPT: Final = 20 * 1000 * 1000  # bytes of one closing's pages that are handed on as they came

CATALOGUE: Final = N_("catalogue")
CLOSINGS: Final = N_("clôtures")
NOTES: Final = N_("notes")
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Orders:
    """The notes of a closing, each once.

    `pages`: how many were asked for. `end_known`: whether the last one was surely the last. `conflicts`: ids that came
    with two contents and nothing to say which is newer; the first is kept. `answers`: the pages as they came, in their
    order; none where they are beyond all measure.
    """

    orders: tuple[Order, ...]
    pages: int
    end_known: bool
    conflicts: tuple[str, ...] = ()
    answers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """What a key sees, so that a person recognises his venue (CONTRACT §2).

    `problem`: the catalogue is not open to this key, which a night can do without (CONTRACT §3.5).
    """

    references: int
    header_name: str | None
    last_closing_at: datetime | None
    location_id: str | None
    problem: NotAllowed | None = None


class _Pages(Generic[Record]):
    """Records gathered page after page, each id once: the list may shift while it is read (CONTRACT §3.4)."""

    def __init__(self) -> None:
        self.kept: dict[str, Record] = {}
        self.conflicts: list[str] = []
        self.asked = 0
        self.end_known = False

    def take(self, records: Sequence[Record], total: int | None, *, thorough: bool) -> bool:
        """Add a page and say whether to stop. `total` is the till's number of pages: it has the last word if given."""
        self.asked += 1
        before = len(self.kept)
        for record in records:
            self._keep(record)
        told_last = bool(total) and total is not None and self.asked >= total
        if not records or told_last:
            self.end_known = True
            return True
        if len(self.kept) == before:  # a page seen before: asking on would turn in circles
            return True
        full = len(records) == DEFAULT_SIZE or len(records) >= PAGE_SIZE
        return not full and not total and not thorough

    def _keep(self, record: Record) -> None:
        former = self.kept.setdefault(record.id, record)
        if former == record:
            return
        if former.updated_at and record.updated_at and former.updated_at != record.updated_at:
            self.kept[record.id] = max(former, record, key=lambda each: each.updated_at or _EPOCH)
        elif record.id not in self.conflicts:
            self.conflicts.append(record.id)


def recorded_orders(answers: Iterable[bytes]) -> Orders:
    """Gather the notes of a closing from its pages as the till once gave them. Raises as `wire.decode`."""
    pages = _Pages[Order]()
    for body in answers:
        records, total = parse.order_page(body)
        pages.take(records, total, thorough=True)
    return Orders(tuple(pages.kept.values()), pages.asked, pages.end_known, tuple(pages.conflicts))


class JaliaClient:
    """Reads one venue's till. One call at a time; not to be shared between threads.

    `before_call` runs before every attempt and at least every 30 s of a wait; what it raises goes through.
    Every method raises TillError's subclasses, and nothing else of its own.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        before_call: Callable[[], None] | None = None,
        limits: Limits = PATIENT,
    ) -> None:
        self._url = ""
        bearer = Bearer(token)
        del token  # what goes wrong below may be reported with the variables of this frame
        bearer.check()
        address = checked(base_url)
        self._transport = Transport(address, bearer, sleep=sleep, before_call=before_call, limits=limits)
        self._url = address.url

    def __repr__(self) -> str:
        return f"JaliaClient({self._url!r})"

    @property
    def answered(self) -> bool:
        """Whether the till gave an answer to anything so far, were it a refusal; False where nobody is there."""
        return self._transport.answered

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def catalogue(self) -> Catalogue:
        """Every product set up on the till, sold or not."""
        return self._transport.get("/v1/catalog/", {}, resource=CATALOGUE, read=parse.catalogue)

    def reports(self, since: date, until: date) -> tuple[Report, ...]:
        """The closings of a period, both days included, each once, in no order.

        The till does not say which date it tests, nor in which zone: ask for a day more on each side (CONTRACT §3.2).
        """
        pages = self._pages(
            "/v1/reports/",
            {"since": since.isoformat(), "until": until.isoformat()},
            resource=CLOSINGS,
            read=parse.report_page,
            thorough=False,
        )
        return tuple(pages.kept.values())

    def report(self, report_id: str) -> Report:
        """One closing."""
        return self._transport.get(f"/v1/reports/{quote(report_id, safe='')}", {}, resource=CLOSINGS, read=parse.report)

    def orders(self, report_id: str, *, thorough: bool = False) -> Orders:
        """Every note that the till files under a closing. `thorough`: a short page is not taken for the last one."""
        answers: list[bytes] = []

        def read(body: bytes) -> tuple[list[Order], int | None]:
            page = parse.order_page(body)
            answers.append(body)
            return page

        pages = self._pages("/v1/orders/", {"reportId": report_id}, resource=NOTES, read=read, thorough=thorough)
        kept = answers if sum(map(len, answers)) <= MAX_KEPT else ()
        return Orders(tuple(pages.kept.values()), pages.asked, pages.end_known, tuple(pages.conflicts), tuple(kept))

    def probe(self) -> Probe:
        """Try a key: what it sees of the catalogue and of the closings."""
        references, problem = 0, None
        try:
            references = len(self.catalogue().products)
        except NotAllowed as refusal:
            problem = refusal
        seen, total = self._one_report(0)
        if total is not None and total > 1:  # the order of the list is not documented: look at both ends
            seen += self._one_report(total - 1)[0]
        if not seen:
            return Probe(references, None, None, None, problem)
        newest = max(seen, key=lambda report: report.finalized_at or report.created_at or _EPOCH)
        name = newest.header_name or self.report(newest.asked_as).header_name
        return Probe(references, name, newest.finalized_at, newest.location_id, problem)

    def _one_report(self, index: int) -> tuple[list[Report], int | None]:
        params = {"index": str(index), "size": "1"}
        return self._transport.get("/v1/reports/", params, resource=CLOSINGS, read=parse.report_page)

    def _pages(
        self,
        path: str,
        params: dict[str, str],
        *,
        resource: str,
        read: Callable[[bytes], tuple[list[Record], int | None]],
        thorough: bool,
    ) -> "_Pages[Record]":
        """The loop of CONTRACT §3.4. Raises TooLarge past 200 pages."""
        pages = _Pages[Record]()
        for index in range(MAX_PAGES):
            asked = {**params, "index": str(index), "size": str(PAGE_SIZE)}
            records, total = self._transport.get(path, asked, resource=resource, read=read)
            if pages.take(records, total, thorough=thorough):
                return pages
        raise TooLarge(f"more than {MAX_PAGES} pages of {path}")
