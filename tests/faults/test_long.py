"""Random pairs of a till's fault and a point at which the reader dies, for as long as SOMMIT_FAULT_MINUTES says."""

import os
import random
import time

import pytest

from tests.faults.test_killed import KILLED, POINTS
from tests.support import invariants

QUICK_S = 6.0
RESOURCES = ("/v1/catalog/", "/v1/reports/", "/v1/orders/")
FAULTS = (
    {"status": 500},
    {"status": 404},
    {"status": 429, "retry_after": "1"},
    {"html": "<h1>Bad gateway</h1>", "status": 502},
    {"body": b"null"},
    {"cut": 40},
    {"reset": 0},
)
STATEMENTS = range(1, 13)
CLOSINGS = 30  # one more before each trial, until there are so many


@pytest.fixture
def seed():
    """Another one each time, printed with a failure; SOMMIT_FAULT_SEED plays one again."""
    return int(os.environ.get("SOMMIT_FAULT_SEED", random.SystemRandom().randrange(10**9)))


def test_under_random_faults_and_deaths_no_line_is_lost_and_none_is_doubled(bar, server, seed, database_url):
    print(f"seed {seed}")  # noqa: T201 - what the long run is for
    chance, pairs, deaths, lines = random.Random(seed), set(), 0, 0
    began, minutes = time.monotonic(), float(os.environ.get("SOMMIT_FAULT_MINUTES", QUICK_S / 60))
    trial = 0
    while time.monotonic() - began < minutes * 60:
        trial += 1
        resource, fault = chance.choice(RESOURCES), chance.randrange(len(FAULTS))
        death = chance.choice([*({"crash_at": point} for point in POINTS), {"statement": chance.choice(STATEMENTS)}])
        if len(bar.till.closings) < CLOSINGS:
            bar.sell(f"iPad {trial}")
        server.faults.add(resource, after=chance.randrange(2), **FAULTS[fault])
        deaths += bar.read(**death) == KILLED
        invariants.check_invariants()
        server.faults.clear()
        assert bar.read() == 0
        bar.check_stored()
        pairs.add((resource, fault, *death.items()))
        lines += bar.sold.total()
    bar.check_right()
    print(  # noqa: T201
        f"{database_url.partition(':')[0]}: {trial} trials, {deaths} deaths, {len(pairs)} distinct (fault, point) "
        f"pairs, {lines} lines compared, 0 lost, 0 doubled, 0 invariants broken"
    )
    assert deaths
