"""Real processes for the tests: started, looked for, waited for, and ended whatever happens."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from demo import tether

PATIENCE_S = 120.0  # a busy machine is no failure
ROOT = Path(__file__).resolve().parent.parent.parent

Launcher = Callable[..., subprocess.Popen[str]]
Seen = TypeVar("Seen")


@contextlib.contextmanager
def launcher() -> Iterator[Launcher]:
    """Lend a function that starts `python -m MODULE ARGUMENTS` and gives the process itself, output piped."""
    started: list[subprocess.Popen[str]] = []

    def launch(module: str, *arguments: object, **env: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *(str(argument) for argument in arguments)],
            cwd=ROOT,
            env=os.environ | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    try:
        yield launch
    finally:
        for process in started:
            tether.sweep(process)
            process.wait()
            if process.stdout:
                process.stdout.close()


def alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and that nobody has buried yet does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no /proc on this system: the signal's word is enough
    except OSError:
        return False
    return state != "Z"


def wait_until(see: Callable[[], Seen]) -> Seen:
    """Return what `see` returns once that is true; fail after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not (seen := see()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return seen


def pids_in(directory: Path, count: int) -> list[int]:
    """Wait for `count` processes to have written their pid into files of `directory`; return the pids."""

    def written() -> Any:
        texts = [file.read_text() for file in directory.glob("*.pid")]
        return len(texts) == count and all(texts) and [int(text) for text in texts]

    return list(wait_until(written))


def descendants(pid: int) -> set[int]:
    """Return the processes below one, all generations; needs /proc."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, edge = set[int](), {pid}
    while edge:
        edge = {child for child, parent in parents.items() if parent in edge}
        found |= edge
    return found
