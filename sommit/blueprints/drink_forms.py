"""What the forms of a drink's page send, read with suspicion."""

from dataclasses import replace
from datetime import MAXYEAR, UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from sommit import formats
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.wording import COLOURS, centilitres
from sommit.models import Drink
from sommit.models.drink import CATEGORIES
from sommit.refusals import N_, Refusal
from sommit.services import cellar_facts, library, servings

MOST_FORMATS = Decimal(1_000_000)
MOST_EUROS = Decimal(100_000)
LARGEST_PART_ML = 500
MOST_CL = Decimal(library.MAX_VOLUME_ML) / 10


class NoNumber(Refusal):
    """A field that should hold a number and does not."""

    sentence = N_("« %(typed)s » n’est pas un nombre possible ici.")

    def __init__(self, field: str) -> None:
        super().__init__(typed=form.text(field)[:20])
        self.field = field


class NoMoment(Refusal):
    """A date and a time that are none."""

    sentence = N_("Indiquez le jour et l’heure.")
    field = "at"


def quantity_ml(drink: Drink) -> int:
    """Return formats and what is left in glasses as millilitres: "11,3", or "11" and "2". Raises BadQuantity."""
    whole, parts = (_number(name, MOST_FORMATS, cellar_facts.BadQuantity()) for name in ("quantity", "parts"))
    if whole is None and parts is None:
        raise cellar_facts.BadQuantity()
    return _rounded((whole or Decimal(0)) * drink.volume_ml + (parts or Decimal(0)) * _shown_part_ml(drink))


def part_ml(drink: Drink) -> int:
    """Return what the rest of a format is counted in, in millilitres: the house's own glass of wine, else the usual."""
    own = servings.house(drink.venue_id).glass_ml if drink.category == "wine" else None
    return own or formats.poured_ml(drink.volume_ml, drink.category)


def _shown_part_ml(drink: Drink) -> int:
    """The glass that the form spoke of: it may have become another one since."""
    shown = form.number("part_ml")
    return shown if shown and shown <= LARGEST_PART_ML else part_ml(drink)


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


def entry(drink: Drink) -> library.Entry:
    """Return what the form says of a drink. Raises BadVintage, BadVolume, NoNumber; the library checks the rest."""
    typed = _number("volume_cl", MOST_CL, library.BadVolume())
    if typed is None:
        raise library.BadVolume()
    volume_ml = _rounded(typed * 10)
    category, colour = form.text("category"), form.text("colour")
    return replace(
        library.as_entry(drink),
        **{name: form.text(name) for name in ("name", "producer", "appellation", "region")},
        colour=colour if colour in ("", *COLOURS, drink.colour) else "",
        vintage=form.vintage(),
        volume_ml=volume_ml,
        category=category if category in CATEGORIES else "other",
        price_cents=_cents("price"),
        glass_price_cents=_cents("glass_price"),
        threshold_ml=_threshold_ml(drink, volume_ml),
    )


def values(drink: Drink) -> dict[str, str]:
    """Return what the form shows of a drink before anybody types."""
    threshold = drink.threshold_ml
    return {
        **{name: getattr(drink, name) for name in ("name", "producer", "appellation", "region", "colour", "category")},
        "vintage": str(drink.vintage or ""),
        "volume_cl": centilitres(drink.volume_ml),
        "price": "" if drink.price_cents is None else formats.amount(drink.price_cents),
        "glass_price": "" if drink.glass_price_cents is None else formats.amount(drink.glass_price_cents),
        "threshold": "" if threshold is None else formats.quantity(round(threshold * 1000 / drink.volume_ml)),
    }


def _threshold_ml(drink: Drink, volume_ml: int) -> int | None:
    """The threshold in millilitres; one that was left as it was shown keeps every one of them."""
    if volume_ml == drink.volume_ml and form.text("threshold") == " ".join(values(drink)["threshold"].split()):
        return drink.threshold_ml
    typed = _number("threshold", MOST_FORMATS, NoNumber("threshold"))
    return None if typed is None else _rounded(typed * volume_ml)


def _cents(name: str) -> int | None:
    euros = _number(name, MOST_EUROS, NoNumber(name))
    return None if euros is None else _rounded(euros * 100)


def links() -> list[int]:
    """Return the numbers of the links that the form has shown."""
    typed = form.text("links").split()
    return [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 10]


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
