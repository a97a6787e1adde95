"""Undoing an act exactly: to the microlitre and the cent everything is as before. Facts are only added."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Act, Drink, IgnoredCategory, LearnedWord, Link, RefusedPair, Suggestion, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import acts, archive, key_since, library, suggestions, till_links


class ChangedSince(Refusal):
    """Something that the act touched is no longer as the act left it."""

    sentence = N_("« %(label)s » a changé depuis : ce geste ne peut plus être annulé. Voici où elle en est.")


def undo(venue_id: int, act_id: int, *, by: int | None) -> Act:
    """Restore what an act changed, and return it. Undoing it twice is undoing it once.

    A link that it broke comes back as a new row with the same serving, period and origin. Raises acts.NoSuchAct;
    ChangedSince, which names the reference; till_links.ArchivedDrink where a drink was put away meanwhile.
    """
    act = acts.get(venue_id, act_id)
    if act.undone_at is not None:
        return act
    references = {one.id: one for one in acts.hold(venue_id, map(int, act.done["references"]))}
    for reference in references.values():
        if reference.version != act.done["references"][str(reference.id)]["version"]:
            raise ChangedSince(label=reference.label)
    _restore_links(act, references)
    words = _restore_memory(act)
    key_since.ask_again(venue_id, act.done["answered"])
    freed = _restore_rule(act)
    for reference in references.values():
        ignored_at, reference.ignored_by_rule = act.done["references"][str(reference.id)]["ignored"]
        reference.ignored_at = _instant(ignored_at)
        reference.version += 1
    act.undone_at, act.undone_by = clock.now(), by
    db.session.flush()
    _refresh(act, [*references, *freed], words)
    return act


def _restore_links(act: Act, references: dict[int, TillReference]) -> None:
    """Break what was made, then bring back what was broken or ended: never two open links of one pair."""
    made, ended = act.done["made"], act.done["ended"]
    left = made | {link_id: ends["after"] for link_id, ends in ended.items()}
    links = _links(act, [*map(int, left), *act.done["broken"]])
    for link_id, ends_at in left.items():
        link = links[int(link_id)]
        if link.broken_at is not None or acts.as_kept(link.ends_at) != ends_at:
            raise ChangedSince(label=references[link.reference_id].label)
        link.broken_at = clock.now()
    db.session.flush()
    returning = {link_id: links[link_id].ends_at for link_id in act.done["broken"]}
    returning |= {int(link_id): _instant(ends["before"]) for link_id, ends in ended.items()}
    for link_id, ends_at in returning.items():
        _again(links[link_id], ends_at, references[links[link_id].reference_id].label)


def _links(act: Act, ids: Sequence[int]) -> dict[int, Link]:
    query = select(Link).where(Link.venue_id == act.venue_id, Link.id.in_(ids))
    return {link.id: link for link in db.session.scalars(query.execution_options(populate_existing=True))}


def _again(link: Link, ends_at: datetime | None, label: str) -> None:
    """The same link in a new row. Who made it and when is as it was: the screen says "liée depuis".

    Where two entries became one meanwhile, the key may pour that one already.
    """
    if ends_at is None and _is_open(link):
        raise ChangedSince(label=label)
    drink = library.get(link.venue_id, link.drink_id)
    if drink.archived_at is not None:
        raise till_links.ArchivedDrink(drink=drink.name)
    same = ("venue_id", "reference_id", "drink_id", "serving_ml", "starts_at", "created_at", "created_by")
    db.session.add(Link(ends_at=ends_at, **{name: getattr(link, name) for name in same}))


def _is_open(link: Link) -> bool:
    pair = Link.venue_id == link.venue_id, Link.reference_id == link.reference_id, Link.drink_id == link.drink_id
    query = select(Link.id).where(*pair, Link.broken_at.is_(None), Link.ends_at.is_(None))
    return db.session.scalar(query) is not None


def _restore_memory(act: Act) -> list[str]:
    """Revoke what the act taught, teach again what it revoked; return the words whose meaning changed."""
    words = []
    for name, kept in act.done["memory"].items():
        table = acts.MEMORY[name]
        query = select(table).where(table.venue_id == act.venue_id, table.id.in_([*kept["made"], *kept["revoked"]]))
        for row in db.session.scalars(query):
            if row.id in kept["made"]:
                row.revoked_at = row.revoked_at or clock.now()
            elif not _is_kept(row):
                db.session.add(_copy(row))
            if isinstance(row, LearnedWord):
                words.append(row.word)
    return words


def _is_kept(row: RefusedPair | LearnedWord) -> bool:
    """Whether the same has been taught again since: of one pair, and of one word, there is one row at a time."""
    table: Any = type(row)
    pair = ("reference_id", "drink_id") if isinstance(row, RefusedPair) else ("word",)
    same = [getattr(table, name) == getattr(row, name) for name in pair]
    query = select(table.id).where(table.venue_id == row.venue_id, table.revoked_at.is_(None), *same)
    return db.session.scalar(query) is not None


def _copy(row: RefusedPair | LearnedWord) -> RefusedPair | LearnedWord:
    columns = (column.name for column in row.__table__.columns)
    return type(row)(**{name: getattr(row, name) for name in columns if name not in ("id", "revoked_at")})


def _restore_rule(act: Act) -> list[int]:
    """Revoke the standing rule that the act set, or set again the one that it revoked.

    Return the references that the rule has taken out of the list since: they come back with the others.
    """
    kept = act.done["rule"]
    if kept is None:
        return []
    mine = IgnoredCategory.venue_id == act.venue_id, IgnoredCategory.id == kept["id"]
    rule = db.session.scalars(select(IgnoredCategory).where(*mine).with_for_update()).one()
    if acts.as_kept(rule.revoked_at) != kept["revoked"] or (rule.revoked_at and _has_rule(rule)):
        raise ChangedSince(label=rule.category)
    if rule.revoked_at:
        rule.revoked_at = None
        return []
    rule.revoked_at = clock.now()
    since = select(TillReference).where(
        TillReference.venue_id == act.venue_id, TillReference.ignored_by_rule == rule.id
    )
    others = [one for one in db.session.scalars(since) if str(one.id) not in act.done["references"]]
    for reference in others:
        reference.ignored_at = reference.ignored_by_rule = None
        reference.version += 1
    return [one.id for one in others]


def _has_rule(rule: IgnoredCategory) -> bool:
    same = IgnoredCategory.venue_id == rule.venue_id, IgnoredCategory.category == rule.category
    query = select(IgnoredCategory.id).where(*same, IgnoredCategory.revoked_at.is_(None))
    return db.session.scalar(query) is not None


def _refresh(act: Act, reference_ids: Sequence[int], words: Sequence[str]) -> None:
    """Put the drink away that the act added, where nothing else came to it, and propose again what now waits."""
    stale = set(reference_ids)
    drink = _added(act)
    if drink is not None:
        library.archive(drink)
        proposed = Suggestion.venue_id == act.venue_id, Suggestion.drink_id == drink.id
        stale |= set(db.session.scalars(select(Suggestion.reference_id).where(*proposed)))
    suggestions.refresh(act.venue_id, sorted(stale))
    for word in words:
        suggestions.refresh_naming(act.venue_id, word)


def _added(act: Act) -> Drink | None:
    """The drink that the act added, unless it has a life of its own by now."""
    if act.done["drink"] is None:
        return None
    drink = library.get(act.venue_id, act.done["drink"])
    past = archive.past(drink)
    others = past.counts + past.deliveries + past.losses + past.links - len(act.done["made"])
    return None if others or past.live or drink.archived_at else drink


def _instant(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
