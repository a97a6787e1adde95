"""The door of the match engine."""

from sommit.matching import Decision, Drink, Engine, Label, Memory, serving_for

CHABLIS = Drink(1, "Chablis Vieilles Vignes", producer="Domaine Laroche", vintage=2022, volume_ml=750, category="wine")
MORGON = Drink(2, "Morgon Côte du Py", producer="Jean Foillard", vintage=2021, volume_ml=750, category="wine")


def test_a_drinks_own_name_ranks_it_first_whatever_the_accents():
    proposal = Engine([CHABLIS, MORGON]).propose(Label("MORGON COTE DU PY 2021"))
    assert proposal.candidates[0].drink_id == MORGON.id
    assert proposal.decision is Decision.OUI


def test_an_empty_library_answers_non():
    proposal = Engine([]).propose(Label("VERRE CHABLIS"))
    assert (proposal.candidates, proposal.decision) == ((), Decision.NON)


def test_a_refused_pair_is_not_proposed_again():
    memory = Memory(refused=frozenset({("chablis vv", CHABLIS.id)}))
    proposal = Engine([CHABLIS, MORGON]).propose(Label("CHABLIS VV"), memory)
    assert CHABLIS.id not in [candidate.drink_id for candidate in proposal.candidates]


def test_half_of_a_wine_is_a_half_bottle_and_half_of_a_beer_a_demi():
    beer = Drink(3, "Pelforth Blonde", category="beer", volume_ml=30000)
    assert serving_for(Label("1/2 CHABLIS"), CHABLIS).ml == 375
    assert serving_for(Label("1/2 PELFORTH"), beer).ml == 250
