"""What a reader of the package's documentation would try first, on the same labels: whole-string similarities."""

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from sommit.matching.text import fold

Row = dict[str, str]
Ranked = list[tuple[str, float]]
_MOST = 10


class Matcher(Protocol):
    """Ranks drinks for a label: ids with scores, best first."""

    def rank(self, label: str) -> Ranked: ...


class Fuzzy:
    """One of rapidfuzz's scorers over producer, name, appellation and vintage in one string."""

    def __init__(self, library: list[Row], scorer: Callable[..., Any]) -> None:
        self._texts = {row["drink_id"]: text(row) for row in library}
        self._scorer = scorer

    def rank(self, label: str) -> Ranked:
        found = process.extract(fold(label), self._texts, scorer=self._scorer, limit=_MOST)
        return [(drink_id, score / 100) for _, score, drink_id in found]


class Trigrams:
    """Cosine of three-letter pieces, rare ones counting more."""

    def __init__(self, library: list[Row]) -> None:
        pieces = {row["drink_id"]: Counter(_pieces(text(row))) for row in library}
        carriers = Counter(piece for own in pieces.values() for piece in own)
        self._rarity = {piece: math.log(len(pieces) / count) + 1 for piece, count in carriers.items()}
        self._index: dict[str, list[tuple[str, float]]] = {}
        for drink_id, own in pieces.items():
            for piece, weight in self._weighed(own).items():
                self._index.setdefault(piece, []).append((drink_id, weight))

    def rank(self, label: str) -> Ranked:
        score: Counter[str] = Counter()
        for piece, weight in self._weighed(Counter(_pieces(fold(label)))).items():
            for drink_id, other in self._index.get(piece, ()):
                score[drink_id] += weight * other
        return sorted(score.items(), key=lambda one: (-one[1], one[0]))[:_MOST]

    def _weighed(self, pieces: Counter[str]) -> dict[str, float]:
        weights = {piece: count * self._rarity.get(piece, 1.0) for piece, count in pieces.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {piece: weight / length for piece, weight in weights.items()}


def text(row: Row) -> str:
    """A drink in one string, each word once."""
    whole = f"{row['producer']} {row['name']} {row['appellation']} {row['vintage']}"
    return " ".join(dict.fromkeys(re.findall(r"\w+", fold(whole))))


def baselines(library: list[Row]) -> dict[str, Callable[[], Matcher]]:
    """Each baseline's name and how to build it, so that building can be timed."""
    return {
        "rapidfuzz WRatio": lambda: Fuzzy(library, fuzz.WRatio),
        "rapidfuzz token_set_ratio": lambda: Fuzzy(library, fuzz.token_set_ratio),
        "trigrams, TF-IDF cosine": lambda: Trigrams(library),
    }


def _pieces(line: str) -> list[str]:
    return [padded[i : i + 3] for word in line.split() for padded in [f" {word} "] for i in range(len(padded) - 2)]
