"""What the body of an answer may be: its type, its size, its pace."""

import gzip
import tracemalloc
from collections.abc import Callable

import pytest

from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import (
    NotJalia,
    TooLarge,
    Unreachable,
)
from sommit.jalia.transport import Limits
from tests.jalia.build import product
from tests.jalia.conftest import TOKEN
from tests.jalia.scripted import Reply, ScriptedTill, failing, scripted_till

GOOD = Reply.json([product()])
Connect = Callable[..., JaliaClient]


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

    tracemalloc.start()
    failing(
        till, connect(limits=Limits(max_bytes=100_000)), TooLarge, Reply(bomb, headers={"Content-Encoding": "gzip"})
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 10_000_000


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
