"""A command of the application in a process of its own, which may be killed: forked, as the worker's jobs are."""

import os
import signal
from collections.abc import Callable

from flask import Flask
from sqlalchemy import event

from sommit.extensions import db

LONGEST_S = 60


def run(
    app: Flask, *words: object, crash_at: str = "", statement: int = 0, started: Callable[[int], None] | None = None
) -> int:
    """Run `flask WORDS`; return its exit code, or minus the signal that ended it.

    It dies at the named point `crash_at`, or after the n-th `statement` that applies what was kept.
    `started` is told its process id.
    """
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        _be(app, words, crash_at, statement)
    if started:
        started(pid)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _be(app: Flask, words: tuple[object, ...], crash_at: str, statement: int) -> None:
    code = 70
    try:
        signal.alarm(LONGEST_S)
        app.config["CRASH_AT"] = crash_at
        if statement:
            _die_after(statement)
        code = app.test_cli_runner().invoke(args=[str(word) for word in words]).exit_code
    finally:
        os._exit(code)


def _die_after(number: int) -> None:
    applying, count = False, 0

    def executed(_connection, _cursor, words, *_):
        nonlocal applying, count
        count += applying
        if applying and count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        began, ended = (
            words.startswith("INSERT INTO raw_reading"),
            words.startswith("UPDATE raw_reading SET applied_at"),
        )
        applying = (applying or began) and not ended

    event.listen(db.engine, "after_cursor_execute", executed)
