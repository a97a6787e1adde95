"""The till's answers for one closing, as they came: packed to be kept, and read again as if the till gave them."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from sommit.jalia import parse
from sommit.jalia.client import Orders, recorded_orders
from sommit.jalia.payload import Report

LEVEL: Final = 1  # the night must not wait for it; JSON shrinks to a tenth all the same
_BOM: Final = b"\xef\xbb\xbf"


class Packed(NamedTuple):
    """What is kept of a reading: zlib over JSON. `fingerprint`: SHA-256 of the JSON."""

    fingerprint: str
    answers: bytes


class _Document(msgspec.Struct):
    report: msgspec.Raw
    orders: list[msgspec.Raw]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answers of one closing, to be asked like the till."""

    report: Report
    pages: tuple[bytes, ...]

    def orders(self, report_id: str, *, thorough: bool = False) -> Orders:
        """Give the notes, the same each time. Raises as `wire.decode`."""
        return recorded_orders(self.pages)


def pack(report: Report, pages: Sequence[bytes]) -> Packed:
    """Pack a closing and its pages of notes: bodies alone, so no key and no header is among them."""
    bodies = b",".join(page.removeprefix(_BOM) for page in pages)
    document = b'{"report":' + report.raw.removeprefix(_BOM) + b',"orders":[' + bodies + b"]}"
    return Packed(hashlib.sha256(document).hexdigest(), zlib.compress(document, LEVEL))


def unpack(answers: bytes) -> Recorded:
    """Open what `pack` made."""
    document = msgspec.json.decode(zlib.decompress(answers), type=_Document)
    return Recorded(parse.report(bytes(document.report)), tuple(bytes(page) for page in document.orders))
