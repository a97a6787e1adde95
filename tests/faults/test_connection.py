"""How a page borrows its connection to Postgres: asked for life only where there is doubt (FAULTS 24)."""

import psycopg
import pytest

from sommit import extensions
from sommit.extensions import db

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
def asked(monkeypatch):
    """What is sent beside SQLAlchemy."""
    sent = []
    execute = psycopg.Connection.execute

    def noted(self, query, *rest, **more):
        sent.append(query)
        return execute(self, query, *rest, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    return sent


def test_a_connection_that_was_just_used_is_taken_as_it_is(tablet, asked):
    tablet.get("/aide")
    assert tablet.get("/aide").status_code == 200
    assert "SELECT 1" not in asked


def test_after_a_pause_a_connection_is_asked_whether_it_is_still_there(tablet, asked, monkeypatch):
    tablet.get("/aide")
    monkeypatch.setattr(extensions, "PAUSE_S", 0)
    assert tablet.get("/aide").status_code == 200
    assert "SELECT 1" in asked


def test_a_connection_that_postgres_has_ended_is_replaced_before_it_is_used(tablet, app):
    with app.app_context():
        backend = db.session.scalar(db.text("SELECT pg_backend_pid()"))
        db.session.remove()
        other = db.create_engine(db.engine.url)
        with other.connect() as connection:
            connection.execute(db.text("SELECT pg_terminate_backend(:backend, 10000)"), {"backend": backend})
        other.dispose()
    assert tablet.get("/aide").status_code == 200
