"""What a till label says about a drink that the library does not have yet: the start of its entry."""

from sommit import matching
from sommit.models import TillReference
from sommit.models.drink import CATEGORIES
from sommit.services import engines, library, servings

BOTTLE_ML = {"wine": 750, "beer": 330, "spirit": 700, "soft": 330}
KEG_ML = 30_000
LARGER_THAN_THE_BOTTLE = ("magnum", "jeroboam", "mathusalem")
FROM_A_KEG = ("galopin", "half_pint", "pint")
POURED_FROM_750_ML = 400  # a wine or a spirit sold in less than this is poured from a bottle


def from_label(reference: TillReference) -> library.Entry:
    """Return an entry with what the label says: name, vintage, colour, category, format in millilitres."""
    reading = matching.read(engines.as_label(reference))
    category = reading.kind if reading.kind in CATEGORIES else "other"
    if category == "other" and reading.colour and not reading.kind:
        category = "wine"
    return library.Entry(
        name=" ".join(word.capitalize() for word in reading.words),
        colour=reading.colour if category == "wine" else "",
        vintage=reading.vintage,
        volume_ml=_format(category, reading.serving),
        category=category,
    )


def serving_ml(reference: TillReference, entry: library.Entry, house: servings.House) -> int:
    """Return what one sale of a key probably takes from the drink that an entry describes, in millilitres."""
    drink = matching.Drink(id=0, name=entry.name, volume_ml=entry.volume_ml, category=entry.category)
    return matching.serving_for(engines.as_label(reference), drink, house.glass_ml).ml or entry.volume_ml


def _format(category: str, serving: matching.Serving | None) -> int:
    usual = BOTTLE_ML.get(category, 750)
    if serving is None or serving.ml is None:
        return usual
    if category == "beer" and serving.kind in FROM_A_KEG:
        return KEG_ML
    sold_whole = serving.kind in LARGER_THAN_THE_BOTTLE or category in ("beer", "soft")
    return serving.ml if sold_whole or (serving.ml >= POURED_FROM_750_ML and serving.kind == "bottle") else usual
