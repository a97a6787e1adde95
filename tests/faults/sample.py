"""How much of a thing is tried: always the same sample, or in the long form all of it, by another seed each time."""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

LONG = "SOMMIT_FAULT_MINUTES" in os.environ


USUAL = 20261124


def seed() -> int:
    """Return the usual one, in the long form another each time; SOMMIT_FAULT_SEED plays one again."""
    return int(os.environ.get("SOMMIT_FAULT_SEED", random.SystemRandom().randrange(10**9) if LONG else USUAL))


def some(of: Sequence[T], number: int, what: str) -> list[T]:
    """Return `number` of these in their order, or all of them under SOMMIT_FAULT_MINUTES; print which."""
    mine = seed()
    chosen = sorted(random.Random(mine).sample(range(len(of)), min(number, len(of))))
    if LONG:
        chosen = list(range(len(of)))
    print(f"{what}: {len(chosen)} of {len(of)}, seed {mine}")  # noqa: T201 - shown with a failure
    return [of[place] for place in chosen]
