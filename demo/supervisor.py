"""Starts several processes in the foreground, shows what they say, and ends with all of them or none."""

import contextlib
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
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
        self._lasting: dict[str, subprocess.Popen[str]] = {}
        self._all: dict[subprocess.Popen[str], threading.Thread] = {}

    def __enter__(self) -> Self:
        """Make every way of being asked to stop the same one."""
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes, once and undisturbed, and hear their last words."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        tether.stop(*self._all)
        for reader in self._all.values():
            reader.join(1)

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start a process that has to run as long as we do; what it says is shown."""
        self._lasting[name] = self._launch(name, command, env, _show)

    def run(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a process to its end; what it says is shown if it fails.

        Raises Ended when it does, or when a lasting process ends meanwhile.
        """
        said: list[str] = []
        step = self._launch(name, command, env, said.append)
        self.wait_for(lambda: step.poll() is not None, name)
        tether.sweep(step)
        self._all[step].join()
        if step.returncode:
            raise Ended("".join(said) + f"« {name} » a échoué (code {step.returncode}).")

    def wait_for(self, happened: Callable[[], bool], what: str, patience_s: float = 120.0) -> None:
        """Return once `happened()` is true. Raises Ended after `patience_s` seconds, or when a lasting process ends."""
        deadline = time.monotonic() + patience_s
        while not happened():
            self._check()
            if time.monotonic() > deadline:
                raise Ended(f"« {what} » n’a pas abouti en {patience_s:.0f} s.")
            time.sleep(PULSE_S / 4)

    def watch(self) -> None:
        """Stay until somebody asks us to stop (KeyboardInterrupt). Raises Ended as soon as a lasting process ends."""
        while True:
            self._check()
            time.sleep(PULSE_S)

    def _launch(
        self, name: str, command: Sequence[str], env: Mapping[str, str], tell: Callable[[str], None]
    ) -> subprocess.Popen[str]:
        process = tether.start(command, env=env, output=subprocess.PIPE)
        self._all[process] = threading.Thread(target=_relay, args=(name, process, tell), daemon=True)
        self._all[process].start()
        return process

    def _check(self) -> None:
        if os.getppid() != self._parent:
            raise KeyboardInterrupt
        for name, process in self._lasting.items():
            if process.poll() is not None:
                raise Ended(f"« {name} » s’est arrêté (code {process.returncode}).")


def _relay(name: str, process: subprocess.Popen[str], tell: Callable[[str], None]) -> None:
    for line in process.stdout or ():
        tell(f"{name:<{NAME_WIDTH}}{line.rstrip()}\n")


def _show(line: str) -> None:
    # Nobody may read us any more; the process must still be able to write.
    with contextlib.suppress(OSError):
        sys.stdout.write(line)
        sys.stdout.flush()
