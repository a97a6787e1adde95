"""A venue's way to its till: trying a token, keeping it, reading with it."""

from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select, update

from sommit import clock
from sommit.extensions import db
from sommit.jalia.client import JaliaClient, Probe
from sommit.jalia.errors import OtherVenue
from sommit.jalia.transport import INTERACTIVE
from sommit.models import TillConnection, TillReference, Venue
from sommit.refusals import N_, Refusal
from sommit.services import tokens
from sommit.statements import built_once

HISTORY_DAYS = 30  # how far back a first reading goes (CONTRACT §8.9)
MOST_HISTORY_DAYS = 365
MAX_TOKEN = 2048


class NotConnected(Refusal):
    """The venue has no till yet."""

    sentence = N_("Aucune caisse n’est connectée. Collez d’abord le token reçu de Jalia.")


class NoToken(Refusal):
    """Nothing was pasted, or a novel."""

    sentence = N_("Collez le token reçu de Jalia : c’est une longue suite de lettres et de chiffres.")
    field = "token"


class BadHistory(Refusal):
    """How far back to read is a number of days, within a year."""

    sentence = N_("Indiquez un nombre de jours entre 0 et 365 : 30 d’habitude, 0 pour commencer ce soir.")
    field = "days"


def days_back(typed: str) -> int:
    """Return how many days back a first reading goes, as somebody typed it. Raises BadHistory."""
    typed = typed.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4 and int(typed) <= MOST_HISTORY_DAYS):
        raise BadHistory()
    return int(typed)


def host() -> str:
    """Return the till's host and port: all venues ask the same one."""
    return urlsplit(str(current_app.config["JALIA_API_URL"])).netloc.lower()


def find(venue_id: int) -> TillConnection | None:
    """Return a venue's connection, None before its first token."""
    found: TillConnection | None = db.session.get(TillConnection, venue_id)
    return found


def get(venue_id: int) -> TillConnection:
    """Return a venue's connection. Raises NotConnected."""
    connection = find(venue_id)
    if connection is None:
        raise NotConnected()
    return connection


def check(venue_id: int) -> None:
    """Raise NotConnected where a venue's till was taken away, also since its connection was last looked at."""
    if db.session.scalar(select(TillConnection.venue_id).where(TillConnection.venue_id == venue_id)) is None:
        raise NotConnected()


def attempt(venue: Venue, token: str) -> Probe:
    """Try a pasted token against the till and return what it sees; nothing is stored.

    Raises NoToken, a TillError of its family (TokenRefused, Unreachable...), OtherVenue when the token opens another
    location than the one this venue has read so far. No transaction may be open: the till can take its time.
    """
    token = token.strip()
    if not 0 < len(token) <= MAX_TOKEN or not token.isprintable():
        raise NoToken()
    known = find(venue.id)
    known_location = known.location_id if known else None
    db.session.rollback()
    client = JaliaClient(current_app.config["JALIA_API_URL"], token, sleep=sleep, limits=INTERACTIVE)
    try:
        probe = client.probe()
    finally:
        client.close()
    if known_location and probe.location_id and probe.location_id != known_location:
        raise OtherVenue()
    return probe


def keep(venue: Venue, token: str, probe: Probe, *, history_days: int = HISTORY_DAYS) -> TillConnection:
    """Store a token that was tried, encrypted. Replacing one loses nothing: links, sales and nights stay.

    `history_days` is how far back a first reading goes; where there is a till already its first evening stays.
    """
    token = token.strip()
    connection = find(venue.id)
    now = clock.now()
    if connection is None:
        first = clock.local_date(now, venue.timezone) - timedelta(days=history_days)
        connection = TillConnection(venue_id=venue.id, connected_at=now, read_from=first)
        db.session.add(connection)
    connection.token = tokens.seal(venue.id, token)
    connection.token_tail = token[-4:] if len(token) > 12 else ""
    connection.state, connection.problem = "connected", str(probe.problem) if probe.problem else None
    connection.location_id = connection.location_id or probe.location_id
    connection.location_name = probe.header_name or connection.location_name
    db.session.flush()
    return connection


def refuse(venue_id: int, sealed: bytes, problem: str) -> None:
    """Note that the till refuses a token (as it is stored), unless another one was pasted in the meantime."""
    mine = TillConnection.venue_id == venue_id, TillConnection.token == sealed
    db.session.execute(update(TillConnection).where(*mine).values(state="refused", problem=problem))


def client(connection: TillConnection, before_call: Callable[[], None]) -> JaliaClient:
    """Return a client that reads with the venue's token. Raises UnreadableToken, BadAddress."""
    token = tokens.open_for(connection.venue_id, connection.token)
    return JaliaClient(current_app.config["JALIA_API_URL"], token, sleep=sleep, before_call=before_call)


def reference_count(venue_id: int) -> int:
    """Return how many keys the till has shown so far."""
    return int(db.session.scalar(*_reference_count(venue_id)))


@built_once()
def _reference_count(venue_id: Any) -> Any:
    return select(func.count()).where(TillReference.venue_id == venue_id)
