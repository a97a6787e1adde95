"""What hosts may ask."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis.exceptions import ConnectionError as RedisDown

from sommit.jobs import queue


def test_live_touches_nothing(make_app: Callable[..., Flask]) -> None:
    app = make_app(REDIS_URL="redis://127.0.0.1:1", SQLALCHEMY_DATABASE_URI="sqlite:////nulle/part/sommit.db")
    assert app.test_client().get("/live").json == {"status": "ok"}


def test_ready_says_how_long_ago_the_scheduler_asked(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "last_tick", lambda: datetime.now(UTC) - timedelta(seconds=90))
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["database"] == answer.json["redis"] == "ok"
    assert 90 <= answer.json["last_tick_s"] < 120


def test_ready_without_redis_still_serves_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise RedisDown

    monkeypatch.setattr(queue, "last_tick", down)
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "redis": "down", "last_tick_s": None}


def test_ready_without_a_database_is_not(make_app: Callable[..., Flask]) -> None:
    app = make_app(SQLALCHEMY_DATABASE_URI="sqlite:////nulle/part/sommit.db")
    answer = app.test_client().get("/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "down"


def test_health_says_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/ready")
    assert answer.json is not None
    assert set(answer.json) == {"database", "redis", "last_tick_s"}
