"""From a till label to ranked drinks of one library."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from sommit.matching.reading import read
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
    Serving,
    State,
)
from sommit.matching.text import words

_MOST_CANDIDATES = 10
_WORTH_SHOWING = 0.60
_SURE = 0.90
_CLEAR_LEAD = 0.04


class Engine:
    """Ranks the drinks of a library against till labels."""

    def __init__(self, drinks: Iterable[Drink]) -> None:
        self._drinks: dict[DrinkId, Drink] = {}
        self._texts: dict[DrinkId, str] = {}
        for drink in drinks:
            self._drinks[drink.id] = drink
            self._texts[drink.id] = " ".join(words(f"{drink.producer} {drink.name} {drink.appellation}"))

    def propose(self, label: Label, memory: Memory | None = None) -> Proposal:
        """The candidates for a label, best first, never one that this venue has refused for it."""
        reading = read(label)
        refused = {
            drink_id for text, drink_id in (memory or Memory()).refused if words(text) == words(label.text)
        }
        ranked = self._rank(" ".join(reading.words), _MOST_CANDIDATES + len(refused))
        candidates = tuple(
            Candidate(drink_id, score, self._evidence(reading.vintage, self._drinks[drink_id]))
            for drink_id, score in ranked
            if drink_id not in refused
        )[:_MOST_CANDIDATES]
        first = self._drinks[candidates[0].drink_id] if candidates else None
        serving = (
            serving_for(label, first) if first else (reading.serving or Serving(None, "whole", said=False))
        )
        return Proposal(reading, candidates, _decide(candidates), serving)

    def search(self, text: str, limit: int = 8) -> tuple[Candidate, ...]:
        """The drinks that a typed text may mean, best first."""
        return tuple(
            Candidate(drink_id, score) for drink_id, score in self._rank(" ".join(words(text)), limit)
        )

    def _rank(self, text: str, limit: int) -> list[tuple[DrinkId, float]]:
        if not text:
            return []
        found = process.extract(text, self._texts, scorer=fuzz.token_set_ratio, limit=limit)
        return [(drink_id, score / 100) for _, score, drink_id in found if score]

    @staticmethod
    def _evidence(vintage: int | None, drink: Drink) -> tuple[Evidence, ...]:
        till, cellar = str(vintage or ""), str(drink.vintage or "")
        state = State.SILENT if not till or not cellar else State.AGREES if till == cellar else State.DIFFERS
        return (Evidence("vintage", state, till, cellar),)


def _decide(candidates: tuple[Candidate, ...]) -> Decision:
    if not candidates or candidates[0].score < _WORTH_SHOWING:
        return Decision.NON
    runner_up = candidates[1].score if len(candidates) > 1 else 0.0
    sure = candidates[0].score >= _SURE and candidates[0].score - runner_up >= _CLEAR_LEAD
    return Decision.OUI if sure else Decision.ASK
