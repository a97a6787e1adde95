"""The drinks of which there is too little, asked of the database alone."""

from sommit.extensions import db
from sommit.services import cellar, cellar_facts
from tests import factories
from tests.screens.statements import counted


def test_what_is_short_is_what_the_list_shows_below_zero_or_under_its_threshold(venue):
    for number, (held_ml, lost_ml, threshold_ml) in enumerate(
        [(750, 0, None), (750, 0, 750), (750, 0, 751), (0, 0, None), (0, 75, None), (0, 75, 750), (0, 0, 3_000_000)]
    ):
        drink = factories.drink(venue, name=f"Vin {number}")
        drink.threshold_ml = threshold_ml
        cellar_facts.count(drink, quantity_ml=held_ml)
        if lost_ml:
            cellar_facts.lose(drink, quantity_ml=lost_ml)
    factories.drink(venue, name="Jamais compté").threshold_ml = 750
    db.session.flush()

    with counted() as sent:
        found = cellar.short(venue.id)

    assert [line.drink.name for line in found] == ["Vin 2", "Vin 4", "Vin 5", "Vin 6"]
    assert [(line.drink.id, line.stock_ul) for line in found] == [
        (line.drink.id, line.stock_ul)
        for line in cellar.listed(venue.id)
        if line.below_threshold or (line.stock_ul is not None and line.stock_ul < 0)
    ]
    assert len([one for one in sent if one.startswith(("SELECT", "WITH"))]) == 1
