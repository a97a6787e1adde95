"""Whether two labels of one key still name the same thing: a respelling passes, another drink does not."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from sommit.matching.lexicon import lexicon
from sommit.matching.reading import read
from sommit.matching.terms import Label, Part, Reading
from sommit.matching.text import words

_ENOUGH = 2 / 3  # of the words that tell one drink from another
_OTHER_SERVING = 1.5  # a glass of 12 or of 15 cl is a glass; a pint is no half pint
_SHORTEST_START, _SHORTEST_TYPO = 3, 5
_VOWELS = frozenset("aeiouy")


def is_respelling(before: str, after: str) -> bool:
    """Return whether two labels may name the same drink in the same serving.

    Case, accents, abbreviations, a vintage and what one of the two leaves out do not matter. Another colour, another
    serving, or other words than the shorter label's do.
    """
    if "".join(words(before)) == "".join(words(after)):
        return True
    old, new = read(Label(before)), read(Label(after))
    if _other_serving(old, new) or (old.colour and new.colour and old.colour != new.colour):
        return False
    shorter, longer = sorted(_telling(old, new), key=len)
    shared = sum(any(_alike(one, other) for other in longer) for one in shorter)
    return bool(shorter) and shared >= _ENOUGH * len(shorter)


def _other_serving(old: Reading, new: Reading) -> bool:
    if old.serving is None or new.serving is None:
        return False
    written = old.written_ml or new.written_ml
    if old.serving_word and new.serving_word and old.serving_word != new.serving_word and not written:
        return True
    small, large = sorted((old.serving.ml or 0, new.serving.ml or 0))
    return bool(small) and large >= _OTHER_SERVING * small


def _telling(old: Reading, new: Reading) -> list[list[Part]]:
    """The words of both labels that tell a drink from others; where one has none of these, all of its words."""
    weighty = [[part for part in reading.parts if not (part.optional or part.year)] for reading in (old, new)]
    telling = [[part for part in parts if part.text not in lexicon().colours] for parts in weighty]
    return telling if all(telling) else weighty


def _meant(part: Part) -> Iterable[str]:
    return (word for phrase in (*part.meanings, *part.near) for word in phrase)


def _alike(one: Part, other: Part) -> bool:
    if not {one.text, *_meant(one)}.isdisjoint({other.text, *_meant(other)}):
        return True
    short, long = sorted((one.text, other.text), key=len)
    if len(short) < _SHORTEST_START or short[0] != long[0] or not short.isalpha():
        return False
    typo = len(short) >= _SHORTEST_TYPO and OSA.distance(short, long, score_cutoff=1) <= 1
    return typo or long.startswith(short) or _without_vowels(short, long)


def _without_vowels(short: str, long: str) -> bool:
    """Whether a word is another one without its vowels, or without some of its letters: "mrgn", "chbls"."""
    letters = iter(long)
    return _VOWELS.isdisjoint(short[1:]) and all(letter in letters for letter in short)
