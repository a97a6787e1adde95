"""From wines to drinks: what the vintage, the bottle and the price of each say against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sommit.matching.library import USUAL_BOTTLE_ML, Vintage
from sommit.matching.scoring import Fit
from sommit.matching.terms import DrinkId, Reading
from sommit.matching.weights import FIELDS

_BOTTLE_KINDS = ("bottle", "half_bottle", "magnum", "jeroboam", "mathusalem")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A drink with its score: that of its wine, less what its vintage and format contradict."""

    fit: Fit
    vintage: Vintage
    score: float
    year_fits: bool
    format_fits: bool
    format_said: int | None  # ml, where the label says a bottle other than the usual one
    may_be_cut: bool


def rank(reading: Reading, fits: list[Fit], price_lost: Mapping[DrinkId, float]) -> list[Ranked]:
    """Every drink of the wines compared, best first; of equal ones the most recent, in the usual bottle."""
    ranked = [_ranked(reading, one, vintage, price_lost) for one in fits for vintage in one.wine.vintages]
    ranked.sort(
        key=lambda one: (
            -round(one.score, 9),
            one.fit.wine.order,
            -(one.vintage.year or 0),
            one.vintage.volume_ml or 0,
            str(one.vintage.drink.id),
        )
    )
    return ranked


def _ranked(reading: Reading, one: Fit, vintage: Vintage, price_lost: Mapping[DrinkId, float]) -> Ranked:
    score = one.score - price_lost.get(vintage.drink.id, 0.0)
    year_fits = one.vintage is None or vintage.year == one.vintage
    if not year_fits:
        score -= FIELDS["vintage_unknown" if vintage.year is None else "vintage_differs"]
    said = format_said(reading)
    volume, fits = vintage.volume_ml, True
    if volume is not None and one.wine.kind in ("wine", "spirit"):
        low, high = USUAL_BOTTLE_ML
        fits = volume == said if said else low <= volume <= high
    if not fits:
        score -= FIELDS["format_differs" if said else "format_unusual"]
    return Ranked(one, vintage, score, year_fits, fits, said, reading.may_be_cut)


def format_said(reading: Reading) -> int | None:
    """The bottle that the label says, in ml; None for a glass, a carafe, or the usual bottle."""
    serving = reading.serving
    if serving is None or serving.kind not in _BOTTLE_KINDS or serving.ml in (None, 750):
        return None
    return serving.ml
