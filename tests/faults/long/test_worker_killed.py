"""A worker and its job killed with -9 in the middle of a night: how long until the night is right, with nobody there.

A new worker is started at once, as a platform does; the scheduler goes on. Half of the workers are as on another
machine: nobody sees that they are gone, and their lease has to run out.
"""

import random
import time

import pytest

from tests.faults.long.house import CLOSINGS, House, Place, seconds_until_right, wait_for
from tests.faults.sample import LONG, seed

pytestmark = pytest.mark.skipif(not LONG, reason="takes minutes: make test-faults")

HERE, ELSEWHERE = "", "elsewhere"
ROUNDS = ((HERE, ELSEWHERE) * 2 + (HERE,), (ELSEWHERE, HERE) * 2 + (ELSEWHERE,), (HERE, ELSEWHERE) * 3)
GOAL_S = 180


def kill(house: House, machines: tuple[str, ...], chance: random.Random) -> tuple[list[Place], float]:
    """Let each worker come to the middle of a night, and kill them all; return the venues, and when it was."""
    places = [house.open(stuck=chance.randrange(CLOSINGS)) for _ in machines]
    house.start_workers(*machines)
    wait_for(lambda: all(place.in_mid_night() for place in places))
    assert all(lease_until for _, lease_until in map(Place.night, places))
    house.kill_workers()
    return places, time.monotonic()


def test_a_worker_killed_in_mid_night_is_taken_over_and_the_night_is_right(house, figure):
    chosen = seed()
    print(f"seed {chosen}")  # noqa: T201 - shown with a failure
    chance, seconds = random.Random(chosen), list[float]()
    for machines in ROUNDS:
        places, at = kill(house, machines, chance)
        house.server.faults.clear()
        house.start_workers(*machines)
        seconds += seconds_until_right(places, at)
        assert [place.lost_or_doubled() for place in places] == [0] * len(places)
        house.kill_workers()
    seconds.sort()
    middle, slowest = seconds[len(seconds) // 2], seconds[-1]
    said = f"median {middle:.0f} s, slowest {slowest:.0f} s{'' if slowest <= GOAL_S else ' (MISSED)'}, 0 lines lost"
    figure("worker", said, number=len(seconds), seed=chosen)
