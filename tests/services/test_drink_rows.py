"""What the cells of a row mean: volumes, years, amounts and days as people write them."""

from datetime import UTC, datetime

import pytest

from sommit.refusals import Refusal
from sommit.services import drink_rows
from tests import factories


@pytest.fixture(autouse=True)
def now(app):
    app.config["NOW"] = factories.NOW


def read(unit="", **cells):
    return drink_rows.read({"name": "Morgon", **cells}, "Europe/Paris", unit)


@pytest.mark.parametrize(
    ("text", "unit", "ml"),
    [
        ("75cl", "", 750), ("75 cl", "", 750), ("0,75 L", "", 750), ("1,5l", "", 1500), ("750 ml", "", 750),
        ("75", "", 750), ("750", "", 750), ("0.75", "", 750), ("1,5", "", 1500), ("30 litres", "", 30_000),
        ("", "", 750),
        ("75", "cl", 750), ("30", "l", 30_000), ("33", "ml", 33), ("75 cl", "ml", 750), ("37,5", "", 375),
    ],
)  # fmt: skip
def test_a_format_is_read_with_its_unit_or_by_its_size(text, unit, ml):
    assert read(unit, volume=text).entry.volume_ml == ml


@pytest.mark.parametrize("text", ["", "NM", "nv", "Sans millésime", "–", "-"])
def test_a_drink_may_say_that_it_has_no_vintage(text):
    assert read(vintage=text).entry.vintage is None


@pytest.mark.parametrize("text", ["1234,50", "1 234,50 €", "1\u202f234,5€", "1.234,50", "1,234.50 EUR"])
def test_an_amount_is_read_as_a_frenchman_or_an_englishman_writes_it(text):
    assert read(price=text).entry.price_cents == 123_450


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("01/06/2026", datetime(2026, 5, 31, 22, tzinfo=UTC)),
        ("1/6/2026 9h30", datetime(2026, 6, 1, 7, 30, tzinfo=UTC)),
        ("01/06/2026 09:30", datetime(2026, 6, 1, 7, 30, tzinfo=UTC)),
        ("2026-06-01T09:30", datetime(2026, 6, 1, 7, 30, tzinfo=UTC)),
        ("2026-06-01T09:30+00:00", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_day_is_read_in_french_and_in_iso_on_the_venue_s_wall(text, at):
    assert read(stock="3", counted_at=text).at == at


def test_a_colour_makes_a_wine_of_a_drink_without_a_category():
    assert read(colour="Rouge").entry.category == "wine"
    assert read(colour="ambrée").entry.category == "other"
    assert read(colour="blanc", category="Rhum, alcools").entry.category == "spirit"


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"name": " "}, "name", "nom"),
        ({"vintage": "20233"}, "vintage", "20233"),
        ({"vintage": "deux mille"}, "vintage", "deux mille"),
        ({"volume": "une bouteille"}, "volume", "une bouteille"),
        ({"volume": "0"}, "volume_ml", "format"),
        ({"price": "-3"}, "price", "-3"),
        ({"glass_price": "1e9"}, "glass_price", "1e9"),
        ({"threshold": "NaN"}, "threshold", "NaN"),
        ({"stock": "beaucoup"}, "stock", "beaucoup"),
        ({"stock": "3", "counted_at": "32/06/2026"}, "counted_at", "32/06"),
        ({"stock": "3", "counted_at": "01/06/0001"}, "counted_at", "0001"),
        ({"producer": "x" * 201}, "producer", "200"),
        ({"stock": "=SUM(A1)"}, None, "formule"),
    ],
)
def test_a_wrong_cell_is_told_with_its_column(cells, field, said):
    with pytest.raises(Refusal) as refused:
        read(**cells)

    assert refused.value.field == field
    assert said in str(refused.value)
