"""What an answer to one row of the list "à synchroniser" is answered with: the row and the counters, or the page."""

from dataclasses import replace

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from sommit.blueprints import rows_of
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.till_sync_list import address, counted, page, show
from sommit.blueprints.till_sync_rows import Panel, context
from sommit.refusals import Refusal
from sommit.security import is_htmx
from sommit.services import acts

Answer = str | Response | tuple[str, int]


def answered(reference_id: int, said: str = "") -> Answer:
    """The row with its way back and the counters, or the list where the row is. `said` is a sentence under the row."""
    if not is_htmx():
        return redirect(address(fait=reference_id, _anchor=f"ref-{reference_id}"), 303)
    return drawn(reference_id, None, focus=True, answers=True, said=said)


def refused(reference_id: int, refusal: Refusal, panel: Panel | None = None) -> Answer:
    """The fresh row with the sentence of a refusal: 422 at a field, 409 where somebody was faster."""
    panel = replace(panel or Panel("oui"), refusal=refusal, typed=request.form, said_no=form.numbers("non"))
    code = 422 if refusal.field else 409
    if not is_htmx():
        return page(reference_id, panel), code
    return drawn(reference_id, panel, focus=not refusal.field, answers=code == 409), code


def drawn(reference_id: int, panel: Panel | None, *, focus: bool = False, answers: bool = False, said: str = "") -> str:
    """Return one row. What `answers` an act has the counters beside it; the act itself can be undone there."""
    row = rows_of.row(reference_id)
    found = context(row, panel)
    if not answers:
        return render_template("till_sync/_row.html", **found, **show(), focus=focus)
    found |= counted() | {"act": None if panel else acts.latest(row.reference), "told": said}
    return render_template("till_sync/_answer.html", **found, **show(), focus=focus)
