"""The list "à synchroniser": the till's keys, the answers to them, and what these teach."""

from contextlib import AbstractContextManager
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from sommit.blueprints import rows_of
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.till_sync_list import address, page, show
from sommit.blueprints.till_sync_rows import Panel, results, said_no
from sommit.blueprints.till_sync_swaps import Answer, answered, drawn, refused
from sommit.extensions import db
from sommit.models import Drink, TillReference
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import acts, answers, library, memory, suggestions, till_links
from sommit.session import current_venue

bp = Blueprint("till_sync", __name__, url_prefix="/boissons/a-synchroniser")

REFERENCE = "/<int(max=2147483647):reference_id>"
OPENS_ON = ("volet", "drink_id", "serving", "serving_cl", "non")  # what an address may say of an open row


@bp.get("")
def to_sync() -> str:
    """Show the list; `ouvrir` opens a row, `fait` keeps one that was just answered in its place."""
    opened, done = form.number("ouvrir"), form.number("fait")
    return page(opened or done, _panel() if opened else None)


@bp.get(REFERENCE)
def row(reference_id: int) -> Answer:
    """Open a row, or close it (`ferme`), or show another of its panels (`volet`)."""
    if not is_htmx():
        rows_of.reference(reference_id)
        asked = {name: request.args.getlist(name) for name in OPENS_ON if name in request.args}
        return redirect(address(ouvrir=reference_id, _anchor=f"ref-{reference_id}", **asked))
    return drawn(reference_id, None if "ferme" in request.args else _panel())


@bp.get(f"{REFERENCE}/chercher")
def search(reference_id: int) -> Answer:
    """Search the library for one reference; only the results while somebody types."""
    reference = rows_of.reference(reference_id)
    panel = replace(_panel(), name="non", query=form.text("q"))
    if not is_htmx():
        return page(reference_id, panel)
    found = {"reference": reference, "panel": panel, "results": results(reference, panel.query)}
    return render_template("till_sync/_results.html", **found, **said_no(panel), **show())


@bp.post(f"{REFERENCE}/oui")
def accept(reference_id: int) -> Answer:
    """Link one reference to the drink proposed in its row, or to one that was found."""
    reference, drink = rows_of.reference(reference_id), rows_of.drink(form.number("drink_id"))
    try:
        with _recorded("link", reference):
            _link(reference, drink, form.serving_ml())
    except Refusal as refusal:
        return _refused(reference_id, refusal, Panel("oui", drink=drink))
    db.session.commit()
    return answered(reference_id)


@bp.post(f"{REFERENCE}/presque")
def almost(reference_id: int) -> Answer:
    """Link one reference to the same drink but for one thing: a sibling of the library, or a vintage copied into it."""
    reference, drink = rows_of.reference(reference_id), rows_of.drink(form.number("drink_id"))
    known = rows_of.drink(form.number("sibling_id")) if "sibling_id" in request.form else None
    try:
        with _recorded("link", reference) as recording:
            sibling = known or _in_vintage(drink, recording)
            _link(reference, sibling, answers.same_serving(drink, sibling, form.serving_ml()))
    except Refusal as refusal:
        return _refused(reference_id, refusal, Panel("presque", drink=drink))
    suggestions.refresh_around(sibling)
    db.session.commit()
    return answered(reference_id)


@bp.post(f"{REFERENCE}/creer")
def create(reference_id: int) -> Answer:
    """Add the drink that the label means to the library, and link the reference to it."""
    reference = rows_of.reference(reference_id)
    try:
        with _recorded("link", reference) as recording:
            drink = _added(reference, recording)
            _link(reference, drink, form.serving_ml())
    except Refusal as refusal:
        return _refused(reference_id, refusal, Panel("non"))
    suggestions.refresh_around(drink)
    db.session.commit()
    return answered(reference_id)


@bp.post(f"{REFERENCE}/ignorer")
def ignore(reference_id: int) -> Answer:
    """Take one reference out of the list."""
    reference = rows_of.reference(reference_id)
    try:
        with _recorded("ignore", reference):
            till_links.ignore(reference, version=form.version())
            _teach(reference)
    except Refusal as refusal:
        return _refused(reference_id, refusal)
    db.session.commit()
    return answered(reference_id)


@bp.post(f"{REFERENCE}/reactiver")
def reactivate(reference_id: int) -> Answer:
    """Bring one ignored reference back."""
    reference = rows_of.reference(reference_id)
    try:
        with _recorded("reactivate", reference):
            till_links.reactivate(reference, version=form.version())
    except Refusal as refusal:
        return _refused(reference_id, refusal)
    suggestions.refresh(current_venue.id, [reference.id])
    db.session.commit()
    return answered(reference_id)


@bp.post(f"{REFERENCE}/reproposer")
def propose_again(reference_id: int) -> Answer:
    """Take back a "non": the drink may be proposed for the reference again."""
    reference = rows_of.reference(reference_id)
    memory.propose_again(reference, rows_of.drink(form.number("drink_id")))
    suggestions.refresh(current_venue.id, [reference.id])
    db.session.commit()
    return _taken_back(reference_id)


@bp.post(f"{REFERENCE}/oublier")
def forget(reference_id: int) -> Answer:
    """Forget what a word of the till was taken to mean since this reference was linked."""
    rows_of.reference(reference_id)
    memory.forget(current_venue.id, form.text("word"))
    suggestions.refresh_naming(current_venue.id, form.text("word"))
    db.session.commit()
    return _taken_back(reference_id)


def _link(reference: TillReference, drink: Drink, serving_ml: int) -> None:
    till_links.link(reference, drink, serving_ml=serving_ml, version=form.version(), by=current_user.id)
    _teach(reference, drink)


def _teach(reference: TillReference, linked: Drink | None = None) -> None:
    """Keep what an answer says of the engine's proposals; a word that it explains helps the other rows at once."""
    learned = memory.teach(reference, linked=linked, said_no=form.numbers("non"), by=current_user.id)
    if learned:
        suggestions.refresh_naming(current_venue.id, learned.word)


def _in_vintage(drink: Drink, recording: acts.Recording) -> Drink:
    """The drink in the vintage of the form, from the library or added to it."""
    known = [drink, *library.siblings(drink)]
    found = library.in_vintage(drink, form.vintage())
    if found not in known:
        recording.created(found)
    return found


def _added(reference: TillReference, recording: acts.Recording) -> Drink:
    """The drink of the form. A second tap finds the one that the first has made, and linked."""
    try:
        drink = library.add(current_venue.id, form.entry())
        recording.created(drink)
        return drink
    except library.AlreadyThere as twin:
        if twin.drink.id in [link.drink_id for link in till_links.live_links(reference)]:
            return twin.drink
        raise


def _panel() -> Panel:
    """What the address asks a row to show: a panel, a drink to look at, a serving to try."""
    drink = rows_of.drink(form.number("drink_id")) if form.number("drink_id") else None
    panel = Panel(form.text("volet"), drink=drink, query=form.text("q"), said_no=form.numbers("non"))
    try:
        return replace(panel, serving_ml=form.serving_ml() if "serving" in request.args else None)
    except till_links.BadServing as refusal:
        return replace(panel, refusal=refusal)


def _taken_back(reference_id: int) -> Answer:
    """The row with what is still remembered, or the page of all that is."""
    if is_htmx():
        return drawn(reference_id, Panel("oui"), focus=True)
    if form.text("retour") == "memoire":
        return redirect(url_for("till_memory.index"), 303)
    return redirect(address(ouvrir=reference_id, _anchor=f"ref-{reference_id}"), 303)


def _refused(reference_id: int, refusal: Refusal, panel: Panel | None = None) -> Answer:
    db.session.rollback()
    return refused(reference_id, refusal, panel)


def _recorded(kind: str, reference: TillReference) -> AbstractContextManager[acts.Recording]:
    """What is done inside can be undone in the row that answers."""
    return acts.recorded(current_venue.id, kind, [reference], by=current_user.id)
