"""One answer to several references of the list: each as if it were given alone, all in one transaction.

What somebody else has answered meanwhile is left as it is; so is, for "oui", what the engine is not sure of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sommit.models import Act, Drink, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import acts, links_effect, memory, references, suggestions, till_links

#: What was ticked: the version of each reference that was shown, by its id.
Ticked = Mapping[int, int]


class NothingTicked(Refusal):
    """An act on several references needs at least one."""

    sentence = N_("Cochez d’abord au moins une référence de la liste.")


@dataclass(slots=True)
class Outcome:
    """What became of each reference that was ticked, oldest key first."""

    done: list[TillReference] = field(default_factory=list)
    unsure: list[TillReference] = field(default_factory=list)  # left: the proposal wants a look
    changed: list[TillReference] = field(default_factory=list)  # left: answered by somebody since it was shown
    act: Act | None = None  # None where nothing was changed
    effect: links_effect.Effect | None = None  # of the links that were made


def accept(venue_id: int, ticked: Ticked, *, by: int | None) -> Outcome:
    """Link each reference to the drink proposed for it, where the engine is sure of it.

    Accepting twice changes nothing. Raises NothingTicked, till_links.NoSuchReference.
    """
    learned: set[str] = set()

    def one(row: references.Row, outcome: Outcome) -> None:
        reference, drink, said = row.reference, row.drink, row.suggestion
        if _answered(row, ticked):
            (outcome.done if _is_linked_to(reference, drink) else outcome.changed).append(reference)
        elif not row.is_sure or drink is None or said is None:
            outcome.unsure.append(reference)
        else:
            serving_ml = said.serving_ml or drink.volume_ml
            till_links.link(reference, drink, serving_ml=serving_ml, version=ticked[reference.id], by=by)
            word = memory.teach(reference, linked=drink, said_no=(), by=by)
            learned.update([word.word] if word else [])
            outcome.done.append(reference)

    outcome = _each(venue_id, "link", ticked, one, by)
    for word in sorted(learned):
        suggestions.refresh_naming(venue_id, word)
    if outcome.act and (made := outcome.act.done["made"]):
        outcome.effect = links_effect.of(venue_id, [int(link_id) for link_id in made])
    return outcome


def ignore(venue_id: int, ticked: Ticked, *, by: int | None) -> Outcome:
    """Take each reference out of the list. Twice changes nothing. Raises NothingTicked, till_links.NoSuchReference."""

    def one(row: references.Row, outcome: Outcome) -> None:
        if row.reference.ignored_at is None:
            if _answered(row, ticked):
                outcome.changed.append(row.reference)
                return
            till_links.ignore(row.reference, version=ticked[row.reference.id])
        outcome.done.append(row.reference)

    return _each(venue_id, "ignore", ticked, one, by)


def _each(
    venue_id: int, kind: str, ticked: Ticked, one: Callable[[references.Row, Outcome], None], by: int | None
) -> Outcome:
    """One act over all of them. They are held meanwhile, so that of two tablets that tick the same rows one wins."""
    if not ticked:
        raise NothingTicked()
    outcome, rows = Outcome(), references.several(venue_id, ticked.keys())
    with acts.recorded(venue_id, kind, [row.reference for row in rows], by=by) as recording:
        for row in rows:
            try:
                one(row, outcome)
            except (till_links.Changed, till_links.LinkedReference):
                outcome.changed.append(row.reference)
    outcome.act = recording.act
    return outcome


def _answered(row: references.Row, ticked: Ticked) -> bool:
    return row.state is not references.State.TO_SYNC or row.reference.version != ticked[row.reference.id]


def _is_linked_to(reference: TillReference, drink: Drink | None) -> bool:
    return drink is not None and any(link.drink_id == drink.id for link in till_links.live_links(reference))
