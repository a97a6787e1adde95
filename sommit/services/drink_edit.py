"""Correcting a drink's entry. What is corrected here changes nothing in the till (rows G1 to G4 of the FAQ)."""

import hashlib

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import library, suggestions, till_links

CORRECTION, OTHER = "correction", "autre"


class Overtaken(Refusal):
    """Somebody else changed the entry since it was shown."""

    sentence = N_("Quelqu’un vient de changer cette fiche. La voici à jour : refaites votre changement.")


class WhichFormat(Refusal):
    """A format that changes: the bottle was always this one, or there is another bottle."""

    sentence = N_("Le format change. Dites si c’est une correction ou une autre boisson.")
    field = "format_is"


def stamp(drink: Drink) -> str:
    """Return what tells one state of an entry from another, for the form that shows it."""
    return hashlib.sha256(repr(library.as_entry(drink)).encode()).hexdigest()[:16]


def save(drink: Drink, entry: library.Entry, *, shown: str, format_is: str = "") -> Drink:
    """Give a drink the values of an entry, `shown` being the stamp of what the form has shown; return the drink.

    A format that differs needs `format_is`: CORRECTION, and the servings of a whole format follow, in the past too; or
    OTHER, and the entry becomes a drink of its own, which is returned. The same form again changes nothing.
    Raises Overtaken, WhichFormat, and what the library raises.
    """
    db.session.refresh(drink, with_for_update=True)
    entry = library.checked(entry)
    if entry == library.as_entry(drink):
        return drink
    if entry.volume_ml != drink.volume_ml and format_is == OTHER:
        return _other(drink, entry)
    if stamp(drink) != shown:
        raise Overtaken()
    if entry.volume_ml != drink.volume_ml:
        if format_is != CORRECTION:
            raise WhichFormat()
        _follow(drink, entry.volume_ml)
    library.change(drink, entry)
    _propose_again(drink)
    return drink


def _other(drink: Drink, entry: library.Entry) -> Drink:
    twin = library.find(drink.venue_id, entry)
    if twin and library.as_entry(twin) == entry:  # a second tap
        return twin
    added = library.add(drink.venue_id, entry)
    _propose_again(added)
    return added


def _propose_again(drink: Drink) -> None:
    db.session.flush()
    suggestions.refresh(drink.venue_id)


def _follow(drink: Drink, volume_ml: int) -> None:
    """What was linked as a whole format stays one. Whoever looks at one of these keys has to look again."""
    whole = (
        select(Link, TillReference)
        .join(TillReference, TillReference.id == Link.reference_id)
        .where(Link.venue_id == drink.venue_id, Link.drink_id == drink.id, Link.broken_at.is_(None))
        .where(Link.serving_ml == drink.volume_ml)
        .order_by(Link.id)
    )
    for link, reference in db.session.execute(whole).all():
        till_links.claim(reference, None)
        link.serving_ml = volume_ml
