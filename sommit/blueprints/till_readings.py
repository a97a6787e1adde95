"""The readings of one closing: what the till said each time, what changed, and its kept answer applied again."""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for

from sommit import formats
from sommit.blueprints import closing_words, reading_words
from sommit.blueprints.till import Answer, bp
from sommit.blueprints.till_journal import changed_chip
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import ngettext, sentence
from sommit.jalia.errors import TillError
from sommit.models import Closing, Venue
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import closing_again, closing_states, former_readings, raw_readings
from sommit.services.former_readings import Seen
from sommit.session import current_venue

CLOSING = "/clotures/<int(max=2147483647):closing_id>"
CHANGES = 100  # changed lines that are shown before somebody asks for the others


@bp.get(CLOSING)
def readings(closing_id: int) -> str:
    """Show the readings of a closing that are kept, the latest first; `lecture` names one whose lines are listed."""
    return _page(_closing(closing_id))


@bp.post(f"{CLOSING}/relire")
def read_again(closing_id: int) -> Answer:
    """Apply the till's kept answer again, without the till; a second tap finds nothing left to do."""
    return _decided(closing_id, closing_again.apply)


@bp.post(f"{CLOSING}/retirer")
def take_out(closing_id: int) -> Answer:
    """Take the sales of a closing that the till denies out of the books; a second tap finds none."""
    return _decided(closing_id, closing_again.take_out)


def _decided(closing_id: int, decide: Callable[[Venue, Closing], closing_again.Applied]) -> Answer:
    closing = _closing(closing_id)
    try:
        applied = decide(current_venue, closing)
    except (Refusal, TillError) as problem:
        db.session.rollback()
        return _page(_closing(closing_id), refused=sentence(problem)), 409
    db.session.commit()
    if is_htmx():
        return _page(closing, said=_told(applied))
    flash(_told(applied))
    return redirect(url_for(".readings", closing_id=closing_id), 303)


def _closing(closing_id: int) -> Closing:
    try:
        return closing_states.get(current_venue.id, closing_id)
    except closing_states.NoSuchClosing:
        abort(404)


def _told(applied: closing_again.Applied) -> str:
    if not applied.changed:
        return _("Relue : rien n’a changé.") if applied.after.lines else _("Ses ventes sont déjà retirées.")
    before, after = (
        ngettext(
            "%(count)s ligne et %(amount)s",
            "%(count)s lignes et %(amount)s",
            figures.lines,
            count=formats.number(figures.lines),
            amount=formats.money(figures.turnover_cents),
        )
        for figures in (applied.before, applied.after)
    )
    if not applied.after.lines:
        return _("Ventes retirées : %(before)s avant, plus rien maintenant. Le stock suit.", before=before)
    return _("Relue : %(before)s avant, %(after)s maintenant.", before=before, after=after)


def _page(closing: Closing, *, said: str = "", refused: str = "") -> str:
    """The page, or for htmx what stands in it. `said` or `refused`: what became of the request takes the focus."""
    seen, evening = former_readings.of(closing), closing_states.same_evening(closing)
    state = closing_states.of(current_venue.id, [closing]).get(closing.id)
    return render_template(
        "till/_readings.html" if is_htmx() else "till/readings.html",
        closing=closing,
        names=closing_words.names_of(evening),
        evening=evening,
        told=changed_chip(state.kind) if state else None,
        state=state,
        readings=seen,
        rows={one.id: reading_words.rows(one.changes or (), current_venue) for one in seen},
        listed=_listed(seen),
        given_back=former_readings.given_back(closing, seen) if _may_be_taken_out(state) else [],
        effect=reading_words.effect,
        changes_first=CHANGES,
        latest=former_readings.LATEST,
        kept_days=raw_readings.KEPT_FOR.days,
        said=said,
        refused=refused,
    )


def _may_be_taken_out(state: closing_states.State | None) -> bool:
    return state is not None and state.kind == "vanished"


def _listed(seen: Sequence[Seen]) -> int | None:
    """The reading whose lines are on the page: the one that is asked for, else the one in the books."""
    asked = request.args.get("lecture", type=int)
    chosen = [one.id for one in seen if one.lines is not None and (one.id == asked or (not asked and one.stored))]
    return chosen[0] if chosen else None
