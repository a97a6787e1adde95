"""Figures in French typography: U+202F in numbers, U+00A0 before units, U+2212 for minus, – where nothing is known."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from sommit import formats

ML = 1000  # stock is in microlitres


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00"), (5, "0,05"), (123450, "1\u202f234,50"), (123456789, "1\u202f234\u202f567,89"),
        (-650, "\u22126,50"), (-5, "\u22120,05"), (None, "–"),
    ],
)  # fmt: skip
def test_an_amount_is_written_with_a_comma_and_thin_spaces(cents: int | None, text: str) -> None:
    assert formats.amount(cents) == text


def test_money_bears_its_sign_after_a_hard_space() -> None:
    assert formats.money(123450) == "1\u202f234,50\u00a0€"
    assert formats.money(None) == "–"


@pytest.mark.parametrize(
    ("ml", "text"),
    [
        (125, "12,5\u00a0cl"), (750, "75\u00a0cl"), (40, "4\u00a0cl"), (333, "33,3\u00a0cl"), (1000, "1\u00a0l"),
        (1500, "1,5\u00a0l"), (30000, "30\u00a0l"), (1_500_000, "1\u202f500\u00a0l"), (None, "–"),
    ],
)  # fmt: skip
def test_a_volume_is_in_centilitres_below_a_litre(ml: int | None, text: str) -> None:
    assert formats.volume(ml) == text


@pytest.mark.parametrize(
    ("milli", "text"),
    [
        (14000, "14"),
        (500, "0,5"),
        (250, "0,25"),
        (-1000, "\u22121"),
        (1234000, "1\u202f234"),
        (1, "0,001"),
        (None, "–"),
    ],
)
def test_a_quantity_has_the_decimals_it_needs(milli: int | None, text: str) -> None:
    assert formats.quantity(milli) == text


def test_a_share_says_a_hundred_only_when_all_is_there() -> None:
    assert formats.percent(9, 10) == "90\u00a0%"
    assert formats.percent(999, 1000) == "99\u00a0%"
    assert formats.percent(0, 0) == "–"


def test_a_day_is_in_lower_case_and_the_first_is_an_ordinal() -> None:
    assert formats.day(date(2026, 6, 13)) == "samedi 13 juin"
    assert formats.day(date(2026, 6, 1)) == "lundi 1er juin"
    assert formats.day(date(2025, 12, 31), year=True) == "mercredi 31 décembre 2025"
    assert formats.day(None) == "–"


def test_an_hour_is_the_one_on_the_venues_wall() -> None:
    assert formats.clock(datetime(2026, 6, 14, 3, 12, tzinfo=UTC), "Europe/Paris") == "5\u00a0h\u00a012"
    assert formats.clock(datetime(2026, 12, 14, 3, 5, tzinfo=UTC), "America/Martinique") == "23\u00a0h\u00a005"
    assert formats.clock(None, "Europe/Paris") == "–"


def test_a_phone_number_is_dialled_from_anywhere() -> None:
    assert formats.phone("05 19 80 01 37") == "tel:+33519800137"
    assert formats.phone("+32 2 123 45 67") == "tel:+3221234567"


@pytest.mark.parametrize(
    ("stock_ml", "volume_ml", "category", "figure", "unit", "words"),
    [
        (22 * 750, 750, "wine", "22", "bout.", "22 bouteilles"),
        (11 * 750 + 375, 750, "wine", "11,5", "bout.", "11 bouteilles + 3 verres"),
        (7 * 750 + 250, 750, "wine", "7,3", "bout.", "7 bouteilles + 2 verres"),
        (750, 750, "wine", "1", "bout.", "1 bouteille"),
        (125, 750, "wine", "0,2", "bout.", "1 verre"),
        (0, 750, "wine", "0", "bout.", "0 bouteille"),
        (2 * 750 + 730, 750, "wine", "3", "bout.", "3 bouteilles"),
        (1400 * 750, 750, "wine", "1\u202f400", "bout.", "1\u202f400 bouteilles"),
        (42_000, 30_000, "beer", "1,4", "fût", "1 fût + 48 demis"),
        (75_000, 30_000, "beer", "2,5", "fûts", "2 fûts + 60 demis"),
        (12 * 330, 330, "beer", "12", "bout.", "12 bouteilles"),
        (-6_000, 30_000, "beer", "\u22120,2", "fût", "il manque 24 demis"),
        (-750 - 125, 750, "wine", "\u22121,2", "bout.", "il manque 1 bouteille + 1 verre"),
        (700 + 80, 700, "spirit", "1,1", "bout.", "1 bouteille + 2 doses"),
        (1000 + 250, 1000, "soft", "1,3", "bout.", "1 bouteille + 2 verres"),
    ],
)
def test_a_stock_is_said_in_formats_and_in_what_is_poured(
    app: Flask, stock_ml: int, volume_ml: int, category: str, figure: str, unit: str, words: str
) -> None:
    with app.test_request_context():
        assert formats.stock(stock_ml * ML, volume_ml, category) == (figure, unit, words)


def test_a_stock_is_rounded_half_away_from_zero(app: Flask) -> None:
    with app.test_request_context():
        assert formats.stock(1125 * ML, 750, "wine").figure == "1,5"
        assert formats.stock(37_500, 750, "wine").figure == "0,1"  # 0,05
        assert formats.stock(37_499, 750, "wine").figure == "0"
        assert formats.stock(-37_500, 750, "wine").figure == "\u22120,1"


def test_what_was_never_counted_is_not_zero(app: Flask) -> None:
    with app.test_request_context():
        assert formats.stock(None, 750, "wine") == ("–", "", "jamais compté")
