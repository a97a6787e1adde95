"""Words of the import: what a column is called, what becomes of a row, what a change changes."""

from typing import Any

from flask.sansio.app import App

from sommit import formats
from sommit.blueprints import wording
from sommit.i18n import gettext as _
from sommit.i18n import ngettext
from sommit.refusals import N_
from sommit.services.drink_csv import Outcome
from sommit.services.drink_plan import Act, Change, Line

#: What to look at first.
ORDER = (Act.REFUSE, Act.UPDATE, Act.ADD, Act.UNCHANGED)
TITLES = {
    Act.REFUSE: N_("Refusées"),
    Act.UPDATE: N_("Mises à jour"),
    Act.ADD: N_("Ajoutées"),
    Act.UNCHANGED: N_("Inchangées"),
}
#: The columns that are understood, as the page names them, and an example of each.
COLUMNS = (
    (N_("Nom"), "Chablis Montmains"),
    (N_("Domaine"), "William Fèvre"),
    (N_("Appellation"), "Chablis premier cru"),
    (N_("Région"), "Bourgogne"),
    (N_("Pays"), "France"),
    (N_("Couleur"), "blanc"),
    (N_("Millésime"), "2022"),
    (N_("Format"), "75 cl"),
    (N_("Catégorie"), "vin"),
    (N_("Prix"), "48,50"),
    (N_("Prix au verre"), "9,00"),
    (N_("Seuil"), "6"),
    (N_("Stock"), "11,5"),
    (N_("Compté le"), "14/06/2025"),
)
MODEL = (";".join(name for name, _example in COLUMNS), ";".join(example for _name, example in COLUMNS))

_FIELDS = {
    "country": N_("Pays"),
    "category": N_("Genre"),
    "price_cents": N_("Prix"),
    "glass_price_cents": N_("Prix au verre"),
    "threshold_ml": N_("Seuil d’alerte"),
    "stock": N_("Stock compté"),
}


def init_app(app: App) -> None:
    """Give the words to the templates, as filters."""
    app.jinja_env.filters["change_name"] = change_name
    app.jinja_env.filters["change_value"] = change_value


def change_name(change: Change) -> str:
    """Return what a change changes: "Prix au verre"."""
    name = change.name
    return _(_FIELDS[name] if name in _FIELDS else wording.FIELDS[name][0])


def change_value(value: Any, change: Change, line: Line) -> str:
    """Return one side of a change as the screen says it."""
    if value is None or value == "":
        return formats.NONE
    if change.name in ("price_cents", "glass_price_cents"):
        return formats.money(value)
    if change.name in ("threshold_ml", "stock") and line.entry:
        shown = formats.stock(value * formats.UL, line.entry.volume_ml, line.entry.category)
        return f"{shown.figure}{formats.HARD}{shown.unit}"
    if change.name == "colour":
        return wording.colour(value)
    return _(wording.GROUPS[value]) if change.name == "category" else str(value)


def done(outcome: Outcome) -> str:
    """Return what an import did, as a sentence."""
    said = [
        ngettext("%(num)s boisson ajoutée", "%(num)s boissons ajoutées", outcome.added),
        ngettext("%(num)s mise à jour", "%(num)s mises à jour", outcome.updated),
        ngettext("%(num)s inchangée", "%(num)s inchangées", outcome.unchanged),
    ]
    if outcome.refused:
        said.append(ngettext("%(num)s ligne refusée", "%(num)s lignes refusées", len(outcome.refused)))
    return ", ".join(said) + "."
