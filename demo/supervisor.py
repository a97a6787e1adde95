"""Starts several processes in the foreground, shows what they say, and ends with all of them or none."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from demo import tether

PULSE_S = 0.2
NAME_WIDTH = 13


class Ended(Exception):
    """A process ended by itself, or did not get where it had to; the message is for the screen, in French."""


class Supervisor:
    """The processes of one foreground command.

    Inside the `with` block SIGTERM and SIGHUP raise KeyboardInterrupt as Ctrl-C does. Leaving the block, in whatever
    way, ends every process within seconds; a kill -9 leaves that to the tethers.
    """

    def __init__(self) -> None:
        """Remember who started us: a `make` killed with -9 must not leave its demo behind."""
        self._parent = os.getppid()
        self._running: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        """Make every way of being asked to stop the same one."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes, once and undisturbed."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        tether.stop(*self._running.values())

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start a process that has to run as long as we do."""
        self._running[name] = self._launch(name, command, env)

    def run(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a process to its end. Raises Ended when it fails, or when one of the others ends meanwhile."""
        step = self._launch(name, command, env)
        self._running[name] = step
        self.wait_for(lambda: step.poll() is not None, name)
        del self._running[name]
        tether.sweep(step)
        if step.returncode:
            raise Ended(f"« {name} » a échoué (code {step.returncode}).")

    def wait_for(self, happened: Callable[[], bool], what: str, patience_s: float = 120.0) -> None:
        """Return once `happened()` is true. Raises Ended after `patience_s` seconds, or when a process ends."""
        deadline = time.monotonic() + patience_s
        while not happened():
            self._check(except_for=what)
            if time.monotonic() > deadline:
                raise Ended(f"« {what} » n’a pas abouti en {patience_s:.0f} s.")
            time.sleep(PULSE_S / 4)

    def watch(self) -> None:
        """Stay until somebody asks us to stop (KeyboardInterrupt). Raises Ended as soon as one process ends."""
        while True:
            self._check()
            time.sleep(PULSE_S)

    def _launch(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[str]:
        process = tether.start(command, env=env, output=subprocess.PIPE)
        threading.Thread(target=_relay, args=(name, process), daemon=True).start()
        return process

    def _check(self, except_for: str | None = None) -> None:
        if os.getppid() != self._parent:
            raise KeyboardInterrupt
        for name, process in self._running.items():
            if name != except_for and process.poll() is not None:
                raise Ended(f"« {name} » s’est arrêté (code {process.returncode}).")


def _relay(name: str, process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        try:
            sys.stdout.write(f"{name:<{NAME_WIDTH}}{line.rstrip()}\n")
            sys.stdout.flush()
        except OSError:  # nobody reads us any more; the process must still be able to write
            continue
