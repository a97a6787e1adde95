"""Why a drink is proposed, field by field."""

import pytest

from sommit.matching import Decision, Drink, Engine, Label, State
from tests.matching.cellar import engine


def states(text: str, category: str = "", price_cents: int | None = None) -> dict[str, State]:
    first = engine().propose(Label(text, category, price_cents)).candidates[0]
    return {one.field: one.state for one in first.evidence}


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("CHABLIS HTES PIERRES 22", []),
        ("CHT VERMEIL 16", ["vintage"]),
        ("JERO CHT VERMEIL 15", ["volume"]),
        ("MORGON LEVANT BLC", ["colour"]),
        ("AUBRAC CHABLIS LES CLOS 22", ["name"]),
    ],
)
def test_an_almost_is_the_one_field_that_differs(text, odd):
    assert [name for name, state in states(text).items() if state is State.DIFFERS] == odd


def test_what_the_label_does_not_say_is_silent():
    assert states("CHT VERMEIL")["vintage"] is State.SILENT


def test_evidence_carries_the_words_of_both_sides():
    first = engine().propose(Label("CHT VERMEIL 16")).candidates[0]
    vintage = next(one for one in first.evidence if one.field == "vintage")
    assert (vintage.till, vintage.cellar) == ("2016", "2018")


def test_words_added_to_a_whole_name_contradict_nothing():
    assert State.DIFFERS not in states("PASTIS GARANCE MAISON 70CL").values()


def test_a_beer_poured_in_another_volume_than_its_bottle_is_no_difference():
    assert State.DIFFERS not in states("BRUNE REMPARTS 25CL").values()


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("VRE CHABLIS FEVRE 22", Decision.ASK),
        ("VRE CHABLIS FEVRE 23", Decision.OUI),
        ("VRE CHABLIS DAUVISSAT 22", Decision.NON),
        ("FEVRE SAINT BRIS 22", Decision.NON),
    ],
)
def test_a_label_that_says_producer_and_wine_and_only_another_year_is_a_presque_never_a_non(text, decision):
    fevre = {"producer": "William Fèvre", "colour": "blanc", "volume_ml": 750, "category": "wine"}
    cellar = Engine(
        [
            Drink(1, "Chablis Montmains", vintage=2023, **fevre),
            Drink(2, "Chablis Vaillons", "Domaine Aubrac", vintage=2022, volume_ml=750, category="wine"),
            Drink(3, "Chablis Les Hâtes", "Hautes Pierres", vintage=2022, volume_ml=750, category="wine"),
            Drink(4, "Chablis 1er cru Montmains", vintage=2020, **fevre | {"volume_ml": 1500}),
        ]
    )

    assert cellar.propose(Label(text, "Vins au verre")).decision is decision
