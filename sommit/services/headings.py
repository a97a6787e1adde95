"""Which column of a spreadsheet says what, in French or in English, case, accents and punctuation aside."""

from dataclasses import dataclass
from functools import lru_cache

from sommit.matching.text import words
from sommit.refusals import N_
from sommit.services import spreadsheet
from sommit.services.spreadsheet import FileRefused, Row, Table

LAST_HEADING = 10  # a title, a date, a blank row may stand above the headings

_SAID = {
    "name": "name, nom, boisson, produit, designation, libelle, cuvee, nom de la boisson, nom du vin, article, vin,"
    " drink",
    "producer": "producer, producteur, domaine, marque, chateau, maison, vigneron, brasserie, domaine ou marque, brand,"
    " winery, nom du domaine, domaine marque",
    "appellation": "appellation, aoc, aop",
    "region": "region",
    "country": "country, pays, pays d'origine",
    "colour": "colour, color, couleur, robe",
    "vintage": "vintage, millesime, annee, year",
    "volume": "volume, format, contenance, contenant, conditionnement, size, bottle size, taille",
    "category": "category, categorie, genre, type, famille, kind",
    "price": "price, prix, prix bouteille, prix de la bouteille, prix de vente, prix ttc, prix de vente ttc, pv ttc,"
    " pv, bottle price, tarif, prix carte, prix du format",
    "glass_price": "glass price, prix au verre, prix verre, prix du verre, prix de vente au verre, by the glass,"
    " au verre, price by the glass",
    "threshold": "threshold, seuil, seuil d'alerte, alerte, stock minimum, stock mini, stock min, min stock",
    "stock": "stock, quantite, qte, en stock, inventaire, stock actuel, stock theorique, quantity, qty, stock compte,"
    " bouteilles, nombre de bouteilles, stock bouteilles, stock en bouteilles",
    "counted_at": "counted at, compte le, date d'inventaire, date de l'inventaire, date inventaire, inventaire du,"
    " inventaire le, date de comptage, count date, counted on",
}
_COLUMNS = {" ".join(words(heading)): column for column, said in _SAID.items() for heading in said.split(", ")}
_UNITS = {"ml": "ml", "cl": "cl", "l": "l", "litre": "l", "litres": "l", "millilitres": "ml", "centilitres": "cl"}
_MONEY = ("eur", "euro", "euros")


class NoNameColumn(FileRefused):
    """No row names the columns."""

    sentence = N_("La première ligne du fichier doit nommer les colonnes, dont « nom ».")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows below the headings. `columns` has the name of each column, "" for one that is left aside."""

    columns: tuple[str, ...]
    rows: list[Row]
    aside: tuple[str, ...]  # the headings that mean nothing to us, as they are written


def read(content: bytes) -> Sheet:
    """Return the rows of a file, its columns named. Raises NoNameColumn, and what `spreadsheet.read` raises."""
    found = [sheet for table in spreadsheet.read(content) if (sheet := _headed(table))]
    if not found:
        raise NoNameColumn()
    return max(found, key=lambda sheet: sum(map(bool, sheet.columns)))


@lru_cache(maxsize=1024)
def column(heading: str) -> str:
    """Return what a heading names: "vintage", "volume:cl" where it says the unit of a volume, "" for neither."""
    said = [word for word in words(heading.replace("_", " ")) if word not in _MONEY]
    units = [_UNITS[word] for word in said if word in _UNITS]
    plain = [word for word in said if word not in _UNITS]
    if plain[-1:] == ["en"]:
        plain.pop()
    found = _COLUMNS.get(" ".join(plain), "")
    return f"volume:{units[0]}" if found == "volume" and units else found


def _headed(table: Table) -> Sheet | None:
    """The table from its headings on, None where no row among the first ones names the drinks."""
    for place, (_, cells) in enumerate(table.rows[:LAST_HEADING]):
        columns = _once([column(cell) for cell in cells])
        if "name" in columns:
            return _sheet(table, place, columns, cells)
    return None


def _sheet(table: Table, place: int, columns: list[str], headings: list[str]) -> Sheet:
    if len(columns) > spreadsheet.MAX_COLUMNS and table.separated:
        raise spreadsheet.TooBig()
    aside = tuple(heading for heading, name in zip(headings, columns, strict=True) if heading and not name)
    rows = table.rows[place + 1 :]
    # In a workbook nothing slips into the next column: what stands beside the table is a note.
    return Sheet(tuple(columns), rows if table.separated else [(n, row[: len(columns)]) for n, row in rows], aside)


def _once(columns: list[str]) -> list[str]:
    """Of two columns that say the same, the first one."""
    seen: set[str] = set()
    kept = []
    for name in columns:
        plain = name.partition(":")[0]
        kept.append("" if plain in seen else name)
        seen.add(plain)
    return kept
