"""The shortest path through the list: how much of the CA boissons is linked, and how many answers bring it to 90 %.

"CA boissons" is the turnover of the references that are not ignored and that the match engine does not take for food or
a line of the till; a linked one is a drink.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, true

from sommit.extensions import db
from sommit.models import Suggestion, TillReference
from sommit.services import references, sold
from sommit.statements import built_once

ENOUGH = 90  # percent: what is left then can wait


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the list stands. Money in cents."""

    drink_cents: int
    linked_cents: int
    answers: int  # still needed, in the list's order
    last: int | None  # the reference whose answer brings it to ENOUGH
    no_drinks: int  # references that wait and that the engine takes for food or a line of the till


def of(venue_id: int) -> Coverage:
    """Return how far a venue's list is. Three statements at most, whatever the number of references and nights."""
    sums, linked_cents, no_drinks, waiting = sold.of(venue_id), 0, 0, []
    for reference_id, label, linked, drink in db.session.execute(*_answerable(venue_id)):
        sum_ = sums.get(reference_id, sold.NOTHING)
        if linked:
            linked_cents += sum_.turnover_cents
        elif drink:
            place = references.place(sum_.sales > 0, sum_.turnover_cents, label, reference_id)
            waiting.append((place, reference_id, sum_.turnover_cents))
        else:
            no_drinks += 1
    in_order = [(reference_id, cents) for _, reference_id, cents in sorted(waiting)]
    drink_cents = linked_cents + sum(cents for _, cents in in_order)
    answers, last = _answers(in_order, linked_cents, drink_cents)
    return Coverage(drink_cents, linked_cents, answers, last, no_drinks)


@built_once()
def _answerable(venue_id: Any) -> Any:
    is_linked, is_drink = references.is_linked(venue_id), func.coalesce(Suggestion.is_drink, true())
    return (
        select(TillReference.id, TillReference.label, is_linked, is_drink)
        .outerjoin(Suggestion, Suggestion.reference_id == TillReference.id)
        .where(TillReference.venue_id == venue_id, TillReference.ignored_at.is_(None))
    )


def _answers(in_order: Iterable[tuple[int, int]], linked_cents: int, drink_cents: int) -> tuple[int, int | None]:
    """How many of the rows (id, cents) it takes, and the id of the last one."""
    number, last = 0, None
    for reference_id, cents in in_order:
        if linked_cents * 100 >= drink_cents * ENOUGH:
            break
        linked_cents, number, last = linked_cents + cents, number + 1, reference_id
    return number, last
