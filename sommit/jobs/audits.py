"""When: the morning's audit of each venue, and whether one is missing."""

from itertools import takewhile

import structlog

from sommit.extensions import db
from sommit.jobs import alerts, queue
from sommit.services import audit, till_connection, venues

log = structlog.get_logger(__name__)


def ring_due() -> None:
    """Queue every venue whose audit of today is due; a bell that is lost rings again at the next tick."""
    due = audit.due()
    db.session.rollback()
    rung = len(list(takewhile(queue.enqueue_audit, due)))
    if due:
        log.info("audits_rung", venues=rung, due=len(due))


def all_ran() -> bool:
    """Return whether no audit is missing an hour after it was due."""
    late = audit.due(late=audit.PATIENCE)
    db.session.rollback()
    if late:
        log.warning("audits_late", venues=late)
    return not late


def audit_morning(venue_id: int) -> None:
    """Audit a venue's books; the job that the queue runs. Twice, or twice at once, there is one audit a day."""
    if venue_id not in audit.due():
        return
    venue = venues.get(venue_id)
    seen = audit.look(venue, till_connection.get(venue_id))
    known = audit.known(venue_id)
    written = audit.keep(seen)
    if written:
        alerts.tell_findings(venue, seen, known)
    db.session.commit()
    if written:
        tell = log.error if seen.findings else log.info
        tell("audited", venue_id=venue_id, **seen.checked)
