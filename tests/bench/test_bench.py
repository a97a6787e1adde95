"""The benchmarks run, at tiny sizes, and print their tables. No timing is looked at."""

import subprocess
import sys

import pytest

from bench.figures import Figure, Goal, table


@pytest.mark.parametrize("part", ["import", "memory", "pages", "statements", "long_tasks"])
def test_a_part_prints_a_table_with_a_verdict_for_each_goal(part):
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--only", part], capture_output=True, text=True, timeout=300
    )

    assert run.returncode == 0, run.stderr
    rows = [line for line in run.stdout.splitlines() if "≤" in line or "≥" in line]
    assert rows
    assert all("reached" in row or "NOT REACHED" in row for row in rows)


def test_without_files_the_matching_part_says_how_to_ask():
    run = subprocess.run([sys.executable, "-m", "bench", "--only", "matching"], capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert "--library" in run.stdout


def test_a_goal_that_is_missed_is_said_and_nothing_else():
    slow = Figure("import", "10 lines/s", value=0.1, goal=Goal("≥", 0.25))

    assert slow.verdict == "NOT REACHED"
    assert "NOT REACHED" in table([slow])
