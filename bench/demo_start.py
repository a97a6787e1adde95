"""Seconds from a fresh clone to the demonstration that answers, installation included; then from a second start."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.databases import Place
from bench.figures import Figure, Goal

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = "Somm’It répond"
PATIENCE_S = 30.0  # for everything to end after Ctrl-C


def measure(_places: Sequence[Place], *, quick: bool) -> list[Figure]:
    """Installing takes a network; `quick` leaves all of this out."""
    if quick:
        return []
    with tempfile.TemporaryDirectory(prefix="sommit-demo-") as folder:
        clone = Path(folder, "sommit")
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
        starts = [_started(clone) for _ in range(2)]
        left = _left_behind(clone)
    return [
        Figure("make demo, fresh clone", f"{starts[0]:.1f} s", value=starts[0], goal=Goal("≤", 40, "s")),
        Figure("make demo, second start", f"{starts[1]:.1f} s", value=starts[1], goal=Goal("≤", 5, "s")),
        Figure("processes left after Ctrl-C", str(left), value=left, goal=Goal("≤", 0)),
    ]


def _started(clone: Path) -> float:
    """Play the demonstration until it answers, then end it as Ctrl-C does; return the seconds."""
    start = time.perf_counter()
    demo = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=os.environ | {"PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout
    said = []
    for line in demo.stdout:
        said.append(line)
        if line.startswith(ANSWERS):
            break
    seconds = time.perf_counter() - start
    os.killpg(demo.pid, signal.SIGINT)
    demo.communicate(timeout=PATIENCE_S)
    assert said[-1].startswith(ANSWERS), "".join(said)
    return seconds


def _left_behind(clone: Path) -> int:
    """Count the processes that still work in the clone, where /proc tells."""
    return sum(clone in (place, *place.parents) for place in map(_cwd, Path("/proc").glob("[0-9]*/cwd")))


def _cwd(link: Path) -> Path:
    try:
        return link.readlink()
    except OSError:
        return Path("/")
