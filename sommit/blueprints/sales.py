"""*Ventes*: one evening as the till tells it, and the proof that nothing of it is missing ("preuve de nuit")."""

from datetime import date

from flask import Blueprint, render_template, request

from sommit import clock
from sommit.blueprints import closing_words
from sommit.i18n import gettext as _
from sommit.services import nights, turnover
from sommit.session import current_venue

bp = Blueprint("sales", __name__, url_prefix="/ventes")


@bp.get("")
def evening() -> str | tuple[str, int]:
    """Show one evening, `jour`; without it the last one that has a closing."""
    asked = request.args.get("jour")
    day = _day(asked) if asked else None
    around = turnover.around(current_venue.id, day or clock.local_date(clock.now(), current_venue.timezone))
    problem = (
        "" if day or not asked else _("« %(day)s » n’est pas une date. Voici la dernière nuit lue.", day=asked[:20])
    )
    shown = day or around.last
    if shown is None:
        return render_template("sales/nothing.html", problem=problem), 422 if problem else 200
    if day is None:
        around = turnover.around(current_venue.id, shown)
    return _page(shown, around, problem), 422 if problem else 200


def _page(day: date, around: turnover.Evenings, problem: str) -> str:
    venue_id = current_venue.id
    found = turnover.evenings(venue_id, [day])[day]
    return render_template(
        "sales/evening.html",
        evening=found,
        doubts=closing_words.doubts(found.closings),
        names=closing_words.names_of(found.closings),
        night=nights.find(venue_id, day),
        around=around,
        aside=turnover.aside(venue_id, day),
        sales=turnover.by_reference(venue_id, day, day),
        problem=problem,
    )


def _day(text: str) -> date | None:
    """A day as an address writes it, 2026-06-13, and in no other of the forms that Python takes."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
