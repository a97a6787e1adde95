"""The words of a library, and which of them a label's word may mean: itself, cut, misspelt, without vowels."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, LCSseq

from sommit.matching.lexicon import lexicon
from sommit.matching.weights import WORDS

_MOST_ENDINGS = 400  # a beginning that fits more words than this says nothing
_SHORTEST_TYPO = 4
_SHORTEST_CUT_TYPO = 5
_TWO_TYPOS_FROM = 7
_SHORTEST_BONES = 3
_SHORTEST_HALF = 3
_VOWELS = str.maketrans("", "", "aeiouy")


class Vocabulary:
    """The words that the drinks of a library carry. Kept up to date word by word."""

    def __init__(self) -> None:
        self.places: dict[str, set[int]] = {}  # word -> the wines that carry it
        self._sorted: list[str] | None = None
        self._gaps: dict[str, list[str]] = {}  # word without one letter -> words
        self._bones: dict[str, list[str]] = {}  # word without vowels -> words
        self._known: dict[tuple[str, bool], tuple[str, ...]] = {}

    def add(self, word: str, place: int) -> None:
        """Note that the wine at `place` carries the word."""
        places = self.places.get(word)
        if places is not None:
            places.add(place)
            return
        self.places[word] = {place}
        self._known.clear()
        if self._sorted is not None:
            insort(self._sorted, word)
        for gap in _gaps(word):
            self._gaps.setdefault(gap, []).append(word)
        self._bones.setdefault(_bones(word), []).append(word)

    def remove(self, word: str, place: int) -> None:
        """Note that the wine at `place` no longer carries the word."""
        places = self.places[word]
        places.discard(place)
        if places:
            return
        del self.places[word]
        self._known.clear()
        if self._sorted is not None:
            del self._sorted[bisect_left(self._sorted, word)]
        for gap in _gaps(word):
            _drop(self._gaps, gap, word)
        _drop(self._bones, _bones(word), word)

    def like(self, word: str, last: bool) -> tuple[str, ...]:
        """The words that a label's word may mean, abbreviations of `words/` apart; `last`: it may be cut."""
        key = (word, last)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
            found = self._known[key] = tuple(dict.fromkeys(self._search(word, last)))
        return found

    def _search(self, word: str, last: bool) -> Iterator[str]:
        if word in self.places:
            yield word
        endings = list(self.starting_with(word)) if len(word) >= 2 else []
        if len(endings) <= _MOST_ENDINGS:
            yield from endings
        if word in self.places or (endings and last):
            return
        found = [one for one in self._one_letter_wrong(word) if quality(word, one, last)]
        if not found and not endings:
            found = [one for one in self._bones.get(_bones(word), ()) if quality(word, one, last)]
        if not found and not endings:
            found = self._two_letters_wrong(word)
        yield from found

    def glued(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The words that a label may have written as one: "POUILLYFUME", or "DELAROCHE" for la Roche."""
        if word in self.places or len(word) < 2 * _SHORTEST_HALF:
            return ()
        found: list[tuple[str, ...]] = []
        for cut in range(2, len(word) - _SHORTEST_HALF + 1):
            head, rest = word[:cut], word[cut:]
            if rest in self.places and head in lexicon().small:
                found.append((rest,))
            elif rest in self.places and head in self.places and cut >= _SHORTEST_HALF:
                found.append((head, rest))
        return tuple(found)

    def starting_with(self, beginning: str) -> Iterator[str]:
        """The longer words that begin so, in order."""
        if self._sorted is None:
            self._sorted = sorted(self.places)
        for at in range(bisect_left(self._sorted, beginning), len(self._sorted)):
            if not self._sorted[at].startswith(beginning):
                return
            if self._sorted[at] != beginning:
                yield self._sorted[at]

    def _one_letter_wrong(self, word: str) -> Iterator[str]:
        if len(word) < _SHORTEST_TYPO or not word.isalpha():
            return
        for gap in (word, *_gaps(word)):
            if gap in self.places:
                yield gap
            yield from self._gaps.get(gap, ())

    def _two_letters_wrong(self, word: str) -> list[str]:
        """The words of the same first letter at a distance of two: compared one by one, as a last resort."""
        if len(word) < _TWO_TYPOS_FROM or not word.isalpha():
            return []
        neighbours = list(self.starting_with(word[0]))
        found = process.extract(word, neighbours, scorer=OSA.distance, score_cutoff=2, limit=8)
        return [one for one, _, _ in found if quality(word, one, False)]


def _drop(index: dict[str, list[str]], key: str, word: str) -> None:
    index[key].remove(word)
    if not index[key]:
        del index[key]


@lru_cache(maxsize=1 << 17)
def quality(word: str, other: str, last: bool) -> float:
    """How well a word of the label fits a word of the cellar: 1 the same, 0 not at all."""
    if word == other:
        return 1.0
    if other.startswith(word):
        return _cut_quality(len(word), last)
    if word.isalpha() and other.isalpha():
        misspelt = _misspelt_quality(word, other, last)
        if misspelt:
            return misspelt
    if _same_bones(word, other, last):
        return WORDS["bones"]
    return WORDS["letters"] if _letters_of(word, other) else 0.0


def _misspelt_quality(word: str, other: str, last: bool) -> float:
    size = min(len(word), len(other))
    same_start = word[0] == other[0]
    if size < _SHORTEST_TYPO:
        near = size == _SHORTEST_TYPO - 1 and same_start and len(word) != len(other)
        return WORDS["typo_short"] if near and OSA.distance(word, other, score_cutoff=1) == 1 else 0.0
    longest = max(len(word), len(other))
    most = 2 if longest >= _TWO_TYPOS_FROM and size >= _SHORTEST_CUT_TYPO and same_start else 1
    wrong = OSA.distance(word, other, score_cutoff=most)
    if wrong <= most:
        return WORDS["typo" if wrong == 1 and same_start else "typos"]
    if last and len(word) >= _SHORTEST_CUT_TYPO and len(other) >= len(word):  # cut and misspelt
        beginnings = (other[: len(word)], other[: len(word) + 1], other[: len(word) - 1])
        if min(OSA.distance(word, one, score_cutoff=1) for one in beginnings) <= 1:
            return WORDS["typo"] * WORDS["cut"]
    return 0.0


def _cut_quality(letters: int, last: bool) -> float:
    if letters == 1:
        return WORDS["initial"]
    if letters < 4:
        return WORDS["cut_short"] if last else WORDS["cut_short"] * WORDS["shortened"]
    return WORDS["cut"] if last else WORDS["shortened"]


def _same_bones(word: str, other: str, last: bool) -> bool:
    """Whether the word is the other one less some vowels: "CHTNEUF", "BLNC"; or its beginning: "CHTNE"."""
    if len(word) < _SHORTEST_BONES or word[0] != other[0] or len(word) >= len(other):
        return False
    bones, others = _bones(word), _bones(other)
    same = bones == others or (last and len(bones) >= _SHORTEST_TYPO and others.startswith(bones))
    return same and LCSseq.similarity(word, other) == len(word)


def _letters_of(word: str, other: str) -> bool:
    """Whether the word is more than half of the other one's letters, in order: "CRZA" for crianza."""
    return (
        _SHORTEST_TYPO <= len(word) < len(other) < 2 * len(word)
        and word[0] == other[0]
        and LCSseq.similarity(word, other) == len(word)
    )


def _bones(word: str) -> str:
    return word[:1] + word[1:].translate(_VOWELS)


def _gaps(word: str) -> set[str]:
    if len(word) < _SHORTEST_TYPO:
        return set()
    return {word[:i] + word[i + 1 :] for i in range(len(word))}
