"""The library of drinks: adding, copying to another vintage, finding."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.matching.text import words
from sommit.models import Drink, Venue
from sommit.models.drink import CATEGORIES
from sommit.refusals import N_, Refusal
from sommit.statements import built_once

OLDEST_VINTAGE = 1800
MAX_NAME = 200
MAX_VOLUME_ML = 200_000


class NameMissing(Refusal):
    """A drink without a name."""

    sentence = N_("Donnez un nom à la boisson, en 200 caractères au plus.")
    field = "name"


class BadVintage(Refusal):
    """A vintage that is no year."""

    sentence = N_("« %(vintage)s » n’est pas un millésime : une année entre %(oldest)s et %(latest)s est attendue.")
    field = "vintage"


class BadVolume(Refusal):
    """A format that is no volume."""

    sentence = N_("Le format se donne entre 1 ml et 200 l : 75 cl pour une bouteille, 30 l pour un fût.")
    field = "volume_ml"


class TooLong(Refusal):
    """A field that is longer than any real one."""

    sentence = N_("Ce champ tient en 200 caractères.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class AlreadyThere(Refusal):
    """The library has this drink already."""

    sentence = N_("« %(drink)s » est déjà dans vos boissons.")
    field = "name"

    def __init__(self, drink: Drink) -> None:
        super().__init__(drink=title(drink))
        self.drink = drink


class NoSuchDrink(Refusal):
    """The venue has no such drink."""

    sentence = N_("Cette boisson n’existe pas (n° %(drink)s).")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a drink before it is in the library. Volume in millilitres, prices in cents."""

    name: str
    producer: str = ""
    appellation: str = ""
    region: str = ""
    country: str = ""
    colour: str = ""
    vintage: int | None = None
    volume_ml: int = 750
    category: str = "other"
    price_cents: int | None = None
    glass_price_cents: int | None = None
    threshold_ml: int | None = None


FIELDS = tuple(Entry.__slots__)
_WORDS = ("producer", "appellation", "region", "country", "colour")


def title(drink: Drink | Entry) -> str:
    """Return the name as the cellar says it: with its vintage."""
    return f"{drink.name} {drink.vintage}" if drink.vintage else drink.name


def get(venue_id: int, drink_id: int) -> Drink:
    """Return one drink of a venue. Raises NoSuchDrink, also for another venue's."""
    drink: Drink | None = db.session.scalar(*_one(venue_id, drink_id))
    if drink is None:
        raise NoSuchDrink(drink=drink_id)
    return drink


@built_once()
def _one(venue_id: Any, drink_id: Any) -> Any:
    return select(Drink).where(Drink.venue_id == venue_id, Drink.id == drink_id)


def add(venue_id: int, entry: Entry) -> Drink:
    """Add a drink to a venue's library. Raises NameMissing, BadVintage, BadVolume, TooLong, AlreadyThere."""
    entry = checked(entry)
    if twin := find(venue_id, entry):
        raise AlreadyThere(twin)
    drink = new(venue_id, entry)
    db.session.flush()
    return drink


def hold(venue_id: int) -> None:
    """Keep whoever else writes to this library waiting until the transaction ends: of two taps at once one is first.

    Whoever only names the venue, as each line that a night imports does, goes on meanwhile.
    """
    db.session.execute(select(Venue.id).where(Venue.id == venue_id).with_for_update(key_share=True))


def new(venue_id: int, entry: Entry) -> Drink:
    """Return a new drink from an entry that was checked and has no twin. It has its number after the next flush."""
    drink = Drink(venue_id=venue_id, created_at=clock.now(), identity=identity(entry), **_values(entry))
    db.session.add(drink)
    _changed(venue_id)
    return drink


def change(drink: Drink, entry: Entry) -> bool:
    """Give a drink the values of an entry; return whether anything changed. Raises what `add` raises."""
    entry = checked(entry)
    if (twin := find(drink.venue_id, entry)) and twin.id != drink.id:
        raise AlreadyThere(twin)
    return put(drink, entry)


def put(drink: Drink, entry: Entry) -> bool:
    """Give a drink the values of an entry that was checked and has no other twin; return whether anything changed."""
    values = _values(entry) | {"identity": identity(entry)}
    changed = {name: value for name, value in values.items() if getattr(drink, name) != value}
    for name, value in changed.items():
        setattr(drink, name, value)
    if changed:
        _changed(drink.venue_id)
    return bool(changed)


def archive(drink: Drink) -> None:
    """Take a drink out of the library; what it went through stays."""
    drink.archived_at = clock.now()
    _changed(drink.venue_id)


def bring_back(drink: Drink) -> None:
    """Put an archived drink back into the library. Raises AlreadyThere."""
    if (twin := find(drink.venue_id, as_entry(drink))) and twin.id != drink.id:
        raise AlreadyThere(twin)
    drink.archived_at = None
    _changed(drink.venue_id)


def in_vintage(drink: Drink, vintage: int | None) -> Drink:
    """Return the same wine in another vintage: the one of the library, else a new one copied from it.

    Raises BadVintage.
    """
    entry = checked(replace(as_entry(drink), vintage=vintage, threshold_ml=None))
    return find(drink.venue_id, entry) or add(drink.venue_id, entry)


def siblings(drink: Drink) -> list[Drink]:
    """Return the same wine in its other vintages, youngest first."""
    wine = identity(drink).rsplit("|", 2)[0]
    found = db.session.scalars(*_siblings(drink.venue_id, drink.id, f"{wine}|%|{drink.volume_ml}"))
    return sorted(found, key=lambda d: -(d.vintage or 0))


@built_once()
def _siblings(venue_id: Any, drink_id: Any, pattern: Any) -> Any:
    others = Drink.venue_id == venue_id, Drink.id != drink_id, Drink.archived_at.is_(None)
    return select(Drink).where(*others, Drink.identity.like(pattern))


def find(venue_id: int, entry: Entry) -> Drink | None:
    """Return the drink that has this name, producer, appellation, vintage and volume, accents and case aside."""
    found: Drink | None = db.session.scalar(
        select(Drink).where(Drink.venue_id == venue_id, Drink.identity == identity(entry), Drink.archived_at.is_(None))
    )
    return found


def identity(entry: Entry | Drink) -> str:
    """Return what makes two entries one drink: name, producer, appellation, vintage, volume, folded."""
    parts = [" ".join(words(text)) for text in (entry.name, entry.producer, entry.appellation)]
    return "|".join([*parts, str(entry.vintage or ""), str(entry.volume_ml)])


def as_entry(drink: Drink) -> Entry:
    """Return what the library knows of a drink."""
    return Entry(**{name: getattr(drink, name) for name in FIELDS})


def checked(entry: Entry) -> Entry:
    """Return the entry, trimmed. Raises NameMissing, BadVintage, BadVolume, TooLong."""
    trimmed: dict[str, Any] = {name: " ".join(getattr(entry, name).split()) for name in ("name", *_WORDS)}
    entry = replace(entry, **trimmed)
    if not 0 < len(entry.name) <= MAX_NAME or not words(entry.name):
        raise NameMissing()
    for name in _too_long(entry):
        raise TooLong(name)
    if entry.vintage is not None and not OLDEST_VINTAGE <= entry.vintage <= latest_vintage():
        raise bad_vintage(entry.vintage)
    if not 0 < entry.volume_ml <= MAX_VOLUME_ML:
        raise BadVolume()
    return entry if entry.category in CATEGORIES else replace(entry, category="other")


def bad_vintage(typed: object) -> BadVintage:
    """Return the refusal of what was typed as a vintage, with the years that are taken."""
    return BadVintage(vintage=typed, oldest=OLDEST_VINTAGE, latest=latest_vintage())


def latest_vintage() -> int:
    """Return the youngest vintage that is taken: one year ahead, for what is bought before it is made."""
    return clock.now().year + 1


def _changed(venue_id: int) -> None:
    """Tell the engines that are kept warm, in this process and in others, that they hold another library."""
    db.session.get(Venue, venue_id).library_version = secrets.randbits(62)


def _too_long(entry: Entry) -> Iterable[str]:
    return (name for name in _WORDS if len(getattr(entry, name)) > MAX_NAME)


def _values(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in FIELDS}
