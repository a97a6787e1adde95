"""A transaction that the database broke off, tried again: by its own rules it happened whole or not at all."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from sommit import mishaps
from sommit.extensions import db

T = TypeVar("T")

WAITS_S: Final = (0.1, 0.3, 0.9, 2.7)  # with jitter: a Postgres that restarts is back within these

log = structlog.get_logger(__name__)
_JITTER = random.Random()  # noqa: S311 - spreads writers, hides nothing


def until_through(work: Callable[[], T], while_: Callable[[DBAPIError], bool] = mishaps.passing) -> T:
    """Run `work`, which commits last, five times at most while the database breaks it off by an error that passes.

    `while_` says which errors do. A connection lost after the commit was sent leaves the outcome unknown (FAULTS 25):
    `work` has to find out what is stored already, and to write it once.
    """
    for wait in WAITS_S:
        try:
            return work()
        except DBAPIError as error:
            db.session.rollback()
            if not while_(error):
                raise
            log.warning("transaction_again", reason=type(error.orig).__name__)
        time.sleep(wait * _JITTER.uniform(0.5, 1.5))
    return work()
