"""What the match engine proposes for each reference, prepared beforehand: opening the list computes nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from sommit import clock, matching
from sommit.extensions import db
from sommit.models import Drink, Suggestion, TillReference
from sommit.services import till_links

#: How many runners-up a row can show.
KEPT = 5


def refresh(venue_id: int, reference_ids: Sequence[int] | None = None) -> int:
    """Compute the proposals of a venue's unlinked references again, or of some of them; return how many.

    Called after a night, and after a drink was added, renamed or archived.
    """
    references = list(db.session.scalars(_waiting(venue_id, reference_ids)))
    engine = engine_of(venue_id)
    db.session.execute(
        delete(Suggestion).where(
            Suggestion.venue_id == venue_id, Suggestion.reference_id.in_([r.id for r in references])
        )
    )
    rows = [_row(reference, engine.propose(as_label(reference))) for reference in references]
    if rows:
        db.session.execute(insert(Suggestion), rows)
    return len(rows)


def engine_of(venue_id: int) -> matching.Engine:
    """Return a match engine over a venue's library."""
    query = select(Drink).where(Drink.venue_id == venue_id, Drink.archived_at.is_(None)).order_by(Drink.id)
    return matching.Engine(as_drink(drink) for drink in db.session.scalars(query))


def search(venue_id: int, text: str, limit: int = 8) -> list[Drink]:
    """Return the drinks that fit what somebody is typing, best first."""
    found = [candidate.drink_id for candidate in engine_of(venue_id).search(text, limit)]
    drinks = {drink.id: drink for drink in db.session.scalars(select(Drink).where(Drink.id.in_(found)))}
    return [drinks[int(drink_id)] for drink_id in found]


def serving_for(reference: TillReference, drink: Drink) -> int:
    """Return what one sale of a key probably takes from a drink, in millilitres."""
    return matching.serving_for(as_label(reference), as_drink(drink)).ml or drink.volume_ml


def as_label(reference: TillReference) -> matching.Label:
    """Return a till reference as the engine reads it."""
    category = " ".join(part for part in (reference.category, reference.sub_category) if part)
    return matching.Label(reference.label, category, reference.price_cents)


def as_drink(drink: Drink) -> matching.Drink:
    """Return a drink as the engine knows it."""
    return matching.Drink(
        id=drink.id,
        name=drink.name,
        producer=drink.producer,
        appellation=drink.appellation,
        region=drink.region,
        country=drink.country,
        colour=drink.colour,
        vintage=drink.vintage,
        volume_ml=drink.volume_ml,
        category=drink.category,
        price_cents=drink.price_cents,
        glass_price_cents=drink.glass_price_cents,
    )


def _waiting(venue_id: int, reference_ids: Sequence[int] | None) -> Any:
    query = select(TillReference).where(TillReference.venue_id == venue_id, ~till_links.has_live_link(TillReference.id))
    return query if reference_ids is None else query.where(TillReference.id.in_(reference_ids))


def _row(reference: TillReference, proposal: matching.Proposal) -> dict[str, Any]:
    best = proposal.candidates[0] if proposal.candidates and proposal.decision is not matching.Decision.NON else None
    return {
        "venue_id": reference.venue_id,
        "reference_id": reference.id,
        "decision": proposal.decision.value,
        "drink_id": best.drink_id if best else None,
        "serving_ml": proposal.serving.ml if best else None,
        "vintage": proposal.reading.vintage,
        "candidates": [_shown(candidate) for candidate in proposal.candidates[:KEPT]],
        "computed_at": clock.now(),
    }


def _shown(candidate: matching.Candidate) -> dict[str, Any]:
    return {
        "drink_id": candidate.drink_id,
        "evidence": [[e.field, e.state.value, e.till, e.cellar] for e in candidate.evidence],
    }
