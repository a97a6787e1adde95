"""From wines to drinks: what the vintage, the bottle and the price of each say against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sommit.matching.library import USUAL_BOTTLE_ML, Vintage
from sommit.matching.scoring import Fit
from sommit.matching.serving import KEG_ML
from sommit.matching.terms import DrinkId, Reading, State
from sommit.matching.weights import FIELDS

_BOTTLE_KINDS = ("bottle", "half_bottle", "magnum", "jeroboam", "mathusalem")
_DRAUGHT_WORDS = ("pint", "half_pint", "galopin", "litre", "half")
_PRICE_LOST = {State.DIFFERS: "price_differs", State.SILENT: "price_unlike"}
_ONE_USUAL_BOTTLE = ("wine", "spirit")  # kinds of which the usual bottle is meant when the label says none
_SMALLEST_BOTTLE_ML = 180  # from here on, a volume written for a beer or a soft is likely its bottle's


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
    price_agrees: bool


def rank(reading: Reading, fits: list[Fit], prices: Mapping[DrinkId, State]) -> list[Ranked]:
    """Every drink of the wines compared, best first; of equal ones the most recent, in the usual bottle."""
    ranked = [_ranked(reading, one, vintage, prices) for one in fits for vintage in one.wine.vintages]
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


def _ranked(reading: Reading, one: Fit, vintage: Vintage, prices: Mapping[DrinkId, State]) -> Ranked:
    price = prices.get(vintage.drink.id)
    score = one.score - (FIELDS[_PRICE_LOST[price]] if price in _PRICE_LOST else 0.0)
    year_fits = one.vintage is None or vintage.year == one.vintage
    if not year_fits:
        score -= FIELDS["vintage_unknown" if vintage.year is None else "vintage_differs"]
    said = format_said(reading, one.wine.kind)
    fits = _format_fits(reading, said, one.wine.kind, vintage.volume_ml)
    if not fits:
        score -= FIELDS["format_differs" if said else "format_unusual"]
    return Ranked(one, vintage, score, year_fits, fits, said, reading.may_be_cut, price is State.AGREES)


def format_said(reading: Reading, kind: str) -> int | None:
    """The bottle that the label says, in ml; None for a glass, a carafe, or the usual bottle."""
    serving = reading.serving
    if serving is None:
        return None
    if kind in _ONE_USUAL_BOTTLE:
        return serving.ml if serving.kind in _BOTTLE_KINDS and serving.ml != USUAL_BOTTLE_ML[1] else None
    written = reading.written_ml or 0
    return written if written >= _SMALLEST_BOTTLE_ML and reading.serving_word not in _DRAUGHT_WORDS else None


def _format_fits(reading: Reading, said: int | None, kind: str, volume: int | None) -> bool:
    """Whether a drink's format is the one that the label means: a pint comes from a keg, "33CL" from a bottle."""
    serving = reading.serving
    if volume is None or (serving is None and kind not in _ONE_USUAL_BOTTLE):
        return True
    if kind in _ONE_USUAL_BOTTLE or serving is None:
        low, high = USUAL_BOTTLE_ML
        return volume == said if said else low <= volume <= high
    keg, word = volume >= KEG_ML, reading.serving_word
    if word in ("bottle", "can"):
        return not keg and said in (None, volume)
    return keg if word in _DRAUGHT_WORDS else keg or said in (None, volume)
