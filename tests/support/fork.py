"""A piece of the application in a process of its own, which may be killed or stopped: forked, as a worker's jobs are.

Its way is counted in steps: each statement that the database has run, the moments before and after each COMMIT, and
each named crash point. A signal can be sent to it at any of them.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import event

from sommit import crash
from sommit.extensions import db

LONGEST_S = 120

Signals = Mapping[int, signal.Signals]


def run(
    app: Flask,
    *words: object,
    crash_at: str = "",
    statement: int = 0,
    started: Callable[[int], None] | None = None,
    signals: Signals | None = None,
) -> int:
    """Run `flask WORDS`; return its exit code, or minus the signal that ended it.

    It dies at the named point `crash_at`, or at its n-th step (`statement`); `signals` sends it others, by step.
    `started` is told its process id.
    """
    signals = {statement: signal.SIGKILL} if statement else signals
    return call(app, _command(app, words), crash_at=crash_at, signals=signals, started=started)


def steps(app: Flask, *words: object) -> list[str]:
    """Run `flask WORDS` to its end; return what each step of its way was."""
    return steps_of(app, _command(app, words))


def call(
    app: Flask,
    work: Callable[[], int],
    *,
    crash_at: str = "",
    signals: Signals | None = None,
    started: Callable[[int], None] | None = None,
    longest_s: int = LONGEST_S,
) -> int:
    """Do `work`, which returns an exit code, in a process of its own, as `run` does a command."""
    pid = _fork()
    if pid == 0:
        app.config["CRASH_AT"] = crash_at
        _be(work, _Sender(signals) if signals else None, longest_s)
    if started:
        started(pid)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def steps_of(app: Flask, work: Callable[[], int]) -> list[str]:
    """Do `work` in a process of its own to its end; return what each step of its way was."""
    said, told = os.pipe()
    pid = _fork()
    if pid == 0:
        with os.fdopen(told, "w", buffering=1) as log:
            _be(work, lambda what: log.write(" ".join(what.split()) + "\n"), LONGEST_S)
    os.close(told)
    with os.fdopen(said) as log:
        found = log.read().splitlines()
    _, status = os.waitpid(pid, 0)
    assert status == 0
    return found


def _command(app: Flask, words: tuple[object, ...]) -> Callable[[], int]:
    return lambda: app.test_cli_runner().invoke(args=[str(word) for word in words]).exit_code


def _fork() -> int:
    db.session.remove()
    db.engine.dispose()
    return os.fork()


def _be(work: Callable[[], int], step: Callable[[str], Any] | None, longest_s: int) -> None:
    code = 70
    try:
        signal.alarm(longest_s)
        if step:
            _watch(step)
        code = work()
    except BaseException:
        traceback.print_exc()  # pytest shows it with the failure
    finally:
        sys.stderr.flush()
        os._exit(code)


class _Sender:
    """Counts the steps, and sends this very process its signals."""

    def __init__(self, signals: Signals) -> None:
        self.signals, self.count = signals, 0

    def __call__(self, _what: str) -> None:
        self.count += 1
        if self.count in self.signals:
            os.kill(os.getpid(), self.signals[self.count])


def _watch(step: Callable[[str], Any]) -> None:
    dialect, point = db.engine.dialect, crash.point
    commit = dialect.do_commit

    def do_commit(connection: Any) -> None:
        step("before COMMIT")
        commit(connection)
        step("COMMIT")

    def pointed(name: str) -> None:
        point(name)
        step(f"point {name}")

    event.listen(db.engine, "after_cursor_execute", lambda _connection, _cursor, words, *_: step(words))
    dialect.do_commit, crash.point = do_commit, pointed
