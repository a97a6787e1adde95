"""*Mes boissons*: the cellar as a wine list. The page of one drink is in `drink_page`."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template, request

from sommit.blueprints import wording
from sommit.models.drink import CATEGORIES
from sommit.security import is_htmx
from sommit.services import cellar
from sommit.session import current_venue

bp = Blueprint("drinks", __name__, url_prefix="/boissons")
bp.record_once(lambda state: wording.init_app(state.app))

LONGEST_SEARCH = 120


@bp.get("")
def index() -> str:
    """Show the drinks that fit the search and the filters; only the list while somebody types."""
    filters = _filters()
    lines = cellar.listed(current_venue.id, filters)
    return render_template(
        "drinks/_cellar.html" if is_htmx() else "drinks/index.html",
        filters=filters,
        groups=_grouped(lines),
        found=len(lines),
        below=sum(line.below_threshold for line in lines),
        size=len(lines) if filters == cellar.Filters() else cellar.size(current_venue.id),
        colours=wording.COLOURS,
        names=wording.GROUPS,
    )


def _filters() -> cellar.Filters:
    """What the address asks for; a genre or a colour that does not exist asks for nothing."""
    category, colour = request.args.get("genre", ""), request.args.get("couleur", "")
    return cellar.Filters(
        text=request.args.get("q", "")[:LONGEST_SEARCH],
        category=category if category in CATEGORIES else "",
        colour=colour if category == "wine" and colour in wording.COLOURS else "",
    )


def _grouped(lines: Sequence[cellar.Line]) -> list[tuple[str, list[cellar.Line]]]:
    return [(wording.GROUPS[group], list(those)) for group, those in groupby(lines, key=lambda line: line.group)]
