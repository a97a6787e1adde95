"""A till that misbehaves: each fault is one exception, retried only where that may help (CONTRACT §3.5)."""

import gzip
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sommit.jalia.address import Address
from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import (
    BadRequest,
    CutShort,
    Missing,
    NotAllowed,
    NotJalia,
    Redirected,
    TillError,
    TokenRefused,
    TooManyCalls,
    Unreachable,
)
from sommit.jalia.transport import INTERACTIVE, Answer, Bearer, Limits, Transport
from tests.jalia.build import product
from tests.jalia.conftest import TOKEN
from tests.jalia.scripted import Reply, ScriptedTill, failing

GOOD = Reply.json([product()])
Connect = Callable[..., JaliaClient]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, TokenRefused),
        (403, NotAllowed),
        (404, Missing),
        (400, BadRequest),
        (422, BadRequest),
        (409, BadRequest),
        (301, Redirected),
        (204, NotJalia),
    ],
)
def test_what_asking_again_cannot_mend_is_asked_once(
    till: ScriptedTill, client: JaliaClient, sleeps: list[float], status: int, kind: type[TillError]
) -> None:
    failing(till, client, kind, Reply.json({"message": "non"}, status))

    assert (len(till.requests), sleeps) == (1, [])


def test_a_status_speaks_whatever_becomes_of_its_body(till: ScriptedTill, client: JaliaClient) -> None:
    failing(till, client, TokenRefused, Reply(b"{", 401, declared=50))
    failing(till, client, TokenRefused, Reply(b"{", 401, {"Content-Encoding": "gzip"}))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_outage_is_asked_again_four_times_with_growing_waits(
    till: ScriptedTill, client: JaliaClient, sleeps: list[float], status: int
) -> None:
    failing(till, client, Unreachable, Reply(b"<html>502</html>", status, {"Content-Type": "text/html"}))

    assert len(till.requests) == 5
    waits = [sleeps[0], sleeps[1], sleeps[2], sum(sleeps[3:])]
    for wait, policy in zip(waits, (1, 4, 15, 60), strict=True):
        assert 0.8 * policy <= wait <= 1.2 * policy


@pytest.mark.parametrize(
    "bad",
    [
        Reply(b"", 500),
        Reply.json({}, 429),
        Reply(GOOD.body[:-5]),
        Reply(GOOD.body[:-5], declared=len(GOOD.body)),
        Reply(b""),
        Reply(gzip.compress(GOOD.body)[:-12], headers={"Content-Encoding": "gzip"}),
    ],
    ids=["500", "429", "cut JSON", "cut body", "empty body", "cut gzip"],
)
def test_a_till_that_recovers_at_the_third_try_is_read(till: ScriptedTill, client: JaliaClient, bad: Reply) -> None:
    till.replies(bad, bad, GOOD)

    assert len(client.catalogue().products) == 1


def test_an_answer_that_stays_cut_is_told(till: ScriptedTill, client: JaliaClient) -> None:
    failing(till, client, CutShort, Reply(GOOD.body[:-5]))
    assert len(till.requests) == 5


def test_a_till_that_is_away_is_unreachable(sleeps: list[float]) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        client = JaliaClient(f"http://127.0.0.1:{reserved.getsockname()[1]}", TOKEN, sleep=sleeps.append)
        with pytest.raises(Unreachable, match="ne répond pas"):
            client.catalogue()
    assert sum(sleeps) >= 60


# --- Retry-After


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7.0),
        ("2.5", 2.5),
        (None, None),
        ("-3", None),
        ("0", None),
        ("bientôt", None),
        ("nan", None),
        ("-inf", None),
    ],
)
def test_retry_after_has_the_last_word_when_it_makes_sense(
    till: ScriptedTill, client: JaliaClient, sleeps: list[float], asked: str | None, waited: float | None
) -> None:
    till.replies(Reply.json({}, 429, **({} if asked is None else {"Retry_After": asked})), GOOD)

    client.catalogue()

    assert sleeps == [waited] if waited else 0.8 <= sleeps[0] <= 1.2


@pytest.mark.parametrize("seconds", [90, -90])
def test_retry_after_may_be_a_date_by_the_tills_own_clock(
    till: ScriptedTill, client: JaliaClient, sleeps: list[float], seconds: int
) -> None:
    theirs = datetime(2001, 1, 1, tzinfo=UTC)
    until = format_datetime(theirs + timedelta(seconds=seconds), usegmt=True)

    till.replies(Reply.json({}, 429, Retry_After=until), GOOD)
    till.date = format_datetime(theirs, usegmt=True)

    client.catalogue()

    assert sleeps == [30, 30, 30] if seconds > 0 else sum(sleeps) <= 1.2


@pytest.mark.parametrize(("asked", "told"), [("601", 601.0), ("1e9", 86_400.0), ("inf", 86_400.0)])
def test_a_wait_beyond_ten_minutes_is_left_to_the_caller(
    till: ScriptedTill, client: JaliaClient, sleeps: list[float], asked: str, told: float
) -> None:
    failure = failing(till, client, TooManyCalls, Reply.json({}, 429, Retry_After=asked))

    assert (failure.retry_after, sleeps, len(till.requests)) == (told, [], 1)


def test_the_caller_is_told_before_each_attempt_and_every_thirty_seconds(till: ScriptedTill, connect: Connect) -> None:
    events: list[float | str] = []
    client = connect(sleep=events.append, before_call=lambda: events.append("lease"))
    till.replies(Reply.json({}, 429, Retry_After="600"), GOOD)

    client.catalogue()

    assert events == ["lease", *([30, "lease"] * 20)]


def test_a_lost_lease_stops_the_reading(till: ScriptedTill, connect: Connect) -> None:
    def lost() -> None:
        raise LookupError("lease lost")

    with pytest.raises(LookupError):
        connect(before_call=lost).catalogue()
    assert till.requests == []


def test_a_person_who_waits_gets_one_quick_retry(till: ScriptedTill, connect: Connect, sleeps: list[float]) -> None:
    failing(till, connect(limits=INTERACTIVE), Unreachable, Reply(b"", 500))

    assert (len(till.requests), len(sleeps)) == (2, 1)


@pytest.mark.parametrize(("loopback", "waits"), [(False, [0.375]), (True, [])])
def test_calls_are_half_a_second_apart_save_on_this_machine(
    sleeps: list[float], monkeypatch: pytest.MonkeyPatch, loopback: bool, waits: list[float]
) -> None:
    address = Address("https://api.pragma-project.dev", "https", loopback)
    transport = Transport(address, Bearer(TOKEN), sleep=sleeps.append, before_call=None, limits=Limits(waits=()))
    monkeypatch.setattr(Transport, "_fetch", lambda *_: Answer(200, "", None, b"[]"))
    hours = iter([10.0, 10.125, 10.125, 10.5])
    monkeypatch.setattr("sommit.jalia.transport.time.monotonic", lambda: next(hours))

    for _ in range(2):
        transport.get("/v1/catalog/", {}, resource="catalogue", read=len)

    assert sleeps == waits
