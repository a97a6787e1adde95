"""Thousands of hostile answers made from a seed: no crash, no night taken for good that is not, memory flat."""

from typing import Any

from demo.simulator import Server
from tests.faults import mad_till, sample
from tests.faults.generated import generated
from tests.faults.mad_till import Figures

MOST_MB = 60  # of growth, once warm: a reader that keeps its answers would hold hundreds


def run(bar: Any, server: Server, seed: int, number: int) -> Figures:
    """Give a reader `number` hostile answers; return what became of it."""
    figures = mad_till.run(bar.app, server, seed, number)
    print(f"seed {seed}: {figures}")  # noqa: T201 - what the long run is for
    return figures


def check(figures: Figures) -> None:
    """Nothing broke, nothing was taken for good that was not, and a good reading mends it all."""
    assert figures.crashes == []
    assert figures.unflagged == []
    assert figures.not_healed == []
    assert figures.growth_mb < MOST_MB


def test_generated_answers_break_nothing_and_their_nights_say_so(bar, server, figure):
    seed, number = sample.seed(), 10_000 if sample.LONG else 100  # on each database
    figures = run(bar, server, seed, number)
    assert figures.answers >= number
    check(figures)
    memory = f"memory {figures.warm_mb:.0f} MB warm, {figures.end_mb:.0f} MB at the end"
    figure("generated", f"0 crashes, 0 unflagged nights, {memory}", number=figures.answers, seed=seed)


def test_the_same_seed_gives_the_same_answers_and_another_one_others():
    good = {"data": [{"id": "a", "quantity": 1, "items": [{"total": 650, "description": "PINTE"}]}]}
    one, again, other = ([generated(seed, number, good) for number in range(300)] for seed in (7, 7, 8))
    assert one == again
    assert len(set(one)) > 200
    assert sum(mine != theirs for mine, theirs in zip(one, other, strict=True)) > 200
