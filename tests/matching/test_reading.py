"""What a till label says."""

import pytest

from sommit.matching import Label, read


@pytest.mark.parametrize(
    ("text", "words", "vintage"),
    [
        ("CH. LYNCH BAGES 16", ("ch", "lynch", "bages"), 2016),
        ("CH LYNCH BAGES '98", ("ch", "lynch", "bages"), 1998),
        ("Château Lynch-Bages 2016", ("chateau", "lynch", "bages"), 2016),
        ("CHABLIS 22 VRE", ("chablis",), 2022),
        ("BTL CHABLIS 75CL 12", ("chablis",), 2012),
        ("PINTE 1664", ("1664",), None),
        ("BAVARIA 8.6 50CL", ("bavaria", "8.6"), None),
        ("BAVARIA 8,6", ("bavaria", "8.6"), None),
        ("GLEN TARVIE 12 ANS", ("glen", "tarvie", "12", "ans"), None),
        ("GLEN TARVIE 12A 4CL", ("glen", "tarvie", "12", "ans"), None),
        ("CHATEAU DE BEAUCHAMP 20", ("chateau", "de", "beauchamp"), 2020),
        ("CHATEAU DE BEAUCHAMP 201", ("chateau", "de", "beauchamp"), None),
        ("COGNAC V.S.O.P.", ("cognac", "vsop"), None),
        ("COGNAC V S O P", ("cognac", "vsop"), None),
        ("BAILEY'S", ("baileys",), None),
        ("V. E DURAND", ("e", "durand"), None),
        ("2015", ("2015",), None),
    ],
)
def test_a_label_is_words_and_a_vintage(text, words, vintage):
    reading = read(Label(text))
    assert (reading.words, reading.vintage) == (words, vintage)


@pytest.mark.parametrize(
    ("text", "category", "colour", "kind"),
    [
        ("VRE MACON BLC", "", "blanc", ""),
        ("BANDOL RGE", "", "rouge", ""),
        ("BANDOL ROSE", "", "rosé", ""),
        ("BANDOL", "Vins rosés", "rosé", "wine"),
        ("BANDOL ROSE", "Vins rouges", "rosé", "wine"),
        ("BLANC DE NOIRS", "", "blanc", ""),
        ("REMPARTS", "Bières pression", "", "beer"),
        ("EVIAN", "Sans alcool", "", "soft"),
        ("POIRE WILLIAMS", "Eaux de vie", "", "spirit"),
        ("PORTO", "Apéritifs", "", ""),
        ("CKT DE LA MAISON", "", "", "cocktail"),
        ("PINTE REMPARTS", "", "", "beer"),
    ],
)
def test_colour_and_kind_come_from_the_label_then_from_the_tills_category(text, category, colour, kind):
    reading = read(Label(text, category))
    assert (reading.colour, reading.kind) == (colour, kind)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CAFE GOURMAND", "till"),
        ("SUPPLEMENT", "till"),
        ("DIVERS", "till"),
        ("REMISE 10%", "till"),
        ("TARTE AUX POMMES", "food"),
        ("ENTRECOTE", "food"),
        ("CHABLIS", ""),
    ],
)
def test_words_of_food_and_of_the_till_are_known(text, said):
    assert read(Label(text)).not_a_drink == said


def test_an_abbreviation_that_was_taught_is_read():
    parts = read(Label("CHABLIS HPI"), {"hpi": "Hautes Pierres"}).parts
    assert ("haute", "pierres") in parts[-1].meanings or ("hautes", "pierres") in parts[-1].meanings


def test_the_first_of_two_servings_counts_and_neither_stays_a_word():
    reading = read(Label("BTL CHABLIS BT"))
    assert (reading.words, reading.serving.kind) == (("chablis",), "bottle")
