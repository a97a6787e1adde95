"""Each row of docs/FAULTS.md runs its tests on both databases, or says here why that makes no sense."""

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from tests.docs import rows
from tests.faults.sample import LONG

pytestmark = pytest.mark.skipif(not LONG, reason="collects most of the tests once more: make test-faults")

DATABASES = {"sqlite", "postgres"}
QUEUE, CLIENT = "the queue’s own: no database is asked", "the till’s client: no database is asked"
NOT_ON_BOTH = {
    **dict.fromkeys((17, 22, 23), QUEUE),
    **dict.fromkeys((36, 38, 39, 40, 41, 43, 44, 45, 49, 50, 51, 52, 54), CLIENT),
    25: "SQLite has no connection that could be lost",
    26: "SQLite has one writer: no transaction is broken off for another’s sake",
    82: "the browser’s own: what the server answers is the same",
}


def collected() -> dict[tuple[str, str], set[str]]:
    """On which databases each test of each file that a row names runs; a file's own key has no function."""
    files = sorted({file for text in rows.entries().values() for file, _ in rows.tests(text)})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    said = subprocess.run(command, cwd=rows.ROOT, capture_output=True, text=True, check=True).stdout
    found = defaultdict[tuple[str, str], set[str]](set)
    for file, function, parameters in re.findall(r"^(tests/[\w/]+\.py)::(\w+)(?:\[(.*)\])?$", said, re.MULTILINE):
        databases = DATABASES & set(parameters.split("-"))
        found[file, function] |= databases
        found[file, ""] |= databases
    return found


def test_every_row_has_tests_on_both_databases_or_a_reason(figure):
    runs, entries = collected(), rows.entries()
    shown = {number: rows.tests(text) for number, text in entries.items() if rows.tests(text)}
    assert [(number, test) for number, tests in shown.items() for test in tests if test not in runs] == []
    both = {number for number, tests in shown.items() if set().union(*(runs[test] for test in tests)) >= DATABASES}
    assert shown.keys() - both <= NOT_ON_BOTH.keys()
    words = [f"{len(shown)} of {len(rows.ROWS)} rows, {len(both)} on both databases"]
    words += [f"{len(shown) - len(both)} on none or one by their nature", f"{len(entries) - len(shown)} not applicable"]
    figure("rows", ", ".join(words))
