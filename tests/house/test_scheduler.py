import signal
from pathlib import Path

import pytest
from flask import Flask

from sommit.jobs import nights, queue, scheduler
from tests.house.processes import PATIENCE_S, Launcher, wait_until


def test_a_tick_rings_for_what_is_due_and_leaves_its_mark(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(nights, "ring_due", lambda: rung.append("rung") or nights.Bells(1, 1))

    scheduler.tick(app)

    assert rung == ["rung"]
    assert queue.last_tick() is not None


def test_a_tick_that_fails_leaves_no_mark_and_does_not_stop_the_clock(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> nights.Bells:
        raise OSError("the database is away")

    monkeypatch.setattr(nights, "ring_due", broken)

    scheduler.tick(app)

    assert queue.last_tick() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_clock_ticks_without_redis_until_it_is_told_to_stop(number: int, launch: Launcher, tmp_path: Path) -> None:
    ticks = tmp_path / "ticks"
    clock = launch("tests.house.scheduler_process", ticks)
    wait_until(lambda: ticks.exists() and len(ticks.read_text()) > 2)

    clock.send_signal(number)

    assert clock.wait(PATIENCE_S) == 0
