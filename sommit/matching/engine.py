"""The match engine: from a till label to ranked drinks of one library."""

from collections.abc import Iterable, Sequence

from sommit.matching.decision import decide
from sommit.matching.evidence import evidence
from sommit.matching.library import Library
from sommit.matching.memory import confirmed_for, refused_for
from sommit.matching.price import price_state
from sommit.matching.ranking import Ranked, rank
from sommit.matching.reading import read, read_typed
from sommit.matching.scoring import Fit, compare
from sommit.matching.serving import serving_for
from sommit.matching.terms import (
    Candidate,
    Decision,
    Drink,
    DrinkId,
    Evidence,
    Label,
    Memory,
    Proposal,
    Reading,
    Serving,
    State,
)

_MOST_CANDIDATES = 10
_NO_MEMORY = Memory()
_SCORE_OF_CONFIRMED = 1.0
_WORTH_FINDING = 0.5  # of what was typed


class Engine:
    """Ranks the drinks of a library against till labels. Follows the library drink by drink."""

    def __init__(self, drinks: Iterable[Drink]) -> None:
        self._library = Library(drinks)

    def __len__(self) -> int:
        return len(self._library)

    def add(self, drink: Drink) -> None:
        """Take in a new drink, in place of the one of the same id if there is one."""
        self._library.add(drink)

    def replace(self, drink: Drink) -> None:
        """Take in a changed drink."""
        self._library.add(drink)

    def remove(self, drink_id: DrinkId) -> None:
        """Forget a drink. Raises KeyError when it is not in the library."""
        self._library.remove(drink_id)

    def propose(self, label: Label, memory: Memory | None = None) -> Proposal:
        """The candidates for a label, best first, never one that this venue has refused for it."""
        memory = memory or _NO_MEMORY
        reading = read(label, memory.abbreviations)
        fits = compare(reading, self._library)
        ranked = rank(reading, fits, self._prices(label, fits))
        if memory.refused and (refused := refused_for(label, memory)):
            ranked = [one for one in ranked if one.vintage.drink.id not in refused]
        decision, confidence = decide(reading, ranked)
        candidates = self._candidates(label, reading, ranked[:_MOST_CANDIDATES])
        if memory.confirmed and (remembered := self._remembered(label, memory)):
            candidates, decision, confidence = _with_remembered(candidates, remembered, decision, confidence)
        serving = self._serving(label, reading, candidates, memory.glass_ml)
        return Proposal(reading, candidates, decision, serving, confidence)

    def search(self, text: str, limit: int = 8) -> tuple[Candidate, ...]:
        """The drinks that a text may mean while it is being typed (from two letters on), best first."""
        reading = read_typed(text)
        fits = [one for one in compare(reading, self._library) if one.covered >= _WORTH_FINDING]
        return tuple(Candidate(one.vintage.drink.id, _shown(one)) for one in rank(reading, fits, {})[:limit])

    def _prices(self, label: Label, fits: list[Fit]) -> dict[DrinkId, State]:
        """What the price says of each drink that is compared and whose price is known."""
        if not label.price_cents:
            return {}
        drinks = [one.drink for fit in fits for one in fit.wine.vintages]
        prices = {drink.id: price_state(label, drink, serving_for(label, drink)) for drink in drinks}
        return {drink_id: state for drink_id, (state, expected) in prices.items() if expected}

    def _candidates(self, label: Label, reading: Reading, ranked: Sequence[Ranked]) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                one.vintage.drink.id,
                _shown(one),
                evidence(label, reading, one, self._library),
                self._siblings(one.vintage.drink.id),
            )
            for one in ranked
        )

    def _siblings(self, drink_id: DrinkId) -> tuple[DrinkId, ...]:
        """The same wine in the same bottle in its other vintages, the most recent one first."""
        wine = self._library.wine_of(drink_id)
        if wine is None or len(wine.vintages) == 1:
            return ()
        own = next(one for one in wine.vintages if one.drink.id == drink_id)
        others = [one for one in wine.vintages if one.year != own.year and one.volume_ml == own.volume_ml]
        others.sort(key=lambda one: (-(one.year or 0), str(one.drink.id)))
        return tuple(one.drink.id for one in others)

    def _remembered(self, label: Label, memory: Memory) -> list[Candidate]:
        """The drinks confirmed for this label that are still in the library, with the label that taught it."""
        found = []
        for drink_id, text in confirmed_for(label, memory).items():
            wine = self._library.wine_of(drink_id)
            if wine is not None and drink_id not in refused_for(label, memory):
                name = next(one.drink.name for one in wine.vintages if one.drink.id == drink_id)
                why = (Evidence("memory", State.AGREES, text, name),)
                found.append(Candidate(drink_id, _SCORE_OF_CONFIRMED, why, self._siblings(drink_id)))
        return found

    def _serving(
        self, label: Label, reading: Reading, candidates: tuple[Candidate, ...], glass_ml: int | None
    ) -> Serving:
        if not candidates:
            return reading.serving or Serving(None, "whole", said=False)
        wine = self._library.wine_of(candidates[0].drink_id)
        drinks = wine.vintages if wine else []
        first = next(one for one in drinks if one.drink.id == candidates[0].drink_id)
        return serving_for(label, first.drink, glass_ml)


def _with_remembered(
    candidates: tuple[Candidate, ...], remembered: list[Candidate], decision: Decision, confidence: float
) -> tuple[tuple[Candidate, ...], Decision, float]:
    """What was confirmed comes first; it is suggested when it is a single drink."""
    ids = {one.drink_id for one in remembered}
    evidence_of = {one.drink_id: one.evidence for one in candidates}
    first = [
        Candidate(one.drink_id, one.score, one.evidence + evidence_of.get(one.drink_id, ()), one.siblings)
        for one in remembered
    ]
    merged = tuple(first + [one for one in candidates if one.drink_id not in ids])[:_MOST_CANDIDATES]
    if len(first) == 1:
        return merged, Decision.OUI, 1.0
    return merged, Decision.ASK if decision is Decision.NON else decision, min(confidence, 0.5)


def _shown(one: Ranked) -> float:
    return max(0.0, min(1.0, one.score))
