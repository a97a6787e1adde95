"""The database lost, or broken off, in the middle of a closing: it is written once, whole, without anybody."""

import sqlite3

import pytest
from sqlalchemy import event, text

from sommit.extensions import db
from sommit.jobs import again, import_night, till_reading
from sommit.services import nights
from tests.support import invariants

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def waits(monkeypatch):
    """How often a transaction was tried again; the waits take no time."""
    waited = []
    monkeypatch.setattr(again.time, "sleep", waited.append)
    return waited


@pytest.fixture
def during_apply():
    """Call something once, when the next closing's lines are about to be replaced; it may return another statement."""
    listening = []

    def arrange(call):
        done = []

        def before(connection, cursor, statement, parameters, context, executemany):
            if done or not statement.startswith("DELETE FROM reference_sum"):
                return statement, parameters
            done.append(True)
            return call(connection) or statement, () if call.__name__ == "break_off" else parameters

        event.listen(db.engine, "before_cursor_execute", before, retval=True)
        listening.append((db.engine, before))

    yield arrange
    for engine, before in listening:
        event.remove(engine, "before_cursor_execute", before)


def read(bar):
    return import_night.read_till(bar.venue.id)


@on_postgres
@pytest.mark.parametrize("state", ["40P01", "40001"], ids=["deadlock", "serialization failure"])
def test_a_transaction_broken_off_for_another_is_tried_again(bar, waits, during_apply, state):

    def break_off(_connection):
        return f"DO $$ BEGIN RAISE EXCEPTION 'broken off' USING ERRCODE = '{state}'; END $$"

    during_apply(break_off)
    assert read(bar).status == "ok"
    assert len(waits) == 1
    bar.check_right()


@on_postgres
def test_a_connection_that_is_cut_in_the_middle_of_a_closing_is_taken_up_again(bar, waits, during_apply):

    def cut(connection):
        pid = connection.connection.driver_connection.info.backend_pid
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    during_apply(cut)
    assert read(bar).status == "ok"
    assert len(waits) == 1
    bar.check_right()


@on_sqlite
def test_another_writer_of_sqlite_is_waited_for(bar, monkeypatch):
    other = sqlite3.connect(db.engine.url.database, isolation_level=None)
    waited = []

    def take_the_lock(name):
        if name == "after_raw" and not waited:
            with db.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA busy_timeout = 20")
            other.execute("BEGIN IMMEDIATE")

    def give_it_back(seconds):
        waited.append(seconds)
        if other.in_transaction:
            other.execute("ROLLBACK")

    monkeypatch.setattr(till_reading.crash, "point", take_the_lock)
    monkeypatch.setattr(again.time, "sleep", give_it_back)
    try:
        assert read(bar).status == "ok"
    finally:
        other.close()
    assert len(waited) == 1
    monkeypatch.undo()
    bar.check_right()


@on_sqlite
def test_when_nobody_knows_whether_a_commit_went_through_it_is_looked_up_and_nothing_is_written_twice(
    bar, waits, monkeypatch
):
    dialect = db.engine.dialect
    commit, seen = dialect.do_commit, []

    def cut_after_it(connection):
        lines = connection.cursor().execute("SELECT count(*) FROM sale_line").fetchone()[0]
        commit(connection)
        if lines and not seen:
            seen.append(lines)
            raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(dialect, "do_commit", cut_after_it)
    assert read(bar).status == "ok"
    monkeypatch.setattr(dialect, "do_commit", commit)
    assert (len(seen), len(waits)) == (1, 1)
    bar.check_right()


def test_what_the_database_refuses_for_good_leaves_nothing_half_and_the_next_reading_makes_it_right(bar, monkeypatch):
    replaced = till_reading.sales_import.replace
    monkeypatch.setattr(till_reading.sales_import, "replace", lambda *_: db.session.execute(text("SELECT nowhere")))
    with pytest.raises(Exception, match="nowhere"):
        read(bar)
    invariants.check_invariants()
    assert nights.latest(bar.venue.id, 1)[0].problem == nights.INTERRUPTED
    db.session.rollback()

    monkeypatch.setattr(till_reading.sales_import, "replace", replaced)
    assert read(bar).status == "ok"
    bar.check_right()
