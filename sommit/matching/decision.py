"""Whether to suggest the first candidate, to show several, or to say that nothing fits."""

import math
from functools import reduce
from operator import or_

from sommit.matching.lexicon import lexicon
from sommit.matching.ranking import Ranked
from sommit.matching.terms import Decision, Reading
from sommit.matching.weights import FIELDS, FITS, SUGGEST

_MOST_WORDS = 3
_CERTAINLY = 0.9
_WHOLE = 0.95
_ALL = 0.999
_SURE_CONFLICT = 0.15
_OTHER_YEAR = 0.1
_NO_LEAD = 0.01
_SMALLEST_POURED_ML = 350
_WIDEST_LEAD = 0.30
_EQUAL = 1e-6


def decide(reading: Reading, ranked: list[Ranked]) -> tuple[Decision, float]:
    """The decision, and the probability that suggesting the first candidate is right."""
    if not ranked:
        return Decision.NON, 0.0
    right = 0.0 if ambiguous(reading, ranked) else _probability(SUGGEST, suggest_features(reading, ranked))
    fits = _probability(FITS, fits_features(reading, ranked), ranked[0].price_agrees * FIELDS["price_agrees"])
    if fits < FITS["threshold"] and not differs_in_vintage_alone(ranked[0]):
        return Decision.NON, min(right, fits)
    return (Decision.OUI if right >= SUGGEST["threshold"] else Decision.ASK), right


def differs_in_vintage_alone(first: Ranked) -> bool:
    """Whether all of the label is the first wine's, its producer and more, save for the year: a "presque"."""
    fit = first.fit
    explained = fit.covered > _ALL and not fit.misread and not fit.conflict and first.format_fits
    used = reduce(or_, fit.bits, 0)
    said = [name for name, words in fit.wine.fields.items() if any(used & fit.wine.words[word] for word in words)]
    return not first.year_fits and explained and "producer" in said and len(said) > 1


def ambiguous(reading: Reading, ranked: list[Ranked]) -> bool:
    """Whether nothing could justify a suggestion: another drink fits as well, or vintage, colour or kind differ."""
    first = ranked[0]
    if not first.year_fits or first.fit.conflict >= _SURE_CONFLICT or reading.category_is_food:
        return True
    same = [other for other in ranked[1:] if other.fit.wine is first.fit.wine]
    return any(abs(other.score - first.score) < _EQUAL or _same_but_format(first, other) for other in same)


def _same_but_format(first: Ranked, other: Ranked) -> bool:
    """A spirit in two bottles to pour from: nothing on the key says which one stands on the bar."""
    volume = other.vintage.volume_ml
    poured = volume is not None and volume >= _SMALLEST_POURED_ML
    return first.fit.wine.kind == "spirit" and poured and not first.format_said


def suggest_features(reading: Reading, ranked: list[Ranked]) -> dict[str, float]:
    """What speaks for the first candidate being the one and only."""
    fit = ranked[0].fit
    lead, uncut = _leads(ranked)
    return _shared(reading, ranked[0]) | {
        "lead": lead,
        "lead_uncut": uncut,
        "no_lead": float(min(lead, uncut) < _NO_LEAD),
        "said": fit.said,
    }


def fits_features(reading: Reading, ranked: list[Ranked]) -> dict[str, float]:
    """What speaks for one of the candidates being meant at all."""
    first = ranked[0]
    return _shared(reading, first) | {"said": first.fit.said, "wrong_year": float(not first.year_fits)}


def _shared(reading: Reading, first: Ranked) -> dict[str, float]:
    fit = first.fit
    return {
        "covered": fit.covered,
        "foreign": min(fit.foreign, _MOST_WORDS),
        "strange": min(fit.strange, _MOST_WORDS),
        "misread": fit.misread,
        "whole": float(fit.said > _WHOLE),
        "rarest": fit.rarest,
        "matched": math.log(0.1 + fit.matched),
        "conflict": fit.conflict,
        "other_format": float(first.format_said is not None and not first.format_fits),
        "not_a_drink": _not_drink_words(reading, first),
        "food_category": float(reading.category_is_food),
    }


def _leads(ranked: list[Ranked]) -> tuple[float, float]:
    """How far the next wine is behind, with the label's last word and without it."""
    first = ranked[0]
    others = [one for one in ranked if one.fit.wine is not first.fit.wine]
    lead = _plain(first) - max(map(_plain, others), default=0.0)
    if not first.may_be_cut or first.fit.last_is_whole:
        return _bounded(lead), _bounded(lead)
    uncut = _plain_uncut(first) - max(map(_plain_uncut, others), default=0.0)
    return _bounded(lead), _bounded(uncut)


def _bounded(lead: float) -> float:
    return max(-_WIDEST_LEAD, min(_WIDEST_LEAD, lead))


def _plain(one: Ranked) -> float:
    """A drink's score without what the label leaves unsaid; another vintage than the one said is far behind."""
    other_year = one.fit.vintage is not None and not one.year_fits
    return one.score - one.fit.score + one.fit.covered - one.fit.conflict - (_OTHER_YEAR if other_year else 0.0)


def _plain_uncut(one: Ranked) -> float:
    return _plain(one) - one.fit.covered + one.fit.covered_uncut


def _not_drink_words(reading: Reading, first: Ranked) -> float:
    """How many words (two at most) name food or a till's line, and nothing of the first candidate."""
    named = lexicon().not_drinks
    count = sum(
        part.text in named and how_well < _CERTAINLY and not (part.last and how_well)
        for part, how_well in zip(reading.parts, first.fit.qualities, strict=True)
    )
    return float(min(count, 2))


def _probability(weights: dict[str, float], features: dict[str, float], more: float = 0.0) -> float:
    total = more + weights["always"] + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
