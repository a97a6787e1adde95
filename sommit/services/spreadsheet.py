"""From a file that a spreadsheet wrote, CSV or XLSX, to rows of texts. Nothing here knows what the columns mean."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from sommit.refusals import N_, Refusal

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 40
MAX_UNPACKED = 40 * 1024 * 1024  # of a workbook's parts together; a real one of 10,000 rows has 8 MB
MAX_PARTS = 500
DELIMITERS = (";", ",", "\t")

OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls, and any workbook with a password
ZIP = b"PK\x03\x04"
WORKBOOK = "xl/workbook.xml"

Row = tuple[int, list[str]]  # the number that the spreadsheet shows beside the row, and its cells


class FileRefused(Refusal):
    """A file from which no row can be read."""

    field = "fichier"


class NoFile(FileRefused):
    """The form was sent without a file."""

    sentence = N_("Choisissez d’abord un fichier : un CSV ou un classeur .xlsx.")


class EmptyFile(FileRefused):
    """A file without a row."""

    sentence = N_("Ce fichier est vide.")


class NotSpreadsheet(FileRefused):
    """The file is neither text nor a workbook."""

    sentence = N_(
        "Ce fichier n’est ni un CSV ni un classeur .xlsx. Enregistrez-le ainsi depuis le tableur, puis recommencez."
    )


class OldWorkbook(FileRefused):
    """A workbook of Excel before 2007, or one that asks for a password."""

    sentence = N_(
        "Ce classeur est protégé par un mot de passe ou date d’un ancien Excel. "
        "Enregistrez-le en .xlsx sans mot de passe, puis recommencez."
    )


class TooBig(FileRefused):
    """More than a cellar needs: bytes, rows, columns, or a workbook that swells when it is unpacked."""

    sentence = N_("Ce fichier est trop grand : 2 Mo, 10 000 lignes et 40 colonnes au plus. Faites-en plusieurs.")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that are not blank. `separated`: by a character, which may also stand in a text by mistake."""

    rows: list[Row]
    separated: bool


def read(content: bytes) -> list[Table]:
    """Return the rows of a file: one table for a workbook (its first sheet), one for each way to cut a CSV.

    Which way is right shows in the headings. Raises EmptyFile, NotSpreadsheet, OldWorkbook, TooBig.
    """
    if len(content) > MAX_BYTES:
        raise TooBig()
    if not content.strip():
        raise EmptyFile()
    if content.startswith(OLD_EXCEL):
        raise OldWorkbook()
    if content.startswith(ZIP):
        return [Table(_bounded(_workbook(content)), separated=False)]
    text = _decoded(content)
    return [Table(_bounded(_cut(text, delimiter)), separated=True) for delimiter in DELIMITERS]


def _bounded(rows: Iterable[Row]) -> list[Row]:
    """The rows that say something, at most as many as are taken beside the headings."""
    full = ((number, cells) for number, cells in rows if any(cells))
    found = list(islice(full, MAX_ROWS + 2))
    if len(found) > MAX_ROWS + 1:
        raise TooBig()
    if not found:
        raise EmptyFile()
    return found


def _decoded(content: bytes) -> str:
    """UTF-8 first; Windows' own code page takes almost any bytes, so it comes last."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(character) < 32 and character not in "\t\r\n\f" for character in text):
            break
        return text
    raise NotSpreadsheet()


def _cut(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise NotSpreadsheet() from None


def _workbook(content: bytes) -> list[Row]:
    """The first sheet. A formula is what it last came to; one that was never worked out stays a formula."""
    _look_inside(content)
    try:
        rows = _sheet(content, worked_out=True)
        formulas = _sheet(content, worked_out=False)
    except FileRefused:
        raise
    except Exception as broken:  # the reader stumbles over a broken workbook in as many ways as it can be broken
        raise NotSpreadsheet() from broken
    return [
        (number, [cell or _formula(written) for cell, written in zip(cells, as_written, strict=False)])
        for (number, cells), (_, as_written) in zip(rows, formulas, strict=False)
    ]


def _formula(text: str) -> str:
    return text if text.startswith("=") else ""


def _look_inside(content: bytes) -> None:
    """Refuse a bomb before anything is unpacked, and a document that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise TooBig()
            if WORKBOOK not in parts.namelist() or any(_declares(parts, entry) for entry in entries):
                raise NotSpreadsheet()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        raise NotSpreadsheet() from None


def _declares(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    if not entry.filename.endswith((".xml", ".rels")):
        return False
    with parts.open(entry) as part:
        return b"<!DOCTYPE" in part.read(4096)


def _sheet(content: bytes, *, worked_out: bool) -> list[Row]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=worked_out, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    found: list[Row] = []
    cells = sheet.iter_rows(max_row=2 * MAX_ROWS, max_col=MAX_COLUMNS + 1, values_only=True)
    for number, values in enumerate(cells, start=1):
        row = [_text(value) for value in values]
        if len(row) > MAX_COLUMNS and row[MAX_COLUMNS]:
            raise TooBig()
        found.append((number, row))
    return found


def _text(value: Any) -> str:
    """A cell as somebody would type it: 2021.0 is 2021, a day at midnight is a day."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split()) if not hasattr(value, "text") else str(value.text)
