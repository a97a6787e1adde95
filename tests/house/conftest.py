from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from sommit import create_app
from tests.house import processes


@pytest.fixture
def build_app(tmp_path: Path) -> Callable[[str], Flask]:
    def build(redis_url: str) -> Flask:
        database = f"sqlite:///{tmp_path / 'house.db'}"
        return create_app(
            {"REDIS_URL": redis_url, "SQLALCHEMY_DATABASE_URI": database, "RATELIMIT_STORAGE_URI": "memory://"}
        )

    return build


@pytest.fixture
def app(build_app: Callable[[str], Flask], valkey_url: str) -> Iterator[Flask]:
    app = build_app(valkey_url)
    with app.app_context():
        yield app


@pytest.fixture
def launch() -> Iterator[processes.Launcher]:
    with processes.launcher() as launch:
        yield launch
