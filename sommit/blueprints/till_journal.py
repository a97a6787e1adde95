"""The journal of the nights: what became of each evening, and whether it adds up."""

from typing import NamedTuple

from sommit import clock
from sommit.blueprints import closing_words
from sommit.blueprints.closing_words import Doubt
from sommit.i18n import gettext as _
from sommit.models import Night, TillConnection, Venue
from sommit.services import nights, till_connection, turnover

NIGHTS = 45
AT_FIRST = 10  # those on the page before somebody asks for the others


class Chip(NamedTuple):
    """The state of a night: a tone, two words, an icon."""

    tone: str
    text: str
    symbol: str


class Entry(NamedTuple):
    """One line of the journal."""

    night: Night
    evening: turnover.Evening
    chip: Chip
    doubts: list[Doubt]


def journal(venue: Venue, in_full: int | None = None) -> list[Entry]:
    """Return the last nights, the most recent first; the money of the first `in_full` alone is worked out.

    A constant number of statements, whatever their number.
    """
    connection = till_connection.find(venue.id)
    latest = [night for night in nights.latest(venue.id, NIGHTS) if not _too_old(night, connection)]
    evenings = turnover.evenings(venue.id, [night.business_date for night in latest], in_full=in_full)
    return [_entry(night, evenings[night.business_date]) for night in latest]


def _too_old(night: Night, connection: TillConnection | None) -> bool:
    """Whether an evening is before the first one that is asked for: of such a night there is nothing to tell."""
    return night.state == "no_service" and connection is not None and night.business_date < connection.read_from


def _entry(night: Night, evening: turnover.Evening) -> Entry:
    doubts = closing_words.doubts(evening.closings)
    return Entry(night, evening, _chip(night, evening, doubts), doubts)


def _chip(night: Night, evening: turnover.Evening, doubts: list[Doubt]) -> Chip:
    if night.lease_until is not None and night.lease_until > clock.now() and night.state not in Night.SETTLED:
        return Chip("none", _("lecture"), "refresh")
    if night.state == "imported":
        return _imported(evening, doubts)
    return {
        "due": Chip("warn", _("en attente"), "clock"),
        "waiting": Chip("warn", _("en attente"), "clock"),
        "failed": Chip("alert", _("échec"), "warning"),
        "no_service": Chip("none", _("pas de service"), "minus"),
    }[night.state]


def _imported(evening: turnover.Evening, doubts: list[Doubt]) -> Chip:
    if evening.difference_cents:
        return Chip("alert", _("écart"), "warning")
    return Chip("warn", _("à vérifier"), "warning") if doubts else Chip("ok", _("lue"), "check")
