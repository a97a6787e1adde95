"""A file that a spreadsheet wrote: its rows are read, and what is no spreadsheet is refused with a sentence."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from sommit.services import headings
from sommit.services.spreadsheet import MAX_ROWS, EmptyFile, NotSpreadsheet, OldWorkbook, TooBig

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", text)
    return content.getvalue()


def texts(sheet):
    return [cells for _, cells in sheet.rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_cut_and_decoded_as_its_spreadsheet_wrote_it(delimiter, encoding):
    text = delimiter.join(["Nom", "Millésime", "Région"]) + "\r\n" + delimiter.join(["Crémant", "2021", "Alsace"])

    sheet = headings.read(text.encode(encoding))

    assert sheet.columns == ("name", "vintage", "region")
    assert sheet.rows == [(2, ["Crémant", "2021", "Alsace"])]


def test_decimal_commas_do_not_pass_for_separators():
    assert texts(headings.read(b"Nom;Prix;Stock\nMorgon;12,50;2,5\n")) == [["Morgon", "12,50", "2,5"]]


def test_a_title_and_blank_rows_may_stand_above_the_headings_and_rows_keep_their_numbers():
    sheet = headings.read(b"Ma cave;;\n;;\nNom;Domaine;Stock\n;;\nMorgon;Foillard;3\n")

    assert sheet.rows == [(5, ["Morgon", "Foillard", "3"])]


def test_a_workbook_is_read_as_it_looks():
    day, hour = datetime.fromisoformat("2026-06-01"), datetime.fromisoformat("2026-06-01T09:30")
    sheet = headings.read(
        workbook(
            ["Ma cave"],
            [],
            ["Nom", "Millésime", "Prix", "compté le"],
            ["Morgon", 2021.0, 12.5, day],
            ["Chinon", None, 9, hour],
        )
    )

    assert sheet.columns[:4] == ("name", "vintage", "price", "counted_at")
    assert [(number, cells[:4]) for number, cells in sheet.rows] == [
        (4, ["Morgon", "2021", "12.5", "2026-06-01"]),
        (5, ["Chinon", "", "9", "2026-06-01T09:30"]),
    ]


def test_a_formula_that_was_never_worked_out_stays_one():
    assert texts(headings.read(workbook(["Nom", "Stock"], ["Morgon", "=3+4"])))[0][:2] == ["Morgon", "=3+4"]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("NOM", "name"), ("Désignation", "name"), ("Domaine", "producer"), ("Couleur", "colour"), ("Année", "vintage"),
        ("volume_ml", "volume:ml"), ("Volume (cl)", "volume:cl"), ("Contenance en cl", "volume:cl"),
        ("Format", "volume"), ("Prix (€)", "price"), ("Prix de vente TTC", "price"), ("Prix au verre", "glass_price"),
        ("Seuil d’alerte", "threshold"), ("Qté", "stock"), ("Stock (bouteilles)", "stock"),
        ("Compté le", "counted_at"), ("counted_at", "counted_at"),
        ("Prix d’achat", ""), ("Fournisseur", ""), ("", ""),
    ],
)  # fmt: skip
def test_headings_are_understood_in_french_and_english(heading, column):
    assert headings.column(heading) == column


def test_columns_without_a_meaning_and_second_ones_of_a_meaning_are_left_aside():
    assert headings.read(b"Nom;Fournisseur;Vin;Stock\nA;B;C;1\n").aside == ("Fournisseur", "Vin")


def test_what_stands_beside_the_table_of_a_workbook_is_a_note():
    sheet = headings.read(workbook(["Nom", "Stock"], ["Morgon", 3, None, "à revoir"]))

    assert all(len(cells) == len(sheet.columns) for cells in texts(sheet))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", EmptyFile),
        (workbook(), EmptyFile),
        (PNG, NotSpreadsheet),
        (b"PK\x03\x04" + PNG, NotSpreadsheet),
        (zipped(word__document="<w/>"), NotSpreadsheet),
        (zipped(xl__workbook="<broken"), NotSpreadsheet),
        (zipped(xl__workbook='<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), NotSpreadsheet),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OldWorkbook),
        (zipped(xl__workbook="<x/>", xl__bomb=" " * 41 * 1024 * 1024), TooBig),
        (workbook(["Nom", *range(60)], ["Morgon"]), TooBig),
        (b"Nom;" + b"x;" * 60 + b"\nMorgon\n", TooBig),
        (b"Nom\n" + b"Morgon\n" * (MAX_ROWS + 1), TooBig),
        (b"Nom\n" + b"x" * 2 * 1024 * 1024, TooBig),
        (b'Nom\n"' + b"x" * 200_000, NotSpreadsheet),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_spreadsheet_or_too_much_of_one_is_refused(content, refusal):
    with pytest.raises(refusal):
        headings.read(content)


def test_as_many_rows_as_are_promised_are_read():
    assert len(headings.read(b"Nom\n" + b"Morgon\n" * MAX_ROWS).rows) == MAX_ROWS
