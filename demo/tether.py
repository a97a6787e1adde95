"""Runs a command that cannot outlive whoever started it, on every system: no /proc, no root, no prctl.

`start` gives the tether one end of a pipe as its standard input and keeps the other. When that end closes, because
the starter closed it or was killed with -9, the tether ends the command's whole process group, and itself.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

GRACE_S = 8.0  # a worker gives the closing in hand 3 s, gunicorn its requests 5 s
SLIPPED_GRACE_S = 2.0  # the starter was killed: there is nobody left to wait for


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    output: int | IO[str] | None = None,
    stop_signal: int = signal.SIGTERM,
) -> subprocess.Popen[str]:
    """Start a command on a tether, in a process group of its own; the group's number is the process's pid.

    `output` receives standard output and error together (None: those of the caller).
    """
    return subprocess.Popen(  # noqa: S603 - the caller's own command
        [sys.executable, "-I", "-S", str(Path(__file__)), str(int(stop_signal)), *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=env,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def stop(*tethers: subprocess.Popen[str], patience_s: float = GRACE_S + 2) -> None:
    """End tethered commands, all at once, and whatever is left of their groups."""
    for tether in tethers:
        with contextlib.suppress(ProcessLookupError):
            tether.terminate()
    for tether in tethers:
        with contextlib.suppress(subprocess.TimeoutExpired):
            tether.wait(patience_s)
        sweep(tether)
        tether.wait()
        if tether.stdin:
            tether.stdin.close()


def sweep(tether: subprocess.Popen[str]) -> None:
    """Kill what is left of a tether's group, were the tether itself already gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(tether.pid, signal.SIGKILL)


def _hold(stop_signal: int, command: Sequence[str]) -> int:
    """Run the command until it ends (its exit code is returned) or until the tether has to end it."""
    bell, ring = os.pipe()
    os.set_blocking(ring, False)
    signal.set_wakeup_fd(ring)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - the starter's own command
    while (code := child.poll()) is None:
        ready, _, _ = select.select([sys.stdin, bell], [], [])
        if bell in ready and set(os.read(bell, 64)) - {signal.SIGCHLD}:
            _end(child, stop_signal, GRACE_S)
        elif sys.stdin in ready and not os.read(sys.stdin.fileno(), 64):
            _end(child, stop_signal, SLIPPED_GRACE_S)
    return code if code >= 0 else 128 - code


def _end(child: subprocess.Popen[bytes], stop_signal: int, grace_s: float) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, stop_signal):
        signal.signal(number, signal.SIG_IGN)
    os.killpg(0, stop_signal)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(grace_s)
    os.killpg(0, signal.SIGKILL)  # the tether is of the group: this is its last act


if __name__ == "__main__":
    if os.getpgrp() != os.getpid():
        sys.exit("demo/tether.py: to be started by tether.start, at the head of its own process group")
    sys.exit(_hold(int(sys.argv[1]), sys.argv[2:]))
