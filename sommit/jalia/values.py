"""Reading single JSON values as a till may write them: text, identifiers, numbers, flags, instants.

Nothing here raises: a value that cannot be read is None, and the caller decides whether that matters.
"""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, Final

TEXT_LIMIT: Final = 255  # characters
QUANTITY_LIMIT: Final = 1_000_000  # units on one line
AMOUNT_LIMIT: Final = 10**9  # of one line, in whichever unit the till writes
TOTAL_LIMIT: Final = 10**11  # cents, of a whole closing

_MICRO = Decimal("0.000001")
_NUMERIC = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?", re.ASCII)
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FLAGS: Final[dict[object, bool]] = {True: True, False: False, "true": True, "false": False}


def text(value: Any) -> str | None:
    """A name or label, trimmed, at most 255 characters; None when there is none.

    Control characters (NUL included) become spaces, a lone surrogate becomes U+FFFD.
    """
    if value is None:
        return None
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = _UNSHOWABLE.sub(" ", _SURROGATE.sub("\ufffd", value))
    value = value.strip()
    if len(value) > TEXT_LIMIT:
        value = value[:TEXT_LIMIT].rstrip()
    return value or None


def identifier(value: Any) -> str | None:
    """An identifier as lower-case text (CONTRACT §3.3). One that is too long to keep whole is not readable."""
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return None
    cleaned = text(value)
    return None if cleaned is None else cleaned.lower()


@lru_cache(maxsize=4096)  # a night says the same few hundred labels and tariffs over and over
def fold(value: str) -> str:
    """Lower case, without accents or doubled spaces: how labels and tariffs are compared (CONTRACT §7, §7.6)."""
    if not value.isascii():
        value = "".join(c for c in unicodedata.normalize("NFD", value) if not unicodedata.combining(c))
    return " ".join(value.lower().split())


def number(value: Any) -> Decimal | None:
    """A finite number, also written as text, "1,5" included."""
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, str) and _NUMERIC.fullmatch(value := value.strip()):
        return Decimal(value.replace(",", "."))
    return None


def bounded(value: Any, limit: int) -> Decimal | None:
    """A number within ±limit, rounded half-even to the millionth."""
    found = number(value)
    if found is None or not -limit <= found <= limit:
        return None
    return found if type(value) is int else found.quantize(_MICRO)


def thousandths(value: Any) -> int | None:
    """A quantity in integer thousandths, rounded half-even; None when unreadable or beyond a million units."""
    if type(value) is int and -QUANTITY_LIMIT <= value <= QUANTITY_LIMIT:
        return value * 1000
    found = bounded(value, QUANTITY_LIMIT)
    return None if found is None else rounded(found * 1000)


def whole(value: Any, limit: int = TOTAL_LIMIT) -> int | None:
    """An integer within ±limit; a number with a fractional part is not one."""
    found = bounded(value, limit)
    return int(found) if found is not None and found == found.to_integral_value() else None


def rounded(value: Decimal) -> int:
    """The nearest integer, half-even."""
    return int(value.quantize(Decimal(1), ROUND_HALF_EVEN))


@lru_cache(maxsize=256)
def rate(value: Decimal | None) -> int | None:
    """A tax rate in hundredths of a percent, told by its size (CONTRACT §3.1.2): 0.2, 20 and 2000 are 20 %."""
    if value is None or value < 0:
        return None
    if value <= 1:
        value *= 10_000
    elif value < 100:
        value *= 100
    return rounded(value) if value <= 10_000 else None


def flag(value: Any, *, default: bool) -> bool | None:
    """A yes or no; `default` when missing or null, None when unreadable."""
    if value is None:
        return default
    return _FLAGS.get(value) if isinstance(value, bool | int | str) else None


def instant(value: Any) -> datetime | None:
    """An ISO 8601 instant in UTC: `Z`, an offset, or nothing (then taken as UTC); None when it is not one."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if 2000 <= found.year < 2100 else None
