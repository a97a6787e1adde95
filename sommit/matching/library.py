"""The drinks of a library, gathered by wine (one name in its vintages and formats), with the words they carry."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sommit.matching.lexicon import Phrase, kept, lexicon, phrase
from sommit.matching.said import take_serving
from sommit.matching.serving import drink_kind
from sommit.matching.terms import Drink, DrinkId
from sommit.matching.text import tokens
from sommit.matching.text import words as plain_words
from sommit.matching.vocabulary import Vocabulary
from sommit.matching.weights import WORDS

USUAL_BOTTLE_ML = (700, 750)
_YEAR = re.compile(r"(?:19[3-9]|20[0-4])\d")


@dataclass(frozen=True, slots=True)
class Vintage:
    """One drink of a wine; vintage and volume are the drink's own, or those that its name tells."""

    drink: Drink
    year: int | None
    volume_ml: int | None


@dataclass(slots=True)
class Wine:
    """What the drinks of one name, producer, appellation, kind and colour have in common.

    `words` are compared, each with its bit in an alignment; `own` are the same without their other spellings,
    `name` those of the name, `spelled` the name as it is written, small words included.
    `context` is where it comes from and its colour. `order` decides between equals, so that nothing depends on
    the library's order.
    """

    order: str
    words: dict[str, int]
    own: Phrase
    name: Phrase
    spelled: tuple[str, ...]
    fields: dict[str, Phrase]
    kind: str
    colour: str
    vintaged: bool  # a number on a label can be its vintage, rather than "12 ans" or "n° 8"
    vintages: list[Vintage] = field(default_factory=list)
    context: frozenset[str] = frozenset()

    def see_context(self) -> None:
        """Gather where its drinks come from and their colour, after one came or went."""
        said = {
            word
            for drink in (one.drink for one in self.vintages)
            for text in (drink.region, drink.country, drink.colour, drink.category)
            for word in phrase(text)
        }
        self.context = frozenset(said - self.words.keys())


class Library:
    """An index of drinks that follows every change of one of them."""

    def __init__(self, drinks: Iterable[Drink]) -> None:
        self.vocabulary = Vocabulary()
        self.wines: dict[int, Wine] = {}
        self._place_of_wine: dict[tuple[str, ...], int] = {}
        self._wine_of_drink: dict[DrinkId, tuple[str, ...]] = {}
        self._weights: dict[str, float] = {}
        self._appellation_words: Counter[str] = Counter()
        self._next_place = 0
        for drink in drinks:
            self.add(drink)

    def __len__(self) -> int:
        return len(self._wine_of_drink)

    def add(self, drink: Drink) -> None:
        """Take in a drink, in place of the one of the same id if there is one."""
        if drink.id in self._wine_of_drink:
            self.remove(drink.id)
        name, vintage = _read_name(drink)
        key = (name, *(_plain(text) for text in (drink.producer, drink.appellation, drink.colour)), drink_kind(drink))
        place = self._place_of_wine.get(key)
        if place is None:
            place = self._place_of_wine[key] = self._next_place
            self._next_place += 1
            wine = self.wines[place] = _wine(key, name, drink)
            self._appellation_words.update(wine.fields["appellation"])
            for word in wine.words:
                self.vocabulary.add(word, place)
                self._weights.pop(word, None)
        self.wines[place].vintages.append(vintage)
        self.wines[place].see_context()
        self._wine_of_drink[drink.id] = key

    def remove(self, drink_id: DrinkId) -> None:
        """Forget a drink. Raises KeyError when it is not known."""
        key = self._wine_of_drink.pop(drink_id)
        place = self._place_of_wine[key]
        wine = self.wines[place]
        wine.vintages = [one for one in wine.vintages if one.drink.id != drink_id]
        if wine.vintages:
            wine.see_context()
            return
        del self.wines[place], self._place_of_wine[key]
        self._appellation_words.subtract(wine.fields["appellation"])
        for word in wine.words:
            self.vocabulary.remove(word, place)
            self._weights.pop(word, None)

    def wine_of(self, drink_id: DrinkId) -> Wine | None:
        """The wine that a drink is a vintage of, None when it is not in the library."""
        key = self._wine_of_drink.get(drink_id)
        return None if key is None else self.wines[self._place_of_wine[key]]

    def weight(self, word: str) -> float:
        """How much a word of the cellar says, from 1 (only one wine has it) towards 0."""
        weight = self._weights.get(word)
        if weight is None:
            count = max(len(self.vocabulary.places.get(word, ())), lexicon().counts_as.get(word, 1))
            weight = self._weights[word] = 1 / (1 + WORDS["common_discount"] * math.log(count))
        return weight

    def knows(self, word: str) -> bool:
        """Whether a word, as it is spelled, belongs to the cellar or to the trade."""
        book = lexicon()
        return word in self.vocabulary.places or word in book.counts_as or word in book.meanings

    def is_appellation(self, word: str) -> bool:
        """Whether some wine of the cellar has the word in its appellation."""
        return self._appellation_words[word] > 0

    def weight_of_unknown(self, word: str) -> float:
        """How much a label's word says that no wine of the cellar carries."""
        if word in lexicon().counts_as:
            return self.weight(word)
        return min(1.0, WORDS["short_word"] + (1 - WORDS["short_word"]) * (len(word) - 1) / 4)


def _read_name(drink: Drink) -> tuple[str, Vintage]:
    """The name's words without the vintage and volume that it may repeat, and the two."""
    said, left, taken = (
        take_serving(tokens(drink.name), drink_kind(drink)) if any(c.isdigit() for c in drink.name) else (None, [], [])
    )
    volume = drink.volume_ml
    if said is not None and said.ml is not None and not said.kind and not taken:
        words = [token.text for token in left]
        volume = volume or said.ml
    else:
        words = list(plain_words(drink.name))
    year = drink.vintage
    if len(words) > 1 and _YEAR.fullmatch(words[-1]) and year in (None, int(words[-1])):
        year = int(words.pop())
    return " ".join(words), Vintage(drink, year, volume)


def _wine(key: tuple[str, ...], name: str, drink: Drink) -> Wine:
    fields = {"producer": phrase(drink.producer), "appellation": phrase(drink.appellation)}
    known = set(fields["producer"]) | set(fields["appellation"])
    named = phrase(name)
    fields["name"] = tuple(word for word in named if word not in known)
    own = tuple(dict.fromkeys((*named, *fields["producer"], *fields["appellation"])))
    if not own:
        own = tuple(dict.fromkeys(plain_words(name)))
    bits = {word: 1 << i for i, word in enumerate(own)}
    spelled = [word for text in (name, drink.producer, drink.appellation) for word in plain_words(text)]
    words = bits | {word: bits[kept(word)] for word in spelled if kept(word) in bits}
    colour = next((lexicon().colours[word] for word in plain_words(drink.colour) if word in lexicon().colours), "")
    return Wine(
        order="\0".join(key),
        words=words,
        own=own,
        spelled=plain_words(name),
        name=tuple(word for word in own if word in named),
        fields=fields,
        kind=key[-1],
        colour=colour,
        vintaged=key[-1] == "wine" and "ans" not in words,
    )


def _plain(text: str) -> str:
    return " ".join(plain_words(text))
