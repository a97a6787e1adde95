"""The page of the list "à synchroniser": its rows, its counters, the addresses that keep its filter."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for

from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.till_sync_rows import Panel, context, shown
from sommit.services import acts, coverage, ignored_categories, references
from sommit.session import current_venue

AT_ONCE = 300  # rows on one page


def page(reference_id: int | None = None, panel: Panel | None = None, notices: Sequence[str] = ()) -> str:
    """Return the whole page; one row may be open, or stay in its place whatever its state; `notices` stand above."""
    return render_template("till_sync/to_sync.html", **listed(reference_id, panel, notices))


def listed(reference_id: int | None = None, panel: Panel | None = None, notices: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the list needs to be drawn, and what is told beside it."""
    rows = references.listed(current_venue.id, filter_(), keep=reference_id)
    visible = shown(rows, max(AT_ONCE, form.number("lignes") or 0), reference_id)
    special = next((row for row in visible if row.reference.id == reference_id), None)
    return {
        "rows": visible,
        "more": len(rows) - len(visible),
        "at_once": AT_ONCE,
        "special": special,
        "notices": notices,
        "focus": True,
        "standing": ignored_categories.standing(current_venue.id) if filter_() is references.Show.IGNORED else [],
        **counted(),
        **(context(special, panel) if special else {}),
        "act": acts.latest(special.reference) if special and form.number("fait") and not panel else None,
        **show(),
    }


def counted() -> dict[str, Any]:
    """Return what each answer changes beside its row."""
    return {"counts": references.counts(current_venue.id), "coverage": coverage.of(current_venue.id)}


def filter_() -> references.Show:
    """Return which rows are asked for."""
    asked = request.args.get("montrer", "")
    return references.Show(asked) if asked in list(references.Show) else references.Show.ALL


def show() -> dict[str, Any]:
    """Return the filter, and the addresses that keep it: of the list, of a row, of an act."""
    chosen = filter_()
    kept = "" if chosen is references.Show.ALL else f"montrer={chosen}"
    base = url_for("till_sync.to_sync")
    return {"show": chosen, "base": base, "kept": f"?{kept}" if kept else "", "also": f"{kept}&" if kept else ""}


def address(**values: Any) -> str:
    """Return the address of the list under its filter."""
    chosen = filter_()
    return url_for("till_sync.to_sync", montrer=None if chosen is references.Show.ALL else chosen.value, **values)
