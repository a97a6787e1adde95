"""The key: carried nowhere else, shown nowhere."""

import gzip
import json
from collections.abc import Callable, Iterator

import pytest

from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import (
    Redirected,
    TillError,
    TokenRefused,
)
from sommit.jalia.transport import Limits
from tests.jalia.build import product
from tests.jalia.conftest import TOKEN
from tests.jalia.scripted import Reply, ScriptedTill, failing, scripted_till

GOOD = Reply.json([product()])
Connect = Callable[..., JaliaClient]


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
