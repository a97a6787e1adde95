"""Finding a venue."""

from sommit.extensions import db
from sommit.models import Venue
from sommit.refusals import N_, Refusal


class NoSuchVenue(Refusal):
    """No venue has this number."""

    sentence = N_("Aucun lieu n’a le numéro %(venue)s.")


def get(venue_id: int) -> Venue:
    """Return a venue by its number. Raises NoSuchVenue."""
    venue: Venue | None = db.session.get(Venue, venue_id)
    if venue is None:
        raise NoSuchVenue(venue=venue_id)
    return venue
