"""What one venue has taught: refused pairs, confirmed labels, abbreviations. Given as data, never kept here."""

from functools import lru_cache

from sommit.matching.library import Library
from sommit.matching.reading import read
from sommit.matching.scoring import fit, part_weights
from sommit.matching.terms import Drink, DrinkId, Label, Memory
from sommit.matching.text import label_key, tokens

_LONGEST_ABBREVIATION = 6
_MOST_WORDS = 4


def refused_for(label: Label, memory: Memory) -> frozenset[DrinkId]:
    """The drinks that were refused for this label, however it is spelled today."""
    key = label_key(label.text)
    return frozenset(drink_id for text, drink_id in memory.refused if label_key(text) == key)


def confirmed_for(label: Label, memory: Memory) -> dict[DrinkId, str]:
    """The drinks confirmed for this label, or for one that only differs in its serving, with that label."""
    key, core = label_key(label.text), _core(label.text)
    found = [pair for pair in memory.confirmed if label_key(pair[0]) == key]
    if not found and core[0]:
        found = [pair for pair in memory.confirmed if _core(pair[0]) == core]
    return {drink_id: text for text, drink_id in sorted(found, key=str)}


def taught_by(label: Label, drink: Drink) -> dict[str, str]:
    """The abbreviation that linking a label to a drink would teach: at most one, to be shown before it is kept.

    It is taught when one short word of the label stays unexplained and its letters are those, in order, of
    words of the name that the label leaves out.
    """
    reading, library = read(label), Library([drink])
    wine = library.wine_of(drink.id)
    if wine is None:
        return {}
    how = fit(reading, part_weights(reading.parts, library), wine, library)
    left = [
        part.text
        for part, how_well in zip(reading.parts, how.qualities, strict=True)
        if not how_well and not part.optional and not part.year
    ]
    if len(left) != 1 or not left[0].isalpha() or not 1 < len(left[0]) <= _LONGEST_ABBREVIATION:
        return {}
    said = {word for word, bit in wine.words.items() if any(bit & bits for bits in how.bits)}
    meant = _meaning(left[0], [token.text for token in tokens(drink.name)], said)
    return {left[0]: meant} if meant else {}


def _meaning(short: str, name: list[str], said: set[str]) -> str:
    """The first run of words that the label leaves out and that the abbreviation's letters run through."""
    for start, word in enumerate(name):
        if word in said or word[0] != short[0]:
            continue
        for end in range(start + 1, min(len(name), start + _MOST_WORDS) + 1):
            run = name[start:end]
            if said.isdisjoint(run) and _runs_through(short, run):
                return " ".join(run)
    return ""


def _runs_through(short: str, run: list[str]) -> bool:
    """Whether the letters stand in the words in order, the first letter of each long word among them."""
    letters = iter("".join(run))
    initials = [word[0] for word in run if len(word) > 2]
    left = iter(short)
    return all(letter in letters for letter in short) and all(initial in left for initial in initials)


@lru_cache(maxsize=16384)
def _core(text: str) -> tuple[tuple[str, ...], int | None]:
    """A label's words whatever their order, and its vintage; nothing when it has no word of its own."""
    reading = read(Label(text))
    return (tuple(sorted(reading.words)), reading.vintage) if reading.words else ((), None)
