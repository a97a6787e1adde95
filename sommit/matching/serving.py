"""What one sale takes from the stock."""

import re

from sommit.matching.terms import Drink, Label, Serving

_SAID = (
    (r"\b(\d{1,3})\s?cl\b", "volume", None),
    (r"\b(verre|vre|vr)\b", "glass", 125),
    (r"\b(pichet|pich|carafe)\b", "carafe", 500),
    (r"\b(pinte)\b", "pint", 500),
    (r"\b(demi|1/2)\b", "half_pint", 250),
    (r"\b(magnum|mag)\b", "magnum", 1500),
    (r"\b(dose|shot)\b", "shot", 40),
    (r"\b(bouteille|btl|bt)\b", "bottle", None),
)
_KEG_ML = 5000
_LARGEST_GLASS_ML = 200
_SPIRIT_BOTTLE_ML = (500, 1500)


def said_serving(text: str) -> tuple[Serving | None, str]:
    """The serving a label names, if any, and the label without it."""
    for pattern, kind, ml in _SAID:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            said = _volume(int(match[1]) * 10) if kind == "volume" else Serving(ml, kind, said=True)
            return said, text[: match.start()] + " " + text[match.end() :]
    return None, text


def _volume(ml: int) -> Serving:
    return Serving(ml, "glass" if ml <= _LARGEST_GLASS_ML else "carafe", said=True)


def serving_for(label: Label, drink: Drink) -> Serving:
    """The likely serving when a link is made without one; `ml` is None only when nothing is known."""
    said, _ = said_serving(label.text)
    if said and said.kind == "half_pint" and drink.category == "wine":
        return Serving(375, "half_bottle", said=True)
    if said:
        return Serving(said.ml or drink.volume_ml, said.kind, said=True)
    if drink.volume_ml and drink.volume_ml >= _KEG_ML:
        return Serving(250, "half_pint", said=False)
    if drink.category == "spirit" and _is_spirit_bottle(drink) and not _near_bottle_price(label, drink):
        return Serving(40, "shot", said=False)
    return Serving(drink.volume_ml, "whole", said=False)


def _is_spirit_bottle(drink: Drink) -> bool:
    low, high = _SPIRIT_BOTTLE_ML
    return drink.volume_ml is not None and low <= drink.volume_ml <= high


def _near_bottle_price(label: Label, drink: Drink) -> bool:
    if not label.price_cents or not drink.price_cents:
        return False
    return label.price_cents >= drink.price_cents / 2
