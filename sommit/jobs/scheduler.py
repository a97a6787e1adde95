"""The clock: rings for what is due, and decides nothing. Several may run, and one that was down has missed nothing."""

import signal
import threading

import structlog
from flask import Flask

from sommit.jobs import alerts, audits, heartbeat, nights, post, queue

EVERY_S = 60.0
LEASE_OVER_S = 1.0  # after a lease, so that it is over; and the shortest pause

log = structlog.get_logger(__name__)


def run_scheduler(app: Flask, every_s: float = EVERY_S) -> None:
    """Ask every `every_s` seconds, or as soon as a lease has run out, what is due; until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        tick(app)
        stop.wait(pause(app, every_s))


def pause(app: Flask, every_s: float) -> float:
    """Return the seconds until the next tick: a night whose reader is gone does not wait a whole period more."""
    with app.app_context():
        try:
            left = nights.first_lease_left()
        except Exception:  # the tick before has logged what is the matter
            return every_s
    return every_s if left is None else min(every_s, max(left, 0.0) + LEASE_OVER_S)


def tick(app: Flask) -> None:
    """Ring for what is due and leave a mark for /ready. A failure is logged: the next tick asks again from scratch."""
    with app.app_context():
        try:
            bells = nights.ring_due()
            queue.mark_tick()
            audits.ring_due()
            alerts.tell_missing_nights()
            post.send_due()
            if audits.all_ran():
                heartbeat.beat()
        except Exception:  # whatever it was, a clock that stops would be worse, and silent (FAULTS M2)
            log.exception("tick_failed")
        else:
            if bells.due or bells.held:
                log.info("nights_rung", venues=bells.rung, due=bells.due, held=bells.held)
