"""Changing vintage: from now on the drink's keys pour the same wine of another year, with the same servings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Act, Drink, Link, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import acts, library, suggestions, till_links
from sommit.statements import built_once


class Moved(Refusal):
    """The links are no longer those that were shown."""

    sentence = N_("Les liaisons de cette boisson viennent de changer. Voici la fiche à jour.")


class SameVintage(Refusal):
    """The vintage that is poured already."""

    sentence = N_("C’est le millésime de cette fiche : choisissez-en un autre.")
    field = "vintage"


def live(drink: Drink) -> list[int]:
    """Return the numbers of the links that pour a drink now: what a form shows that will change."""
    return list(db.session.scalars(*_live(drink.venue_id, drink.id)))


@built_once()
def _live(venue_id: Any, drink_id: Any) -> Any:
    mine = Link.venue_id == venue_id, Link.drink_id == drink_id, till_links.is_live()
    return select(Link.id).where(*mine).order_by(Link.id)


@dataclass(frozen=True, slots=True)
class Relayed:
    """The sibling that is poured from now on, and the act that can be undone; no act where all was done already."""

    sibling: Drink
    act: Act | None


def relay(drink: Drink, vintage: int | None, *, shown: Sequence[int], by: int | None = None) -> Relayed:
    """End the links that pour a drink, and start the next ones on its sibling of another vintage.

    Both at this instant: no sale is lost, none counts twice. The sibling is added to the library where it is missing.
    `shown` are the links of the form; the same form again changes nothing. Raises Moved, SameVintage, BadVintage.
    """
    if vintage == drink.vintage:
        raise SameVintage()
    # Their rows are taken: of two tablets the second waits, then sees what was done.
    with acts.recorded(drink.venue_id, "relay", _keys(drink, shown), by=by) as recording:
        sibling = _sibling(drink, vintage, recording)
        _pass_on(drink, sibling, shown, by)
    if recording.created_drink:
        suggestions.refresh(drink.venue_id)
    return Relayed(sibling, recording.act)


def _keys(drink: Drink, shown: Sequence[int]) -> list[TillReference]:
    """The keys of the shown links."""
    mine = Link.venue_id == drink.venue_id, Link.drink_id == drink.id, Link.id.in_(shown)
    query = select(TillReference).join(Link, Link.reference_id == TillReference.id).where(*mine)
    return list(db.session.scalars(query))


def _sibling(drink: Drink, vintage: int | None, recording: acts.Recording) -> Drink:
    """The drink in the other vintage, from the library or added to it."""
    known = library.siblings(drink)
    found = library.in_vintage(drink, vintage)
    if found not in known:
        recording.created(found)
    return found


def _pass_on(drink: Drink, sibling: Drink, shown: Sequence[int], by: int | None) -> None:
    """End the links of a drink now, where they are those that were shown, and open the sibling's."""
    ending = live(drink)
    if not ending and _done(drink, sibling, shown):
        return
    if not ending or ending != list(shown):
        raise Moved()
    references = {reference.id: reference for reference in _keys(drink, ending)}
    for link in db.session.scalars(select(Link).where(Link.id.in_(ending)).order_by(Link.id)):
        link.ends_at = clock.now()
        references[link.reference_id].version += 1
        _start(references[link.reference_id], link, sibling, by)


def _done(drink: Drink, sibling: Drink, shown: Sequence[int]) -> bool:
    """Whether the shown links have already passed to this sibling."""
    ended = select(Link.reference_id, Link.ends_at).where(
        Link.venue_id == drink.venue_id, Link.drink_id == drink.id, Link.id.in_(shown), Link.broken_at.is_(None)
    )
    started = select(Link.reference_id, Link.starts_at).where(
        Link.venue_id == drink.venue_id, Link.drink_id == sibling.id, Link.broken_at.is_(None)
    )
    before, after = ({tuple(row) for row in db.session.execute(query)} for query in (ended, started))
    return bool(before) and before <= after


def _start(reference: TillReference, ended: Link, sibling: Drink, by: int | None) -> None:
    """Open the next link, unless the key pours the sibling already."""
    if any(link.drink_id == sibling.id for link in till_links.live_links(reference)):
        return
    db.session.add(
        Link(
            venue_id=ended.venue_id,
            reference_id=ended.reference_id,
            drink_id=sibling.id,
            serving_ml=ended.serving_ml,
            starts_at=ended.ends_at,
            created_at=clock.now(),
            created_by=by,
        )
    )
