"""The worker: RQ's, with our database, our application context, and a life that a lost Redis does not end."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import HerokuWorker, Worker
from sqlalchemy.exc import SQLAlchemyError

from sommit.extensions import db
from sommit.jobs.queue import AUDIT_JOB, JOB, NAME
from sommit.services import nights

WORKER_TTL_S = 60
MAINTENANCE_S = 30
MONITORING_S = 5
PARENT_CHECK_S = 0.5
LONGEST_WAIT_S = 30.0
CONNECT_S = 5.0
LISTEN_S = 10.0  # how long Redis may say that nobody rings
SILENCE_S = 5.0  # how long it may say nothing at all

log = structlog.get_logger(__name__)


class UnknownJob(Exception):
    """A payload names something else than a job of ours: whoever wrote it is not us."""


class KnownJob(Job):
    """RQ imports whatever name a payload gives, callbacks included; only our own jobs are taken (security 46)."""

    known: frozenset[str] = frozenset({JOB, AUDIT_JOB})

    @property
    def func(self) -> Callable[..., Any]:
        """Return the function to run. Raises UnknownJob."""
        if self.func_name not in self.known or self.instance is not None:
            raise UnknownJob("the queue holds a payload that is not one of this application's jobs")
        return super().func  # type: ignore[no-any-return]

    def restore(self, raw_data: dict[Any, Any]) -> None:
        """Read the job from Redis, without the callbacks and web hooks that we never set."""
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []


# Heroku's gives a job time to end after SIGTERM (FAULTS M6); it needs a signal that macOS does not have.
PatientWorker: Any = HerokuWorker if hasattr(signal, "SIGRTMIN") else Worker


class NightWorker(PatientWorker):  # type: ignore[misc]
    """A worker whose jobs run in a forked process, inside the application, on database connections of their own."""

    imminent_shutdown_delay = 3  # seconds for the closing in hand; each is one transaction, the rest comes next time
    max_connection_wait_time = 10.0  # seconds between two tries of an idle worker whose Redis is away
    job_class = KnownJob

    def __init__(self, app: Flask, connection: Redis) -> None:
        """Prepare the worker; it is only known to Redis from `work` on. Raises RedisError."""
        super().__init__(
            [Queue(NAME, connection=connection, serializer=JSONSerializer, job_class=KnownJob)],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL_S,
            maintenance_interval=MAINTENANCE_S,
            job_monitoring_interval=MONITORING_S,
            log_job_description=False,
        )
        self.app = app
        self.asked_to_stop = False

    @property
    def dequeue_timeout(self) -> float:
        """Return how long (seconds) one wait for a bell lasts; RQ would wait 45, and notice silence after 55."""
        return LISTEN_S

    @property
    def connection_timeout(self) -> float:
        """Return after how many seconds without an answer the connection is given up (FAULTS 22)."""
        return LISTEN_S + SILENCE_S

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that the end was asked for: any other end of `work` is a mishap to recover from."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)

    def handle_warm_shutdown_request(self) -> None:
        """Tell the job that runs, if one does, that its time is short."""
        if self.horse_pid:
            super().handle_warm_shutdown_request()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Begin the forked process: it ends with the worker, even one killed with -9."""
        threading.Thread(target=_end_with, args=(self.pid,), daemon=True).start()
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(self, job: Job, retpid: int, ret_val: int, rusage: Any) -> None:
        """Say on its night that the system killed its reading, as it does for want of memory (FAULTS 10)."""
        super().handle_work_horse_killed(job, retpid, ret_val, rusage)
        if job.func_name != JOB or not ret_val or os.waitstatus_to_exitcode(ret_val) != -signal.SIGKILL:
            return
        with self.app.app_context():
            try:
                nights.sweep(killed=job.args[0])
                db.session.commit()
            except SQLAlchemyError as absence:  # the next tick takes the lease back as well
                log.warning("killed_not_noted", reason=type(absence).__name__)
            db.engine.dispose()  # nothing of it is for the next job's process

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run the job in the application's context."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)  # those connections belong to the parent process
            done: bool = super().perform_job(job, queue, execution)
            return done


def run_worker(app: Flask) -> None:
    """Take jobs until SIGTERM or SIGINT. Redis away, flushed (FAULTS M8) or silent is waited for, not died of."""
    wait_s = 1.0
    _exit_on_signals()
    while True:
        began = time.monotonic()
        if _one_life(app):
            return
        log.warning("worker_starts_again", wait_s=wait_s)
        time.sleep(wait_s)
        lasted = time.monotonic() - began > 2 * LONGEST_WAIT_S
        wait_s = 1.0 if lasted else min(wait_s * 2, LONGEST_WAIT_S)


def _one_life(app: Flask) -> bool:
    """Work until Redis is lost or the end is asked for; say whether it was asked for."""
    worker = None
    try:
        patience = {"socket_connect_timeout": CONNECT_S, "socket_timeout": SILENCE_S}
        with Redis.from_url(app.config["REDIS_URL"], **patience) as connection:
            _warn_of_eviction(connection)
            worker = NightWorker(app, connection)
            worker.work(logging_level="WARNING")
    except StopRequested:
        return True
    except RedisError as absence:
        log.warning("worker_lost_redis", reason=type(absence).__name__)
    finally:
        _exit_on_signals()
    if worker and worker.horse_pid and not worker.asked_to_stop:
        worker.wait_for_horse()  # it needs no Redis to finish its night
    return bool(worker and worker.asked_to_stop)


def _warn_of_eviction(connection: Redis) -> None:
    """Say so when a full Redis would throw bells away instead of refusing them (FAULTS 21)."""
    memory: Any = connection.info("memory")
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        log.warning("redis_may_evict", policy=policy, wanted="noeviction")


def _exit_on_signals() -> None:
    """Between two lives of the worker, a signal simply ends the process."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))


def _end_with(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(PARENT_CHECK_S)
    os._exit(1)
