"""What a row of the list shows once it is open, before the answer, and what its answer did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from sommit import matching
from sommit.extensions import db
from sommit.matching.text import words
from sommit.models import Drink, Link, TillReference
from sommit.services import library, references, servings, stock, suggestions, till_links
from sommit.statements import built_once

MOST_OTHERS = 4
#: What is set side by side, in this order; the rest only where it differs.
COMPARED = ("name", "producer", "appellation", "region", "colour", "vintage", "volume")
ALWAYS_COMPARED = ("name", "vintage")
#: What may be the one thing that differs, mended by one tap: a field of the evidence, and the drink's own.
MENDED = {"vintage": "vintage", "volume": "volume_ml", "colour": "colour"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One possible answer: the drink, what one sale takes, and what the link does. No drink: a new entry."""

    drink: Drink | None
    serving_ml: int
    effect: stock.Effect


@dataclass(frozen=True, slots=True)
class Opened:
    """An open row: the drink in question, and the other answers within reach."""

    yes: Offer
    almost: Offer | None  # the same drink but for the one thing in which the label differs from it
    mends: str  # that thing: a field of the evidence, "" without `almost`
    vintage: int | None  # the one that the label says, where it is another one than the drink's
    evidence: tuple[matching.Evidence, ...]
    others: tuple[Drink, ...]
    siblings: tuple[Drink, ...]
    servings: tuple[int, ...]
    decision: str

    @property
    def compared(self) -> list[matching.Evidence]:
        """Return the fields worth setting side by side: what the till says, and what tells the drink from its kin."""
        found = {one.field: one for one in self.evidence}
        side_by_side = [found[field] for field in COMPARED if field in found]
        shown = [one for one in side_by_side if one.till or (one.field in ALWAYS_COMPARED and one.cellar)]
        odd = [one for one in self.evidence if one.state is matching.State.DIFFERS and one.field not in COMPARED]
        return shown + odd if any(one.till for one in shown) else odd

    @property
    def reasons(self) -> list[matching.Evidence]:
        """Return what speaks for the drink or against it. That both are wines is no reason."""
        agree = matching.State.AGREES
        told = [one for one in self.evidence if one.state is not matching.State.SILENT]
        return [one for one in told if not (one.field == "category" and one.state is agree)]

    @property
    def has_vintages(self) -> bool:
        """Return whether the drink may exist in other vintages: "presque" is no answer to a beer."""
        drink = self.yes.drink
        return drink is not None and (drink.category == "wine" or drink.vintage is not None)

    @property
    def likely(self) -> str:
        """Return the answer that the evidence speaks for: "oui", "presque", or "" where the engine asks."""
        differing = [e.field for e in self.evidence if e.state is matching.State.DIFFERS]
        if self.almost and set(differing) <= {self.mends, "price"}:
            return "presque"
        return "oui" if self.decision == matching.Decision.OUI and not differing else ""


def opened(row: references.Row, drink: Drink | None = None, serving_ml: int | None = None) -> Opened | None:
    """Return what an open row proposes: the engine's drink, or the one that somebody looks at (`drink`).

    None where there is no drink to propose. `serving_ml` is the serving being tried, else the likely one.
    """
    drink = drink or row.drink
    if drink is None:
        return None
    reference = row.reference
    house = servings.house(reference.venue_id)
    likely_ml = _likely_serving(row, drink, house)
    serving_ml = serving_ml or likely_ml
    siblings, others = tuple(library.siblings(drink)), _others(row, drink)
    vintage, evidence = _other_vintage(row, drink), _evidence(row, drink)
    almost = _in_vintage(row, siblings, vintage, serving_ml) if vintage else _mended(row, drink, others, serving_ml)
    return Opened(
        yes=_offer(reference, drink, serving_ml),
        almost=almost,
        mends=("vintage" if vintage else _differing(evidence)) if almost else "",
        vintage=vintage,
        evidence=evidence,
        others=others[:MOST_OTHERS],
        siblings=siblings,
        servings=house.choices(drink, likely_ml),
        decision=row.suggestion.decision if row.suggestion and drink is row.drink else matching.Decision.ASK,
    )


def vintages(row: references.Row, drink: Drink, serving_ml: int) -> list[Offer]:
    """Return the same wine in its other vintages, youngest first, each with what its link would do."""
    return [_offer(row.reference, sibling, serving_ml) for sibling in library.siblings(drink)]


def same_serving(drink: Drink, sibling: Drink, serving_ml: int) -> int:
    """Return what one sale takes from a sibling, in millilitres, where it took `serving_ml` from the drink.

    The whole format stays the whole format.
    """
    return sibling.volume_ml if serving_ml == drink.volume_ml else serving_ml


def answered(reference: TillReference) -> list[Offer]:
    """Return the drinks that a reference pours now, and what its links did to their stock, oldest link first."""
    poured = db.session.execute(*_poured(reference.venue_id, reference.id))
    return [_done(reference, drink, serving_ml) for drink, serving_ml in poured]


@built_once()
def _poured(venue_id: Any, reference_id: Any) -> Any:
    return (
        select(Drink, Link.serving_ml)
        .join(Link, Link.drink_id == Drink.id)
        .where(Link.venue_id == venue_id, Link.reference_id == reference_id, till_links.is_live())
        .order_by(Link.id)
    )


def found(reference: TillReference, drinks: Sequence[Drink]) -> list[Offer]:
    """Return each of these drinks as the answer that it would be, with its likely serving."""
    house = servings.house(reference.venue_id)
    likely = {drink.id: suggestions.serving_for(reference, drink, house) for drink in drinks}
    effects = stock.effects(reference.venue_id, reference.id, likely) if likely else {}
    return [Offer(drink, likely[drink.id], effects[drink.id]) for drink in drinks]


def _done(reference: TillReference, drink: Drink, serving_ml: int) -> Offer:
    """The stock has the link's sales off already: what it was before is what they would give back."""
    offer = _offer(reference, drink, serving_ml)
    after = offer.effect.before_ul
    before = None if after is None else after + offer.effect.taken_milli * serving_ml
    return replace(offer, effect=replace(offer.effect, before_ul=before, after_ul=after))


def _offer(reference: TillReference, drink: Drink, serving_ml: int) -> Offer:
    return Offer(drink, serving_ml, stock.effect(reference.venue_id, reference.id, drink, serving_ml))


def _in_vintage(row: references.Row, siblings: tuple[Drink, ...], vintage: int, serving_ml: int) -> Offer:
    """A sibling of the library, or a new entry, which has no stock yet: it was never counted."""
    sibling = next((one for one in siblings if one.vintage == vintage), None)
    if sibling:
        return _offer(row.reference, sibling, serving_ml)
    return Offer(None, serving_ml, stock.Effect(0, row.sold_milli, None, None))


def _mended(row: references.Row, drink: Drink, others: tuple[Drink, ...], serving_ml: int) -> Offer | None:
    """The runner-up that is as the label says, where volume or colour is all that tells it from the drink."""
    evidence = _evidence(row, drink)
    field = _differing(evidence)
    said = next((one.till for one in evidence if one.field == field), "")
    for other in others if field else ():
        if str(getattr(other, MENDED[field])) == said and _one_but_for(field, drink, other):
            return _offer(row.reference, other, same_serving(drink, other, serving_ml))
    return None


def _differing(evidence: tuple[matching.Evidence, ...]) -> str:
    """The one field that differs, a price apart, where a tap can mend it."""
    fields = [e.field for e in evidence if e.state is matching.State.DIFFERS and e.field != "price"]
    return fields[0] if len(fields) == 1 and fields[0] in MENDED else ""


def _one_but_for(field: str, drink: Drink, other: Drink) -> bool:
    """Whether two drinks are the same but for one field; a name may say the colour that differs."""
    alike = ("producer", "appellation", *(own for name, own in MENDED.items() if name != field))
    colours = {*words(drink.colour), *words(other.colour)} if field == "colour" else set()
    names = [[word for word in words(one.name) if word not in colours] for one in (drink, other)]
    return names[0] == names[1] and all(getattr(drink, name) == getattr(other, name) for name in alike)


def _likely_serving(row: references.Row, drink: Drink, house: servings.House) -> int:
    proposed = row.suggestion.serving_ml if row.suggestion and row.drink is drink else None
    return proposed or suggestions.serving_for(row.reference, drink, house)


def _other_vintage(row: references.Row, drink: Drink) -> int | None:
    said = row.suggestion.vintage if row.suggestion else None
    return said if said != drink.vintage else None


def _evidence(row: references.Row, drink: Drink) -> tuple[matching.Evidence, ...]:
    for candidate in row.suggestion.candidates if row.suggestion else ():
        if candidate["drink_id"] == drink.id:
            return tuple(
                matching.Evidence(field, matching.State(state), till, cellar)
                for field, state, till, cellar in candidate["evidence"]
            )
    return ()


def _others(row: references.Row, drink: Drink) -> tuple[Drink, ...]:
    """The runners-up that are still in the library, best first."""
    ids = [c["drink_id"] for c in row.suggestion.candidates if c["drink_id"] != drink.id] if row.suggestion else []
    found = {one.id: one for one in db.session.scalars(*_still_there(drink.venue_id, ids))} if ids else {}
    return tuple(found[one] for one in ids if one in found)


@built_once()
def _still_there(venue_id: Any, drink_ids: Any) -> Any:
    return select(Drink).where(Drink.venue_id == venue_id, Drink.id.in_(drink_ids), Drink.archived_at.is_(None))
