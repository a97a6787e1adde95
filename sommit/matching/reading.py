"""Reading a till label: what is left of it once vintage, serving and asides are set apart."""

import re
from collections.abc import Mapping

from sommit.matching.lexicon import Phrase, kept, kind_of, lexicon, nearly, phrase
from sommit.matching.said import Said, take_asides, take_serving
from sommit.matching.serving import resolve
from sommit.matching.terms import Label, Part, Reading
from sommit.matching.text import Token, tokens

_FULL_YEAR = re.compile(r"19[3-9]\d|20[0-4]\d")
_SHORT_YEAR = re.compile(r"\d\d")
_CUT_YEAR = re.compile(r"2|19\d|20[0-4]")  # "BEAUCASTEL 2": the till has cut "2011"
_LAST_CENTURY_FROM = 50  # '90 is 1990, '12 is 2012
_CUT_FROM_LENGTH = 18  # tills cut their labels at 20 characters and more
_LARGEST_MEASURE_ML = 60
_AGE_WORDS = ("ans", "years", "year")
_KIND_BY_SERVING = {
    "pint": "beer", "half_pint": "beer", "galopin": "beer",
    "shot": "spirit", "double": "spirit", "baby": "spirit",
    "carafe": "wine", "half_bottle": "wine", "magnum": "wine", "jeroboam": "wine", "mathusalem": "wine",
}  # fmt: skip


def read(label: Label, abbreviations: Mapping[str, str] | None = None) -> Reading:
    """What a label says. `abbreviations` are those that a venue has taught: word -> what it stands for."""
    all_words = tokens(label.text)
    category_kind = kind_of(label.category)
    said, left, serving_words = take_serving(all_words, category_kind)
    left, asides = take_asides(left)
    vintage, year_at = _find_vintage(left)
    left = _without_cut_year(left, vintage, label.text)
    taught = {kept(short): phrase(long) for short, long in (abbreviations or {}).items()}
    last = max((i for i, token in enumerate(left) if i != year_at), default=-1)
    parts = [_part(token, i == last, i == year_at, taught) for i, token in enumerate(left)]
    optional = [Part(kept(t.text), optional=True) for t in serving_words + asides]
    weighty = tuple(part for part in parts if part.text not in lexicon().small) or tuple(parts)
    sure_kind = category_kind or _kind_of_asides(asides)
    kind = sure_kind or _kind_hinted(said)
    return Reading(
        words=tuple(token.text for i, token in enumerate(left) if i != year_at),
        vintage=vintage,
        serving=resolve(said, kind or "wine", None, label) if said else None,
        serving_word=said.kind if said else "",
        written_ml=said.ml if said else None,
        colour=_colour(left, label.category),
        kind=kind,
        kind_is_sure=bool(sure_kind),
        not_a_drink=_not_a_drink(left),
        category_is_food=bool(category_kind == "" and _not_a_drink(tokens(label.category))),
        may_be_cut=len(label.text.strip()) >= _CUT_FROM_LENGTH,
        parts=weighty + tuple(optional),
    )


def read_typed(text: str) -> Reading:
    """What somebody is typing in a search: every word may be unfinished, nothing is a serving."""
    found = [token for token in tokens(text) if token.text not in lexicon().small] or tokens(text)
    years = [token for token in found[1:] if _FULL_YEAR.fullmatch(token.text)]
    return Reading(
        words=tuple(token.text for token in found),
        vintage=int(years[-1].text) if years else None,
        parts=tuple(_part(token, True, token in years, {}) for token in found),
    )


def _find_vintage(left: list[Token]) -> tuple[int | None, int]:
    """The vintage and the place of its word: the last number that can be one, never the first word."""
    for place in range(len(left) - 1, 0, -1):
        text = left[place].text
        following = left[place + 1].text if place + 1 < len(left) else ""
        if _FULL_YEAR.fullmatch(text):
            return int(text), place
        if _SHORT_YEAR.fullmatch(text) and following not in _AGE_WORDS:
            year = int(text)
            return year + (1900 if year >= _LAST_CENTURY_FROM else 2000), place
    return None, -1


def _without_cut_year(left: list[Token], vintage: int | None, text: str) -> list[Token]:
    cut = vintage is None and len(left) > 1 and len(text) >= _CUT_FROM_LENGTH
    return left[:-1] if cut and _CUT_YEAR.fullmatch(left[-1].text) else left


def _part(token: Token, last: bool, year: bool, taught: dict[str, Phrase]) -> Part:
    text = kept(token.text)
    meanings = lexicon().meanings.get(token.text, ())
    if last and text != token.text:  # "STE" at the end may be the start of Stellenbosch
        text, meanings = token.text, ((text,), *meanings)
    if text in taught:
        meanings = (taught[text], *meanings)
    near = () if meanings or not token.text.isalpha() else nearly(token.text)
    return Part(text, meanings, near, last=last, year=year)


def _kind_of_asides(asides: list[Token]) -> str:
    return "cocktail" if any(t.text in ("ckt", "cocktail") for t in asides) else ""


def _kind_hinted(said: Said | None) -> str:
    """What is usually sold in such a serving: a pint is beer, 4 cl is a spirit."""
    if said is None:
        return ""
    measure = said.ml is not None and said.ml <= _LARGEST_MEASURE_ML
    return "spirit" if measure else _KIND_BY_SERVING.get(said.kind, "")


def _colour(left: list[Token], category: str) -> str:
    """The one colour that the label says, spelled out or abbreviated, else the category's."""
    book = lexicon()
    found = set()
    for token in left:
        meanings = book.meanings.get(token.text, ((token.text,),))
        meant = {book.colours[one[0]] for one in meanings if len(one) == 1 and one[0] in book.colours}
        if len(meant) == 1:
            found |= meant
    if not found:
        found = {book.colours[t.text] for t in tokens(category) if t.text in book.colours}
    return found.pop() if len(found) == 1 else ""


def _not_a_drink(words: list[Token]) -> str:
    """What the first word that is no drink says: "food" or "till"."""
    named = lexicon().not_drinks
    return next((named[token.text] for token in words if token.text in named), "")
