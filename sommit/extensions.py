"""Flask's extensions, and how the database is spoken to."""

import select
import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any

import psycopg
from flask import has_request_context, request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import BigInteger, Connection, Date, DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

SQLITE_BUSY_MS = 15_000
PAUSE_S = 10  # after which a connection to Postgres is asked whether it is still there

#: How long Postgres, or the way to it, may be silent: libpq's own words, in seconds and milliseconds. A server that
#: vanishes without a word is noticed by what nobody acknowledges, in 20 s instead of the system's quarter of an hour.
POSTGRES_SILENCE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


class Instant(TypeDecorator[datetime]):
    """An instant: aware and UTC in Python; SQLite, which has no zones, keeps the UTC wall time."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Ask Postgres for a column with a zone."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone rather than guess one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table: names of constraints are fixed, instants are UTC, integers are wide enough for millilitres."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(type_annotation_map={datetime: Instant(), date: Date(), str: String(255)})


#: Millilitres, thousandths and cents add up beyond 32 bits; a primary key of SQLite has to stay a plain integer.
Wide = BigInteger

db: Any = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
compress = Compress()
limiter = Limiter(key_func=get_remote_address)


@event.listens_for(Engine, "do_connect")
def _be_impatient(dialect: Dialect, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
    """Wait for no Postgres for ever; what the database's address says goes first."""
    if dialect.driver == "psycopg":
        parameters.update(POSTGRES_SILENCE | parameters)


@event.listens_for(Pool, "invalidate")
def _let_go_of_sqlite(connection: Any, _record: Any, _error: BaseException | None) -> None:
    """Give the lock back where a signal broke off a statement: closing alone keeps it as long as its cursor lives."""
    if isinstance(connection, sqlite3.Connection):
        with suppress(sqlite3.Error):
            connection.rollback()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL, foreign keys, patience; and SQLAlchemy, not the driver, says when a transaction begins."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def _prepare_postgres(connection: Any, _record: Any) -> None:
    """No compiling of queries: a page's statement takes milliseconds, compiling it tens of them."""
    if isinstance(connection, psycopg.Connection):
        connection.autocommit = True
        connection.execute("SET jit = off")
        connection.autocommit = False


@event.listens_for(Pool, "checkin")
def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = monotonic()


@event.listens_for(Pool, "checkout")
def _still_there(connection: Any, record: Any, _proxy: Any) -> None:
    """Let no page find a dead connection (FAULTS 24), without asking each time, as the pool's own ping does.

    A Postgres that ends a connection says so, or the system does: something can be read from it. After a pause it is
    asked all the same, for what a network forgets without a word.
    """
    if not isinstance(connection, psycopg.Connection) or "used_at" not in record.info:
        return
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if not waiting.poll(0) and monotonic() - record.info["used_at"] < PAUSE_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as gone:
        raise InvalidatePoolError from gone


def read_only_moment() -> None:
    """Begin a transaction that sees one moment of the books and hinders nobody who writes; it must not write."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    else:
        options = {"reading": True}
    db.session.connection(execution_options=options)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's one writer's lock at once: a read that turns into a write would fail, not wait (FAULTS M9)."""
    if connection.dialect.name == "sqlite":
        asked_to_read = has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")
        reading = asked_to_read or connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
