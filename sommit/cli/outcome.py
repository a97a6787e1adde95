"""How a command ends: a refusal is one sentence on stderr, never a traceback."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask.cli import AppGroup
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from sommit import mishaps
from sommit.extensions import db
from sommit.jalia.errors import TillError
from sommit.refusals import Refusal

P = ParamSpec("P")
R = TypeVar("R")

NO_DATABASE = "La base de données ne répond pas, ou n’est pas à jour : lancez « flask --app app db upgrade »."
NO_ROOM = (
    "Il n’y a plus de place sur le disque de la base de données : rien n’a été fait à moitié. Faites-en, puis relancez."
)
DATABASE_AWAY = (OperationalError, ProgrammingError)
WRITTEN_WRONG = "Commande mal écrite%s : ajoutez --help pour voir ce qui est attendu."
NO_REDIS = "Redis ne répond pas : vérifiez REDIS_URL."


class Sentence(click.ClickException):
    """One sentence on stderr, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the sentence, without click's English prefix."""
        click.echo(self.message, err=True)


class Commands(AppGroup):
    """A group of commands: what is typed wrong is told in one sentence too, where click would print a page."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named. Raises Sentence."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            param = getattr(error, "param", None)
            where = f", voyez {param.get_error_hint(ctx)}" if param else ""
            raise Sentence(WRITTEN_WRONG % where) from error


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what a service refuses into a sentence, and leave nothing half done."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (Refusal, TillError) as refusal:
            db.session.rollback()
            raise Sentence(str(refusal)) from refusal
        except DATABASE_AWAY as absence:
            raise Sentence(away(absence)) from absence
        except RedisError as absence:
            raise Sentence(NO_REDIS) from absence

    return run


def away(absence: DBAPIError) -> str:
    """Return the sentence for a database that does not do its work."""
    return NO_ROOM if mishaps.no_room(absence) else NO_DATABASE


def show_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))
