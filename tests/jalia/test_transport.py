"""A till that misbehaves: each fault is one exception, retried only where that may help (CONTRACT §3.5)."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

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
    TooLarge,
    TooManyCalls,
    Unreachable,
)
from sommit.jalia.transport import INTERACTIVE, Answer, Bearer, Limits, Transport
from tests.jalia.build import product
from tests.jalia.conftest import TOKEN
from tests.jalia.scripted import Reply, ScriptedTill, scripted_till

GOOD = Reply.json([product()])
Connect = Callable[..., JaliaClient]


def failing(till: ScriptedTill, client: JaliaClient, kind: type[TillError], *replies: Reply) -> Any:
    till.replies(*replies)
    with pytest.raises(kind) as caught:
        client.catalogue()
    assert type(caught.value) is kind
    return caught.value


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


# --- bodies


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/plain"])
def test_another_content_type_is_not_jalia(till: ScriptedTill, client: JaliaClient, kind: str) -> None:
    failure = failing(till, client, NotJalia, Reply(b"<html>Portail\x1b[31m WiFi</html>", 200, {"Content-Type": kind}))

    assert len(till.requests) == 1
    assert failure.detail == "200 <html>Portail [31m WiFi</html>"


def test_a_missing_content_type_is_forgiven(till: ScriptedTill, client: JaliaClient) -> None:
    till.replies(Reply(GOOD.body, headers={}))

    assert len(client.catalogue().products) == 1


@pytest.mark.parametrize("body", [b"<html></html>", b"null", b"[NaN]", b'"non"', b"[" * 100_000])
def test_what_is_not_jalia_is_not_asked_again(till: ScriptedTill, client: JaliaClient, body: bytes) -> None:
    till.replies(Reply(body))

    with pytest.raises((NotJalia, TooLarge)):
        client.catalogue()
    assert len(till.requests) == 1


def test_a_compressed_answer_is_read(till: ScriptedTill, client: JaliaClient) -> None:
    till.replies(Reply(gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"}))

    assert len(client.catalogue().products) == 1


def test_an_unknown_compression_is_refused(till: ScriptedTill, client: JaliaClient) -> None:
    failing(till, client, NotJalia, Reply(GOOD.body, headers={"Content-Encoding": "br"}))


def test_an_answer_beyond_the_cap_is_refused(till: ScriptedTill, connect: Connect) -> None:
    client = connect(limits=Limits(max_bytes=len(GOOD.body)))
    till.replies(GOOD)
    client.catalogue()

    failing(till, client, TooLarge, Reply(GOOD.body + b" "))


def test_a_gzip_bomb_never_goes_off(till: ScriptedTill, connect: Connect) -> None:
    bomb = gzip.compress(b"[" + b" " * 20_000_000 + b"]")

    failing(
        till, connect(limits=Limits(max_bytes=100_000)), TooLarge, Reply(bomb, headers={"Content-Encoding": "gzip"})
    )


def test_a_body_that_drips_is_cut_at_the_deadline(till: ScriptedTill, connect: Connect) -> None:
    client = connect(limits=Limits(deadline=0.3, waits=()))

    failure = failing(till, client, Unreachable, Reply(GOOD.body, drip=0.05))

    assert "0.3 s" in failure.detail


def test_headers_that_drip_are_cut_at_the_deadline(sleeps: list[float]) -> None:
    with scripted_till() as till:
        till.answer = lambda _request: (till.stopped.wait(30), GOOD)[1]
        client = JaliaClient(till.url, TOKEN, sleep=sleeps.append, limits=Limits(deadline=0.3, waits=()))
        with pytest.raises(Unreachable):
            client.catalogue()
        till.stopped.set()


def test_a_silent_till_is_left_after_the_read_time_out(till: ScriptedTill, connect: Connect) -> None:
    till.answer = lambda _request: (till.stopped.wait(5), GOOD)[1]

    with pytest.raises(Unreachable):
        connect(limits=Limits(read=0.1, waits=())).catalogue()


# --- redirects and the key


@pytest.fixture
def elsewhere() -> Iterator[ScriptedTill]:
    with scripted_till() as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_nothing_is_sent_there(
    till: ScriptedTill, elsewhere: ScriptedTill, client: JaliaClient, status: int
) -> None:
    bomb = gzip.compress(b" " * 1_000_000)
    headers = {"Location": elsewhere.url + "/v1/catalog/", "Content-Encoding": "gzip"}

    failing(till, client, Redirected, Reply(bomb, status, headers))

    assert elsewhere.requests == []


def frames(error: BaseException) -> str:
    """Everything an error report would show: texts, and the variables of every frame."""
    shown = [repr(error), str(error), repr(error.__dict__), repr(error.args)]
    trace = error.__traceback__
    while trace is not None:
        if (
            "sommit" in trace.tb_frame.f_code.co_filename.split("/")
            and "tests" not in trace.tb_frame.f_code.co_filename
        ):
            shown += [repr(value) for value in trace.tb_frame.f_locals.values()]
        trace = trace.tb_next
    assert error.__context__ is None
    assert error.__cause__ is None
    return "\n".join(shown)


ECHO = json.dumps({"message": f"clé {TOKEN} inconnue"}).encode()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(ECHO, 401),
        Reply(ECHO, 403),
        Reply(ECHO, 500),
        Reply(b"x" * 450 + ECHO, 422),
        Reply(ECHO, 200, {"Content-Type": "text/html"}),
        Reply(b"<" + ECHO),
        Reply(ECHO, 302, {"Location": f"http://127.0.0.1/{TOKEN}"}),
        Reply(ECHO, declared=10_000),
        Reply(b"<" + b"x" * 470 + ECHO),
    ],
    ids=["401", "403", "500", "422", "html", "no json", "302", "cut", "at the edge of what is kept"],
)
def test_the_key_is_nowhere_in_what_an_error_shows(till: ScriptedTill, connect: Connect, reply: Reply) -> None:
    client = connect(limits=Limits(waits=()))
    till.replies(reply)

    with pytest.raises(TillError) as caught:
        client.catalogue()

    assert TOKEN[:12] not in frames(caught.value)
    assert len(caught.value.detail) <= 500
    assert caught.value.detail.isprintable()
    assert TOKEN not in till.requests[0].target
    assert till.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_key_is_in_no_repr(client: JaliaClient) -> None:
    assert TOKEN not in repr(client) + repr(client.__dict__) + repr(vars(client._transport))


@pytest.mark.parametrize("token", ["", "  ", "c2l€_x", "two words", "line\nfeed", "x" * 5000])
def test_a_key_that_no_header_can_carry_is_refused_before_any_call(till: ScriptedTill, token: str) -> None:
    with pytest.raises(TokenRefused) as caught:
        JaliaClient(till.url, token)
    assert not token.strip() or token not in frames(caught.value)


def test_a_pasted_key_is_trimmed(till: ScriptedTill, client: JaliaClient) -> None:
    till.replies(GOOD)
    JaliaClient(till.url + "/", f"  {TOKEN}\n").catalogue()

    assert till.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert till.requests[0].target == "/v1/catalog/"


def test_a_proxy_or_netrc_of_the_machine_is_not_used(
    till: ScriptedTill, client: JaliaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    till.replies(GOOD)

    client.catalogue()

    assert len(till.requests) == 1
