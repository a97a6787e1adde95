"""How much of the CA boissons is linked, and the shortest way to 90 % of it."""

import pytest

from sommit.extensions import db
from sommit.models import Suggestion
from sommit.services import coverage, references, suggestions, till_links
from tests import factories
from tests.screens.statements import counted


@pytest.fixture
def night(venue):
    return factories.closing(venue)


@pytest.fixture
def sold(venue, night):
    """Sell something of a new key: `sold("VRE CHABLIS", 1400)` brings 14,00 €."""

    def sell(label, cents, **fields):
        reference = factories.reference(venue, label, **fields)
        factories.sale(night, reference, cents=cents)
        night.turnover_cents += cents
        db.session.commit()
        return reference

    return sell


def no_drink(reference):
    db.session.add(
        Suggestion(
            venue_id=reference.venue_id,
            reference_id=reference.id,
            decision="non",
            is_drink=False,
            candidates=[],
            computed_at=factories.NOW,
        )
    )
    db.session.commit()


def test_the_answers_are_counted_in_the_order_of_the_list_up_to_ninety_percent(venue, sold):
    sold("PEU", 500)
    last = sold("ASSEZ", 3000)
    sold("BEAUCOUP", 6000)
    sold("RESTE", 500)

    assert coverage.of(venue.id) == coverage.Coverage(10_000, 0, 2, last.id, 0)


def test_what_is_linked_is_covered_and_what_is_ignored_is_no_turnover_of_drinks(venue, sold):
    till_links.link(sold("LIEE", 6000), factories.drink(venue), serving_ml=125)
    sold("IGNOREE", 90_000, ignored_at=factories.NOW)
    last = sold("ATTEND", 4000)

    assert coverage.of(venue.id) == coverage.Coverage(10_000, 6000, 1, last.id, 0)


def test_food_and_lines_of_the_till_are_no_drinks_and_need_no_answer(venue, sold):
    no_drink(sold("PLAT DU JOUR", 90_000))
    last = sold("VRE CHABLIS", 1000)

    assert coverage.of(venue.id) == coverage.Coverage(1000, 0, 1, last.id, 1)


def test_a_linked_key_is_a_drink_whatever_the_engine_took_it_for(venue, sold):
    plate = sold("PLAT ET VERRE", 1000)
    no_drink(plate)
    till_links.link(plate, factories.drink(venue), serving_ml=125)

    assert coverage.of(venue.id) == coverage.Coverage(1000, 1000, 0, None, 0)


def test_ninety_percent_sharp_is_enough(venue, sold):
    till_links.link(sold("LIEE", 900), factories.drink(venue), serving_ml=125)
    sold("ATTEND", 100)

    assert coverage.of(venue.id).answers == 0


def test_a_till_that_sold_nothing_has_nothing_to_cover(venue):
    factories.reference(venue, "AU CATALOGUE")

    assert coverage.of(venue.id) == coverage.Coverage(0, 0, 0, None, 0)


def test_another_venues_turnover_is_not_ours(venue, sold):
    sold("ATTEND", 1000)
    elsewhere = factories.venue("Ailleurs")
    factories.sale(factories.closing(elsewhere), factories.reference(elsewhere), cents=5000)

    assert coverage.of(venue.id).drink_cents == 1000


def test_the_engine_says_what_is_no_drink(venue, sold):
    factories.drink(venue, "Chablis Montmains")
    drink = sold("VRE CHABLIS MONTMAINS", 1000, category="Vins au verre")
    unknown = sold("VRE CHIROUBLES", 600, category="Vins au verre")
    for label, category in (("TARTARE FRITES", "Plats"), ("PLANCHE FROMAGE", ""), ("REMISE", "Divers")):
        sold(label, 5000, category=category)
    suggestions.refresh(venue.id)

    found = coverage.of(venue.id)

    assert (found.drink_cents, found.no_drinks, found.last) == (1600, 3, unknown.id)
    assert references.row(venue.id, drink.id).suggestion.is_drink


def test_the_statements_do_not_grow_with_the_list(venue, sold):
    def statements():
        with counted() as sent:
            coverage.of(venue.id)
        return len(sent)

    sold("UNE", 100)
    few = statements()
    for number in range(40):
        sold(f"KEY {number}", 100 + number)

    assert statements() == few


def test_an_amended_closing_is_summed_again(venue, night, sold):
    key = sold("VRE CHABLIS", 1000)
    assert coverage.of(venue.id).drink_cents == 1000

    factories.sale(night, key, cents=500)
    night.turnover_cents += 500
    db.session.commit()

    assert coverage.of(venue.id).drink_cents == 1500
