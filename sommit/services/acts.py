"""What somebody's answer did, kept so that it can be undone exactly (services/undo.py does that)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import cast, literal, null, select, union_all

from sommit import clock
from sommit.extensions import Instant, db
from sommit.models import Act, Drink, IgnoredCategory, KeyQuestion, LearnedWord, Link, RefusedPair, TillReference
from sommit.refusals import N_, Refusal
from sommit.statements import built_once

#: What a venue's answers teach, under the name that an act keeps it by.
MEMORY: dict[str, Any] = {"refused": RefusedPair, "learned": LearnedWord}
_WATCHED: dict[str, Any] = {"link": Link, "question": KeyQuestion}


class NoSuchAct(Refusal):
    """The venue has no such act."""

    sentence = N_("Ce geste n’existe pas : il n’y a rien à annuler.")


@dataclass(slots=True)
class Recording:
    """An act while it is done. `act` is its row afterwards; None where the act changed nothing, as a second tap."""

    act: Act | None = None
    created_drink: Drink | None = None
    of_rule: IgnoredCategory | None = None

    def created(self, drink: Drink) -> None:
        """Note that the act has added this drink to the library."""
        self.created_drink = drink

    def rule(self, rule: IgnoredCategory) -> None:
        """Note that the act has set this standing rule, or revoked it."""
        self.of_rule = rule


@dataclass(frozen=True, slots=True)
class _State:
    """The references of an act at one time, and what points at them."""

    references: dict[int, list[Any]]  # ignored_at, ignored_by_rule
    links: dict[int, str | None]  # unbroken, with their ends
    memory: dict[str, set[int]]
    asked: set[int]  # questions that wait for an answer


@contextmanager
def recorded(venue_id: int, kind: str, references: Sequence[TillReference], *, by: int | None) -> Iterator[Recording]:
    """Keep what is done to these references inside, as one act that can be undone.

    They are held until the transaction ends: what another tablet does meanwhile is not this act's. A refusal goes
    through, and keeps nothing.
    """
    ids = sorted({reference.id for reference in references})
    held = hold(venue_id, ids)
    before, recording = _state(venue_id, held), Recording()
    yield recording
    db.session.flush()
    done = _done(held, before, _state(venue_id, held), recording)
    if done:
        recording.act = Act(venue_id=venue_id, kind=kind, done=done, done_at=clock.now(), done_by=by)
        db.session.add(recording.act)
        db.session.flush()


def hold(venue_id: int, reference_ids: Iterable[int]) -> list[TillReference]:
    """Take the rows of these references, in one order, and return them as they are now."""
    query = (
        select(TillReference)
        .where(TillReference.venue_id == venue_id, TillReference.id.in_(list(reference_ids)))
        .order_by(TillReference.id)
        .with_for_update(key_share=True)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def get(venue_id: int, act_id: int) -> Act:
    """Return one act of a venue, held until the transaction ends. Raises NoSuchAct, also for another venue's."""
    query = select(Act).where(Act.venue_id == venue_id, Act.id == act_id).with_for_update()
    act: Act | None = db.session.scalar(query.execution_options(populate_existing=True))
    if act is None:
        raise NoSuchAct()
    return act


def latest(reference: TillReference) -> Act | None:
    """Return the act that left a reference as it is, where it can still be undone by itself."""
    left_at = Act.done[("references", str(reference.id), "version")].as_integer()
    query = select(Act).where(Act.venue_id == reference.venue_id, Act.undone_at.is_(None), left_at == reference.version)
    found: Act | None = db.session.scalar(query.order_by(Act.id.desc()).limit(1))
    return found


def as_kept(instant: datetime | None) -> str | None:
    """Return an instant as an act keeps it; JSON knows none."""
    return instant.isoformat() if instant else None


def _state(venue_id: int, references: Sequence[TillReference]) -> _State:
    rows = db.session.execute(*_pointing_at(venue_id, [one.id for one in references])).all()
    of = {what: {row_id: ends_at for kind, row_id, ends_at in rows if kind == what} for what in (*MEMORY, *_WATCHED)}
    return _State(
        {one.id: [as_kept(one.ignored_at), one.ignored_by_rule] for one in references},
        {link_id: as_kept(ends_at) for link_id, ends_at in of["link"].items()},
        {name: set(of[name]) for name in MEMORY},
        set(of["question"]),
    )


@built_once()
def _pointing_at(venue_id: Any, reference_ids: Any) -> Any:
    """What points at these references and holds, in one statement: of what kind it is, its id, the end of a link."""
    holds = {"link": Link.broken_at, "question": KeyQuestion.answered_at}
    holds |= {name: table.revoked_at for name, table in MEMORY.items()}
    return union_all(
        *(
            select(literal(what), table.id, Link.ends_at if table is Link else cast(null(), Instant())).where(
                table.venue_id == venue_id, table.reference_id.in_(reference_ids), holds[what].is_(None)
            )
            for what, table in (_WATCHED | MEMORY).items()
        )
    )


def _done(held: Sequence[TillReference], before: _State, after: _State, recording: Recording) -> dict[str, Any]:
    """What changed between two states, as an act keeps it; empty: nothing."""
    made = {str(one): end for one, end in after.links.items() if one not in before.links}
    broken = [one for one in before.links if one not in after.links]
    ended = {
        str(one): {"before": before.links[one], "after": end}
        for one, end in after.links.items()
        if one in before.links and before.links[one] != end
    }
    memory = {
        name: {"made": sorted(now - before.memory[name]), "revoked": sorted(before.memory[name] - now)}
        for name, now in after.memory.items()
    }
    touched = _touched([*map(int, made), *broken, *map(int, ended)], memory)
    touched |= {one for one, ignored in after.references.items() if before.references[one] != ignored}
    rule, drink = recording.of_rule, recording.created_drink
    if not (touched or rule or drink):
        return {}
    return {
        "references": {
            str(one.id): {"ignored": before.references[one.id], "version": one.version}
            for one in held
            if one.id in touched
        },
        "made": made,
        "broken": broken,
        "ended": ended,
        "memory": memory,
        "answered": sorted(before.asked - after.asked),
        "drink": drink.id if drink else None,
        "rule": {"id": rule.id, "revoked": as_kept(rule.revoked_at)} if rule else None,
    }


def _touched(link_ids: list[int], memory: dict[str, dict[str, list[int]]]) -> set[int]:
    """The references of links and of what was taught."""
    rows = {name: [*changed["made"], *changed["revoked"]] for name, changed in memory.items()} | {"link": link_ids}
    asked = [
        select(table.reference_id).where(table.id.in_(rows[name]))
        for name, table in (_WATCHED | MEMORY).items()
        if rows.get(name)
    ]
    return set(db.session.scalars(union_all(*asked))) if asked else set()
