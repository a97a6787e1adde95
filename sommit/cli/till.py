"""`till connect`, `till import`, `till import-due`, `till readings`."""

import signal
import sys
from typing import Any

import click
from flask import Flask

from sommit.cli.outcome import DATABASE_AWAY, NO_DATABASE, Commands, Sentence, show_json, told
from sommit.extensions import db
from sommit.jobs import import_night, nights
from sommit.jobs.till_reading import Summary
from sommit.models import Closing
from sommit.refusals import Refusal
from sommit.services import closing_states, till_connection, venues

NOT_RUNG = "Redis ne répond pas : les nuits à lire restent notées, relancez la commande quand il sera revenu."
STATES = {"read_again": "relue", "amended": "corrigée", "vanished": "disparue"}

till_commands = Commands("till", help="La caisse.")


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(till_commands)


@till_commands.command("connect")
@click.argument("venue_id", metavar="VENUE", type=int)
@click.option("--token", required=True)
@click.option("--days", metavar="N", default=str(till_connection.HISTORY_DAYS), help="Jours de ventes à reprendre.")
@told
def connect(venue_id: int, token: str, days: str) -> None:
    """Essaie un token reçu de Jalia, puis le garde chiffré."""
    venue, history_days = venues.get(venue_id), till_connection.days_back(days)
    probe = till_connection.attempt(venue, token)
    till_connection.keep(venue, token, probe, history_days=history_days)
    db.session.commit()
    click.echo(f"Connectée à « {probe.header_name or 'la caisse'} », {probe.references} références.")
    if probe.problem:
        click.echo(str(probe.problem), err=True)


@till_commands.command("import")
@click.argument("venue_id", metavar="VENUE", type=int)
@click.option("--json", "as_json", is_flag=True)
@told
def import_now(venue_id: int, as_json: bool) -> None:
    """Lit la caisse maintenant, dans ce processus."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the lease is given back on the way out
    try:
        summary = import_night.read_till_when_free(venue_id)
    except (Refusal, *DATABASE_AWAY) as problem:
        db.session.rollback()
        sentence = str(problem) if isinstance(problem, Refusal) else NO_DATABASE
        summary = Summary(problems=[sentence], failed=True)
    if as_json:
        show_json(_as_json(summary))
    else:
        click.echo(f"{summary.closings} clôtures, {summary.lines} lignes, {summary.new_references} références.")
    if summary.failed:
        raise Sentence(summary.error or "")
    if summary.error and not as_json:
        click.echo(summary.error, err=True)


def _as_json(summary: Summary) -> dict[str, object]:
    return {
        "closings": summary.closings,
        "lines": summary.lines,
        "new_references": summary.new_references,
        "difference_cents": summary.difference_cents,
        "status": summary.status,
        "error": summary.error,
    }


@till_commands.command("import-due")
@told
def import_due() -> None:
    """Met en file chaque lieu dont la nuit est à lire."""
    bells = nights.ring_due()
    if bells.rung < bells.due:
        raise Sentence(NOT_RUNG)
    click.echo(f"{bells.rung} lieux en file.")


@till_commands.command("readings")
@click.argument("venue_id", metavar="VENUE", type=int)
@click.option("--json", "as_json", is_flag=True)
@told
def readings(venue_id: int, as_json: bool) -> None:
    """Dit quelles clôtures ont été relues, corrigées, ou ne sont plus en caisse."""
    found = [_reading(*one) for one in closing_states.recent(venues.get(venue_id))]
    if as_json:
        show_json(found)
        return
    for one in found:
        click.echo(f"{one['evening']}  clôture {one['number'] or one['till_id']}  {STATES[one['state']]}  {one['at']}")


def _reading(closing: Closing, state: closing_states.State) -> dict[str, Any]:
    return {
        "till_id": closing.till_id,
        "number": closing.number,
        "evening": closing.business_date.isoformat(),
        "state": state.kind,
        "at": state.at.isoformat(),
        "lines": closing.lines,
        "turnover_cents": closing.turnover_cents,
    }
