"""Reading one cell of a spreadsheet, or one field of a form: numbers as French people write them, dates, volumes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sommit import clock
from sommit.matching.text import fold, words
from sommit.refusals import N_, Refusal

MAX_FORMATS = Decimal(1_000_000)
MAX_EUROS = Decimal(100_000)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
SHOWN = 60  # characters of a wrong cell that its sentence repeats
Cells = Mapping[str, str]

_NOTHING = frozenset("-–—")
_NO_VINTAGE = frozenset({"", "nm", "nv", "n m", "n v", "sm", "s m", "sans", "sans millesime", "non millesime"})
_SHORT = {"li": "l", "mi": "ml", "ce": "cl"}  # "litres", "millilitres", "centilitres"
_ML = {"ml": Decimal(1), "cl": Decimal(10), "l": Decimal(1000)}
_VOLUME = re.compile(r"([\d.,\s]+?)\s*(ml|cl|l|litres?|millilitres?|centilitres?)?\.?")
_EUROS = re.compile(r"\s*(€|eur|euros?)\s*$", re.IGNORECASE)
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2})\s*(?::|h)\s*(\d{2})?)?")


class BadNumber(Refusal):
    """A cell that should be a number and is none, or an absurd one."""

    sentence = N_("« %(typed)s » n’est pas un nombre possible ici.")

    def __init__(self, text: str, column: str) -> None:
        super().__init__(typed=text[:SHOWN])
        self.field = column


class Formula(Refusal):
    """A cell that holds a formula nobody has worked out, or a text that a spreadsheet would take for one."""

    sentence = N_("« %(typed)s » est une formule. Remplacez-la par sa valeur.")


class BadInstant(Refusal):
    """A cell that should be a date and is none, or lies ahead."""

    sentence = N_("« %(typed)s » n’est pas une date passée : 14/06/2026 ou 14/06/2026 9:00 est attendu.")
    field = "counted_at"


def instant(text: str, timezone: str) -> datetime:
    """Return a past instant, written as in France or as in ISO 8601; one without a zone is on the venue's wall.

    Raises BadInstant.
    """
    try:
        found = datetime.fromisoformat(_iso(text))
        found = found.replace(tzinfo=found.tzinfo or ZoneInfo(timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInstant(typed=text[:SHOWN]) from None
    if not EARLIEST <= found <= clock.now():
        raise BadInstant(typed=text[:SHOWN])
    return found


def _iso(text: str) -> str:
    said = _FRENCH_DAY.fullmatch(text.strip())
    if not said:
        return text.strip()
    day, month, year, hour, minute = said.groups(default="0")
    return f"{year}-{int(month):02d}-{int(day):02d}T{int(hour):02d}:{int(minute):02d}"


def _number(cells: Cells, column: str, most: Decimal) -> Decimal | None:
    text = cells.get(column, "")
    if not text or text in _NOTHING:
        return None
    number = _decimal(text)
    if number is None or not 0 <= number <= most:
        raise BadNumber(text, column)
    return number


def _decimal(text: str) -> Decimal | None:
    """The number that a text is, None where it is none: "1 234,50", "1.234,50" and "1,234.50" are one number."""
    bare = "".join(text.split()).replace("\u202f", "")
    if "," in bare and "." in bare:
        bare = bare.replace(min(",.", key=bare.rindex), "")
    try:
        number = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def whole(cells: Cells, column: str) -> int | None:
    """Return a whole number, None for a blank cell. Raises BadNumber."""
    number = _number(cells, column, Decimal(10**9))
    if number is not None and number != number.to_integral_value():
        raise BadNumber(cells[column], column)
    return None if number is None else int(number)


def vintage(cells: Cells, column: str = "vintage") -> int | None:
    """Return a year, None for a blank cell and for what says that there is none ("NM", "sans millésime").

    Raises BadNumber.
    """
    return None if " ".join(words(cells.get(column, ""))) in _NO_VINTAGE else whole(cells, column)


def volume(cells: Cells, unit: str = "", column: str = "volume") -> int | None:
    """Return a format in millilitres, None for a blank cell. The unit is the cell's own ("75 cl"), else `unit`.

    Where neither says it: below 10 it is litres, from 200 on millilitres, centilitres between. Raises BadNumber.
    """
    said = _VOLUME.fullmatch(fold(cells.get(column, "")).strip())
    text, own = said.groups(default="") if said else (cells.get(column, ""), "")
    number = _number({column: text}, column, Decimal(10**9))
    if number is None:
        return None
    unit = own or unit or ("l" if number < 10 else "cl" if number < 200 else "ml")
    return int((number * _ML[_SHORT.get(unit[:2], unit)]).to_integral_value(ROUND_HALF_UP))


def cents(cells: Cells, column: str) -> int | None:
    """Return euros as cents, None for a blank cell. Raises BadNumber."""
    text = _EUROS.sub("", cells.get(column, ""))
    return _rounded(_number({column: text}, column, MAX_EUROS), Decimal(100))


def millilitres(cells: Cells, column: str, volume_ml: int) -> int | None:
    """Return formats (decimals allowed) as millilitres, None for a blank cell. Raises BadNumber."""
    return _rounded(_number(cells, column, MAX_FORMATS), Decimal(volume_ml))


def _rounded(number: Decimal | None, factor: Decimal) -> int | None:
    return None if number is None else int((number * factor).to_integral_value(ROUND_HALF_UP))


#: What people write for a category or a colour, folded, and what we call it; the first one found wins.
_CATEGORIES = {
    "cocktail": "cocktail",
    "sans": "soft",
    "soft": "soft",
    "jus": "soft",
    "eau": "soft",
    "soda": "soft",
    "spirit": "spirit",
    "alcool": "spirit",
    "digestif": "spirit",
    "aperitif": "spirit",
    "biere": "beer",
    "beer": "beer",
    "cidre": "beer",
    "vin": "wine",
    "wine": "wine",
    "champagne": "wine",
}
_COLOURS = {
    "rouge": "rouge",
    "red": "rouge",
    "blanc": "blanc",
    "white": "blanc",
    "rose": "rosé",
    "effervescent": "effervescent",
    "petillant": "effervescent",
    "bulle": "effervescent",
    "sparkling": "effervescent",
}
WINE_COLOURS = frozenset(_COLOURS.values())


def category(text: str) -> str:
    """Return the category that a word like "Bières pression" or "wine" means, "other" where none fits."""
    return _named(text, _CATEGORIES) or "other"


def colour(text: str) -> str:
    """Return the colour as the wine list calls it; one that is not on the list stays as it was written."""
    return _named(text, _COLOURS) or text.lower()


def _named(text: str, names: Mapping[str, str]) -> str | None:
    said = words(text)
    return next((name for start, name in names.items() if any(word.startswith(start) for word in said)), None)
