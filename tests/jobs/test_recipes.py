"""Options, formules, halves and thirds: what a recipe takes is exact, and what nobody knows is shown (FAULTS 66)."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Closing, SaleLine
from sommit.services import stock, till_components
from tests import factories
from tests.jobs.conftest import LAST_NIGHT
from tests.jobs.stored import reference

LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def pour(connected):
    """Let a key pour some drinks (name: ml a sale), each counted at ten litres; returns what is gone, in ml."""

    def of(label, **servings):
        drinks = {name: factories.drink(connected, name, counted_at=LONG_AGO) for name in servings}
        for name, drink in drinks.items():
            factories.count(drink, 10_000, at=LONG_AGO)
            till_components.add(reference(label), drink, serving_ml=servings[name])
        db.session.commit()
        return lambda: {name: 10_000 - Fraction(stock.on_hand(drink), stock.UL) for name, drink in drinks.items()}

    return of


def control():
    return db.session.scalars(select(Closing.control)).one()


def test_a_cocktail_takes_each_of_its_drinks_to_the_microlitre_in_halves_and_thirds_too(till, read, pour):
    till.closing([("SPRITZ", 2), ("SPRITZ", "0.5"), ("SPRITZ", "0.333"), ("SPRITZ", -1)], date=LAST_NIGHT)
    read()
    gone = pour("SPRITZ", Prosecco=90, Aperol=45)

    sold = Fraction("1.833")
    assert gone() == {"Prosecco": 90 * sold, "Aperol": 45 * sold}


def test_a_hundred_half_glasses_are_fifty_glasses(till, read, pour):
    till.closing([("VRE CHABLIS", "0.5")] * 100, date=LAST_NIGHT, per_order=10)
    read()

    assert pour("VRE CHABLIS", Chablis=125)() == {"Chablis": 50 * 125}


def test_a_third_written_long_is_kept_to_the_thousandth(till, read):
    till.closing([till.item("VRE CHABLIS", extra={"quantity": 0.3333333})], date=LAST_NIGHT)
    read()

    assert db.session.scalars(select(SaleLine.quantity_milli)).all() == [333]


@pytest.mark.parametrize("priced", [True, False])
def test_a_formule_beside_the_lines_takes_what_it_holds_once_whether_it_is_priced_or_not(till, read, pour, priced):
    glass = till.product("VRE CHABLIS", price_cents=650)
    inside = [till.item(glass, Decimal("1.5"), unit_cents=0 if priced else None), till.item("PINTE")]
    closing = till.closing(date=LAST_NIGHT)
    menu = till.menu("FORMULE APERO", inside, price_cents=1900 if priced else 0)
    closing.order([till.item(glass, 1)], menus=[menu])
    read()

    assert pour("VRE CHABLIS", Chablis=125)() == {"Chablis": Fraction("2.5") * 125}
    assert pour("PINTE", Biere=500)() == {"Biere": 500}
    stored = db.session.scalars(select(Closing)).one()
    assert stored.difference_cents == 0


def test_a_formule_sold_as_one_line_takes_its_components(till, read, pour):
    till.closing([("DEGUSTATION 3 VERRES", 3)], date=LAST_NIGHT)
    read()

    assert pour("DEGUSTATION 3 VERRES", Chablis=60, Morgon=60, Muscat=40)() == {
        "Chablis": 180,
        "Morgon": 180,
        "Muscat": 120,
    }


def test_options_take_nothing_and_are_kept_with_how_often_they_were_chosen(till, read, pour):
    kir = till.product("KIR", price_cents=550)
    lines = [
        till.item(kir, 2, modifiers=["Cassis"]),
        till.item(kir, 1, modifiers=["Mûre", "Double"]),
        till.item(kir, 1, modifiers=["Mûre"], is_canceled=True),
        till.item(kir, "0.5", modifiers=["Cassis"]),
    ]
    till.closing(lines, date=LAST_NIGHT)
    read()

    assert pour("KIR", Aligote=100)() == {"Aligote": 350}
    assert control()["modifiers"] == [["Cassis", 2500], ["Double", 1000], ["Mûre", 1000]]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ([{"modifierId": "9F3A", "name": None}], [["9f3a", 1000]]),
        ([{"modifierGroupId": "1"}], [["Option sans nom", 1000]]),
        (["Sans glaçons", None], [["Option sans nom", 1000], ["Sans glaçons", 1000]]),
        ({"name": "Rondelle"}, [["Rondelle", 1000]]),
        (17, [["17", 1000]]),
        ([], []),
    ],
)
def test_an_option_that_nobody_knows_is_shown_never_lost(till, read, written, shown):
    till.closing([till.item("KIR", extra={"modifiers": written})], date=LAST_NIGHT)

    assert read().lines == 1
    assert control()["modifiers"] == shown
