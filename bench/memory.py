"""How much memory a first reading takes, and whether it grows with the number of closings."""

import subprocess
import sys
from collections.abc import Sequence

from bench import till
from bench.databases import Place
from bench.figures import Figure, Goal

MB = 1000 * 1000


def measure(places: Sequence[Place], *, quick: bool) -> list[Figure]:
    few, many = (5, 50) if quick else (100, 1000)
    peaks: dict[tuple[str, int], float] = {}
    for closings in (few, many):
        with till.running("forgetful", closings, 300) as url:
            for place in places:
                peaks[place.name, closings] = _peak(place.fresh(), url, closings)
    figures = []
    for place in places:
        small, large = peaks[place.name, few], peaks[place.name, many]
        beside = f"{few} closings {small:.0f} MB"
        figures += [
            Figure(f"memory, {many} closings", f"{large:.0f} MB", "", large, Goal("≤", 200, "MB"), place.name),
            Figure("memory, ten times as many", f"{large:.0f} MB", beside, large / small, Goal("≤", 1.1), place.name),
        ]
    return figures


def _peak(database_url: str, till_url: str, closings: int) -> float:
    command = [sys.executable, "-m", "bench.import_process", database_url, till_url, str(closings)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / MB
