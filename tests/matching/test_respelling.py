"""One key, two labels: when it may be the same drink, and when somebody has to be asked (FAULTS 64, row I2)."""

import pytest

from sommit.matching import is_respelling

SAME = [
    ("CHABLIS 2022", "CHABLIS 2023"),
    ("VRE CHABLIS 22", "VRE CHABLIS 23"),
    ("VRE CHABLIS", "VERRE CHABLIS"),
    ("VERRE CHABLIS", "Verre de Chablis"),
    ("VRE CHABLIS", "VRE CHABLIS 1ER CRU"),
    ("VRE CHABLIS FEVRE 22", "CHABLIS FEVRE"),
    ("VRE CHABLIS", "VRE CHABLIS 12CL"),
    ("VRE CHABLIS 12CL", "VRE CHABLIS 15CL"),
    ("CH LYNCH BAGES 16", "CHATEAU LYNCH-BAGES 2017"),
    ("LYNCHBAGES", "LYNCH BAGES"),
    ("CDR ROUGE", "COTES DU RHONE ROUGE"),
    ("VRE MRGN", "VRE MORGON"),
    ("MORGON FOILARD", "MORGON FOILLARD"),
    ("GIN TO", "GIN TONIC"),
    ("CREME BRULEE", "Crème brûlée"),
    ("PINTE IPA", "PTE IPA"),
    ("SANCERRE BLC", "SANCERRE BLANC"),
    ("MOJITO", "MOJITO FRAISE"),
]
OTHER = [
    ("VERRE CHABLIS", "MOJITO"),
    ("VERRE CHABLIS", "CAFE EXPRESSO"),
    ("VERRE CHINON GRAVIERS", "CAFE EXPRESSO"),
    ("VRE CHABLIS", "VRE MORGON"),
    ("VRE CHABLIS 22", "VRE SANCERRE 22"),
    ("CHATEAU MARGAUX", "CHATEAU LATOUR"),
    ("SANCERRE BLANC", "SANCERRE ROUGE"),
    ("VERRE BLANC", "VERRE ROUGE"),
    ("VERRE CHABLIS", "BTL CHABLIS"),
    ("PINTE BLONDE", "DEMI BLONDE"),
    ("PINTE BLONDE", "PINTE IPA"),
    ("COTES DE BLAYE ROUGE", "COTES DE BOURG ROUGE"),
    ("COTES DU RHONE ROUGE", "COTES DE PROVENCE ROSE"),
    ("GIN TONIC", "VODKA ORANGE"),
    ("PLAT DU JOUR", "MOJITO"),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_a_respelling_a_vintage_or_a_word_more_is_the_same_drink(before, after):
    assert is_respelling(before, after)
    assert is_respelling(after, before)


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_another_name_another_colour_or_another_serving_is_not(before, after):
    assert not is_respelling(before, after)
    assert not is_respelling(after, before)
