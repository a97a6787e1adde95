"""What a venue has taught."""

import pytest

from sommit.matching import Decision, Drink, Label, Memory, taught_by
from tests.matching.cellar import DRINKS, engine


def ids(text: str, memory: Memory) -> list[object]:
    return [candidate.drink_id for candidate in engine().propose(Label(text), memory).candidates]


def test_a_refused_pair_is_not_proposed_again_however_the_label_is_spelled():
    memory = Memory(refused=frozenset({("Vre. Bandol Rosé", 9)}))
    assert 9 not in ids("VRE BANDOL ROSE", memory)
    assert 9 in ids("BTL BANDOL ROSE", memory)


def test_a_confirmed_label_comes_first_and_is_suggested():
    memory = Memory(confirmed=frozenset({("VIN DU MOIS", 8)}))
    proposal = engine().propose(Label("VIN DU MOIS"), memory)
    assert (proposal.candidates[0].drink_id, proposal.decision) == (8, Decision.OUI)
    assert proposal.candidates[0].evidence[0].field == "memory"
    assert proposal.candidates[0].evidence[0].till == "VIN DU MOIS"


def test_a_label_that_only_differs_in_its_serving_follows_the_confirmed_one():
    memory = Memory(confirmed=frozenset({("VRE VIN DU MOIS", 8)}))
    proposal = engine().propose(Label("BTL VIN DU MOIS"), memory)
    assert (proposal.candidates[0].drink_id, proposal.serving.ml) == (8, 750)


def test_another_vintage_does_not_follow_the_confirmed_one():
    memory = Memory(confirmed=frozenset({("CHT VERMEIL 15", 5)}))
    assert ids("CHT VERMEIL 18", memory)[0] == 6


def test_a_refusal_outweighs_a_confirmation():
    pair = frozenset({("VIN DU MOIS", 8)})
    assert 8 not in ids("VIN DU MOIS", Memory(refused=pair, confirmed=pair))


def test_a_confirmed_drink_that_is_gone_is_forgotten():
    assert ids("VIN DU MOIS", Memory(confirmed=frozenset({("VIN DU MOIS", 99)}))) == []


def test_without_the_memory_nothing_was_learned():
    assert engine().propose(Label("VIN DU MOIS")).decision is Decision.NON


def test_a_taught_abbreviation_is_understood():
    plain, taught = Memory(), Memory(abbreviations={"hpx": "Hautes Pierres"})
    assert engine().propose(Label("CHABLIS HPX 22"), plain).decision is not Decision.OUI
    assert engine().propose(Label("CHABLIS HPX 22"), taught).decision is Decision.OUI


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("CHABLIS HPR 22", {"hpr": "hautes pierres"}),
        ("CHABLIS XYZ 22", {}),
        ("CHABLIS HTES PIERRES", {}),
        ("AUBRAC QW ZZ", {}),
    ],
)
def test_a_confirmation_teaches_at_most_one_abbreviation(text, taught):
    assert taught_by(Label(text), DRINKS[0]) == taught


def test_a_drink_without_a_name_teaches_nothing():
    assert taught_by(Label("CHABLIS"), Drink(1, "")) == {}
