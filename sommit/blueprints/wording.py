"""Words for drinks, formats and servings, as the screens of the cellar and of the till's keys share them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from flask.sansio.app import App

from sommit import clock, formats
from sommit.i18n import gettext as _
from sommit.i18n import ngettext
from sommit.models import Drink
from sommit.refusals import N_
from sommit.services import library

GROUPS = {
    "blanc": N_("Blancs"),
    "rosé": N_("Rosés"),
    "rouge": N_("Rouges"),
    "effervescent": N_("Bulles"),
    "wine": N_("Vins"),
    "beer": N_("Bières"),
    "spirit": N_("Spiritueux"),
    "cocktail": N_("Cocktails"),
    "soft": N_("Sans alcool"),
    "other": N_("Autres"),
}
COLOURS = (N_("blanc"), N_("rosé"), N_("rouge"), N_("effervescent"))
#: The fields of a pair, as the engine names them: how a column is headed, and how a chip says that both sides agree.
FIELDS = {
    "name": (N_("Boisson"), N_("même nom")),
    "producer": (N_("Domaine"), N_("même domaine")),
    "brand": (N_("Marque"), N_("même marque")),
    "appellation": (N_("Appellation"), N_("même appellation")),
    "region": (N_("Région"), N_("même région")),
    "colour": (N_("Couleur"), N_("même couleur")),
    "vintage": (N_("Millésime"), N_("même millésime")),
    "volume": (N_("Format"), N_("même format")),
    "price": (N_("Prix"), N_("même prix")),
    "category": (N_("Genre"), N_("même genre")),
    "memory": (N_("Mémoire"), N_("déjà lié ainsi")),
}


def init_app(app: App) -> None:
    """Give the words to the templates, as filters."""
    filters = {
        "serving": serving,
        "portions": portions,
        "told": told,
        "format_of": format_of,
        "field_name": field_name,
        "same_field": same_field,
        "own_of": own_of,
        "field_words": field_words,
        "centilitres": centilitres,
        "title_of": library.title,
        "twins": twins,
        "stock_of": stock_of,
        "short_day": day,
    }
    app.jinja_env.filters.update(filters)


def field_name(field: str, drink: Drink) -> str:
    """Return how a field of a pair is headed."""
    return _(_field(field, drink)[0])


def field_words(words: str, field: str) -> str:
    """Return one side of a field as the screen says it: the engine speaks of millilitres, cents and kinds."""
    if not words:
        return formats.NONE
    if field in ("volume", "price") and words.isdecimal():
        return formats.volume(int(words)) if field == "volume" else formats.money(int(words))
    return _(GROUPS[words]) if field == "category" and words in GROUPS else words


def same_field(field: str, drink: Drink) -> str:
    """Return how the screen says that till and cellar agree on a field."""
    return _(_field(field, drink)[1])


def colour(value: str) -> str:
    """Return a colour of ours in the language of the screen; another one is the cellar's own word."""
    return _(value) if value in COLOURS else value


def own_of(field: str, drink: Drink) -> str:
    """Return what a drink itself says in a field in which it differs from another: "magnum" is "150 cl"."""
    return formats.volume(drink.volume_ml) if field == "volume" else colour(drink.colour)


def _field(field: str, drink: Drink) -> tuple[str, str]:
    known = "brand" if field == "producer" and drink.category != "wine" else field
    return FIELDS.get(known, (field, field))


def centilitres(ml: int) -> str:
    """Return a volume as it is typed into a field of centilitres: "12,5"."""
    return f"{ml / 10:g}".replace(".", ",")


class Serving(NamedTuple):
    """What one sale takes, as a button says it: an icon of the sprite, and "Verre 12,5 cl"."""

    icon: str
    name: str


def serving(ml: int, drink: Drink) -> Serving:
    """Return how a serving of a drink is called; whatever has no name of its own is its volume."""
    volume = formats.volume(ml)
    if ml == drink.volume_ml:
        keg = _is_keg(drink)
        return Serving("keg" if keg else "bottle", _("Fût %(volume)s", volume=volume) if keg else volume)
    kind = _poured(ml, drink)
    if kind == "glass":
        return Serving("glass", _("Verre %(volume)s", volume=volume))
    if kind == "half_pint":
        return Serving("pint", _("Demi %(volume)s", volume=volume))
    if kind == "pint":
        return Serving("pint", _("Pinte %(volume)s", volume=volume))
    if kind == "shot":
        return Serving("glass", _("Dose %(volume)s", volume=volume))
    return Serving("carafe", volume)


def portions(milli: int, ml: int, drink: Drink) -> str:
    """Return a number of servings (thousandths): "14 verres", "2 bouteilles", "3 × 50 cl"."""
    figure = formats.quantity(milli)
    number = abs(milli) // 1000  # in French 1,5 is singular
    kind = "whole" if ml == drink.volume_ml else _poured(ml, drink)
    if kind == "whole" and _is_keg(drink):
        return ngettext("%(figure)s fût", "%(figure)s fûts", number, figure=figure)
    if kind == "whole":
        return ngettext("%(figure)s bouteille", "%(figure)s bouteilles", number, figure=figure)
    if kind == "glass":
        return ngettext("%(figure)s verre", "%(figure)s verres", number, figure=figure)
    if kind == "half_pint":
        return ngettext("%(figure)s demi", "%(figure)s demis", number, figure=figure)
    if kind == "pint":
        return ngettext("%(figure)s pinte", "%(figure)s pintes", number, figure=figure)
    if kind == "shot":
        return ngettext("%(figure)s dose", "%(figure)s doses", number, figure=figure)
    return f"{figure}{formats.HARD}×{formats.HARD}{formats.volume(ml)}"


def _poured(ml: int, drink: Drink) -> str:
    if drink.category == "beer":
        return {250: "half_pint", 500: "pint"}.get(ml, "")
    if drink.category == "spirit":
        return "shot" if ml <= 60 else ""
    return "glass" if ml <= 200 else ""


def _is_keg(drink: Drink) -> bool:
    return drink.category == "beer" and drink.volume_ml >= formats.KEG_ML


def format_of(drink: Drink) -> str:
    """Return the format of a drink: "75 cl", "fût de 30 l"."""
    volume = formats.volume(drink.volume_ml)
    return _("fût de %(volume)s", volume=volume) if _is_keg(drink) else volume


def told(drink: Drink) -> str:
    """Return what tells a drink from its neighbours: "William Fèvre, Bourgogne, 75 cl"."""
    place = drink.region if drink.region not in drink.name else ""
    return ", ".join(part for part in (drink.producer, place or drink.appellation, format_of(drink)) if part)


def twins(rows: Iterable[Mapping[int, Drink]]) -> set[str]:
    """Return the titles that several rows of one drink have: each needs a word more to be known by."""
    seen = Counter(library.title(drink) for drinks in rows if len(drinks) == 1 for drink in drinks.values())
    return {title for title, times in seen.items() if times > 1}


def stock_of(stock_ul: int | None, drink: Drink) -> formats.Shown:
    """Return a stock in microlitres as the screen says it, in formats of the drink."""
    return formats.stock(stock_ul, drink.volume_ml, drink.category)


def day(value: date | datetime | None, timezone: str = "UTC") -> str:
    """Return a day of a venue without its name: "3 juin", "1er mars 2025" where it is not of this year."""
    if value is None:
        return ""
    shown = clock.local_date(value, timezone) if isinstance(value, datetime) else value
    return formats.dated(shown, "d MMMM y" if shown.year != clock.now().year else "d MMMM")
