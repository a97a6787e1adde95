from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sommit.jalia.client import JaliaClient
from tests.jalia.scripted import ScriptedTill, scripted_till

TOKEN = "canary-c2VjcmV0_0d6f7c1b-8e01"


@pytest.fixture
def till() -> Iterator[ScriptedTill]:
    with scripted_till() as server:
        yield server


@pytest.fixture
def sleeps() -> list[float]:
    """Every wait that a client asked for; none is slept."""
    return []


@pytest.fixture
def connect(till: ScriptedTill, sleeps: list[float]) -> Iterator[Callable[..., JaliaClient]]:
    opened: list[JaliaClient] = []

    def make(**options: Any) -> JaliaClient:
        opened.append(JaliaClient(till.url, TOKEN, **{"sleep": sleeps.append, **options}))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def client(connect: Callable[..., JaliaClient]) -> JaliaClient:
    return connect()
