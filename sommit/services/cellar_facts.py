"""What people write down of the cellar: counts, deliveries, losses. Facts are only ever added, never edited."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from sommit import clock
from sommit.extensions import db
from sommit.models import Count, Delivery, Drink, Loss
from sommit.refusals import N_, Refusal
from sommit.services import library
from sommit.statements import built_once

MOST_ML = 1_000_000 * library.MAX_VOLUME_ML  # a million kegs
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MAX_REASON = 200

Fact = Count | Delivery | Loss
F = TypeVar("F", Count, Delivery, Loss)


class BadQuantity(Refusal):
    """A quantity that no cellar holds."""

    sentence = N_("Indiquez une quantité, par exemple 11 ou 2,3.")
    field = "quantity"


class NothingMoved(Refusal):
    """A delivery or a loss of nothing."""

    sentence = N_("Indiquez une quantité plus grande que zéro.")
    field = "quantity"


class Ahead(Refusal):
    """A fact that has not happened yet."""

    sentence = N_("Ce moment n’est pas encore passé. Indiquez quand cela a eu lieu.")
    field = "at"


class LongAgo(Refusal):
    """A fact of another century: a year that was not typed to its end."""

    sentence = N_("Cette date est trop ancienne : vérifiez l’année.")
    field = "at"


class LongReason(Refusal):
    """A reason that is a letter."""

    sentence = N_("La raison tient en 200 caractères.")
    field = "reason"


def count(
    drink: Drink, *, quantity_ml: int, at: datetime | None = None, by: int | None = None, seen: int | None = None
) -> Count:
    """Record what somebody found in the cellar, in millilitres. It absorbs everything that happened before `at`.

    Without `at` it was now. `seen` is the latest count when the form was drawn (`last_id`): the same fact after that is
    a second tap, and is returned instead of being added again. Raises BadQuantity, Ahead, LongAgo.
    """
    return _recorded(Count, drink, seen, quantity_ml=quantity_ml, at=at, created_by=by)


def deliver(
    drink: Drink, *, quantity_ml: int, at: datetime | None = None, by: int | None = None, seen: int | None = None
) -> Delivery:
    """Record what came in, in millilitres; `at` and `seen` as for a count. Raises NothingMoved too."""
    return _recorded(Delivery, drink, seen, quantity_ml=_moved(quantity_ml), at=at, created_by=by)


def lose(
    drink: Drink,
    *,
    quantity_ml: int,
    reason: str = "",
    at: datetime | None = None,
    by: int | None = None,
    seen: int | None = None,
) -> Loss:
    """Record what went without being sold, in millilitres, and why; `at` and `seen` as for a count.

    Raises NothingMoved and LongReason too.
    """
    if len(reason) > MAX_REASON:
        raise LongReason()
    return _recorded(Loss, drink, seen, quantity_ml=_moved(quantity_ml), at=at, created_by=by, reason=reason)


def last_id(kind: type[Fact], drink: Drink) -> int:
    """Return the number of a drink's latest fact of a kind, 0 without one: what a form has seen when it is drawn."""
    return int(db.session.scalar(*_LAST[kind](drink.venue_id, drink.id)))


def _last(kind: type[Fact]) -> Any:
    @built_once()
    def query(venue_id: Any, drink_id: Any) -> Any:
        return select(func.coalesce(func.max(kind.id), 0)).where(kind.venue_id == venue_id, kind.drink_id == drink_id)

    return query


_LAST = {kind: _last(kind) for kind in (Count, Delivery, Loss)}


def _of(kind: type[Fact], drink: Drink) -> tuple[Any, ...]:
    return kind.venue_id == drink.venue_id, kind.drink_id == drink.id


def _recorded(kind: type[F], drink: Drink, seen: int | None, *, at: datetime | None, **said: Any) -> F:
    now = clock.now()
    _check(said["quantity_ml"], at or now, now)
    if twin := None if seen is None else _twin(kind, drink, seen, said):
        return twin
    fact = kind(venue_id=drink.venue_id, drink_id=drink.id, at=at or now, created_at=now, **said)
    db.session.add(fact)
    db.session.flush()
    return fact


def _twin(kind: type[F], drink: Drink, seen: int, said: dict[str, Any]) -> F | None:
    """The fact that the same form has brought before; of two taps at once the second waits for the first."""
    db.session.execute(select(Drink.id).where(Drink.id == drink.id).with_for_update())
    same = (getattr(kind, name) == value for name, value in said.items())
    found: F | None = db.session.scalar(select(kind).where(*_of(kind, drink), kind.id > seen, *same).limit(1))
    return found


def _check(quantity_ml: int, at: datetime, now: datetime) -> None:
    if not 0 <= quantity_ml <= MOST_ML:
        raise BadQuantity()
    if at > now:
        raise Ahead()
    if at < EARLIEST:
        raise LongAgo()


def _moved(quantity_ml: int) -> int:
    if quantity_ml == 0:
        raise NothingMoved()
    return quantity_ml
