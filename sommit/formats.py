"""Figures as a French page writes them. Lists of hundreds of rows go through here: plain strings, no locale machinery.

An English page has the same figures, as receipts and forms have them; its words, days and hours are English.

U+202F between thousands, a comma, U+00A0 before a unit, U+2212 for minus, an en dash where there is no value.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask

from sommit.i18n import gettext as _
from sommit.i18n import language, ngettext

NONE = "–"
MINUS = "\u2212"
THIN = "\u202f"
HARD = "\u00a0"

UL = 1000  # microlitres in a millilitre: the unit of stock
FIRST = re.compile(r"\b1(?= )")  # of a month
GLASS_ML = 125
DEMI_ML = 250
DOSE_ML = 40
KEG_ML = 5000  # from here on a beer's format is a keg


class Shown(NamedTuple):
    """A stock as the screen says it: "7,3", "bout.", "7 bouteilles + 2 verres"."""

    figure: str
    unit: str
    words: str


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    for filter_ in (amount, clock, day, money, number, percent, phone, quantity, stock, volume):
        app.jinja_env.filters[filter_.__name__] = filter_


def amount(cents: int | None) -> str:
    """Return an amount in euros without the sign, from cents: "1 234,50"."""
    if cents is None:
        return NONE
    euros, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}{_grouped(euros)},{rest:02d}"


def money(cents: int | None) -> str:
    """Return an amount in euros, from cents: "1 234,50 €"."""
    return NONE if cents is None else f"{amount(cents)}{HARD}€"


def volume(ml: int | None) -> str:
    """Return a volume from millilitres, in centilitres below a litre: "12,5 cl", "75 cl", "1,5 l", "30 l"."""
    if ml is None:
        return NONE
    return f"{_decimal(ml, 10)}{HARD}cl" if abs(ml) < 1000 else f"{_decimal(ml, 1000)}{HARD}l"


def quantity(milli: int | None) -> str:
    """Return a quantity from thousandths: "14", "0,5"."""
    return NONE if milli is None else _decimal(milli, 1000)


def number(value: int) -> str:
    """Return a whole number: "1 234"."""
    return f"{MINUS if value < 0 else ''}{_grouped(abs(value))}"


def percent(part: int, whole: int) -> str:
    """Return a share, rounded down so that 100 % means all of it: "90 %"."""
    return NONE if whole <= 0 else f"{part * 100 // whole}{HARD}%"


def stock(stock_ul: int | None, volume_ml: int, category: str) -> Shown:
    """Return a stock of microlitres in formats of `volume_ml`, one decimal, rounded half away from zero.

    None, never counted nor delivered, is an en dash and "jamais compté".
    """
    return _stock(stock_ul, volume_ml, category, language())


@lru_cache(maxsize=8192)
def _stock(stock_ul: int | None, volume_ml: int, category: str, _language: str) -> Shown:
    if stock_ul is None:
        return Shown(NONE, "", _("jamais compté"))
    tenths = _rounded(stock_ul * 10, volume_ml * UL)
    keg = _is_keg(volume_ml, category)
    unit = ngettext("fût", "fûts", abs(tenths) / 10) if keg else _("bout.")
    words = _in_words(abs(stock_ul), volume_ml, category)
    return Shown(_decimal(tenths, 10), unit, _("il manque %(stock)s", stock=words) if tenths < 0 else words)


def day(value: date | None, year: bool = False) -> str:
    """Return a day: "samedi 13 juin", "lundi 1er juin", with the year where asked."""
    return NONE if value is None else dated(value, "EEEE d MMMM y" if year else "EEEE d MMMM")


def dated(value: date, pattern: str) -> str:
    """Return a day in the words of the screen's language, by a pattern of Babel's: "1er juin" for "d MMMM"."""
    return _dated(value, pattern, language())


def clock(instant: datetime | None, timezone: str) -> str:
    """Return an instant as a venue's wall shows it: "5 h 12", in English "05:12"."""
    if instant is None:
        return NONE
    wall = instant.astimezone(ZoneInfo(timezone))
    if language() == "en":
        return f"{wall:%H:%M}"
    return f"{wall.hour}{HARD}h{HARD}{wall.minute:02d}"


def phone(number: str) -> str:
    """Return the address that dials a French number: "05 19 80 01 37" → "tel:+33519800137"."""
    digits = "".join(character for character in number if character in "+0123456789")
    return f"tel:+33{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


@lru_cache(maxsize=2048)
def _dated(value: date, pattern: str, words: str) -> str:
    text = format_date(value, pattern, locale=words)
    return FIRST.sub("1er", text, count=1) if words == "fr" and value.day == 1 else text


def _in_words(stock_ul: int, volume_ml: int, category: str) -> str:
    """Whole formats, and the rest in what is poured; a rest that rounds to a whole format is one."""
    poured = poured_ml(volume_ml, category)
    whole, rest = divmod(stock_ul, volume_ml * UL)
    parts = _rounded(rest, poured * UL)
    if parts * poured >= volume_ml:
        whole, parts = whole + 1, 0
    words = [_formats(whole, volume_ml, category)] if whole or not parts else []
    return " + ".join(words + ([_parts(parts, poured)] if parts else []))


def _formats(number: int, volume_ml: int, category: str) -> str:
    if _is_keg(volume_ml, category):
        return ngettext("%(figure)s fût", "%(figure)s fûts", number, figure=_grouped(number))
    return ngettext("%(figure)s bouteille", "%(figure)s bouteilles", number, figure=_grouped(number))


def _parts(number: int, part_ml: int) -> str:
    if part_ml == DEMI_ML:
        return ngettext("%(num)s demi", "%(num)s demis", number)
    if part_ml == DOSE_ML:
        return ngettext("%(num)s dose", "%(num)s doses", number)
    return ngettext("%(num)s verre", "%(num)s verres", number)


def poured_ml(volume_ml: int, category: str) -> int:
    """Return what the rest of a format is said in: millilitres of a glass, of a half pint of a keg, of a shot."""
    if _is_keg(volume_ml, category):
        return DEMI_ML
    return DOSE_ML if category == "spirit" else GLASS_ML


def _is_keg(volume_ml: int, category: str) -> bool:
    return category == "beer" and volume_ml >= KEG_ML


def _rounded(dividend: int, divisor: int) -> int:
    """Divide integers, half away from zero."""
    quotient = (2 * abs(dividend) + divisor) // (2 * divisor)
    return -quotient if dividend < 0 else quotient


def _decimal(value: int, unit: int) -> str:
    """Write value / unit without trailing zeros; `unit` is a power of ten."""
    whole, rest = divmod(abs(value), unit)
    digits = str(rest).zfill(len(str(unit)) - 1).rstrip("0") if rest else ""
    return f"{MINUS if value < 0 else ''}{_grouped(whole)}{',' + digits if digits else ''}"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", THIN)
