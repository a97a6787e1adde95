"""How much one sale takes, label by label."""

import csv
from pathlib import Path

import pytest

from sommit.matching import Drink, Label, serving_for

ROWS = list(csv.DictReader(Path(__file__).with_name("servings.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["label"])
def test_the_label_says_the_serving(row):
    volume = int(row["volume_ml"]) if row.get("volume_ml") else int(row["format_ml"] or 0) or None
    drink = Drink(1, row["label"], category=row["drink_category"], volume_ml=volume)
    serving = serving_for(Label(row["label"]), drink)
    assert (serving.ml, serving.kind, serving.said) == (int(row["ml"]), row["kind"], True)
