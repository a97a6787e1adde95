"""Building the application: settings, guards, extensions, screens, commands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue

from sommit import config as settings
from sommit import i18n, mishaps
from sommit.extensions import compress, csrf, db, limiter, login_manager, migrate
from sommit.jobs import again

MIGRATIONS = Path(__file__).parent / "migrations"


class Application(Flask):
    """Flask, whose views are run again when Postgres breaks their transaction off for another's sake (FAULTS 26)."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request. A view commits once and last, so nothing of it is there when it is run again."""
        return again.until_through(super().dispatch_request, while_=mishaps.broken_off)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application; `config` replaces what the environment says (tests).

    Raises UnsafeSetting, naming the variable, where the environment is not fit to start.
    """
    app = Application("sommit", static_url_path="/static")
    app.config.update(settings.load())
    app.config.update(config or {})
    _plug_guards(app)
    _plug_extensions(app)
    _plug_screens(app)
    _plug_commands(app)
    return app


def _plug_guards(app: Flask) -> None:
    """Before the extensions: what they do with a request comes after the guards."""
    from sommit import logs, security

    logs.init_app(app)
    security.init_app(app)


def _plug_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    csrf.init_app(app)
    login_manager.init_app(app)
    i18n.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
    from sommit import models  # noqa: F401 - the tables have to be known to the migrations


def _plug_screens(app: Flask) -> None:
    from sommit import blueprints, errors, formats

    formats.init_app(app)
    errors.init_app(app)
    blueprints.register(app)


def _plug_commands(app: Flask) -> None:
    from sommit import cli

    cli.init_app(app)
