"""`drinks import`, `stock list`, `sales total`."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from sommit.cli.outcome import Commands, Sentence, show_json, told
from sommit.extensions import db
from sommit.services import cellar, drink_csv, stock, suggestions, turnover, venues

drinks_commands = Commands("drinks", help="La bibliothèque de boissons.")
stock_commands = Commands("stock", help="Le stock.")
sales_commands = Commands("sales", help="Les ventes de la caisse.")
DAY = click.DateTime(["%Y-%m-%d"])


def register(app: Flask) -> None:
    """Add the commands to the application."""
    for group in (drinks_commands, stock_commands, sales_commands):
        app.cli.add_command(group)


@drinks_commands.command("import")
@click.argument("venue_id", metavar="VENUE", type=int)
@click.argument("path", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@told
def import_drinks(venue_id: int, path: Path) -> None:
    """Ajoute des boissons depuis un fichier CSV, ou les met à jour."""
    venue = venues.get(venue_id)
    outcome = drink_csv.take_in(venue, path.read_bytes())
    suggestions.refresh(venue.id)
    db.session.commit()
    for line, problem in outcome.refused:
        click.echo(f"ligne {line} : {problem}", err=True)
    click.echo(f"{outcome.added} ajoutées, {outcome.updated} mises à jour, {outcome.unchanged} inchangées.")
    if not outcome.went_in:
        raise Sentence("Aucune ligne n’a pu entrer dans la bibliothèque.")


@stock_commands.command("list")
@click.argument("venue_id", metavar="VENUE", type=int)
@click.option("--json", "as_json", is_flag=True)
@told
def list_stock(venue_id: int, as_json: bool) -> None:
    """Dit le stock de chaque boisson, en millilitres."""
    rows = [
        {
            "drink_id": line.drink.id,
            "name": line.drink.name,
            "vintage": line.drink.vintage,
            "volume_ml": line.drink.volume_ml,
            "stock_ml": millilitres(line.stock_ul),
        }
        for line in cellar.listed(venues.get(venue_id).id)
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        amount = "jamais compté" if row["stock_ml"] is None else f"{row['stock_ml']} ml"
        click.echo(f"{row['drink_id']}\t{row['name']}\t{row['vintage'] or ''}\t{amount}")


def millilitres(stock_ul: int | None) -> int | float | None:
    """Return microlitres as millilitres: whole where it is whole, else exact to the thousandth."""
    if stock_ul is None:
        return None
    return stock_ul // stock.UL if stock_ul % stock.UL == 0 else stock_ul / stock.UL


@sales_commands.command("total")
@click.argument("venue_id", metavar="VENUE", type=int)
@click.option("--from", "since", type=DAY, required=True)
@click.option("--to", "until", type=DAY, required=True)
@click.option("--all", "everything", is_flag=True, help="Les références ignorées et non liées aussi.")
@click.option("--json", "as_json", is_flag=True)
@told
def total_sales(venue_id: int, since: datetime, until: datetime, everything: bool, as_json: bool) -> None:
    """Dit le CA de la caisse entre deux jours, compris tous les deux."""
    total = turnover.total(venues.get(venue_id).id, since.date(), until.date(), everything=everything)
    if as_json:
        show_json({"turnover_cents": total.turnover_cents, "lines": total.lines})
    else:
        click.echo(f"{total.turnover_cents / 100:.2f} €, {total.lines} lignes")
