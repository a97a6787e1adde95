"""An engine that follows its library, and the search over it."""

import pytest

from sommit.matching import Drink, Engine, Label
from tests.matching.cellar import DRINKS, engine

LABELS = ("CHABLIS HTES PIERRES 22", "CHT VERMEIL", "PINTE BLONDE", "VRE SAVIGNY CLAVEL", "BANDOL", "GLEN TARVIE 18")
NEW = Drink(
    50, "Savigny Les Clavelles", "Luc Perrot", "Savigny-lès-Beaune", volume_ml=750, category="wine", vintage=2021
)


def answers(one: Engine) -> list[object]:
    return [one.propose(Label(text)) for text in LABELS]


def test_a_drink_added_is_found_as_if_it_had_always_been_there():
    followed = engine()
    followed.propose(Label("VRE SAVIGNY CLAVEL"))
    followed.add(NEW)
    assert answers(followed) == answers(Engine([*DRINKS, NEW]))


def test_a_drink_renamed_is_found_under_its_new_name_only():
    followed = engine()
    followed.replace(Drink(8, "Fleurie Grille-Midi", "Jean Tissandier", "Fleurie", category="wine", volume_ml=750))
    assert followed.propose(Label("FLEURIE GRILLE MIDI")).candidates[0].drink_id == 8
    assert 8 not in [one.drink_id for one in followed.propose(Label("MORGON LEVANT")).candidates]


def test_a_drink_removed_leaves_nothing_behind():
    followed = engine()
    followed.add(NEW)
    followed.remove(NEW.id)
    assert answers(followed) == answers(engine())


def test_forgetting_an_unknown_drink_is_an_error():
    with pytest.raises(KeyError):
        engine().remove("nobody")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ch", None),
        ("chab", 1),
        ("chab vauc", 4),
        ("verm", 6),
        ("vermeil 2015", 5),
        ("levan mor", 8),
        ("glen 18", 15),
        ("abri", 18),
        ("remp bru", 13),
    ],
)
def test_the_search_finds_while_typing(typed, first):
    found = engine().search(typed)
    assert found
    if first:
        assert found[0].drink_id == first


def test_the_search_forgives_a_slip():
    assert engine().search("vermiel")[0].drink_id == 6


@pytest.mark.parametrize("typed", ["", " ", "🍷", "zzzzzz", "a" * 500])
def test_the_search_finds_nothing_in_nonsense(typed):
    assert engine().search(typed) == ()


def test_the_search_keeps_to_its_limit():
    assert len(engine().search("chab", limit=2)) == 2
