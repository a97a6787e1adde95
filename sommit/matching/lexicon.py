"""The word lists of `words/`, read once. They are written to be read and mended by somebody behind a bar."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from sommit.matching.text import fold, words

_FOLDER = Path(__file__).with_name("words")
_SHORTEST_NEAR, _LONGEST_NEAR = 3, 5
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The trade's words, folded, each in the spelling that `same.toml` keeps."""

    same: dict[str, str]
    meanings: dict[str, tuple[Phrase, ...]]  # abbreviation -> what it may stand for
    small: frozenset[str]
    counts_as: dict[str, int]  # common word -> drinks that it counts for at least
    said_kinds: dict[str, frozenset[str]]  # "vodka" -> {"spirit"}
    category_kinds: dict[str, str]  # word of a category -> kind
    category_servings: dict[str, str]  # word of a category -> kind of serving
    colours: dict[str, str]
    either: dict[str, frozenset[str]]  # "brune" -> the words that contradict it
    not_drinks: dict[str, str]  # "fromage" -> "food", "remise" -> "till"


def kept(word: str) -> str:
    """The spelling under which a folded word is compared."""
    return lexicon().same.get(word, word)


@lru_cache(maxsize=16384)
def phrase(text: str) -> Phrase:
    """The words of a text that carry weight, each in its kept spelling."""
    book = lexicon()
    return tuple(book.same.get(word, word) for word in words(text) if word not in book.small)


@lru_cache(maxsize=1024)
def kind_of(category: str) -> str:
    """The kind of drink that a category's name tells ("Vins au verre" -> "wine"), or ""."""
    kinds = lexicon().category_kinds
    found = [kinds[word] for word in words(category) if word in kinds]
    surest = [kind for kind in ("cocktail", "spirit") if kind in found]  # "Eaux de vie" is no water
    return (surest + found)[0] if found else ""


@lru_cache(maxsize=8192)
def nearly(word: str) -> tuple[Phrase, ...]:
    """What a misspelt abbreviation may stand for: "CHTT", "BDDB"."""
    if not _SHORTEST_NEAR <= len(word) <= _LONGEST_NEAR:
        return ()
    meanings = lexicon().meanings
    near = [
        short
        for short in meanings
        if len(short) >= _SHORTEST_NEAR and short[0] == word[0] and OSA.distance(word, short, score_cutoff=1) == 1
    ]
    return tuple(dict.fromkeys(meaning for short in near for meaning in meanings[short]))


@cache
def lexicon() -> Lexicon:
    """All the word lists."""
    same = {word: group[0] for group in table("same")["groups"] for word in group}
    common, kinds = table("common"), table("kinds")
    small = frozenset(common["small"].split())

    def meaning(text: str) -> Phrase:
        return tuple(same.get(word, word) for word in words(text) if word not in small)

    return Lexicon(
        same=same,
        meanings={
            fold(short): tuple(meaning(one) for one in ([long] if isinstance(long, str) else long))
            for short, long in table("abbreviations").items()
        },
        small=small,
        counts_as=_largest(same, common["counts_as"]),
        said_kinds=_kinds_by_word(same, kinds["kind"]),
        category_kinds=_by_word({kind: lists["categories"] for kind, lists in kinds["kind"].items()}),
        category_servings=_by_word(kinds["category_serving"]),
        colours=_by_word(kinds["colour"]),
        either={
            word: frozenset(group.split()) - {word} for group in kinds["either"]["groups"] for word in group.split()
        },
        not_drinks=_by_word(table("not_drinks")),
    )


def table(name: str) -> dict[str, Any]:
    """One file of `words/`."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _by_word(lists: dict[str, str]) -> dict[str, str]:
    return {fold(word): name for name, text in lists.items() for word in text.split()}


def _largest(same: dict[str, str], lists: dict[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for count, text in lists.items():
        for word in text.split():
            key = same.get(word, word)
            found[key] = max(found.get(key, 0), int(count))
    return found


def _kinds_by_word(same: dict[str, str], kinds: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for kind, lists in kinds.items():
        for word in lists["said"].replace("-", " ").split():
            key = same.get(word, word)
            found[key] = found.get(key, frozenset()) | {kind}
    return found
