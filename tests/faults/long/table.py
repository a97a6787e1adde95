"""The table of figures that `make test-faults` prints: what each measure should reach, and what the tests saw."""

from collections.abc import Iterable
from typing import NamedTuple


class Measure(NamedTuple):
    """One row: what is measured, and what it should reach; `least` is what the figures' numbers have to sum up to."""

    what: str
    goal: str
    least: int = 0


MEASURES = {
    "rows": Measure("rows of docs/FAULTS.md, sections A-D, F, G, with an automatic test", "all, on both databases"),
    "pairs": Measure("distinct (fault, crash point) pairs", "1,000 or more, 0 invariants broken", 1000),
    "lines": Measure("lines lost or doubled under random faults", "0 in 1,000,000", 1_000_000),
    "worker": Measure(
        "worker killed, parent and horse, until the night is right again", "slowest 180 s, 30 trials", 30
    ),
    "redis": Measure("Redis flushed or stopped in mid-night, until caught up", "0 lines lost, 300 s"),
    "tablets": Measure("50 tablets linking one reference at once", "1 winner, 49 clear answers, 0 errors 5xx"),
    "by hand": Measure("hostile answers written by hand", "150 or more, 0 crashes, 0 unflagged nights", 150),
    "generated": Measure("hostile answers generated", "10,000, 0 crashes, 0 unflagged nights, memory flat", 10_000),
    "zones": Measure("transitions of every zone, 2020-2035", "no gap, no overlap"),
}


class Figure(NamedTuple):
    """What one test saw of a measure on one database. `number` is added up over the tests of the measure."""

    measure: str
    database: str
    text: str
    number: int = 0
    seed: str = ""


def lines(figures: Iterable[Figure]) -> list[str]:
    """Return the table in Markdown: a row per measure; one that no test has shown says so."""
    figures = list(figures)
    rows = [("measure", "goal", "figure", "databases", "seed"), ("---",) * 5]
    for name, measure in MEASURES.items():
        mine = [figure for figure in figures if figure.measure == name]
        rows.append((measure.what, measure.goal, *_row(mine, measure.least)))
    return ["| " + " | ".join(row) + " |" for row in rows]


def _row(mine: list[Figure], least: int) -> tuple[str, str, str]:
    """What was seen, on which databases, by which seeds; the same words of several tests are said once."""
    if not mine:
        return "NOT SHOWN", "", ""
    total = sum(figure.number for figure in mine)
    words = dict.fromkeys(f"{figure.database}: {figure.text}" for figure in mine if figure.text)
    missed = "" if total >= least else " (MISSED)"
    said = "; ".join([*([f"{total:,} in all{missed}"] if total or missed else []), *words])
    return said, _each(figure.database for figure in mine), _each(figure.seed for figure in mine)


def _each(words: Iterable[str]) -> str:
    return ", ".join(word for word in dict.fromkeys(words) if word)
