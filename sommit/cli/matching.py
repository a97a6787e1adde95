"""`matching evaluate`: the product's own engine over a table of labels."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from sommit import matching
from sommit.cli.outcome import Commands, Sentence, told

matching_commands = Commands("matching", help="Le moteur de rapprochement.")
source = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(matching_commands)


@matching_commands.command("evaluate")
@click.option("--library", "library_path", type=source, required=True)
@click.option("--labels", "labels_path", type=source, required=True)
@click.option("--out", "out_path", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@told
def evaluate(library_path: Path, labels_path: Path, out_path: Path) -> None:
    """Classe chaque libellé face à une bibliothèque ; écrit label_id, ranked, decision, score."""
    with _table(library_path, "drink_id") as drinks, _table(labels_path, "label_id", "label") as labels:
        rows = list(matching.evaluate(drinks, labels))
    with out_path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("label_id", "ranked", "decision", "score"))
        for label_id, ranked, decision, score in rows:
            out.writerow((label_id, "|".join(str(drink_id) for drink_id in ranked), decision, f"{score:.4f}"))
    click.echo(f"{len(rows)} libellés classés.")


@contextmanager
def _table(path: Path, *needed: str) -> Iterator[Iterator[Mapping[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(needed) - set(reader.fieldnames or ())
        if missing:
            raise Sentence(f"{path.name} : il manque la colonne {', '.join(sorted(missing))}.")
        yield reader
