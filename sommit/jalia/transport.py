"""One GET to the till, safely: where it may go, how long it may take, how much it may bring, when to ask again."""

import random
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Final, TypeVar
from urllib.parse import quote

import requests
import urllib3
from requests.adapters import HTTPAdapter

from sommit.jalia.address import Address
from sommit.jalia.errors import (
    SILENCES,
    BadRequest,
    Missing,
    NotAllowed,
    NotJalia,
    Redirected,
    TillError,
    TokenRefused,
    TooLarge,
    TooManyCalls,
    Unreachable,
)
from sommit.jalia.guard import Guard, guarded_pools

T = TypeVar("T")

TOTAL_DEADLINE: Final = 60.0  # seconds, from the call to the last byte
MAX_BYTES: Final = 50 * 1000 * 1000  # of one answer, decompressed
RETRY_WAITS: Final = (1.0, 4.0, 15.0, 60.0)  # seconds, with jitter (CONTRACT §3.5)
LONGEST_WAIT: Final = 600.0  # seconds that a Retry-After may hold us in place
INTERVAL: Final = 0.5  # seconds between calls, two per second at most
LEASE_STEP: Final = 30.0  # seconds: the longest sleep without telling the caller
_DAY = 86_400.0
_CHUNK = 65_536
_ERROR_BYTES = 8_192  # read of an error's body, for the log
TOKEN_LIMIT: Final = 4_096  # characters
_HEADERS: Final = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": "sommit",
}

# Every way a connection or a compressed body can break off.
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, zlib.error)

_JITTER = random.Random()  # noqa: S311 - spreads calls, hides nothing


@dataclass(frozen=True, slots=True)
class Limits:
    """How long (seconds) and how much one answer may take, and the waits before each retry."""

    connect: float = 5.0
    read: float = 30.0
    deadline: float = TOTAL_DEADLINE
    max_bytes: int = MAX_BYTES
    waits: tuple[float, ...] = RETRY_WAITS


#: For the night: four retries. For a person who waits before a screen: one, quickly.
PATIENT: Final = Limits()
INTERACTIVE: Final = Limits(read=10.0, deadline=15.0, waits=(1.0,))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most `max_bytes` of a good body, the beginning of another."""

    status: int
    content_type: str
    retry_after: float | None
    body: bytes


class Bearer(requests.auth.AuthBase):
    """Carries the key where no repr shows it."""

    def __init__(self, token: str) -> None:
        self._token = token.strip()

    def check(self) -> None:
        """Refuse what no header can carry. Raises TokenRefused. No frame here names the key, nor does any text."""
        if not 0 < len(self._token) <= TOKEN_LIMIT or not all("!" <= each <= "~" for each in self._token):
            raise TokenRefused("no header can carry this key")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def scrub(self, raw: str) -> str:
        """The text without the key, in case the till echoes it, as it is or escaped."""
        for form in (self._token, self._token.replace("/", "\\/"), quote(self._token, safe="")):
            raw = raw.replace(form, "[clé]")
        return raw


class _Session(requests.Session):
    """A session that follows nothing, and does not read a redirect's body to find out where it leads."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """No redirect leads anywhere."""


class Transport:
    """GET, and nothing else, from one till with one key. Not to be shared between threads."""

    def __init__(
        self,
        address: Address,
        bearer: Bearer,
        *,
        sleep: Callable[[float], None],
        before_call: Callable[[], None] | None,
        limits: Limits,
    ) -> None:
        self._address, self._limits = address, limits
        self._sleep, self._before_call = sleep, before_call or (lambda: None)
        self._guard = Guard(loopback=address.loopback)
        self._bearer = bearer
        self._last_call: float | None = None
        self._waited = False  # whether the last question used up its waits
        self.answered = False  # whether anybody was there, whatever he said, for one question at least
        self._session = _Session()
        self._session.trust_env = False  # no proxy, no netrc: the key goes to the till alone
        self._session.auth = self._bearer
        self._session.headers.clear()
        self._session.headers.update(_HEADERS)
        adapter = HTTPAdapter(pool_maxsize=1)
        adapter.poolmanager.pool_classes_by_scheme = guarded_pools(self._guard)
        self._session.mount(f"{address.scheme}://", adapter)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def get(self, path: str, params: Mapping[str, str], *, resource: str, read: Callable[[bytes], T]) -> T:
        """Ask, ask again when that may help (CONTRACT §3.5), and return what `read` makes of the body.

        After a question that used up its waits the next ones are asked once each, until one is answered: a dead till
        is waited for once. `resource` names what is asked for in NotAllowed. Raises TillError.
        """
        for wait in (*(() if self._waited else self._limits.waits), None):
            self._pace()
            found = self._try(path, params, resource, read)
            self.answered |= not isinstance(found, SILENCES)
            if not isinstance(found, TillError):
                self._waited = False
                return found
            failure: TillError = found
            pause = None if wait is None else _pause(failure, wait)
            if pause is None:
                break
            self._wait(pause)
        self._waited = failure.transient
        # Raised here, without a chain: the frames below held the request and its key.
        failure.__context__ = None
        raise failure.with_traceback(None)

    def _try(self, path: str, params: Mapping[str, str], resource: str, read: Callable[[bytes], T]) -> T | TillError:
        self._before_call()
        answer = None
        try:
            answer = self._fetch(path, params)
            failure = _judge(answer, resource)
            if failure is None:
                return read(answer.body)
        except TillError as error:
            failure = error
        failure.detail = self._detail(failure.detail, answer)
        return failure

    def _detail(self, why: str, answer: Answer | None) -> str:
        """What the log keeps: the key is taken out before anything is cut, so that no half of it stays."""
        begun = "" if answer is None else f"{answer.status} {answer.body[:_ERROR_BYTES].decode('utf-8', 'replace')}"
        return TillError(" ".join(filter(None, (self._bearer.scrub(why), self._bearer.scrub(begun))))).detail

    def _fetch(self, path: str, params: Mapping[str, str]) -> Answer:
        """One attempt. Raises Unreachable, TooLarge, NotJalia, or BadAddress where the name leads astray."""
        limits = self._limits
        with self._guard.within(limits.deadline):
            try:
                with self._session.get(
                    self._address.url + path,
                    params=params,
                    stream=True,
                    allow_redirects=False,
                    timeout=(limits.connect, limits.read),
                ) as response:
                    answer = _received(response, limits.max_bytes)
                trouble = None
            except _BROKEN as error:
                trouble = f"{type(error).__name__}: {error}"
            if self._guard.expired:
                trouble = f"no whole answer within {limits.deadline} s"
        if trouble is not None:
            raise Unreachable(trouble)
        return answer

    def _pace(self) -> None:
        if self._last_call is not None and not self._address.loopback:
            early = self._last_call + INTERVAL - time.monotonic()
            if early > 0:
                self._sleep(early)
        self._last_call = time.monotonic()

    def _wait(self, seconds: float) -> None:
        """Sleep, telling the caller every thirty seconds that we are still there."""
        while seconds > LEASE_STEP:
            self._sleep(LEASE_STEP)
            self._before_call()
            seconds -= LEASE_STEP
        self._sleep(seconds)


def _pause(failure: TillError, wait: float) -> float | None:
    """Seconds before asking again, None not to. Retry-After has the last word, up to ten minutes."""
    if not failure.transient:
        return None
    asked = getattr(failure, "retry_after", None)
    if asked is not None:
        return float(asked) if asked <= LONGEST_WAIT else None
    return wait * _JITTER.uniform(0.8, 1.2)


def _judge(answer: Answer, resource: str) -> TillError | None:
    """What a status means (CONTRACT §3.5)."""
    status = answer.status
    if status == 200:
        known = not answer.content_type or "json" in answer.content_type
        return None if known else NotJalia()
    failures: dict[int, TillError] = {
        401: TokenRefused(),
        403: NotAllowed(resource),
        404: Missing(),
        429: TooManyCalls(answer.retry_after),
    }
    families = {3: Redirected(), 4: BadRequest(), 5: Unreachable(retry_after=answer.retry_after)}
    return failures.get(status) or families.get(status // 100) or NotJalia()


def _received(response: requests.Response, max_bytes: int) -> Answer:
    headers = response.headers
    body = b""
    if response.status_code == 200:
        body, whole = _body(response, max_bytes)
        if not whole:
            raise TooLarge(f"more than {max_bytes} bytes")
    else:
        with suppress(*_BROKEN, TillError):  # the status speaks, whatever becomes of its body
            body, _ = _body(response, _ERROR_BYTES)
    after = _retry_after(headers.get("Retry-After"), headers.get("Date"))
    return Answer(response.status_code, headers.get("Content-Type", "").lower(), after, body)


def _body(response: requests.Response, cap: int) -> tuple[bytes, bool]:
    """At most `cap` decompressed bytes, and whether that was all: inflated piece by piece, so a bomb never goes off."""
    encoding = response.headers.get("Content-Encoding", "identity").lower().strip()
    inflate = zlib.decompressobj(47) if encoding in ("gzip", "x-gzip", "deflate") else None
    if inflate is None and encoding not in ("identity", ""):
        raise NotJalia(f"Content-Encoding {encoding[:40]}")
    body = bytearray()
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        body += inflate.decompress(chunk, cap + 1 - len(body)) if inflate else chunk
        if len(body) > cap:
            return bytes(body[:cap]), False
    if inflate and not inflate.eof:
        raise Unreachable("compressed body cut short")
    return bytes(body), True


def _retry_after(value: str | None, date: str | None) -> float | None:
    """Seconds asked for, at most a day; None when absent, unreadable, zero, negative or past."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        until = _http_date(value)
        if until is None:
            return None
        seconds = (until - (_http_date(date) or datetime.now(UTC))).total_seconds()
    return min(seconds, _DAY) if seconds > 0 else None


def _http_date(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
