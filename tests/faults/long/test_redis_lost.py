"""Redis flushed, or away for a while, in mid-night with bells waiting: no line is lost, all is caught up."""

import time

import pytest
from redis import Redis

from tests.faults.long.house import House, Place, seconds_until_right, wait_for
from tests.faults.sample import LONG

pytestmark = pytest.mark.skipif(not LONG, reason="takes minutes: make test-faults")

VENUES, WORKERS = 6, 2
AWAY_S = 20.0
GOAL_S = 300


def flushed(house: House) -> None:
    """Everything in Redis is thrown away."""
    with Redis.from_url(house.redis_url) as redis:
        redis.flushall()


def stopped(house: House) -> None:
    """Redis is away for a while, and knows what it knew."""
    house.stop_redis()
    time.sleep(AWAY_S)
    house.start_redis()


def lost(house: House) -> None:
    """Redis is away for a while, and comes back empty."""
    house.stop_redis()
    time.sleep(AWAY_S)
    house.start_redis(empty=True)


def mid_night(house: House) -> list[Place]:
    """Some nights that are being read, some that wait for a worker."""
    places = [house.open(stuck=2 if number < WORKERS else None) for number in range(VENUES)]
    wait_for(lambda: all(place.in_mid_night() for place in places[:WORKERS]))
    return places


def test_after_redis_was_flushed_or_away_every_night_is_caught_up(house, figure):
    house.start_workers(*[""] * WORKERS)
    for mishap in (flushed, stopped, lost, flushed):
        places = mid_night(house)
        mishap(house)
        at = time.monotonic()
        house.server.faults.clear()
        slowest = max(seconds_until_right(places, at))
        assert [place.lost_or_doubled() for place in places] == [0] * len(places)
        missed = "" if slowest <= GOAL_S else " (MISSED)"
        figure("redis", f"{mishap.__name__}, {len(places)} nights: {slowest:.0f} s{missed}, 0 lines lost")
