"""Reading one cell of a spreadsheet: numbers as French people write them, dates, categories, colours."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sommit import clock
from sommit.matching.text import words
from sommit.refusals import N_, Refusal

MAX_FORMATS = Decimal(1_000_000)
MAX_EUROS = Decimal(100_000)
Cells = Mapping[str, str]


class BadNumber(Refusal):
    """A cell that should be a number and is none, or an absurd one."""

    sentence = N_("« %(text)s » n’est pas un nombre possible pour « %(column)s ».")


class BadInstant(Refusal):
    """A cell that should be a date and is none, or lies ahead."""

    sentence = N_("« %(text)s » n’est pas une date passée : 2026-06-14 ou 2026-06-14T09:00 est attendu.")


def instant(text: str, timezone: str) -> datetime:
    """Return a past instant; one without a zone is on the venue's wall. Raises BadInstant."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInstant(text=text) from None
    found = found.replace(tzinfo=found.tzinfo or ZoneInfo(timezone)).astimezone(UTC)
    if found > clock.now():
        raise BadInstant(text=text)
    return found


def _number(cells: Cells, column: str, most: Decimal) -> Decimal | None:
    text = cells.get(column, "")
    if not text:
        return None
    try:
        number = Decimal(text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise BadNumber(text=text, column=column) from None
    if not number.is_finite() or not 0 <= number <= most:
        raise BadNumber(text=text, column=column)
    return number


def whole(cells: Cells, column: str) -> int | None:
    """Return a whole number, None for a blank cell. Raises BadNumber."""
    number = _number(cells, column, Decimal(10**9))
    if number is not None and number != number.to_integral_value():
        raise BadNumber(text=cells[column], column=column)
    return None if number is None else int(number)


def cents(cells: Cells, column: str) -> int | None:
    """Return euros as cents, None for a blank cell. Raises BadNumber."""
    return _rounded(_number({column: cells.get(column, "").rstrip(" €")}, column, MAX_EUROS), Decimal(100))


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


def category(text: str) -> str:
    """Return the category that a word like "Bières pression" or "wine" means, "other" where none fits."""
    return _named(text, _CATEGORIES) or "other"


def colour(text: str) -> str:
    """Return the colour as the wine list calls it; one that is not on the list stays as it was written."""
    return _named(text, _COLOURS) or text.lower()


def _named(text: str, names: Mapping[str, str]) -> str | None:
    said = words(text)
    return next((name for start, name in names.items() if any(word.startswith(start) for word in said)), None)
