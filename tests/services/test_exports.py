"""What a spreadsheet in French makes of a file of ours, and what it must never run."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from sommit.services import exports


def read(content):
    """The rows as Excel in French would split them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_a_text_that_would_be_run_is_defused(begins):
    assert exports.cell(f"{begins}1+1") == f"'{begins}1+1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("-12.50"), "-12,50"),
        (Decimal("1234.5"), "1234,5"),
        (exports.decimal(-4050, 2), "-40,50"),
        (exports.decimal(0, 2), "0,00"),
        (exports.quantity(60_000, 3), "60"),
        (exports.quantity(-2_500, 3), "-2,5"),
        (exports.quantity(0, 3), "0"),
        (-3, "-3"),
        (2022, "2022"),
        (date(2026, 6, 3), "03/06/2026"),
        (date(1, 1, 1), "01/01/0001"),
        ("Château d’Yquem", "Château d’Yquem"),
        (None, ""),
        ("", ""),
    ],
)
def test_numbers_stay_numbers_and_days_are_french(value, shown):
    assert exports.cell(value) == shown


def test_a_file_begins_with_its_mark_and_comes_back_as_it_was():
    strange = 'Vin "de; pays"\r\nrouge, doux'
    content = b"".join(exports.written(["Nom", "€"], [[strange, Decimal("1.50")], ["L’Éclat", None]]))

    assert content.startswith(b"\xef\xbb\xbfNom;")
    assert b'"Vin ""de; pays""\r\nrouge, doux";1,50\r\n' in content
    assert read(content) == [["Nom", "€"], [strange, "1,50"], ["L’Éclat", ""]]


def test_a_long_file_goes_out_in_pieces():
    pieces = list(exports.written(["N"], ([number] for number in range(2000))))
    assert len(pieces) > 3
    assert len(read(b"".join(pieces))) == 2001
