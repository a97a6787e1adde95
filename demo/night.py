"""Watching, from outside, a night that the scheduler rings for and the worker imports."""

import sys

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from demo.supervisor import Supervisor
from sommit.jobs.queue import NAME, TICK_KEY

PATIENCE_S = 120.0


def forget_ticks(redis_url: str) -> None:
    """Take away the mark of the last demonstration's scheduler: this one's first tick is to be seen."""
    with Redis.from_url(redis_url) as connection:
        connection.delete(TICK_KEY)


def wait_for_it(house: Supervisor, redis_url: str) -> None:
    """Return once the scheduler has rung and the queue is at rest: what was due is imported, or has said why not.

    Raises Ended after PATIENCE_S seconds, or when one of the processes ends meanwhile.
    """
    with Redis.from_url(redis_url) as connection:
        queue = Queue(NAME, connection=connection, serializer=JSONSerializer)
        house.wait_for(lambda: bool(connection.exists(TICK_KEY)), "scheduler")
        house.wait_for(lambda: _at_rest(queue), "nuit", PATIENCE_S)
        if queue.failed_job_registry.get_job_count(cleanup=False):
            print("La remontée de la nuit a échoué : la page /caisse dit pourquoi.", file=sys.stderr)


def _at_rest(queue: Queue) -> bool:
    """Say whether no job waits, is being handed over, or runs; asked in the order in which a job goes."""
    return not (
        queue.count or queue.intermediate_queue.get_job_ids() or queue.started_job_registry.get_job_count(cleanup=False)
    )
