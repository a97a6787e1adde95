"""What a test can ask for: an application on a real database (SQLite and Postgres), a venue, a till that answers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from demo import valkey
from demo.simulator import Server, Till, serve
from sommit import create_app
from sommit.extensions import db
from sommit.models import User, Venue
from tests import factories
from tests.support import postgres
from tests.support.absence import untested
from tests.support.browser import NEVER_MIND_HOW_SLOW_MS, chromium_flags, chromium_path
from tests.support.compiled import Compiled

KEY = Fernet.generate_key().decode()
TEMPLATES = Compiled()
expect.set_options(timeout=NEVER_MIND_HOW_SLOW_MS)


def settings(database_url: str) -> dict[str, Any]:
    """What differs from a real start: the database, a cheap password profile, no wait for a till that is away."""
    return {
        "TESTING": True,
        "ARGON2": {"time_cost": 1, "memory_cost": 8},
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SECRET_KEY": "only for tests, and long enough for production's rule",
        "TOKEN_KEYS": [KEY],
        "REDIS_URL": "",
        "RATELIMIT_STORAGE_URI": "memory://",
        "NOW": None,
    }


def migrate(database_url: str) -> None:
    """Bring an empty database up to date."""
    app = create_app(settings(database_url))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_postgres() -> Iterator[str]:
    """A migrated Postgres, emptied after each test."""
    try:
        with postgres.server() as url:
            migrate(url)
            yield url
    except postgres.NoPostgres as absence:
        untested(str(absence))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of this test; the test runs once on each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("empty_postgres"))
    path = tmp_path / "sommit.db"
    shutil.copy(request.getfixturevalue("empty_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def make_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Build applications on this test's database; `config` replaces settings."""
    apps: list[Flask] = []

    def make(**config: Any) -> Flask:
        apps.append(create_app(settings(database_url) | config))
        apps[-1].jinja_env.bytecode_cache = TEMPLATES
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    _empty(database_url)


def _empty(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        return
    names = ", ".join(table.name for table in db.metadata.sorted_tables)
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the machine's own browser; where there is none, say so, and fail where everything has to be tested."""
    return {"executable_path": chromium_path() or untested("the screens: no Chromium"), "args": chromium_flags()}


@pytest.fixture
def valkey_url(tmp_path: Path) -> Iterator[str]:
    """The address of a real Valkey, for this test alone."""
    with valkey.embedded(tmp_path / "valkey") as url:
        yield url


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application, with its context pushed."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()


@pytest.fixture
def venue(app: Flask) -> Venue:
    """Le Zinc des Capucins, Europe/Paris."""
    return factories.venue()


@pytest.fixture
def user(venue: Venue) -> User:
    """Camille, who works there; the password is factories.PASSWORD."""
    return factories.user(venue)


@pytest.fixture
def till() -> Till:
    """The till of the venue, with nothing in it yet."""
    return Till(token="jalia-key-of-the-zinc", name="Le Zinc des Capucins")


@pytest.fixture
def server(till: Till, app: Flask) -> Iterator[Server]:
    """The till's API on loopback; the application is told its address."""
    with serve(till) as running:
        app.config["JALIA_API_URL"] = running.url
        yield running
