"""The morning's audit in words: what was looked at, and what does not hold, each with what to do."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from sommit import clock, formats
from sommit.blueprints import wording
from sommit.i18n import gettext as _
from sommit.i18n import ngettext
from sommit.models import Audit, Venue
from sommit.services import audit


class Point(NamedTuple):
    """Something that does not hold, and what to do."""

    fact: str
    todo: str


class Told(NamedTuple):
    """An audit as the page tells it."""

    title: str
    text: str
    points: list[Point]


def told(venue: Venue) -> Told | None:
    """Return the venue's last audit in words, None before the first one. One statement."""
    seen = audit.latest(venue.id)
    if seen is None:
        return None
    points = [TELLS[finding["kind"]](finding) for finding in seen.findings]
    number = seen.checked["findings"]
    if not points:
        return Told(_("%(when)s : tout tombe juste.", when=_when(seen, venue)), _looked_at(seen), points)
    found = ngettext("%(figure)s point à voir", "%(figure)s points à voir", number, figure=formats.number(number))
    return Told(_("%(when)s : %(found)s.", when=_when(seen, venue), found=found), _looked_at(seen), points)


def _when(seen: Audit, venue: Venue) -> str:
    hour = formats.clock(seen.at, venue.timezone)
    if seen.day == clock.local_date(clock.now(), venue.timezone):
        return _("Contrôle de ce matin, %(hour)s", hour=hour)
    return _("Contrôle du %(day)s, %(hour)s", day=wording.day(seen.day), hour=hour)


def _looked_at(seen: Audit) -> str:
    nights, drinks = seen.checked["nights"], seen.checked["drinks"]
    return _(
        "%(nights)s et le stock de %(drinks)s, recomptés ligne par ligne.",
        nights=ngettext("%(figure)s nuit", "%(figure)s nuits", nights, figure=formats.number(nights)),
        drinks=ngettext("%(figure)s boisson", "%(figure)s boissons", drinks, figure=formats.number(drinks)),
    )


def _night(found: audit.Finding) -> Point:
    first, last = _days(found)
    fact = _("La nuit du %(day)s manque.", day=first)
    if found["day"] != found["other_day"]:
        fact = _("Les nuits du %(first)s au %(last)s manquent.", first=first, last=last)
    return Point(fact, _("Faites la clôture dans Jalia si elle manque encore, puis « Importer maintenant »."))


def _stock(found: audit.Finding) -> Point:
    said, counted = (_volume(found[name]) for name in ("said", "counted"))
    fact = _(
        "« %(drink)s » : %(said)s affichés, %(counted)s recomptés.", drink=found["name"], said=said, counted=counted
    )
    return Point(fact, _("Comptez cette boisson, et prévenez-nous."))


def _twice(found: audit.Finding) -> Point:
    first, last = _days(found)
    fact = _("Une note est dans deux clôtures, nuits du %(first)s et du %(last)s.", first=first, last=last)
    return Point(fact, _("Cherchez la note %(order)s dans Jalia : elle compte deux fois.", order=found["order"]))


def _lines(found: audit.Finding) -> Point:
    fact = _(
        "Nuit du %(day)s : %(said)s lignes annoncées, %(counted)s présentes.",
        day=_days(found)[0],
        said=formats.number(found["said"]),
        counted=formats.number(found["counted"]),
    )
    return Point(fact, _tell_us())


def _sums(found: audit.Finding) -> Point:
    fact = _("Nuit du %(day)s : ses sommes ne disent pas ce que disent ses lignes.", day=_days(found)[0])
    return Point(fact, _tell_us())


def _total(found: audit.Finding) -> Point:
    fact = _(
        "Nuit du %(day)s : %(said)s annoncés, %(counted)s en lignes, et rien ne le signalait.",
        day=_days(found)[0],
        said=formats.money(found["said"]),
        counted=formats.money(found["counted"]),
    )
    return Point(fact, _tell_us())


#: By kind of finding, as services/audit.py names them.
TELLS: dict[str, Callable[[audit.Finding], Point]] = {
    "night": _night,
    "stock": _stock,
    "twice": _twice,
    "lines": _lines,
    "sums": _sums,
    "total": _total,
}


def _tell_us() -> str:
    return _("Prévenez-nous : le détail est gardé.")


def _days(found: audit.Finding) -> tuple[str, str]:
    first, last = (date.fromisoformat(found[name]) if name in found else None for name in ("day", "other_day"))
    return formats.day(first), formats.day(last)


def _volume(stock_ul: Any) -> str:
    return formats.NONE if stock_ul is None else formats.volume(stock_ul // formats.UL)
