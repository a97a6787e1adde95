"""A Postgres of the test's own, which may be restarted, migrated or filled: the tests' common one stays as it is."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sommit.jobs import again
from tests.conftest import migrate
from tests.support import postgres
from tests.support.absence import untested


@pytest.fixture(scope="module")
def cluster():
    """A cluster with a migrated, empty database."""
    try:
        with postgres.cluster() as made:
            migrate(made.url)
            yield made
    except postgres.NoPostgres as absence:
        untested(str(absence))


@pytest.fixture(scope="module")
def empty_postgres(cluster):
    """The database of this module's tests."""
    return cluster.url


class Waits(list[float]):
    """The waits before a transaction was tried again; what has to happen at the n-th of them is in `then`."""

    def __init__(self) -> None:
        """Nothing was waited for yet."""
        super().__init__()
        self.then: dict[int, Callable[[], None]] = {}

    def wait(self, seconds: float) -> None:
        """Wait, in no time."""
        self.append(seconds)
        self.then.get(len(self), lambda: None)()


@pytest.fixture
def waits(monkeypatch):
    """How often a transaction was tried again; the waits take no time."""
    waited = Waits()
    monkeypatch.setattr(again, "time", SimpleNamespace(sleep=waited.wait))
    return waited
