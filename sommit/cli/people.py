"""`venue create`, `support create`."""

import click
from flask import Flask

from sommit.cli.outcome import Commands, told
from sommit.extensions import db
from sommit.services import accounts

venue_commands = Commands("venue", help="Les lieux.")
support_commands = Commands("support", help="L’équipe d’assistance.")


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(venue_commands)
    app.cli.add_command(support_commands)


@venue_commands.command("create")
@click.argument("name")
@click.option("--email", required=True, help="L’adresse de la personne qui s’en occupe.")
@click.option("--password", help="Sans lui, un mot de passe est tiré au hasard et montré une fois.")
@click.option("--timezone", default="Europe/Paris", show_default=True)
@told
def create_venue(name: str, email: str, password: str | None, timezone: str) -> None:
    """Crée un lieu et son premier compte ; écrit le numéro du lieu."""
    venue, made = accounts.create_venue(name, email, password, timezone)
    db.session.commit()
    _show_once(email, made)
    click.echo(venue.id)


@support_commands.command("create")
@click.option("--email", required=True)
@told
def create_support(email: str) -> None:
    """Crée un compte de l’assistance."""
    _, made = accounts.create_support(email)
    db.session.commit()
    _show_once(email, made)


def _show_once(email: str, password: str | None) -> None:
    """Show a generated password on stderr: it exists nowhere else, and a log of stdout must not keep it."""
    if password is not None:
        click.echo(f"Mot de passe de {email}, montré cette seule fois : {password}", err=True)
