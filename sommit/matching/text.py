"""Folding and cutting text so that case, accents and punctuation do not matter."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MAX_LENGTH = 200  # a till label has 20 to 40 characters; what is longer than this is not read
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "⁄": "/", "’": "'"})
_TOKEN = re.compile(r"\d+[.,]\d+[^\W_]*|\d/\d|[^\W\d_]{3,}(?=\d)|[^\W_]+")  # "GET27" is two words, "B52" one
_ARTICLES = ("l", "d", "a", "y")
_SHORTEST_OWNER = 4  # "BAILEY S", but not "THE S"
_AGE = re.compile(r"(\d{1,2})(a|ans?|yo|yrs?)")


class Token(NamedTuple):
    """A word of a text: folded, and whether an apostrophe or a dot touches it."""

    text: str
    after_apostrophe: bool = False
    before_dot: bool = False


def fold(text: str) -> str:
    """The text in lower case without accents, ligatures written out, cut at MAX_LENGTH characters."""
    text = text[:MAX_LENGTH]
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
        text = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LIGATURES)
    return text.lower()


def tokens(text: str) -> list[Token]:
    """The words of a text, folded, in order: "V.V." is one word, "Bailey's" too, "10A" is two."""
    folded = fold(text)
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        between, word = folded[end : match.start()], match[0].replace(",", ".")
        last = found[-1].text if found else ""
        if word == "s" and len(last) >= _SHORTEST_OWNER and between in ("'", " "):
            found[-1] = Token(last + word)
        elif age := _AGE.fullmatch(word):
            found += [Token(age[1]), Token("ans")]
        else:
            found.append(Token(word, between.endswith("'"), folded[match.end() : match.end() + 1] == "."))
        end = match.end()
    return _with_initials_joined(found)


def _with_initials_joined(found: list[Token]) -> list[Token]:
    """Make one word of "V S O P" and of "V.S.O.P."; articles, and a "V." that stands for a glass, stay apart."""
    joined: list[Token] = []
    run = False
    for token in found:
        letter = len(token.text) == 1 and token.text.isalpha() and token.text not in _ARTICLES
        glass = len(joined) == 1 and joined[0].text == "v" and joined[0].before_dot and not token.before_dot
        if letter and run and not glass:
            joined[-1] = Token(joined[-1].text + token.text, joined[-1].after_apostrophe, token.before_dot)
        else:
            joined.append(token)
        run = letter
    return joined


@lru_cache(maxsize=16384)  # producers, regions and categories come again and again
def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in order."""
    return tuple(token.text for token in tokens(text))


@lru_cache(maxsize=16384)
def label_key(text: str) -> str:
    """What two labels have in common when they only differ in case, accents or punctuation."""
    return " ".join(words(text))
