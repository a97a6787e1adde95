"""Reading a till label."""

import re

from sommit.matching.serving import said_serving
from sommit.matching.terms import Label, Reading
from sommit.matching.text import words

_YEAR = re.compile(r"(19[4-9]\d|20[0-4]\d)$")
_COLOURS = {"rouge": "rouge", "rge": "rouge", "blanc": "blanc", "blc": "blanc", "rose": "rosé"}


def read(label: Label) -> Reading:
    """What a label says: its words without vintage and serving, and those two apart."""
    serving, rest = said_serving(label.text)
    tokens = words(rest)
    years = [int(token) for token in tokens if _YEAR.fullmatch(token)]
    colours = [_COLOURS[token] for token in tokens if token in _COLOURS]
    return Reading(
        words=tuple(token for token in tokens if not _YEAR.fullmatch(token)),
        vintage=years[-1] if years else None,
        serving=serving,
        colour=colours[0] if colours else "",
    )
