"""Where a venue stands with its till, in one sentence and one colour."""

from datetime import datetime
from typing import NamedTuple

from sommit import clock, formats
from sommit.blueprints import wording
from sommit.i18n import gettext as _
from sommit.i18n import ngettext, stored
from sommit.jalia.errors import TokenRefused
from sommit.models import Night, TillConnection, Venue
from sommit.refusals import N_
from sommit.services import breaker, nights, till_connection

NOTHING_LOST = N_("Rien n’est perdu : la prochaine nuit lue rattrape celles qui manquent.")


class State(NamedTuple):
    """One sentence of fact, one of consequence. `kind` decides which buttons stand beside them."""

    kind: str  # absent, refused, reading, asked, away, failed, waiting, partial, connected
    tone: str
    symbol: str
    title: str
    text: str
    done: int = 0  # closings read by the reading that is under way
    total: int = 0

    @property
    def moves(self) -> bool:
        """Return whether the state will change by itself, so that the page looks again."""
        return self.kind in ("reading", "asked")


def state_of(venue: Venue) -> State:
    """Return where a venue stands with its till. A constant number of statements."""
    connection = till_connection.find(venue.id)
    if connection is None:
        return State(
            "absent", "none", "key", _("Pas encore de caisse."), _("Deux étapes, puis les ventes arrivent seules.")
        )
    if connection.state == "refused":
        return _refused(connection)
    night = nights.running(venue.id)
    if night is not None:
        return _reading(night)
    outage = breaker.outage(till_connection.host())
    due = nights.is_due(venue, clock.now())
    if due and outage and not breaker.asked([venue.id]):
        return _away(venue, connection, outage)
    if due:
        title = _("La lecture est notée : elle se fera dès que possible.")
        return State(
            "asked", "none", "clock", title, _join(_last(connection, venue), _("Vous pouvez quitter cette page."))
        )
    return _at_rest(venue, connection, outage)


def _refused(connection: TillConnection) -> State:
    if connection.problem in (None, TokenRefused.sentence):
        fact, why = _("Jalia refuse le token."), _("Il a été changé ou retiré.")
    else:
        fact, why = _("La caisse n’est plus lue."), _stored(connection.problem)
    consequence = _("Demandez-en un autre, puis collez-le plus bas ; les liaisons et les ventes restent.")
    return State("refused", "alert", "key", fact, _join(why, consequence))


def _reading(night: Night) -> State:
    leave = _("Vous pouvez quitter cette page.")
    if not night.total:
        return State("reading", "none", "refresh", _("Lecture en cours."), leave)
    title = ngettext(
        "Lecture en cours, %(done)s clôture sur %(total)s.",
        "Lecture en cours, %(done)s clôtures sur %(total)s.",
        night.done,
        done=formats.number(night.done),
        total=formats.number(night.total),
    )
    return State("reading", "none", "refresh", title, leave, night.done, night.total)


def _away(venue: Venue, connection: TillConnection, outage: breaker.Outage | None) -> State:
    """Nobody answers: since when, as far as this venue or all of them know, and when that is looked at again."""
    since = min(filter(None, (connection.silent_since, outage and outage.since)))
    following = outage.until if outage else nights.next_due_at(venue)
    again = _("Prochain essai %(when)s.", when=when(following, venue, about=True))
    title = _("Jalia ne répond pas depuis %(since)s.", since=_since(since, venue))
    return State("away", "warn", "offline", title, _join(again, _(NOTHING_LOST)))


def _at_rest(venue: Venue, connection: TillConnection, outage: breaker.Outage | None) -> State:
    latest = next(iter(nights.latest(venue.id, 1)), None)
    following = when(nights.next_due_at(venue), venue, about=True)
    failed = latest is not None and (latest.state == "failed" or _tried_again(latest))
    if failed and connection.silent_since:
        return _away(venue, connection, outage)
    if latest is not None and failed:
        again = _("Nouvel essai %(when)s.", when=following)
        text = _join(_stored(latest.problem), _(NOTHING_LOST), again)
        return State("failed", "warn", "offline", _("La dernière lecture n’a pas abouti."), text)
    if latest is not None and latest.state == "waiting":
        fact = _("Jalia n’a pas encore fermé la soirée du %(day)s.", day=formats.day(latest.business_date))
        again = _("Prochain regard %(when)s.", when=following)
        return State("waiting", "warn", "clock", _("La nuit n’est pas close."), _join(fact, again))
    tone, symbol = ("warn", "warning") if connection.problem else ("ok", "check")
    text = _join(_stored(connection.problem), _last(connection, venue, following), _references(venue))
    return State("partial" if connection.problem else "connected", tone, symbol, _connected(connection, venue), text)


def _tried_again(night: Night) -> bool:
    """A settled evening waits for nothing, unless somebody asked for a reading that then failed."""
    return night.state in Night.SETTLED and night.next_try_at is not None


def _connected(connection: TillConnection, venue: Venue) -> str:
    since = wording.day(connection.connected_at, venue.timezone)
    return _("Connectée à « %(name)s » depuis le %(day)s.", name=connection.location_name or venue.name, day=since)


def _last(connection: TillConnection, venue: Venue, following: str = "") -> str:
    if connection.read_at is None:
        return ""
    read = when(connection.read_at, venue)
    if not following:
        return _("Dernière nuit lue %(when)s.", when=read)
    return _("Dernière nuit lue %(when)s, la prochaine %(next)s.", when=read, next=following)


def _references(venue: Venue) -> str:
    count = till_connection.reference_count(venue.id)
    return ngettext("%(figure)s\u00a0référence.", "%(figure)s\u00a0références.", count, figure=formats.number(count))


def when(instant: datetime, venue: Venue, *, about: bool = False) -> str:
    """Return an instant near to now as one says it: "à 5 h 12", "demain vers 5 h", "le 3 juin à 5 h 12"."""
    hour = _hour(instant, venue)
    return _join(_near(instant, venue), _("vers %(clock)s", clock=hour) if about else _("à %(clock)s", clock=hour))


def _since(instant: datetime, venue: Venue) -> str:
    """An instant after "depuis": "4 h 12", "hier à 4 h 12", "le 3 juin à 4 h 12"."""
    return when(instant, venue) if _near(instant, venue) else _hour(instant, venue)


def _hour(instant: datetime, venue: Venue) -> str:
    return formats.clock(instant, venue.timezone).removesuffix(f"{formats.HARD}00")


def _near(instant: datetime, venue: Venue) -> str:
    """The day of an instant as one says it, nothing where it is today."""
    day, today = (clock.local_date(each, venue.timezone) for each in (instant, clock.now()))
    names = {-1: _("hier"), 0: "", 1: _("demain")}
    named = names.get((day - today).days)
    return _("le %(day)s", day=wording.day(day)) if named is None else named


def _stored(problem: str | None) -> str:
    """A sentence that the database keeps, in the language of the screen."""
    return stored(problem) if problem else ""


def _join(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
