"""A tidy cellar: entries that leave the list, come back, or become one with another."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import rows_of
from sommit.blueprints import till_sync_forms as form
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.models import Drink
from sommit.refusals import Refusal
from sommit.services import archive, library, merge, suggestions
from sommit.session import current_venue

bp = Blueprint("cellar_tidy", __name__, url_prefix="/boissons")
Answer = str | Response | tuple[str, int]

DRINK = "/<int(max=2147483647):drink_id>"
MOST_OTHERS = 12  # entries proposed for a merge


@bp.get("/archives")
def archived() -> str:
    """Show the drinks that were put away."""
    return render_template("cellar_tidy/archived.html", drinks=archive.archived(current_venue.id))


@bp.get(f"{DRINK}/archiver")
def ask(drink_id: int) -> str:
    """Say what archiving a drink, or deleting it, would do."""
    return _ask(rows_of.drink(drink_id))


@bp.post(f"{DRINK}/archiver")
def put_away(drink_id: int) -> Answer:
    """Archive a drink."""
    drink = rows_of.drink(drink_id)
    try:
        archive.put_away(drink)
    except Refusal as refusal:
        return _refused(drink, refusal)
    return _done(_("« %(drink)s » est archivée.", drink=library.title(drink)))


@bp.post(f"{DRINK}/supprimer")
def delete(drink_id: int) -> Answer:
    """Delete a drink that was never used."""
    drink = rows_of.drink(drink_id)
    try:
        archive.delete(drink)
    except Refusal as refusal:
        return _refused(drink, refusal)
    return _done(_("« %(drink)s » est supprimée.", drink=library.title(drink)))


@bp.post(f"{DRINK}/ressortir")
def bring_back(drink_id: int) -> Answer:
    """Put an archived drink back into the list."""
    drink = rows_of.drink(drink_id)
    library.hold(current_venue.id)
    try:
        library.bring_back(drink)
    except library.AlreadyThere as refusal:
        db.session.rollback()
        page = render_template(
            "cellar_tidy/archived.html", drinks=archive.archived(current_venue.id), refusal=refusal, twin=refusal.drink
        )
        return page, 409
    return _done(_("« %(drink)s » est de nouveau dans vos boissons.", drink=library.title(drink)), drink)


@bp.get(f"{DRINK}/fusionner")
def choose(drink_id: int) -> Answer:
    """Choose the entry that this one becomes (`avec`, or a search), then show what merging them would do."""
    goes = rows_of.drink(drink_id)
    if "avec" not in request.args:
        return _choose(goes)
    try:
        return _preview(goes, _other(goes))
    except Refusal as refusal:
        return _choose(goes, refusal), 422


@bp.post(f"{DRINK}/fusionner")
def become_one(drink_id: int) -> Answer:
    """Merge this entry into another one, as the preview said."""
    goes = rows_of.drink(drink_id)
    keeps = _other(goes)
    chosen = form.text("stock")
    which = merge.Stock(chosen) if chosen in list(merge.Stock) else None
    try:
        merge.merge(keeps, goes, which=which, seen=form.text("apercu"), by=current_user.id)
    except merge.Away as refusal:
        if goes.archived_at is None:
            return _choose(goes, refusal), 422
        sentence = _("« %(goes)s » est déjà archivée.", goes=library.title(goes))  # a second tap, most likely
    except (merge.Moved, merge.Unsaid) as refusal:
        db.session.rollback()
        return _preview(goes, keeps, refusal), 409 if isinstance(refusal, merge.Moved) else 422
    except Refusal as refusal:
        db.session.rollback()
        return _choose(goes, refusal), 422
    else:
        sentence = _("« %(goes)s » a rejoint « %(keeps)s ».", goes=library.title(goes), keeps=library.title(keeps))
    return _done(sentence, keeps)


def _ask(drink: Drink, refusal: Refusal | None = None) -> str:
    return render_template("cellar_tidy/ask.html", drink=drink, past=archive.past(drink), refusal=refusal)


def _refused(drink: Drink, refusal: Refusal) -> Answer:
    db.session.rollback()
    return _ask(drink, refusal), 409


def _choose(goes: Drink, refusal: Refusal | None = None) -> str:
    typed = form.text("q")
    found = suggestions.search(current_venue.id, typed or library.title(goes), MOST_OTHERS)
    others = [one for one in found if one.id != goes.id and one.volume_ml == goes.volume_ml]
    return render_template("cellar_tidy/choose.html", drink=goes, others=others, typed=typed, refusal=refusal)


def _preview(goes: Drink, keeps: Drink, refusal: Refusal | None = None) -> str:
    said = merge.preview(keeps, goes)
    return render_template("cellar_tidy/merge.html", drink=goes, keeps=keeps, said=said, refusal=refusal)


def _done(sentence: str, drink: Drink | None = None) -> Answer:
    """Commit, say what was done, and go where it shows."""
    suggestions.refresh(current_venue.id)
    db.session.commit()
    flash(sentence)
    cellar = url_for("drinks.index")
    return redirect(f"{cellar}/{drink.id}" if drink else cellar, 303)


def _other(goes: Drink) -> Drink:
    """The entry that stays; without one it is the same, which is refused in a sentence."""
    number = form.number("avec")
    return goes if number is None else rows_of.drink(number)
