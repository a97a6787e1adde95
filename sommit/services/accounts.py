"""Accounts: who may sign in, and to which venues they belong."""

import re
import secrets
import threading
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Membership, User, Venue
from sommit.refusals import N_, Refusal
from sommit.statements import built_once

PASSWORD_MIN = 8
PASSWORD_MAX = 256
EMAIL_MAX = 254
NAME_MAX = 255
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

_BY_NAME = (Venue.name, Venue.id)

#: A check takes 19 MiB: two at a time keep a flood of sign-ins from filling the machine (FAULTS M15).
_checks = threading.BoundedSemaphore(2)


class BadEmail(Refusal):
    """Not an e-mail address."""

    sentence = N_("« %(email)s » n’est pas une adresse e-mail. Exemple : camille@zinc-capucins.fr.")
    field = "email"


class EmailTaken(Refusal):
    """The address already has an account, of the kind that cannot be used here."""

    sentence = N_("L’adresse %(email)s a déjà un compte. Donnez-en une autre.")
    field = "email"


class BadPassword(Refusal):
    """Too short or too long; nothing else is asked of a password."""

    sentence = N_("Le mot de passe compte %(least)s caractères au moins, %(most)s au plus.")
    field = "password"


class BadTimezone(Refusal):
    """Not a zone of the tz database."""

    sentence = N_("Le fuseau horaire « %(timezone)s » est inconnu. Exemple : Europe/Paris.")
    field = "timezone"


class BadName(Refusal):
    """A venue without a name, or with one that no screen could show."""

    sentence = N_("Donnez un nom au lieu : %(most)s caractères au plus, sur une ligne.")
    field = "name"


def create_venue(
    name: str, email: str, password: str | None = None, timezone: str = "Europe/Paris"
) -> tuple[Venue, str | None]:
    """Create a venue and its owner; return it with the password that was made up, None if none was.

    An address that has an account joins the venue with the password it has. Raises BadName, BadTimezone, BadEmail,
    BadPassword, and EmailTaken for an account of the support team, who belong to no venue.
    """
    if not name.strip() or len(name) > NAME_MAX or not name.strip().isprintable():
        raise BadName(most=NAME_MAX)
    if timezone not in available_timezones():
        raise BadTimezone(timezone=timezone)
    owner = find(checked_email(email))
    if owner is not None and owner.is_support:
        raise EmailTaken(email=owner.email)
    made_up = None if password or owner else secrets.token_urlsafe(12)
    owner = owner or _create_user(email, password or made_up or "", is_support=False)
    venue = Venue(name=" ".join(name.split()), timezone=timezone, created_at=clock.now())
    db.session.add(venue)
    db.session.flush()
    db.session.add(Membership(venue_id=venue.id, user_id=owner.id))
    db.session.flush()
    return venue, made_up


def create_support(email: str) -> tuple[User, str]:
    """Create an account of the support team; return it with its password. Raises BadEmail, EmailTaken."""
    if find(checked_email(email)) is not None:
        raise EmailTaken(email=email.strip())
    password = secrets.token_urlsafe(12)
    return _create_user(email, password, is_support=True), password


def authenticate(email: str, password: str) -> User | None:
    """Return the account that these open, None when they open none.

    An unknown address takes as long as a known one. A hash older than today's profile is renewed.
    """
    user = find(email)
    hashed = user.password_hash if user is not None else _dummy_hash(_hasher())
    if not _fits(hashed, password[: PASSWORD_MAX + 1]) or user is None:
        return None
    if _hasher().check_needs_rehash(hashed):
        user.password_hash = _hashed(password)
    return user


def find(email: str) -> User | None:
    """Return the account of an address, in whatever case it is typed."""
    user: User | None = None
    if _looks_like_email(email.strip()):
        user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    return user


def with_venues(user_id: int) -> tuple[User | None, list[Venue]]:
    """Return a person and the venues at which they work, by name; nobody where there is none. One statement."""
    rows = db.session.execute(*_with_venues(user_id)).all()
    return (rows[0][0] if rows else None), [venue for _user, venue in rows if venue is not None]


@built_once()
def _with_venues(user_id: Any) -> Any:
    query = select(User, Venue).outerjoin(Membership, Membership.user_id == User.id)
    return query.outerjoin(Venue, Venue.id == Membership.venue_id).where(User.id == user_id).order_by(*_BY_NAME)


def venues(user_id: int) -> list[Venue]:
    """Return the venues at which a person works, by name."""
    return list(db.session.scalars(*_venues(user_id)))


@built_once()
def _venues(user_id: Any) -> Any:
    query = select(Venue).join(Membership, Membership.venue_id == Venue.id).where(Membership.user_id == user_id)
    return query.order_by(*_BY_NAME)


def addresses(venue_id: int) -> list[str]:
    """Return the e-mail addresses of a venue's people."""
    query = select(User.email).join(Membership, Membership.user_id == User.id).where(Membership.venue_id == venue_id)
    return list(db.session.scalars(query.order_by(User.id)))


def checked_email(email: str) -> str:
    """Return an address as accounts keep it: trimmed, in lower case. Raises BadEmail."""
    if not _looks_like_email(email.strip()):
        raise BadEmail(email=email.strip()[:EMAIL_MAX])
    return email.strip().lower()


def check_password(password: str) -> None:
    """Raise BadPassword when a new password is too short or too long."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise BadPassword(least=PASSWORD_MIN, most=PASSWORD_MAX)


def _looks_like_email(text: str) -> bool:
    return len(text) <= EMAIL_MAX and text.isprintable() and EMAIL.fullmatch(text) is not None


def _create_user(email: str, password: str, *, is_support: bool) -> User:
    check_password(password)
    user = User(
        email=checked_email(email),
        password_hash=_hashed(password),
        is_support=is_support,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def _hashed(password: str) -> str:
    with _checks:
        return _hasher().hash(password)


def _fits(hashed: str, password: str) -> bool:
    try:
        with _checks:
            return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    """Argon2id as the settings have it; an account of another profile is brought to it at its next sign-in."""
    return _profile(**current_app.config["ARGON2"])


@lru_cache
def _profile(time_cost: int, memory_cost: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1)


@lru_cache
def _dummy_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe(16))
