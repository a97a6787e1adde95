"""How well a reading fits a wine of the library, word by word, then field by field."""

from dataclasses import dataclass
from functools import reduce
from heapq import nlargest
from operator import or_

from sommit.matching.lexicon import Phrase, lexicon
from sommit.matching.library import Library, Wine
from sommit.matching.terms import Part, Reading
from sommit.matching.vocabulary import quality
from sommit.matching.weights import FIELDS, WORDS

_WINES_COMPARED = 32
_LEAST = 0.01  # what said the serving may still belong to a name
_FOREIGN_WORD, _STRANGE_WORD = 3, 4  # letters; fewer may be anything
_SHORTEST_GLUED, _SHORTEST_HALF = 6, 3
_COMMON_WORD = 600  # a word that more wines carry brings no new candidate once there are enough


@dataclass(frozen=True, slots=True)
class Fit:
    """How a reading and a wine fit. `covered` of 1: the wine explains every word of the label."""

    wine: Wine
    covered: float
    said: float  # share of the wine's words, or of its name's alone, that the label says
    covered_uncut: float  # the same without the label's last word, which the till may have cut
    last_is_whole: bool  # the last word stands there in full
    foreign: int  # words of the label that belong to the cellar or the trade, but not to this wine
    strange: float  # words that are known nowhere, short ones by half
    misread: float  # how far the words that are explained are from being the same
    matched: float  # weight of those that it explains
    rarest: float  # weight of the rarest of the wine's words that the label says
    qualities: tuple[float, ...]  # for each part of the reading
    bits: tuple[int, ...]  # for each part, the bits of the wine's words that it says
    vintage: int | None  # the one the label says, unless the wine took the number for a name's
    conflict: float
    score: float


def compare(reading: Reading, library: Library) -> list[Fit]:
    """The wines that fit a reading best, best first, whatever the order of the library."""
    weights = part_weights(reading.parts, library)
    places = _candidates(reading.parts, weights, library)
    fits = [fit(reading, weights, library.wines[place], library) for place in places]
    fits.sort(key=lambda one: (-round(one.score, 9), one.wine.order))
    return fits


def part_weights(parts: tuple[Part, ...], library: Library) -> tuple[float, ...]:
    """What each part of a reading says: the rarer its likeliest meaning in the cellar, the more."""
    return tuple(_part_weight(part, library) for part in parts)


def _part_weight(part: Part, library: Library) -> float:
    vocabulary = library.vocabulary
    if part.optional:
        return 0.0
    if part.text in vocabulary.places:
        return library.weight(part.text)
    known = [
        max(library.weight(word) for word in meaning)
        for meaning in part.meanings
        if meaning and all(word in vocabulary.places or word in lexicon().counts_as for word in meaning)
    ]
    if known:
        return max(known)
    if part.text in lexicon().counts_as:
        return library.weight(part.text)
    alike = [
        library.weight(word)
        for word in vocabulary.like(part.text, part.last)[:50]
        if quality(part.text, word, part.last)
    ]
    return min(max(alike, default=1.0), library.weight_of_unknown(part.text))


def _candidates(parts: tuple[Part, ...], weights: tuple[float, ...], library: Library) -> list[int]:
    """The places of the wines worth comparing: those that carry the label's rarest words."""
    score: dict[int, float] = {}
    meanings = [_carriers(part, library) for part in parts]
    counts = [sum(len(carriers) for _, carriers in one) for one in meanings]
    for i in sorted(range(len(parts)), key=lambda one: (counts[one], parts[one].text)):
        worths = [(how_well * max(weights[i], _LEAST), carriers) for how_well, carriers in meanings[i]]
        if counts[i] > _COMMON_WORD and len(score) >= _WINES_COMPARED:
            worths = [(worth, carriers & score.keys()) for worth, carriers in worths]
        best: dict[int, float] = {}
        for worth, carriers in worths:
            for place in carriers:
                if worth > best.get(place, 0.0):
                    best[place] = worth
        for place, worth in best.items():
            score[place] = score.get(place, 0.0) + worth
    wines = library.wines
    return nlargest(_WINES_COMPARED, score, key=lambda place: (score[place], wines[place].order))


def _carriers(part: Part, library: Library) -> list[tuple[float, set[int]]]:
    """The wines that a part may mean, by how well the word that they carry fits it."""
    places = library.vocabulary.places
    found = [
        (WORDS["abbreviation"], set.intersection(*(places[word] for word in meaning)))
        for meaning in part.meanings
        if meaning and all(word in places for word in meaning)
    ]
    found += [
        (WORDS["typo"], set.intersection(*(places[word] for word in words)))
        for words in library.vocabulary.glued(part.text)
    ]
    for word in library.vocabulary.like(part.text, part.last):
        found.append((quality(part.text, word, part.last) or WORDS["bones"], places[word]))
    return found


def fit(reading: Reading, weights: tuple[float, ...], wine: Wine, library: Library) -> Fit:
    """How a reading fits one wine."""
    qualities, bits = _align(reading.parts, wine)
    used = reduce(or_, bits, 0)
    counted = [
        (part, weight, how_well)
        for part, weight, how_well in zip(reading.parts, weights, qualities, strict=True)
        if not part.optional and (how_well or not _is_vintage(part, wine))
    ]
    named_by_number = any(part.year and how_well for part, _, how_well in counted)
    matched_words = [library.weight(word) for word in wine.own if used & wine.words[word]]
    share = max(_said(wine.own, wine, used, library), _said(wine.name, wine, used, library))
    covered, conflict = _covered(counted), _conflict(reading, wine)
    missing = [part.text for part, _, how_well in counted if not (how_well or _cut_to_nothing(part, reading, library))]
    return Fit(
        wine=wine,
        covered=covered,
        said=share,
        covered_uncut=_covered([one for one in counted if not one[0].last]),
        last_is_whole=any(part.last and how_well == 1 for part, _, how_well in counted),
        foreign=sum(_is_foreign(word, wine, library) for word in missing),
        strange=sum(_strangeness(word) for word in missing if not library.knows(word)),
        misread=sum(weight * (1 - how_well) for _, weight, how_well in counted if how_well),
        matched=sum(weight * how_well for _, weight, how_well in counted),
        rarest=max(matched_words, default=0.0),
        qualities=qualities,
        bits=bits,
        vintage=None if named_by_number else reading.vintage,
        conflict=conflict,
        score=covered - FIELDS["unsaid"] * (1 - share) - conflict + _exactness(reading, wine, covered, share),
    )


def _is_vintage(part: Part, wine: Wine) -> bool:
    """Whether a number that the wine's name does not have is its vintage, rather than one more word."""
    return part.year and (wine.vintaged or len(part.text) == 4)


def _exactness(reading: Reading, wine: Wine, covered: float, share: float) -> float:
    """What a label earns that is the whole name and nothing else; a little more for the very same words."""
    if reading.words == wine.spelled:
        return FIELDS["same_words"]
    return FIELDS["whole_name"] if covered == 1.0 and share == 1.0 else 0.0


def _said(words: Phrase, wine: Wine, used: int, library: Library) -> float:
    """The share of a wine's words that the label says, by weight."""
    whole = sum(map(library.weight, words))
    return sum(library.weight(word) for word in words if used & wine.words[word]) / whole if whole else 0.0


def _cut_to_nothing(part: Part, reading: Reading, library: Library) -> bool:
    """Whether the till may have left too little of the last word to hold against a wine."""
    cut = part.last and reading.may_be_cut and len(part.text) <= _STRANGE_WORD
    return cut and part.text not in library.vocabulary.places


def _strangeness(word: str) -> float:
    return 1.0 if len(word) >= _STRANGE_WORD else 0.5 if len(word) >= _FOREIGN_WORD else 0.0


def _is_foreign(word: str, wine: Wine, library: Library) -> bool:
    """Known, but not of this wine; or a number, where the wine's name has another one."""
    if word.isdigit():
        return any(own.isdigit() for own in wine.own)
    return len(word) >= _FOREIGN_WORD and library.knows(word)


def _covered(counted: list[tuple[Part, float, float]]) -> float:
    total = sum(weight for _, weight, _ in counted)
    return sum(weight * how_well for _, weight, how_well in counted) / total if total else 0.0


def _align(parts: tuple[Part, ...], wine: Wine) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """For each part, how well the wine explains it, and the bits of the wine's words that do.

    The same word first, then an abbreviation, then what is closest among the words that are left.
    """
    qualities, bits = [0.0] * len(parts), [0] * len(parts)
    used = 0
    for i, part in enumerate(parts):
        if bit := wine.words.get(part.text, 0):
            qualities[i], bits[i], used = 1.0, bit, used | bit
    for i, part in enumerate(parts):
        if not qualities[i]:
            meant = max((_bits(meaning, wine, used) for meaning in part.meanings), default=0)
            if meant:
                qualities[i], bits[i], used = WORDS["abbreviation"], meant, used | meant
    for i, part in enumerate(parts):
        if not qualities[i] and not part.year:
            qualities[i], bits[i] = _closest(part, wine, used)
            used |= bits[i]
    return tuple(qualities), tuple(bits)


def _bits(meaning: Phrase, wine: Wine, used: int) -> int:
    """The bits of a meaning's words when the wine carries all of them, at least one not yet explained."""
    bits = 0
    for word in meaning:
        bit = wine.words.get(word)
        if bit is None:
            return 0
        bits |= bit
    return bits if bits & ~used else 0


def _closest(part: Part, wine: Wine, used: int) -> tuple[float, int]:
    best, best_bit = 0.0, 0
    only_cut = part.text in lexicon().not_drinks
    for word, bit in wine.words.items():
        if not used & bit and (not only_cut or word.startswith(part.text)):
            how_well = quality(part.text, word, part.last)
            if how_well > best:
                best, best_bit = how_well, bit
    if not best:
        bits = max((_bits(meaning, wine, used) for meaning in part.near), default=0)
        best, best_bit = (WORDS["typo"], bits) if bits else (0.0, 0)
    if best < WORDS["context"] and not part.optional:
        glued = 0 if only_cut else _glued(part.text, wine, used)
        if glued:
            return WORDS["typo"], glued
        best, best_bit = max((best, best_bit), (_context(part, wine), 0))
    return best, best_bit


def _glued(text: str, wine: Wine, used: int) -> int:
    """The bits of the wine's words that the label writes as one, an article among them or not."""
    if len(text) < _SHORTEST_GLUED:
        return 0
    small = lexicon().small
    for word, bit in wine.words.items():
        head = text.removesuffix(word)
        if len(head) == len(text) or used & bit or len(word) < _SHORTEST_HALF:
            continue
        other = wine.words.get(head, 0)
        if head in small or (other and not used & other):
            return bit | other
    return 0


def _context(part: Part, wine: Wine) -> float:
    """A word that is no part of the name may say where the wine comes from, its colour or its kind."""
    meant = [part.text, *(meaning[0] for meaning in part.meanings if len(meaning) == 1)]
    either = lexicon().either
    if any(not wine.words.keys().isdisjoint(either.get(word, ())) for word in meant):
        return 0.0
    if any(word in wine.context for word in meant):
        return WORDS["context"]
    kinds = lexicon().said_kinds
    return WORDS["kind_word"] if any(wine.kind in kinds.get(word, ()) for word in meant) else 0.0


def _conflict(reading: Reading, wine: Wine) -> float:
    lost = 0.0
    if reading.colour and wine.colour and reading.colour != wine.colour:
        lost += FIELDS["colour_differs"]
    if reading.kind and wine.kind and reading.kind != wine.kind:
        lost += FIELDS["kind_differs" if reading.kind_is_sure else "kind_unlikely"]
    return lost
