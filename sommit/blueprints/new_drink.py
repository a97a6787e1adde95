"""A drink added by hand: a form that is read as a row of a spreadsheet is."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sommit.blueprints import till_sync_forms, wording
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.models.drink import CATEGORIES
from sommit.refusals import Refusal
from sommit.services import drink_rows, library, new_drink, suggestions
from sommit.session import current_venue

bp = Blueprint("new_drink", __name__, url_prefix="/boissons/nouvelle")
Answer = Response | tuple[str, int]

#: The fields of the form, named as the columns of a spreadsheet.
FIELDS = (
    "name", "producer", "appellation", "region", "country", "colour", "vintage", "volume", "category", "price",
    "glass_price", "threshold", "stock",
)  # fmt: skip
BLANK = {"category": "wine", "volume": "75"}


@bp.get("")
def form() -> str:
    """Show the form; `nom` is a name to begin with."""
    return _form(BLANK | {"name": request.args.get("nom", "")[: library.MAX_NAME]})


@bp.post("")
def add() -> Answer:
    """Add the drink of the form and go to its page."""
    typed = {name: till_sync_forms.text(name) for name in FIELDS}
    if typed["category"] != "wine":
        typed["colour"] = ""
    try:
        said = drink_rows.read(typed, current_venue.timezone, unit="cl")
        drink, is_new = new_drink.add(current_venue.id, said, by=current_user.id)
    except Refusal as refusal:
        db.session.rollback()
        return _form(typed, refusal), 422
    if is_new:
        suggestions.refresh(current_venue.id)
    db.session.commit()
    flash(_("« %(drink)s » est dans vos boissons.", drink=library.title(drink)))
    return redirect(f"{url_for('drinks.index')}/{drink.id}", 303)


def _form(typed: dict[str, str], refusal: Refusal | None = None) -> str:
    fault = "volume" if refusal and refusal.field == "volume_ml" else refusal.field if refusal else None
    return render_template(
        "new_drink/form.html",
        typed=typed,
        errors={fault: refusal} if fault else {},
        refusal=refusal if not fault else None,
        twin=refusal.drink if isinstance(refusal, library.AlreadyThere) else None,
        categories=[(name, wording.GROUPS[name]) for name in CATEGORIES],
        colours=wording.COLOURS,
    )
