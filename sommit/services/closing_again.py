"""A closing that a person decides about, without the till: applied again from its kept answer, or taken out.

A closing that the till denies keeps its sales until somebody says that they never were (FAULTS 59); applied again, they
are back.
"""

from typing import NamedTuple

from sommit.extensions import db
from sommit.models import Closing, Venue
from sommit.refusals import N_, Refusal
from sommit.services import closing_states, former_readings, key_questions, raw_readings, sales_import, suggestions


class NothingKept(Refusal):
    """The till's answers for this closing are gone."""

    sentence = N_("La réponse de la caisse pour cette clôture n’est plus gardée : il n’y a rien à relire.")


class StillShown(Refusal):
    """The till shows the closing."""

    sentence = N_("La caisse montre cette clôture : ses ventes comptent.")


class NoWayBack(Refusal):
    """The till's answers for this closing are gone: what is taken out could not be brought back."""

    sentence = N_(
        "La réponse de la caisse n’est plus gardée : ses ventes ne pourraient plus revenir. "
        "Comptez plutôt les boissons."
    )


class Figures(NamedTuple):
    """What a closing holds: lines, and their turnover in cents (None: the unit of money is unknown)."""

    lines: int
    turnover_cents: int | None


class Applied(NamedTuple):
    """What became of it; `changed`: other lines were written."""

    changed: bool
    before: Figures
    after: Figures


def apply(venue: Venue, closing: Closing) -> Applied:
    """Apply the latest kept answer of a closing; twice is once. Raises NothingKept, TillError.

    The row is held from before the answer is chosen: a reader that brings a newer one waits, and has the last word.
    What is known of the till itself stays: that it denies the closing, or why its last answer was not taken over.
    """
    db.session.refresh(closing, with_for_update=True)
    before, gone, problem = _figures(closing), closing_states.vanished_at(closing), closing.problem
    latest = former_readings.latest(closing)
    if latest is None:
        raise NothingKept()
    kept, reading = latest
    if kept.applied_at is None:  # a reader did not live to: it has nothing left to do (FAULTS 4)
        raw_readings.applied(venue.id, kept.id)
    written = sales_import.replace(venue, reading)
    closing_states.mark(closing, gone)
    closing.problem = problem or closing.problem
    return _settled(venue, closing, before, changed=written.replaced)


def take_out(venue: Venue, closing: Closing) -> Applied:
    """Take the sales of a closing that the till denies out of the books; twice is once.

    Raises StillShown, NoWayBack, TillError (what is kept can no longer be read).
    """
    db.session.refresh(closing, with_for_update=True)
    before, gone = _figures(closing), closing_states.vanished_at(closing)
    if gone is None:
        raise StillShown()
    if not closing.lines:
        return Applied(False, before, before)
    if former_readings.latest(closing) is None:
        raise NoWayBack()
    sales_import.empty(closing)
    closing_states.mark(closing, gone)
    return _settled(venue, closing, before, changed=True)


def _settled(venue: Venue, closing: Closing, before: Figures, *, changed: bool) -> Applied:
    if changed:
        key_questions.settle(venue.id)
        suggestions.refresh(venue.id)
    return Applied(changed, before, _figures(closing))


def _figures(closing: Closing) -> Figures:
    return Figures(closing.lines, closing.turnover_cents)
