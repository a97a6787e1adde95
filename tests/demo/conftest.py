from collections.abc import Iterator
from datetime import date

import pytest

from demo.simulator import Server, Till, serve
from tests.demo.till_client import Reader

KEY = "a-key-of-the-simulator"


@pytest.fixture
def till() -> Till:
    return Till(token=KEY, name="Le Zinc des Capucins", today=date(2026, 3, 20))


@pytest.fixture
def server(till: Till) -> Iterator[Server]:
    with serve(till) as running:
        yield running


@pytest.fixture
def reader(server: Server) -> Reader:
    return Reader(server, KEY)
