"""Several drinks for one key of the list "à synchroniser": a cocktail, a formule."""

from flask import redirect, render_template
from flask_login import current_user

from sommit.blueprints import rows_of
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.till_sync import REFERENCE, bp
from sommit.blueprints.till_sync_list import address, page, show
from sommit.blueprints.till_sync_rows import COMPONENTS, Panel, results, said_no
from sommit.blueprints.till_sync_swaps import Answer, drawn, refused
from sommit.extensions import db
from sommit.models import Drink
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import acts, answers, memory, suggestions, till_components
from sommit.session import current_venue


@bp.get(f"{REFERENCE}/composants/chercher")
def search_component(reference_id: int) -> Answer:
    """Search the library for one drink more; only the results while somebody types."""
    reference = rows_of.reference(reference_id)
    panel = Panel(COMPONENTS, query=form.text("q"), said_no=form.numbers("non"))
    if not is_htmx():
        return page(reference_id, panel)
    found = {"reference": reference, "results": results(reference, panel.query), "panel": panel}
    done = answers.answered(reference)
    return render_template("till_sync/_component_results.html", **found, done=done, **said_no(panel), **show())


@bp.post(f"{REFERENCE}/composants")
def add_component(reference_id: int) -> Answer:
    """Let a key pour one drink more."""
    reference, drink = rows_of.reference(reference_id), rows_of.drink(form.number("drink_id"))
    others = [one for one in form.numbers("non") if one != drink.id]
    try:
        with acts.recorded(current_venue.id, "link", [reference], by=current_user.id):
            ml, version = form.serving_ml(), form.version()
            till_components.add(reference, drink, serving_ml=ml, version=version, by=current_user.id)
            memory.teach(reference, linked=None, said_no=others, by=current_user.id)
            memory.propose_again(reference, drink)
    except Refusal as refusal:
        return _refused(reference_id, refusal, drink)
    db.session.commit()
    return _shown(reference_id)


@bp.post(f"{REFERENCE}/composants/retirer")
def remove_component(reference_id: int) -> Answer:
    """Let a key pour one of its drinks no more."""
    reference, drink = rows_of.reference(reference_id), rows_of.drink(form.number("drink_id"))
    try:
        with acts.recorded(current_venue.id, "break", [reference], by=current_user.id):
            till_components.remove(reference, drink, version=form.version())
    except Refusal as refusal:
        return _refused(reference_id, refusal)
    suggestions.refresh(current_venue.id, [reference.id])
    db.session.commit()
    return _shown(reference_id)


def _shown(reference_id: int) -> Answer:
    """The drinks of the key as they are now, ready for the next one."""
    if not is_htmx():
        return redirect(address(ouvrir=reference_id, volet=COMPONENTS, _anchor=f"ref-{reference_id}"), 303)
    return drawn(reference_id, Panel(COMPONENTS), focus=True, answers=True)


def _refused(reference_id: int, refusal: Refusal, drink: Drink | None = None) -> Answer:
    """The key's drinks, and the sentence; the drink that was to join stays chosen where its serving is at fault."""
    db.session.rollback()
    return refused(reference_id, refusal, Panel(COMPONENTS, drink=drink if refusal.field else None))
