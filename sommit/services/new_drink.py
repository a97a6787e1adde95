"""A drink that somebody adds by hand, with what they have just counted of it."""

from sommit.models import Drink
from sommit.services import cellar_facts, library
from sommit.services.drink_rows import Said


def add(venue_id: int, said: Said, *, by: int) -> tuple[Drink, bool]:
    """Add a drink and its first count; return it, and whether it is new.

    The very same entry is a second tap: the drink is there, and is returned. Raises what `library.add` raises.
    """
    library.hold(venue_id)
    twin = library.find(venue_id, said.entry)
    if twin and library.as_entry(twin) == said.entry:
        return twin, False
    drink = library.add(venue_id, said.entry)
    if said.counted_ml is not None:
        cellar_facts.count(drink, quantity_ml=said.counted_ml, by=by)
    return drink, True
