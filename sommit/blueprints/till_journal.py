"""The journal of the nights: what became of each evening, and whether it adds up."""

from typing import NamedTuple

from sommit import clock
from sommit.blueprints import closing_words
from sommit.blueprints.closing_words import Doubt
from sommit.i18n import gettext as _
from sommit.models import Closing, Night, TillConnection, Venue
from sommit.services import closing_states, nights, till_connection, turnover
from sommit.services.closing_states import State

NIGHTS = 45
AT_FIRST = 10  # those on the page before somebody asks for the others


class Chip(NamedTuple):
    """The state of a night: a tone, two words, an icon."""

    tone: str
    text: str
    symbol: str


class Changed(NamedTuple):
    """A closing of the night that was read again: found the same, amended, or denied by the till."""

    closing: Closing
    name: str
    state: State
    chip: Chip


class Entry(NamedTuple):
    """One line of the journal."""

    night: Night
    evening: turnover.Evening
    chip: Chip
    changed: list[Changed]
    doubts: list[Doubt]


def journal(venue: Venue, in_full: int | None = None) -> list[Entry]:
    """Return the last nights, the most recent first; the money of the first `in_full` alone is worked out.

    A constant number of statements, whatever their number.
    """
    connection = till_connection.find(venue.id)
    latest = [night for night in nights.latest(venue.id, NIGHTS) if not _too_old(night, connection)]
    evenings = turnover.evenings(venue.id, [night.business_date for night in latest], in_full=in_full)
    states = closing_states.of(venue.id, [closing for evening in evenings.values() for closing in evening.closings])
    return [_entry(night, evenings[night.business_date], states) for night in latest]


def changed_chip(kind: str) -> Chip:
    """Return the chip of a closing that was read again, by its state."""
    return {
        "read_again": Chip("ok", _("relue"), "check"),
        "amended": Chip("lit", _("corrigée"), "pencil"),
        "vanished": Chip("warn", _("disparue"), "eye-off"),
    }[kind]


def _too_old(night: Night, connection: TillConnection | None) -> bool:
    """Whether an evening is before the first one that is asked for: of such a night there is nothing to tell."""
    return night.state == "no_service" and connection is not None and night.business_date < connection.read_from


def _entry(night: Night, evening: turnover.Evening, states: dict[int, State]) -> Entry:
    doubts = closing_words.doubts(evening.closings)
    return Entry(night, evening, _chip(night, evening, doubts), _changed(evening, states), doubts)


def _changed(evening: turnover.Evening, states: dict[int, State]) -> list[Changed]:
    """The closings that were read again; one that was found the same says so only where no other says more."""
    names = closing_words.names_of(evening.closings)
    found = [
        Changed(closing, names[closing.id], states[closing.id], changed_chip(states[closing.id].kind))
        for closing in evening.closings
        if closing.id in states
    ]
    return [one for one in found if one.state.kind != "read_again"] or found[:1]


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
