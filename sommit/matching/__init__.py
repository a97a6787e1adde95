"""From a till label to ranked drinks. Knows no database and no Flask."""

from sommit.matching.engine import Engine
from sommit.matching.evaluate import evaluate
from sommit.matching.memory import taught_by
from sommit.matching.reading import read
from sommit.matching.respelling import is_respelling
from sommit.matching.serving import serving_for
from sommit.matching.terms import (
    Candidate,
    Decision,
    Drink,
    DrinkId,
    Evidence,
    Label,
    Memory,
    Proposal,
    Reading,
    Serving,
    State,
)

__all__ = [
    "Candidate",
    "Decision",
    "Drink",
    "DrinkId",
    "Engine",
    "Evidence",
    "Label",
    "Memory",
    "Proposal",
    "Reading",
    "Serving",
    "State",
    "evaluate",
    "is_respelling",
    "read",
    "serving_for",
    "taught_by",
]
