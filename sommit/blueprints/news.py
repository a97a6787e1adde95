"""The page "Quoi de neuf": what the reading of a morning has changed, and what asks for somebody."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request

from sommit.blueprints import closing_words
from sommit.i18n import gettext as _
from sommit.i18n import ngettext
from sommit.services import news
from sommit.session import current_venue

bp = Blueprint("news", __name__, url_prefix="/boissons/quoi-de-neuf")
bp.record_once(lambda state: state.app.jinja_env.globals.update(news_in_brief=_in_brief))

AT_FIRST = 30  # rows of one kind


@bp.get("")
def index() -> str:
    """Show the news of the morning after an evening (`soir`), the latest by default."""
    latest = news.latest(current_venue)
    evening = min(_evening() or latest, latest)
    told = news.of(current_venue, evening)
    return render_template(
        "news/index.html",
        news=told,
        names=closing_words.names_of([*told.amended, *told.vanished]),
        latest=latest,
        before=told.earlier,
        after=evening + timedelta(days=1) if evening < latest else None,
        at_first=AT_FIRST,
    )


def _evening() -> date | None:
    try:
        asked = date.fromisoformat(request.args.get("soir", ""))
    except ValueError:
        return None
    return asked if asked.year >= 2000 else None


def _in_brief() -> str:
    """The line on *Mes boissons*: "3 nouvelles références, 2 prix"; blank while no till was ever read."""
    found = news.counts(current_venue)
    if not found.known:
        if not found.new:
            return ""
        return ngettext("première lecture, %(num)s référence", "première lecture, %(num)s références", found.new)
    said = (
        ngettext("%(num)s question", "%(num)s questions", found.asked) if found.asked else "",
        ngettext("%(num)s nouvelle référence", "%(num)s nouvelles références", found.new) if found.new else "",
        ngettext("%(num)s prix", "%(num)s prix", found.repriced) if found.repriced else "",
        ngettext("%(num)s nouveau nom", "%(num)s nouveaux noms", found.renamed) if found.renamed else "",
        ngettext("%(num)s clôture changée", "%(num)s clôtures changées", found.closings) if found.closings else "",
    )
    return ", ".join(words for words in said if words) or _("rien")
