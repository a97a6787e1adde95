"""Standing rules over the till's categories: what waits in one is ignored, new keys arrive ignored, until revoked.

A linked key is never touched, nor is one that somebody ignored by hand: that one stays ignored when the rule goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.exc import IntegrityError

from sommit import clock
from sommit.extensions import db
from sommit.models import Act, IgnoredCategory, Suggestion, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import acts, references, sold, suggestions


class NoSuchCategory(Refusal):
    """Nothing of this category waits, or the venue has no such rule."""

    sentence = N_("Rien de cette catégorie n’attend de réponse.")


class ChangedCategory(Refusal):
    """The list has changed since the effect was shown."""

    sentence = N_("La catégorie « %(category)s » a changé entre-temps. Voici ce qu’elle contient maintenant.")


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the till and what a rule does to it, or did (`rule`). The turnover, in cents, does not change."""

    name: str
    references: int
    sold: int
    turnover_cents: int
    no_drinks: int  # of the references, those that the engine takes for food or a line of the till
    rule: IgnoredCategory | None = None


def waiting(venue_id: int) -> list[Category]:
    """Return the categories of what waits for an answer, those with most that is no drink first."""
    query = (
        select(TillReference.category, TillReference.id, func.coalesce(Suggestion.is_drink, true()))
        .outerjoin(Suggestion, Suggestion.reference_id == TillReference.id)
        .where(_is_waiting(venue_id), TillReference.category != "")
    )
    by_name: dict[str, list[tuple[int, bool]]] = {}
    for category, reference_id, is_drink in db.session.execute(query):
        by_name.setdefault(category, []).append((reference_id, is_drink))
    sums = sold.of(venue_id)
    found = [_category(name, keys, sums) for name, keys in by_name.items()]
    return sorted(found, key=lambda one: (-one.no_drinks, -one.turnover_cents, one.name))


def standing(venue_id: int) -> list[Category]:
    """Return the rules that hold, each with what it ignores, by name."""
    rules = (IgnoredCategory.venue_id == venue_id, IgnoredCategory.revoked_at.is_(None))
    found = list(db.session.scalars(select(IgnoredCategory).where(*rules).order_by(IgnoredCategory.category)))
    query = select(TillReference.ignored_by_rule, TillReference.id).where(
        TillReference.venue_id == venue_id,
        TillReference.ignored_at.is_not(None),
        TillReference.ignored_by_rule.in_([rule.id for rule in found]),
    )
    keys: dict[int, list[tuple[int, bool]]] = {}
    for rule_id, reference_id in db.session.execute(query) if found else ():
        keys.setdefault(rule_id, []).append((reference_id, True))
    sums = sold.of(venue_id) if found else {}
    return [_category(rule.category, keys.get(rule.id, []), sums, rule) for rule in found]


def ignore(venue_id: int, category: str, *, shown: int, by: int | None) -> Act | None:
    """Set the rule over a category, of which `shown` references were said to leave the list; return the act.

    Where the rule is there already nothing changes, and there is no act. Raises NoSuchCategory, ChangedCategory.
    """
    if category in _by_name(venue_id):
        return None
    of_it = select(TillReference).where(_is_waiting(venue_id), TillReference.category == category)
    found = list(db.session.scalars(of_it)) if category else []
    if not found:
        raise NoSuchCategory()
    with acts.recorded(venue_id, "ignore_category", found, by=by) as recording:
        ids = [one.id for one in found]
        # Asked again, now that nobody else can answer for them.
        held = list(db.session.scalars(of_it.where(TillReference.id.in_(ids))))
        if len(held) != shown:
            raise ChangedCategory(category=category)
        rule = IgnoredCategory(venue_id=venue_id, category=category, created_at=clock.now(), created_by=by)
        _keep(rule)
        for reference in held:
            reference.ignored_at, reference.ignored_by_rule = rule.created_at, rule.id
            reference.version += 1
        recording.rule(rule)
    return recording.act


def revoke(venue_id: int, rule_id: int, *, by: int | None) -> Act | None:
    """Revoke a rule: what it ignored comes back into the list; return the act, None where it was revoked already.

    Raises NoSuchCategory, also for another venue's rule.
    """
    mine = IgnoredCategory.venue_id == venue_id, IgnoredCategory.id == rule_id
    rule = db.session.scalar(select(IgnoredCategory).where(*mine).with_for_update())
    if rule is None:
        raise NoSuchCategory()
    if rule.revoked_at is not None:
        return None
    by_it = (TillReference.venue_id == venue_id, TillReference.ignored_by_rule == rule_id)
    found = list(db.session.scalars(select(TillReference).where(*by_it)))
    with acts.recorded(venue_id, "reactivate_category", found, by=by) as recording:
        for reference in found:
            if reference.ignored_by_rule == rule_id:  # as it is now that nobody else can answer for it
                reference.ignored_at = reference.ignored_by_rule = None
                reference.version += 1
        rule.revoked_at = clock.now()
        recording.rule(rule)
    suggestions.refresh(venue_id, [one.id for one in found])
    return recording.act


def to_new(venue_id: int, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of new references as they arrive: ignored where a rule says so."""
    rules, now = _by_name(venue_id), clock.now()
    return [row | _arrives(rules.get(row["category"]), now) for row in rows]


def _arrives(rule_id: int | None, now: datetime) -> dict[str, Any]:
    return {"ignored_at": now if rule_id else None, "ignored_by_rule": rule_id}


def _by_name(venue_id: int) -> dict[str, int]:
    """The rules that hold, by category."""
    rules = (IgnoredCategory.venue_id == venue_id, IgnoredCategory.revoked_at.is_(None))
    return dict(db.session.execute(select(IgnoredCategory.category, IgnoredCategory.id).where(*rules)).all())


def _is_waiting(venue_id: int) -> Any:
    unanswered = TillReference.ignored_at.is_(None) & ~references.is_linked(venue_id)
    return (TillReference.venue_id == venue_id) & unanswered


def _category(
    name: str, keys: list[tuple[int, bool]], sums: Mapping[int, sold.Sold], rule: IgnoredCategory | None = None
) -> Category:
    of_keys = [sums.get(reference_id, sold.NOTHING) for reference_id, _ in keys]
    cents, no_drinks = sum(one.turnover_cents for one in of_keys), sum(not is_drink for _, is_drink in keys)
    return Category(name, len(keys), sum(one.sales > 0 for one in of_keys), cents, no_drinks, rule)


def _keep(rule: IgnoredCategory) -> None:
    """Write now; the database's own constraint has the last word on two rules at once."""
    db.session.add(rule)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise ChangedCategory(category=rule.category) from error
