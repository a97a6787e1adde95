"""Several rows of the list at once: what is ticked is accepted or ignored."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import till_sync_forms as form
from sommit.blueprints import till_sync_list as to_sync
from sommit.blueprints import wording
from sommit.blueprints.till_sync import bp
from sommit.blueprints.till_undo import address as undo_address
from sommit.extensions import db
from sommit.formats import HARD, quantity
from sommit.i18n import gettext as _
from sommit.i18n import ngettext, sentence
from sommit.models import Act, TillReference
from sommit.security import is_htmx
from sommit.services import library, links_effect, many, till_links
from sommit.session import current_venue

Answer = str | Response | tuple[str, int]
MOST_NAMED = 5
MOST_STOCKS = 2  # a message of two lines


@bp.post("/plusieurs")
def several() -> Answer:
    """Accept the sure proposals of the rows that are ticked, or ignore them all."""
    act, ticked = request.form.get("acte"), form.ticked()
    if act not in ("rien", "oui", "ignorer"):
        abort(400)
    if act == "rien":
        return _told("", "", [], None)
    try:
        if act == "oui":
            outcome = many.accept(current_venue.id, ticked, by=current_user.id)
        else:
            outcome = many.ignore(current_venue.id, ticked, by=current_user.id)
    except many.NothingTicked as refusal:
        return _refused(sentence(refusal))
    except till_links.NoSuchReference:
        abort(404)
    db.session.commit()
    return _told(_done(act, outcome), _stocks(outcome.effect), _left(outcome), outcome.act)


def _told(done: str, stocks: str, left: list[str], act: Act | None) -> Answer:
    """The list where it was, a message of what was done, one of what was left. That stays ticked."""
    undo = undo_address(act) if act else None
    if is_htmx():
        said = {"message": done, "detail": stocks, "undo": undo}
        told = render_template("till_sync/_several.html", **said, **to_sync.listed(notices=left))
        return told, 409 if left and not done else 200
    if done:
        flash(f"{done} {stocks}".strip(), undo or "message")
    for text in left:
        flash(text)
    return redirect(to_sync.address(), 303)


def _refused(why: str) -> Answer:
    if not is_htmx():
        return to_sync.page(notices=[why]), 422
    return render_template("till_sync/_several.html", message="", **to_sync.listed(notices=[why])), 422


def _done(act: str, outcome: many.Outcome) -> str:
    number = len(outcome.done)
    if not number:
        return ""
    if act == "ignorer":
        return ngettext("%(num)s référence ignorée.", "%(num)s références ignorées.", number)
    linked = ngettext("%(num)s référence liée.", "%(num)s références liées.", number)
    return f"{linked} {_effect(outcome.effect)}" if outcome.effect else linked


def _effect(effect: links_effect.Effect) -> str:
    """What the links have done, in sum: "14 ventes de 3 nuits comptées."."""
    if not effect.nights:
        return _("Aucune vente à déduire.")
    return ngettext(
        "%(figure)s vente de %(nights)s comptée.",
        "%(figure)s ventes de %(nights)s comptées.",
        abs(effect.sold_milli) // 1000,
        figure=quantity(effect.sold_milli),
        nights=ngettext("%(num)s nuit", "%(num)s nuits", effect.nights),
    )


def _stocks(effect: links_effect.Effect | None) -> str:
    """The stocks that shift most, before and after: "Stock : Chablis 2023 (22 → 19,7)."."""
    if not effect or not effect.shifts:
        return ""
    shifts = effect.shifts
    named = ", ".join(
        f"{library.title(shift.drink)} ({wording.stock_of(shift.before_ul, shift.drink).figure}"
        f"{HARD}→{HARD}{wording.stock_of(shift.after_ul, shift.drink).figure})"
        for shift in shifts[:MOST_STOCKS]
    )
    return _("Stock : %(stocks)s.", stocks=named + _more(len(shifts) - MOST_STOCKS))


def _left(outcome: many.Outcome) -> list[str]:
    left = []
    if outcome.unsure:
        said = ngettext(
            "%(labels)s est laissée : sa proposition demande votre regard.",
            "%(num)s références sont laissées, leur proposition demande votre regard : %(labels)s.",
            len(outcome.unsure),
            labels=_names(outcome.unsure),
        )
        left.append(said)
    if outcome.changed:
        left.append(
            _("Quelqu’un vient de répondre pour %(labels)s : rien n’y est changé.", labels=_names(outcome.changed))
        )
    return left


def _names(references: Sequence[TillReference]) -> str:
    """The labels as the till writes them, the first few of many."""
    names = ", ".join(_("« %(label)s »", label=reference.label) for reference in references[:MOST_NAMED])
    return names + _more(len(references) - MOST_NAMED)


def _more(number: int) -> str:
    return ngettext(" et %(num)s autre", " et %(num)s autres", number) if number > 0 else ""
