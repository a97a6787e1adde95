"""How *Ventes* calls its periods, its groups and its shares."""

from datetime import date

from flask.sansio.app import App

from sommit import clock, formats
from sommit.blueprints import wording
from sommit.i18n import gettext as _
from sommit.i18n import ngettext
from sommit.refusals import N_
from sommit.services.sales_periods import Period
from sommit.services.sales_tables import SEVERAL, Line

GROUPS = wording.GROUPS | {SEVERAL: N_("Plusieurs boissons")}


def init_app(app: App) -> None:
    """Give the words to the templates, as filters."""
    app.jinja_env.filters["period_title"] = title
    app.jinja_env.filters["group_name"] = group
    app.jinja_env.filters["poured_words"] = poured


def title(period: Period) -> str:
    """Return the name of a period: "Nuit du samedi 13 juin", "Semaine du 8 au 14 juin", "Juin 2026"."""
    if period.kind == "night":
        return _("Nuit du %(day)s", day=formats.day(period.since, period.since.year != clock.now().year))
    if period.kind == "month":
        return _month(period.since)
    ends = {"since": _start(period), "until": wording.day(period.until)}
    return _("Semaine du %(since)s au %(until)s", **ends) if period.kind == "week" else in_words(period)


def in_words(period: Period) -> str:
    """Return a period by its ends: "Du 3 mai au 12 juin"."""
    return _("Du %(since)s au %(until)s", since=_start(period), until=wording.day(period.until))


def former(period: Period) -> str:
    """Return how the period before is called beside this one: "Samedi d’avant", "Mai 2026", "Les 12 nuits d’avant"."""
    if period.kind == "night":
        weekday = formats.dated(period.since, "EEEE").capitalize()
        return _("%(weekday)s d’avant", weekday=weekday)
    if period.kind == "week":
        return _("Semaine d’avant")
    before = period.before()
    if period.kind == "month" and before:
        return _month(before.since)
    return ngettext("La nuit d’avant", "Les %(num)s nuits d’avant", period.length)


def _start(period: Period) -> str:
    """The first day, without what the last one says again."""
    since, until = period.since, period.until
    if (since.year, since.month) == (until.year, until.month):
        return _("1er") if since.day == 1 else str(since.day)
    return wording.day(since)


def _month(day: date) -> str:
    return formats.dated(day, "MMMM y").capitalize()


def group(line: Line) -> str:
    """Return the name of a row's group: "Blancs", "Plusieurs boissons"."""
    return _(GROUPS[line.group])


def poured(line: Line) -> str:
    """Return what a drink's row was poured as: "18 verres, 2 bouteilles"."""
    (drink,) = line.drinks.values()
    return ", ".join(wording.portions(milli, ml, drink) for ml, milli in sorted(line.servings.items()))


def share(part: int, whole: int) -> str:
    """Return a share to a tenth: "20,7 %"; nothing of nothing is no share."""
    if whole <= 0:
        return formats.NONE
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{formats.quantity(tenths * 100)}{formats.HARD}%"
