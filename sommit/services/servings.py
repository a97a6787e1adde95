"""The servings of a venue: what its people pour of each kind of drink, where it is not what the trade usually pours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from sommit.extensions import db
from sommit.models import Drink, Serving
from sommit.refusals import N_, Refusal
from sommit.statements import built_once

#: What is usually poured of a drink beside its whole format, in millilitres.
USUAL = {"wine": (125, 500), "beer": (250, 500), "spirit": (20, 40)}
LARGEST_ML = 5000
LARGEST_GLASS_ML = 200  # of wine; more is a carafe
MOST = 12


class BadVolume(Refusal):
    """A serving that nobody pours."""

    sentence = N_("Donnez le volume servi en centilitres, par exemple 12,5 ; 500 au plus.")
    field = "volume"


class TooMany(Refusal):
    """More servings than a row has room for."""

    sentence = N_("Douze services par genre suffisent : retirez-en un d’abord.")
    field = "volume"


@dataclass(frozen=True, slots=True)
class House:
    """What a venue pours: its own servings by category, in millilitres, smallest first."""

    own: Mapping[str, tuple[int, ...]]

    def of(self, category: str) -> tuple[int, ...]:
        """Return the servings of a category: the venue's own, else those of the trade."""
        return self.own.get(category, USUAL.get(category, ()))

    @property
    def glass_ml(self) -> int | None:
        """Return what "VERRE" means here for a wine: the venue's glass, where it has one and no other."""
        glasses = [ml for ml in self.own.get("wine", ()) if ml <= LARGEST_GLASS_ML]
        return glasses[0] if len(glasses) == 1 else None

    def choices(self, drink: Drink, likely_ml: int) -> tuple[int, ...]:
        """Return the servings worth a button, in millilitres: those poured, the likely one, the whole format last."""
        poured = {ml for ml in (*self.of(drink.category), likely_ml) if ml < drink.volume_ml}
        larger = {likely_ml} if likely_ml > drink.volume_ml else set()
        return (*sorted(poured), drink.volume_ml, *larger)


def house(venue_id: int) -> House:
    """Return what a venue pours. One statement."""
    own: dict[str, tuple[int, ...]] = {}
    for category, ml in db.session.execute(*_own(venue_id)):
        own[category] = (*own.get(category, ()), ml)
    return House(own)


@built_once()
def _own(venue_id: Any) -> Any:
    rows = select(Serving.category, Serving.volume_ml).where(Serving.venue_id == venue_id)
    return rows.order_by(Serving.volume_ml)


def add(venue_id: int, category: str, volume_ml: int | None) -> None:
    """Add a serving of a category, in millilitres; adding it twice changes nothing. No link changes by it.

    Raises BadVolume, TooMany.
    """
    if volume_ml is None or not 0 < volume_ml <= LARGEST_ML:
        raise BadVolume()
    there = house(venue_id).own.get(category, ())
    if volume_ml in there:
        return
    if len(there) >= MOST:
        raise TooMany()
    try:
        with db.session.begin_nested():
            db.session.add(Serving(venue_id=venue_id, category=category, volume_ml=volume_ml))
    except IntegrityError:  # the other tablet has just added the same one
        return


def remove(venue_id: int, category: str, volume_ml: int) -> None:
    """Take a serving away; one that is gone already changes nothing. No link changes by it."""
    mine = Serving.venue_id == venue_id, Serving.category == category, Serving.volume_ml == volume_ml
    db.session.execute(delete(Serving).where(*mine))
