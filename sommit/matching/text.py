"""Folding text so that case, accents and punctuation do not matter."""

import re
import unicodedata

MAX_LENGTH = 200  # a till label has 20 to 40 characters; what is longer than this is not a label
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l"}
)


def fold(text: str) -> str:
    """The text in lower case without accents, ligatures written out, cut at MAX_LENGTH characters."""
    decomposed = unicodedata.normalize("NFKD", text[:MAX_LENGTH].translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in order."""
    return tuple(re.findall(r"[^\W_]+", fold(text)))
