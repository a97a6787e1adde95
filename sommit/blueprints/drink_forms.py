"""What the forms of a drink's page send, read with suspicion."""

from datetime import MAXYEAR, UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sommit import formats
from sommit.blueprints import till_sync_forms as form
from sommit.models import Drink
from sommit.refusals import N_, Refusal
from sommit.services import cellar_facts

MOST_FORMATS = Decimal(1_000_000)


class NoMoment(Refusal):
    """A date and a time that are none."""

    sentence = N_("Indiquez le jour et l’heure.")
    field = "at"


def quantity_ml(drink: Drink) -> int:
    """Return formats and what is left in glasses as millilitres: "11,3", or "11" and "2". Raises BadQuantity."""
    whole, parts = (_number(name, MOST_FORMATS, cellar_facts.BadQuantity()) for name in ("quantity", "parts"))
    if whole is None and parts is None:
        raise cellar_facts.BadQuantity()
    part_ml = formats.poured_ml(drink.volume_ml, drink.category)
    return _rounded((whole or Decimal(0)) * drink.volume_ml + (parts or Decimal(0)) * part_ml)


def moment(timezone: str) -> datetime | None:
    """Return when it happened, on the venue's wall; None is now. Raises NoMoment."""
    if form.text("when") != form.OTHER:
        return None
    try:
        typed = datetime.fromisoformat(form.text("at"))
    except ValueError:
        raise NoMoment() from None
    if typed.year < cellar_facts.EARLIEST.year:
        raise cellar_facts.LongAgo()
    if typed.year == MAXYEAR:  # its last hours lie beyond what an instant can be
        raise cellar_facts.Ahead()
    return typed.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def seen() -> int | None:
    """Return the latest fact that the form knew of."""
    return form.number("seen")


def _number(name: str, most: Decimal, refusal: Refusal) -> Decimal | None:
    """A number as it is typed, "1 234,5", None for a blank field."""
    typed = "".join(form.text(name).split()).replace(",", ".")
    if not typed:
        return None
    try:
        number = Decimal(typed)
    except InvalidOperation:
        raise refusal from None
    if not number.is_finite() or not 0 <= number <= most:
        raise refusal
    return number


def _rounded(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))
