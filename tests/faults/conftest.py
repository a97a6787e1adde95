"""A bar with a linked drink and two closings on its till, and ways to read it that may die."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, zip_longest
from typing import Any

import pytest
from flask import Flask

from demo.simulator import Till
from sommit.extensions import db
from sommit.models import TillReference, Venue
from sommit.services import nights, till_connection, till_links
from tests import factories
from tests.faults import sample
from tests.faults.long import table
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import fork, invariants, naive
from tests.web.conftest import Browser, sign_in

LINES = [("VRE CHABLIS", 6), ("PINTE", 2), ("DEMI", 5), ("CAFE", 1), ("PINTE", 3)]
LONGEST, QUICK = {"test_pairs"}, {"test_rows", "test_every_transition"}


@dataclass
class Bar:
    """The venue, its application and what its till has sold."""

    app: Flask
    venue: Venue
    till: Till
    sold: Counter[tuple[str, int]]

    def read(self, **how: Any) -> int:
        """Read the till in a process of its own; returns how it ended."""
        return fork.run(self.app, "till", "import", self.venue.id, "--json", **how)

    def sell(self, device: str, lines: Sequence[tuple[str, int]] = LINES) -> None:
        """One more closing, just too old to be read again each night, from another of the till's devices."""
        day, closed_at = LAST_NIGHT - timedelta(days=7), MORNING - timedelta(days=7, hours=8)
        self.till.closing(lines, date=day, closed_at=closed_at, device=device)
        self.sold.update((label, quantity * 1000) for label, quantity in lines)

    def check_right(self) -> None:
        """Every line of the till is stored once, the stock follows, and reading again changes nothing."""
        self.check_stored()
        invariants.check_replay(self.read)

    def check_stored(self) -> None:
        """Every line of the till is stored once, and the stock follows."""
        invariants.check_invariants()
        assert Counter((line[3], line[4]) for line in naive.lines_stored()) == self.sold
        assert nights.find(self.venue.id, LAST_NIGHT).state == "imported"
        assert nights.running(self.venue.id) is None
        db.session.rollback()


class Noted:
    """Writes a figure of the table of `make test-faults` down."""

    def __init__(self, database: str, record: Callable[[str, object], None]) -> None:
        """`record` hands it over to whoever prints the table."""
        self.database, self._record = database, record

    def __call__(self, measure: str, text: str = "", *, number: int = 0, seed: object = "") -> None:
        """Note what was seen of a measure of `table.MEASURES`, on this test's database."""
        assert measure in table.MEASURES
        self._record("figure", [measure, self.database, text, number, str(seed)])


@pytest.fixture
def figure(request, record_property):
    """Notes a figure for the table; a test without a database says so in its place."""
    url = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else "no database"
    return Noted(url.partition(":")[0].partition("+")[0], record_property)


def pytest_collection_modifyitems(items):
    """In a long run the longest come first, each with a quick one behind it: a process takes two tests at a time."""
    if sample.LONG:
        longest, quick = ([item for item in items if item.path.stem in names] for names in (LONGEST, QUICK))
        others = [item for item in items if item.path.stem not in LONGEST | QUICK]
        items[:] = [*filter(None, chain.from_iterable(zip_longest(longest, quick))), *others]


def pytest_terminal_summary(terminalreporter):
    """Print the table, after a long run."""
    if not sample.LONG:
        return
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, [])]
    figures = [value for report in reports for name, value in report.user_properties if name == "figure"]
    terminalreporter.section("figures")
    for line in table.lines(table.Figure(*values) for values in figures):
        terminalreporter.write_line(line)


@pytest.fixture
def bar(app, venue, till, server, monkeypatch):
    """A bar on the morning after two evenings; its glass of Chablis is linked."""
    app.config["NOW"] = MORNING
    monkeypatch.setattr(till_connection, "sleep", lambda seconds: None)
    till_connection.keep(venue, till.token, till_connection.attempt(venue, till.token))
    reference = TillReference(
        venue_id=venue.id, till_id=till.product("VRE CHABLIS").id.lower(), label="VRE CHABLIS", first_seen_at=MORNING
    )
    db.session.add(reference)
    db.session.commit()
    drink = factories.drink(venue, volume_ml=750, stock=24, counted_at=datetime(2026, 6, 1, tzinfo=UTC))
    till_links.link(reference, drink, serving_ml=125)
    db.session.commit()
    for day in (LAST_NIGHT - timedelta(days=1), LAST_NIGHT):
        till.closing(LINES, date=day)
    return Bar(app, venue, till, Counter((label, quantity * 1000) for label, quantity in LINES * 2))


@pytest.fixture
def tablet(app, venue):
    """A browser that is signed in."""
    app.test_client_class = Browser
    client = app.test_client()
    sign_in(client, factories.user(venue).email)
    return client
