"""The cellar from a spreadsheet: the file, what it would do, and doing exactly that."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from sommit.blueprints import cellar_in_forms as form
from sommit.blueprints import cellar_in_words as words
from sommit.extensions import db
from sommit.refusals import Refusal
from sommit.services import drink_csv, drink_plan, headings, spreadsheet, suggestions
from sommit.services.headings import Sheet
from sommit.session import current_venue

bp = Blueprint("cellar_in", __name__, url_prefix="/boissons/importer")
bp.record_once(lambda state: words.init_app(state.app))
Answer = str | AnyResponse | tuple[str, int]

SHOWN = 300  # rows of one kind on the page; the others are said in a number


@bp.get("")
def upload() -> str:
    """Ask for the file."""
    return _upload()


@bp.get("/modele.csv")
def model() -> Response:
    """Give an example, as French spreadsheets open it."""
    text = "\ufeff" + "\r\n".join(words.MODEL) + "\r\n"
    headers = {"Content-Disposition": "attachment; filename=boissons.csv"}
    return Response(text, mimetype="text/csv", headers=headers)


@bp.post("")
def preview() -> Answer:
    """Show what the file would do. Nothing is written."""
    try:
        return _preview(headings.read(form.content()))
    except Refusal as refusal:
        return _upload(refusal), 422


@bp.post("/confirmer")
def confirm() -> Answer:
    """Do what was shown, in one transaction; where the cellar has changed meanwhile, show it again instead."""
    try:
        sheet = form.sheet()
    except Refusal as refusal:
        return _upload(refusal), 422
    try:
        outcome = drink_csv.take_sheet(current_venue, sheet, seen=request.form.get("plan", ""), by=current_user.id)
    except drink_csv.Moved as refusal:
        db.session.rollback()
        return _preview(sheet, refusal), 409
    suggestions.refresh(current_venue.id)
    db.session.commit()
    flash(words.done(outcome))
    return redirect(url_for("drinks.index"), 303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Answer:
    """Say of a file that is too big how big it may be."""
    return _upload(spreadsheet.TooBig()), 413


def _upload(refusal: Refusal | None = None) -> str:
    return render_template("cellar_in/upload.html", refusal=refusal, columns=words.COLUMNS)


def _preview(sheet: Sheet, refusal: Refusal | None = None) -> str:
    plan = drink_plan.plan(current_venue, sheet)
    return render_template(
        "cellar_in/preview.html",
        plan=plan,
        parts=[(act, plan.of(act)) for act in words.ORDER],
        titles=words.TITLES,
        shown=SHOWN,
        packed=form.packed(sheet) if plan.writes else "",
        aside=", ".join(sheet.aside),
        refusal=refusal,
    )
