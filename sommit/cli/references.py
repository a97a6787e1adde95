"""`references list`, `link`, `unlink`, `ignore`, `reactivate`: the same acts as in the page."""

import click
from flask import Flask

from sommit.cli.outcome import Commands, show_json, told
from sommit.extensions import db
from sommit.services import library, memory, references, suggestions, till_links, venues

reference_commands = Commands("references", help="Les références de la caisse.")
venue_argument = click.argument("venue_id", metavar="VENUE", type=int)
reference_argument = click.argument("till_id")


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(reference_commands)


@reference_commands.command("list")
@venue_argument
@click.option("--json", "as_json", is_flag=True)
@told
def list_references(venue_id: int, as_json: bool) -> None:
    """Dit chaque référence de la caisse, son état et ses liaisons."""
    rows = [
        {
            "id": one.reference.id,
            "till_id": one.reference.till_id,
            "label": one.reference.label,
            "sold": one.sold,
            "state": one.state.value,
            "links": [{"drink_id": link.drink_id, "serving_ml": link.serving_ml} for link in one.links],
        }
        for one in references.everything(venues.get(venue_id).id)
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['till_id']}\t{row['label']}\t{row['state']}")


@reference_commands.command("link")
@venue_argument
@reference_argument
@click.argument("drink_id", type=int)
@click.option("--serving-ml", type=int, help="Ce qu’une vente retire du stock ; sans lui, deviné.")
@told
def link(venue_id: int, till_id: str, drink_id: int, serving_ml: int | None) -> None:
    """Lie une référence à une boisson ; à une seconde boisson, l’ajoute (cocktail)."""
    venue = venues.get(venue_id)
    reference = till_links.by_till_id(venue.id, till_id)
    drink = library.get(venue.id, drink_id)
    if serving_ml is None:
        serving_ml = suggestions.serving_for(reference, drink)
    made = till_links.link(reference, drink, serving_ml=serving_ml)
    learned = memory.teach(reference, linked=drink, said_no=(), by=None)
    if learned:
        suggestions.refresh_naming(venue.id, learned.word)
    db.session.commit()
    click.echo(f"« {reference.label} » sert {library.title(drink)}, {made.serving_ml} ml par vente.")
    if learned:
        click.echo(f"Retenu : {learned.word.upper()} = {learned.meaning}.")


@reference_commands.command("unlink")
@venue_argument
@reference_argument
@click.argument("drink_id", type=int, required=False)
@told
def unlink(venue_id: int, till_id: str, drink_id: int | None) -> None:
    """Casse les liaisons d’une référence, ou celle d’une seule boisson."""
    venue = venues.get(venue_id)
    reference = till_links.by_till_id(venue.id, till_id)
    drink = None if drink_id is None else library.get(venue.id, drink_id)
    broken = till_links.unlink(reference, drink)
    suggestions.refresh(venue.id, [reference.id])
    db.session.commit()
    click.echo(f"{len(broken)} liaisons cassées.")


@reference_commands.command("ignore")
@venue_argument
@reference_argument
@told
def ignore(venue_id: int, till_id: str) -> None:
    """Sort une référence de la liste ; le CA de la caisse n’en change pas."""
    reference = till_links.by_till_id(venues.get(venue_id).id, till_id)
    till_links.ignore(reference)
    db.session.commit()


@reference_commands.command("reactivate")
@venue_argument
@reference_argument
@told
def reactivate(venue_id: int, till_id: str) -> None:
    """Remet une référence ignorée dans la liste."""
    venue = venues.get(venue_id)
    reference = till_links.by_till_id(venue.id, till_id)
    till_links.reactivate(reference)
    suggestions.refresh(venue.id, [reference.id])
    db.session.commit()
