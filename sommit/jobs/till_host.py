"""Between a reading and the till's host: who may ask it, and what each reading tells the others of it."""

from collections.abc import Callable

import structlog

from sommit.extensions import db
from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import SILENCES, TillError
from sommit.jobs import again
from sommit.services import breaker, till_connection

log = structlog.get_logger(__name__)


def may_ask(venue_id: int) -> bool:
    """Return whether a venue's reading may start; commits. A person's wish goes before an outage."""
    through = again.until_through(lambda: _through(venue_id))
    if not through:
        log.info("host_left_alone", venue_id=venue_id)
    return through


def _through(venue_id: int) -> bool:
    through = bool(breaker.asked([venue_id])) or breaker.lets_through(till_connection.host(), venue_id)
    db.session.commit()
    return through


class Witness:
    """What one reading finds at the host, told once: that it answers, or that it was silent all through."""

    def __init__(self, venue_id: int) -> None:
        self._venue_id, self._host = venue_id, till_connection.host()
        self._told = False

    def tell(self, client: JaliaClient, error: TillError | None = None) -> None:
        """Tell what is known by now; commits if it is anything. `error` is what the reading ended with."""
        if self._told or not (client.answered or isinstance(error, SILENCES)):
            return
        note = breaker.answered if client.answered else breaker.silent
        again.until_through(lambda: self._write(note))
        self._told = True

    def _write(self, note: Callable[[str, int], None]) -> None:
        note(self._host, self._venue_id)
        db.session.commit()
