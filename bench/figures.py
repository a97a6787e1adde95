"""One line of the tables: what was measured, what beside, and whether the goal is reached."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Goal:
    """What a figure has to be: at least, or at most, so much. Without a unit it is the ratio that is meant."""

    side: Literal["≥", "≤"]
    limit: float
    unit: str = ""

    def reached(self, value: float) -> bool:
        return value >= self.limit if self.side == "≥" else value <= self.limit

    def __str__(self) -> str:
        return f"{self.side} {self.limit:g}{' ' if self.unit else ''}{self.unit}"


@dataclass(frozen=True)
class Figure:
    """`value` is what the goal judges: a ratio of two timings of the same run, a number of megabytes, of seconds."""

    what: str
    measured: str
    beside: str = ""
    value: float | None = None
    goal: Goal | None = None
    database: str = ""

    @property
    def verdict(self) -> str:
        if self.goal is None or self.value is None:
            return ""
        return "reached" if self.goal.reached(self.value) else "NOT REACHED"

    @property
    def cells(self) -> tuple[str, ...]:
        value = "" if self.value is None else f"{self.value:.2f}"
        return self.what, self.database, self.measured, self.beside, value, str(self.goal or ""), self.verdict


HEADINGS = ("what", "database", "measured", "beside", "value", "goal", "")


def table(figures: Sequence[Figure]) -> str:
    """Lay figures out as a Markdown table that is readable as it is."""
    rows = [HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    heading, *lines = [_line(row, widths) for row in rows]
    return "\n".join([heading, _line(["-" * width for width in widths], widths), *lines])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """Return "median unit (least-most)"."""
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:,.{digits}f} {unit} ({least:,.{digits}f}-{most:,.{digits}f})"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
