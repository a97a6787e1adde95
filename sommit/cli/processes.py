"""`worker`, `scheduler`: the two processes beside the web."""

import click
from flask import Flask, current_app

from sommit.cli.outcome import Sentence, told
from sommit.jobs.scheduler import run_scheduler
from sommit.jobs.worker import run_worker


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(worker)
    app.cli.add_command(scheduler)


@click.command("worker")
@told
def worker() -> None:
    """Lit les caisses que la file annonce."""
    run_worker(_application())


@click.command("scheduler")
@told
def scheduler() -> None:
    """Sonne chaque minute pour les nuits à lire."""
    run_scheduler(_application())


def _application() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not app.config["REDIS_URL"]:
        raise Sentence("REDIS_URL manque : l’adresse d’un Redis ou d’un Valkey.")
    return app
