"""The file of the import, and its rows as the preview's form carries them to the confirmation.

The form carries the rows themselves, so nothing has to be kept between the two pages, whichever process answers. What
comes back is read as any file is: every row is checked again.
"""

import base64
import json
import zlib

from flask import request

from sommit.refusals import N_
from sommit.services.headings import Sheet
from sommit.services.spreadsheet import MAX_BYTES, FileRefused, NoFile

MAX_PACKED = 224 * 1024  # what a form may hold, less its other fields
MAX_UNPACKED = 16 * 1024 * 1024


class TooLong(FileRefused):
    """More rows than one form carries."""

    sentence = N_("Ce fichier est trop long pour un seul aperçu. Faites-en deux, et importez-les l’un après l’autre.")


class Lost(FileRefused):
    """A confirmation without its rows, or with rows that were not packed here."""

    sentence = N_("L’aperçu n’est plus lisible. Rien n’a été importé : choisissez de nouveau le fichier.")


def content() -> bytes:
    """Return what the file holds. Raises NoFile."""
    file = request.files.get("fichier")
    if file is None or not file.filename:
        raise NoFile()
    return bytes(file.read(MAX_BYTES + 1))


def packed(sheet: Sheet) -> str:
    """Return the named columns of a sheet as the text of a form's field. Raises TooLong."""
    named = [place for place, name in enumerate(sheet.columns) if name]
    width = len(sheet.columns)
    rows = [
        [number, *(cells[place] if place < len(cells) else "" for place in named), *filter(None, cells[width:])]
        for number, cells in sheet.rows
    ]
    said = json.dumps([[sheet.columns[place] for place in named], rows], ensure_ascii=False, separators=(",", ":"))
    text = base64.b85encode(zlib.compress(said.encode(), 9)).decode()
    if len(text) > MAX_PACKED:
        raise TooLong()
    return text


def sheet() -> Sheet:
    """Return the sheet of a confirmation. Raises Lost."""
    try:
        unpacking = zlib.decompressobj()
        said = unpacking.decompress(base64.b85decode(request.form.get("lignes", "")), MAX_UNPACKED)
        columns, rows = json.loads(said)
        found = Sheet(tuple(map(str, columns)), [(int(row[0]), list(map(str, row[1:]))) for row in rows], ())
    except (ValueError, TypeError, LookupError, zlib.error, RecursionError):
        raise Lost() from None
    if not {"name"} <= set(found.columns):
        raise Lost()
    return found
