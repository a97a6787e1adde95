"""*Nos verres*: what the venue pours of each kind of drink. Links that were made before do not change by it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sommit import formats
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints import wording
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.i18n import sentence
from sommit.models.drink import CATEGORIES
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import servings, suggestions
from sommit.session import current_venue

bp = Blueprint("house_servings", __name__, url_prefix="/boissons/verres")
Answer = str | Response | tuple[str, int]


@bp.get("")
def index() -> str:
    """Show the servings of each category; `ligne` is the row of the list from which somebody came."""
    return _page()


@bp.post("")
def add() -> Answer:
    """Add a serving to a category."""
    category, ml = _category(), form.volume_ml("volume_cl")
    try:
        with _glass_kept_in_step():
            servings.add(current_venue.id, category, ml)
    except Refusal as refusal:
        db.session.rollback()
        return _page(refusal=refusal, asked=category), 422
    return _changed(category, _("Ajouté : %(volume)s.", volume=formats.volume(ml or 0)))


@bp.post("/retirer")
def remove() -> Answer:
    """Take a serving of a category away."""
    category, ml = _category(), form.number("ml")
    if ml is None:
        abort(400)
    with _glass_kept_in_step():
        servings.remove(current_venue.id, category, ml)
    return _changed(category, _("Retiré : %(volume)s.", volume=formats.volume(ml)))


@contextmanager
def _glass_kept_in_step() -> Iterator[None]:
    """Propose the house's glass at once where it has become another one."""
    before = servings.house(current_venue.id).glass_ml
    yield
    if servings.house(current_venue.id).glass_ml != before:
        suggestions.refresh(current_venue.id)
    db.session.commit()


def _changed(category: str, said: str) -> Answer:
    if is_htmx():
        return _page(said=said, asked=category)
    return redirect(url_for(".index", genre=category, ligne=form.number("ligne")), 303)


def _category() -> str:
    """The category of a form. One of ours always names it."""
    category = form.text("category")
    if category not in CATEGORIES:
        abort(400)
    return category


def _page(*, refusal: Refusal | None = None, said: str = "", asked: str = "") -> str:
    """The page, or for htmx what stands under its bar; `asked` is the category that the form begins with."""
    house = servings.house(current_venue.id)
    asked = asked or request.args.get("genre", "")
    return render_template(
        "house_servings/_page.html" if is_htmx() else "house_servings/index.html",
        groups=[(one, wording.GROUPS[one], house.own.get(one, ()), servings.USUAL.get(one, ())) for one in CATEGORIES],
        glass_ml=house.glass_ml,
        asked=asked if asked in CATEGORIES else CATEGORIES[0],
        error=sentence(refusal) if refusal else "",
        typed=form.text("volume_cl") if refusal else "",
        said=said,
        row=form.number("ligne"),
    )
