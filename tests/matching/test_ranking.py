"""Which drink comes first."""

import pytest

from sommit.matching import Decision, Drink, Engine, Label
from tests.matching.cellar import engine


@pytest.mark.parametrize(
    ("text", "category", "first"),
    [
        ("CHABLIS HTES PIERRES 22", "", 1),
        ("CHABLIS HTES PIERRES 21", "", 2),
        ("1/2 CHABLIS HTES PIERRES 22", "", 3),
        ("CHABLIS 1ER CRU", "", 4),
        ("CHABLIS VAUCOUP", "", 4),
        ("CHT VERMEIL 15", "", 5),
        ("MAG CHT VERMEIL 15", "", 7),
        ("CHT VERMIEL 2018", "", 6),
        ("MORGON CTE LEVANT", "", 8),
        ("MORGN COTE DU LEVANT", "", 8),
        ("MRGN LVNT", "", 8),
        ("LEVANT COTE MORGON DU", "", 8),
        ("BANDOL ROSE", "", 9),
        ("BANDOL RGE", "", 10),
        ("BANDOL", "Vins rouges", 10),
        ("PINTE BLONDE", "Bières pression", 11),
        ("DEMI BLDE REMPARTS", "", 11),
        ("BT BLONDE 33", "Bières bouteille", 12),
        ("BLONDEREMPARTS 33CL", "", 12),
        ("BRUNE REMPARTS", "", 13),
        ("GLEN TARVIE 12", "", 14),
        ("GLEN TARVIE 18A 4CL", "", 15),
        ("JUS ABRICOT 25", "Softs", 18),
        ("EAU PLATE 50", "Softs", 19),
        ("EAU PLATE 1L", "Softs", 20),
    ],
)
def test_the_drink_meant_comes_first(text, category, first):
    assert engine().propose(Label(text, category)).candidates[0].drink_id == first


def test_the_most_recent_vintage_comes_first_when_the_label_says_none():
    proposal = engine().propose(Label("CHABLIS HTES PIERRES"))
    assert [candidate.drink_id for candidate in proposal.candidates[:2]] == [1, 2]


def test_a_candidate_names_its_siblings_in_the_same_bottle():
    proposal = engine().propose(Label("CHT VERMEIL 18"))
    assert (proposal.candidates[0].drink_id, proposal.candidates[0].siblings) == (6, (5,))


def test_among_equals_the_price_of_the_serving_decides():
    dear = Drink("dear", "Chablis", "Un", category="wine", volume_ml=750, glass_price_cents=1800)
    fair = Drink("fair", "Chablis", "Zwei", category="wine", volume_ml=750, glass_price_cents=700)
    proposal = Engine([dear, fair]).propose(Label("VRE CHABLIS", price_cents=700))
    assert proposal.candidates[0].drink_id == "fair"


@pytest.mark.parametrize(
    ("text", "category", "decision"),
    [
        ("CHABLIS HTES PIERRES 22", "", Decision.OUI),
        ("CHABLIS HTES PIERRES", "", Decision.ASK),  # two vintages
        ("CHT VERMEIL 16", "", Decision.ASK),  # "presque": a vintage that the cellar does not hold
        ("BANDOL ROSE", "", Decision.OUI),
        ("BANDOL", "", Decision.ASK),  # two colours
        ("PASTIS GARANCE", "", Decision.ASK),  # two bottles on the bar
        ("PASTIS GARANCE", "Cocktails", Decision.ASK),
        ("GLEN TARVIE", "", Decision.ASK),
        ("GLEN TARVIE 15 ANS", "", Decision.NON),
        ("CHABLIS DOMAINE LERICHE MONTMAINS", "", Decision.NON),
        ("CAFE GOURMAND", "", Decision.NON),
        ("SUPPLEMENT", "", Decision.NON),
        ("DIVERS", "", Decision.NON),
        ("TARTE ABRICOT", "Desserts", Decision.NON),
        ("MOJITO", "Cocktails", Decision.NON),
        ("KIR ABRICOT", "Apéritifs", Decision.NON),  # a word that nobody knows beside one of an ingredient
        ("BLONDE REMPARTS", "Desserts", Decision.ASK),  # food by its category: never suggested
        ("", "", Decision.NON),
    ],
)
def test_the_engine_knows_when_it_does_not_know(text, category, decision):
    assert engine().propose(Label(text, category)).decision is decision


def test_the_right_price_speaks_for_a_drink_that_is_hardly_named():
    cellar = [
        Drink(1, "Pouilly-Fumé Silex Clair", "Leriche", vintage=2022, volume_ml=750, category="wine", price_cents=5200)
    ]
    label = Label("BTL POUILLY FUME 23", price_cents=5200)
    assert Engine(cellar).propose(label).decision is Decision.ASK


def test_the_serving_of_the_first_candidate_is_proposed():
    assert engine().propose(Label("DEMI BLDE REMPARTS")).serving.ml == 250
    assert engine().propose(Label("PASTIS GARANCE")).serving.ml == 20


def test_at_most_ten_candidates_are_named():
    many = Engine(Drink(i, "Chablis", vintage=1990 + i, category="wine", volume_ml=750) for i in range(30))
    assert len(many.propose(Label("CHABLIS")).candidates) == 10
