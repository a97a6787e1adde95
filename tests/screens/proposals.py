"""Proposals as the engine would keep them, without asking it."""

from collections.abc import Sequence
from typing import Any

from sommit.extensions import db
from sommit.models import Drink, Suggestion, TillReference
from tests import factories


def _candidate(drink: Drink, evidence: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"drink_id": drink.id, "score": 1.0, "evidence": [list(one) for one in evidence]}


def suggest(
    reference: TillReference,
    drink: Drink,
    *others: Drink,
    decision: str = "oui",
    serving_ml: int = 125,
    vintage: int | None = None,
    evidence: Sequence[Sequence[str]] = (),
) -> Suggestion:
    """Keep a proposal; `others` are the runners-up."""
    made = Suggestion(
        venue_id=reference.venue_id,
        reference_id=reference.id,
        decision=decision,
        drink_id=drink.id,
        serving_ml=serving_ml,
        vintage=vintage,
        candidates=[_candidate(one, evidence) for one in (drink, *others)],
        computed_at=factories.NOW,
    )
    db.session.add(made)
    db.session.commit()
    return made
