"""What a till label says about a drink that the library does not have yet."""

import pytest

from sommit.services import first_entry, servings
from tests import factories


@pytest.mark.parametrize(
    ("label", "category", "name", "vintage", "kind", "volume_ml", "serving_ml"),
    [
        ("VRE CHABLIS FEVRE 22", "Vins au verre", "Chablis Fevre", 2022, "wine", 750, 125),
        ("PINTE IPA MINOTTE", "Bières pression", "Ipa Minotte", None, "beer", 30_000, 500),
        ("1/2 BLONDE", "Bières", "Blonde", None, "beer", 30_000, 250),
        ("RICARD 2CL", "Apéritifs", "Ricard", None, "spirit", 700, 20),
        ("COCA 33CL", "Softs", "Coca", None, "soft", 330, 330),
        ("MAGNUM CH SIMONE", "Vins", "Ch Simone", None, "wine", 1500, 1500),
        ("MENU ENFANT", "", "Menu Enfant", None, "other", 750, 750),
    ],
)
def test_an_entry_starts_with_what_the_label_says(venue, label, category, name, vintage, kind, volume_ml, serving_ml):
    reference = factories.reference(venue, label, category=category)

    entry = first_entry.from_label(reference)

    assert (entry.name, entry.vintage, entry.category) == (name, vintage, kind)
    assert (entry.volume_ml, first_entry.serving_ml(reference, entry, servings.house(venue.id))) == (
        volume_ml,
        serving_ml,
    )


def test_a_colour_alone_means_a_wine(venue):
    entry = first_entry.from_label(factories.reference(venue, "SANCERRE ROUGE"))

    assert (entry.category, entry.colour) == ("wine", "rouge")


@pytest.mark.parametrize("label", ["!!!", "22", "x" * 400, "<script>"])
def test_a_label_that_says_nothing_is_no_fault(venue, label):
    assert first_entry.from_label(factories.reference(venue, label[:255])).volume_ml > 0
