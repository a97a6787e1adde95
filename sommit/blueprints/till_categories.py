"""The till's categories: whole ones are ignored here, after their effect was said, and brought back."""

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.till_sync import bp
from sommit.blueprints.till_undo import address as undo_address
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import sentence
from sommit.refusals import Refusal
from sommit.services import ignored_categories
from sommit.session import current_venue

Answer = str | Response | tuple[str, int]


@bp.get("/categories")
def categories() -> str:
    """Show what waits, category by category, and which are ignored."""
    return _page()


@bp.post("/categories/ignorer")
def ignore_category() -> Answer:
    """Ignore a category from now on. Doing it twice changes nothing."""
    category, shown = form.text("categorie"), form.number("references")
    if shown is None:
        abort(400)
    try:
        act = ignored_categories.ignore(current_venue.id, category, shown=shown, by=current_user.id)
    except Refusal as refusal:
        db.session.rollback()
        return _page(sentence(refusal)), 409
    db.session.commit()
    if act:
        flash(
            _("Catégorie « %(category)s » ignorée. Le CA de la caisse ne change pas.", category=category),
            undo_address(act),
        )
    return redirect(url_for(".categories"), 303)


@bp.post("/categories/<int(max=2147483647):rule_id>/reactiver")
def reactivate_category(rule_id: int) -> Answer:
    """Bring a category back into the list. Doing it twice changes nothing."""
    try:
        act = ignored_categories.revoke(current_venue.id, rule_id, by=current_user.id)
    except ignored_categories.NoSuchCategory:
        abort(404)
    db.session.commit()
    if act:
        flash(_("Catégorie réactivée : ce que la règle ignorait est de nouveau à synchroniser."), undo_address(act))
    return redirect(url_for(".categories"), 303)


def _page(refused: str = "") -> str:
    waiting, standing = (
        ignored_categories.waiting(current_venue.id),
        ignored_categories.standing(current_venue.id),
    )
    return render_template("till_categories/index.html", waiting=waiting, standing=standing, refused=refused)
