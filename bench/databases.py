"""Empty databases of both kinds, migrated, and the application on one of them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import text

from sommit import create_app
from sommit.extensions import db
from tests.support import postgres

#: A Tuesday, 05:30 in Paris: the evening of the 14th is the last one that is due.
MORNING = datetime(2026, 6, 15, 3, 30, tzinfo=UTC)
KEY = Fernet.generate_key().decode()


def application(database_url: str, **config: Any) -> Flask:
    """Build the application as it runs, on one database, at MORNING; only signing in is made cheap."""
    settings = {
        "ARGON2": {"time_cost": 1, "memory_cost": 8},
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SECRET_KEY": "only for benchmarks, and long enough for production's rule",
        "TOKEN_KEYS": [KEY],
        "REDIS_URL": "",
        "RATELIMIT_ENABLED": False,
        "NOW": MORNING,
    }
    return create_app(settings | config)


@dataclass
class Place:
    """Where databases of one kind are had."""

    name: str
    folder: Path
    url: str  # Postgres: the one database; SQLite: the file that fresh ones are copied from
    made: int = 0

    def fresh(self) -> str:
        """Return the address of an empty database; on Postgres it is the same one each time, emptied."""
        if self.name == "Postgres":
            _empty(self.url)
            return self.url
        self.made += 1
        copy = self.folder / f"copy-{self.made}.db"
        shutil.copy(self.folder / "empty.db", copy)
        return f"sqlite:///{copy}"


@contextmanager
def places() -> Iterator[list[Place]]:
    """Give SQLite, and Postgres where there is one; what is not measured is said."""
    with tempfile.TemporaryDirectory(prefix="sommit-bench-") as folder, ExitStack() as stack:
        found = [Place("SQLite", Path(folder), f"sqlite:///{folder}/empty.db")]
        try:
            url = stack.enter_context(postgres.server())
            found.append(Place("Postgres", Path(folder), url))
        except postgres.NoPostgres as absence:
            print(f"NO POSTGRES, only SQLite is measured: {absence}")
        for place in found:
            _migrate(place.url)
        yield found


def _migrate(url: str) -> None:
    app = application(url)
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


def _empty(url: str) -> None:
    with application(url).app_context():
        names = ", ".join(table.name for table in db.metadata.sorted_tables)
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        db.session.commit()
        db.engine.dispose()


def tidy() -> None:
    """Do what Postgres does by itself within the hour: statistics, and what its index-only reads need."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
