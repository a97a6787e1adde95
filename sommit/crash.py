"""Named points at which a test ends the process: nothing else can show what a kill between two lines leaves behind."""

import os
import signal

from flask import current_app

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """Send this process a signal where SOMMIT_CRASH_AT says so; inert without it, and always inert in production.

    SOMMIT_CRASH_AT is `name`, `name:2` (at the second passage) or `name:2:SIGTERM`; without a signal's name, SIGKILL.
    """
    wanted, _, rest = current_app.config["CRASH_AT"].partition(":")
    if name != wanted:
        return
    nth, _, signal_name = rest.partition(":")
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(nth or 1):
        os.kill(os.getpid(), signal.Signals[signal_name or "SIGKILL"])
