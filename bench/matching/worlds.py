"""Libraries and labels to fit and measure the match engine on: a label generator run over parts of a library."""

import csv
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
_ADDED = 0.25  # share of those labels that get a word more
_ADDED_TRUE = 0.7  # the rest are words that other drinks of its kind have in their names
_CATEGORIES = {
    "wine": ("Vins", "Vins au verre", "Bouteilles", "Boissons", "Cave"),
    "beer": ("Bières", "Bières pression", "Bières bouteille", "Boissons"),
    "spirit": ("Alcools", "Digestifs", "Whiskies", "Spiritueux", "Apéritifs", "Boissons"),
    "soft": ("Softs", "Sans alcool", "Boissons", "Eaux et jus"),
    "cocktail": ("Cocktails", "Boissons"),
    "food": ("Plats", "Entrées", "Desserts", "Cuisine"),
    "misc": ("Divers", "Menus"),
}
_PAIRS_ASKED_FOR = 80  # the generator wants as many pairs; they never enter a world


@dataclass(frozen=True)
class World:
    """A library and labels whose truth is known."""

    library: list[Row]
    labels: list[Row]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def world(folder: Path, seed: int, share: float, half: int | None = None, apart: bool = False) -> World:
    """The labels of one seed over a share of the folder's library; the rest of it are the drinks left out.

    `half` 0 or 1 first keeps every other drink, so that two halves have no drink in common.
    `apart`: the names no longer repeat the producer.
    """
    rng = random.Random(f"{seed} {share} {half}")
    library = read_rows(folder / "library.csv")
    outside = read_rows(folder / "outside.csv")
    if half is not None:
        library = [row for i, row in enumerate(library) if i % 2 == half]
    if share < 1:
        rng.shuffle(library)
        cut = int(len(library) * share)
        library, rest = library[:cut], library[cut:]
        outside = _outside(rest[:800], library, outside[0].keys())
    labels = [row for row in _generate(folder, seed, library, outside) if row["class"] != "real_pair"]
    by_id, common = {row["drink_id"]: row for row in library}, _common_words(library)
    labels = [_with_category(_in_other_words(row, by_id, common, rng), rng) for row in labels]
    return World([_fields_apart(row) for row in library] if apart else library, labels)


def _fields_apart(row: Row) -> Row:
    """A drink as a cellar keeps it: the producer in its own field, not repeated in the name."""
    name, producer = row["name"], row["producer"]
    rest = name.removeprefix(producer).strip(" ,") if producer else name
    return row | {"name": rest or name}


def _with_category(row: Row, rng: random.Random) -> Row:
    """Half of the labels stand in a category of the till, as most do."""
    names = _CATEGORIES.get(row["category"], ())
    return row | {"till_category": rng.choice(names)} if names and rng.random() < 1 / 2 else row


def _in_other_words(row: Row, by_id: dict[str, Row], common: dict[str, list[str]], rng: random.Random) -> Row:
    """Now and then a word that the name does not have, as people add: the kind, the colour, where it comes from.

    The generator only ever takes words away, so that without this an added word would look like another drink.
    """
    drink = by_id.get(row["how"].removeprefix("generated from "))
    if drink is None or row["class"] not in ("exact", "abbr", "portion", "yr2", "order") or rng.random() > _ADDED:
        return row
    kind = {"wine": "vin", "beer": "biere"}.get(drink["category"], drink["subtype"].split(" ")[0])
    true = [word for word in (kind, drink["colour"], drink["region"], drink["country"]) if word]
    added = rng.choice(true if true and rng.random() < _ADDED_TRUE else common[drink["category"]])
    return row | {"label": f"{row['label']} {added.upper()}"}


def _common_words(library: list[Row]) -> dict[str, list[str]]:
    """For each kind of drink, the words that several names carry ("premium", "selection")."""
    counts: dict[str, Counter[str]] = {}
    for row in library:
        words = {word for word in row["name"].split() if len(word) > 3 and word.isalpha()}
        counts.setdefault(row["category"], Counter()).update(words)
    return {kind: [word for word, n in count.most_common(60)] for kind, count in counts.items()}


def _outside(rest: list[Row], library: list[Row], columns: list[str]) -> list[Row]:
    producers = {row["producer"] for row in library if row["producer"]}
    marked = [row | {"same_producer_in_library": str(row["producer"] in producers)} for row in rest]
    return [{column: row.get(column, "") for column in columns} for row in marked]


def _generate(folder: Path, seed: int, library: list[Row], outside: list[Row]) -> list[Row]:
    pairs = [{"lcbo_name": library[0]["name"], "drink_id": library[0]["drink_id"]}] * _PAIRS_ASKED_FOR
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        for file in ("generate_labels.py", "food.txt"):
            (room / file).write_bytes((folder / file).read_bytes())
        for file, rows in (("library", library), ("outside", outside), ("real_pairs_saq_lcbo", pairs)):
            _write(room / f"{file}.csv", rows)
        out = room / "labels.csv"
        command = [sys.executable, str(room / "generate_labels.py"), "--seed", str(seed), "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return read_rows(out)


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
