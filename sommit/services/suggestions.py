"""What the match engine proposes for each reference, prepared beforehand: opening the list computes nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite

from sommit import clock, matching
from sommit.extensions import db
from sommit.matching.text import words
from sommit.models import Drink, Suggestion, TillReference
from sommit.services import engines, memory, references, servings
from sommit.statements import built_once

#: How many runners-up a row can show.
KEPT = 5


def refresh(venue_id: int, reference_ids: Sequence[int] | None = None) -> int:
    """Compute the proposals of a venue's waiting references again, or of some of them; return how many.

    Called after a night, and after drinks were added or renamed from a file. A linked reference needs none, nor does an
    ignored one until it is reactivated.
    """
    engine, remembered = engines.of(venue_id), memory.of(venue_id)
    rows = [
        _row(reference, engine.propose(engines.as_label(reference), remembered))
        for reference in db.session.scalars(_waiting(venue_id, reference_ids).order_by(TillReference.id))
    ]
    if rows:
        db.session.execute(_upsert(), rows)
    return len(rows)


def refresh_around(drink: Drink) -> int:
    """Compute again the proposals that a new drink may change: where it has a word in common with the label.

    An engine that knows this drink alone tells which: twenty times as fast as asking the whole library for each.
    """
    alone, remembered = matching.Engine([engines.as_drink(drink)]), memory.of(drink.venue_id)
    waiting = db.session.scalars(_waiting(drink.venue_id, None))
    met = [one.id for one in waiting if alone.propose(engines.as_label(one), remembered).candidates]
    return refresh(drink.venue_id, met)


def refresh_naming(venue_id: int, word: str) -> int:
    """Compute again the proposals for the labels that say a word, after it was learned or forgotten."""
    waiting = db.session.scalars(_waiting(venue_id, None))
    return refresh(venue_id, [one.id for one in waiting if word in words(one.label)])


def search(venue_id: int, text: str, limit: int = 8) -> list[Drink]:
    """Return the drinks that fit what somebody is typing, best first."""
    found = [candidate.drink_id for candidate in engines.of(venue_id).search(text, limit)]
    drinks = {drink.id: drink for drink in db.session.scalars(*_drinks(found))} if found else {}
    return [drinks[int(drink_id)] for drink_id in found]


@built_once()
def _drinks(drink_ids: Any) -> Any:
    return select(Drink).where(Drink.id.in_(drink_ids))


def serving_for(reference: TillReference, drink: Drink, house: servings.House | None = None) -> int:
    """Return what one sale of a key probably takes from a drink, in millilitres.

    `house` is what the venue pours, for who asks of many drinks: without it, it is looked up.
    """
    house = house or servings.house(reference.venue_id)
    likely = matching.serving_for(engines.as_label(reference), engines.as_drink(drink), house.glass_ml)
    return likely.ml or drink.volume_ml


def _waiting(venue_id: int, reference_ids: Sequence[int] | None) -> Select[Any]:
    unanswered = TillReference.ignored_at.is_(None), ~references.is_linked(venue_id)
    query = select(TillReference).where(TillReference.venue_id == venue_id, *unanswered)
    return query if reference_ids is None else query.where(TillReference.id.in_(reference_ids))


def _upsert() -> Any:
    """Two refreshes at once, the night's and an answer's, write the same rows: the later one stands."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    table = Suggestion.__table__
    statement = dialect.insert(table)
    new = {column.name: statement.excluded[column.name] for column in table.columns}
    return statement.on_conflict_do_update(index_elements=["reference_id"], set_=new)


def _row(reference: TillReference, proposal: matching.Proposal) -> dict[str, Any]:
    best = proposal.candidates[0] if proposal.candidates and proposal.decision is not matching.Decision.NON else None
    return {
        "venue_id": reference.venue_id,
        "reference_id": reference.id,
        "decision": proposal.decision.value,
        "drink_id": best.drink_id if best else None,
        "serving_ml": proposal.serving.ml if best else None,
        "vintage": proposal.reading.vintage,
        "is_drink": proposal.is_drink,
        "candidates": [_shown(candidate) for candidate in proposal.candidates[:KEPT]],
        "computed_at": clock.now(),
    }


def _shown(candidate: matching.Candidate) -> dict[str, Any]:
    return {
        "drink_id": candidate.drink_id,
        "score": round(candidate.score, 3),
        "evidence": [[e.field, e.state.value, e.till, e.cellar] for e in candidate.evidence],
    }
