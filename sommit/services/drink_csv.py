"""A cellar from a spreadsheet: the rows that are good go in, the others are listed with what is wrong (INTERFACES)."""

from dataclasses import dataclass

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Venue
from sommit.refusals import N_, Refusal
from sommit.services import cellar_facts, drink_plan, headings, library
from sommit.services.drink_plan import Act, Plan
from sommit.services.headings import Sheet


class Moved(Refusal):
    """The cellar is no longer the one for which the preview was made."""

    sentence = N_("Vos boissons ont changé depuis l’aperçu. Voici ce que ce fichier ferait maintenant.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file brought: how many drinks were added, updated, left as they were; and the rows refused, by line."""

    added: int
    updated: int
    unchanged: int
    refused: list[tuple[int, str]]

    @property
    def went_in(self) -> int:
        """Return how many rows are in the library now."""
        return self.added + self.updated + self.unchanged


def take_in(venue: Venue, content: bytes) -> Outcome:
    """Add or update a venue's drinks from a file; a `stock` cell becomes a count unless it says what the last one said.

    A row whose name, producer, appellation, vintage and volume are those of a drink updates it. Raises FileRefused;
    what is wrong with a row is in the outcome.
    """
    return take_sheet(venue, headings.read(content))


def take_sheet(venue: Venue, sheet: Sheet, *, seen: str | None = None, by: int | None = None) -> Outcome:
    """Do what the plan of a sheet says. `seen` is the fingerprint of the plan that was shown, `by` who said yes to it.

    Of two at once the second waits, and finds everything done. Raises Moved when another plan was shown.
    """
    library.hold(venue.id)
    plan = drink_plan.plan(venue, sheet)
    if seen is not None and plan.writes and plan.fingerprint != seen:
        raise Moved()
    _write(venue, plan, by)
    refused = [(line.number, str(line.refusal)) for line in plan.of(Act.REFUSE)]
    added, updated, unchanged = (len(plan.of(act)) for act in (Act.ADD, Act.UPDATE, Act.UNCHANGED))
    return Outcome(added, updated, unchanged, refused)


def _write(venue: Venue, plan: Plan, by: int | None) -> None:
    drinks = _drinks(venue)
    entries = {
        library.identity(line.entry): line.entry for line in plan.lines if line.entry
    }  # the last row has its way
    for identity, entry in entries.items():
        if identity in drinks:
            library.put(drinks[identity], entry)
        else:
            drinks[identity] = library.new(venue.id, entry)
    db.session.flush()
    for line in plan.lines:
        if line.counted and line.entry:
            drink = drinks[library.identity(line.entry)]
            cellar_facts.count(drink, quantity_ml=line.counted.quantity_ml, at=line.counted.at, by=by)


def _drinks(venue: Venue) -> dict[str, Drink]:
    held = select(Drink).where(Drink.venue_id == venue.id, Drink.archived_at.is_(None))
    return {drink.identity: drink for drink in db.session.scalars(held)}
