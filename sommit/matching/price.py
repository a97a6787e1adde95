"""Whether a till's price can be the price of a serving of this drink."""

from sommit.matching.terms import Drink, Label, Serving, State

_CLOSE, _FAR = 0.25, 2.0
_DEARER_BY_THE_GLASS = 1.3  # a glass costs more than its share of the bottle


def price_state(label: Label, drink: Drink, serving: Serving) -> tuple[State, int | None]:
    """What the two prices say, and the price expected for the serving in cents, where the cellar tells it."""
    expected = _expected(drink, serving)
    if not label.price_cents or not expected:
        return State.SILENT, expected
    ratio = label.price_cents / expected
    if 1 - _CLOSE <= ratio <= 1 + _CLOSE:
        return State.AGREES, expected
    return (State.DIFFERS if ratio > _FAR or ratio < 1 / _FAR else State.SILENT), expected


def _expected(drink: Drink, serving: Serving) -> int | None:
    if serving.kind == "glass" and drink.glass_price_cents:
        return drink.glass_price_cents
    if not drink.price_cents or not drink.volume_ml or not serving.ml:
        return None
    if serving.ml == drink.volume_ml:
        return drink.price_cents
    return round(drink.price_cents * serving.ml / drink.volume_ml * _DEARER_BY_THE_GLASS)
