"""Last night's backup is restored three days later (FAULTS 30): one reading brings back all that the till knows."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Drink, Night, TillReference
from sommit.services import nights, stock, till_links
from tests import factories
from tests.faults.cluster import cluster, empty_postgres
from tests.faults.conftest import LINES
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import invariants, naive, postgres

__all__ = ["cluster", "empty_postgres"]
DAYS = 3


class SqliteBackup:
    """A copy of the file, made while it is used."""

    def __init__(self, file: str, path: Path):
        self.file, self.path = file, path

    def make(self):
        with closing(sqlite3.connect(self.file)) as used, closing(sqlite3.connect(self.path)) as copy:
            used.backup(copy)

    def restore(self):
        for left in (f"{self.file}-wal", f"{self.file}-shm"):
            Path(left).unlink(missing_ok=True)
        shutil.copy(self.path, self.file)


class PostgresBackup:
    """A dump, made by Postgres's own program while the database is used."""

    def __init__(self, cluster, path: Path):
        self.cluster, self.path = cluster, path

    def make(self):
        self.path.write_bytes(self._run("pg_dump", "--format=custom"))

    def restore(self):
        self.cluster.ask("DROP DATABASE sommit WITH (FORCE)")
        self.cluster.ask("CREATE DATABASE sommit")
        self._run("pg_restore", "--exit-on-error", given=self.path.read_bytes())

    def _run(self, program, option, given=None):
        where = ("--host", str(self.cluster.directory), "--username", "app", "--dbname", "sommit")
        command = [*postgres.as_nobody(), str(self.cluster.place / program), option, *where]
        return subprocess.run(command, input=given, capture_output=True, check=True, cwd="/").stdout


@pytest.fixture
def backup(app, request, tmp_path):
    """Makes a backup of the test's database, and puts it back in place of what is there."""
    if db.engine.dialect.name == "sqlite":
        return SqliteBackup(db.engine.url.database, tmp_path / "backup.db")
    return PostgresBackup(request.getfixturevalue("cluster"), tmp_path / "backup.dump")


def restore(backup):
    db.session.rollback()
    db.engine.dispose()
    backup.restore()


def read(bar):
    return import_night.read_till(bar.venue.id).status


def act_of_the_venue(bar, at):
    """What no till knows: a key linked, and bottles counted."""
    chablis = db.session.scalars(select(Drink).where(Drink.name == "Chablis Montmains")).one()
    till_links.link(
        key("PINTE"), factories.drink(bar.venue, "Blonde pression", volume_ml=30_000, stock=4), serving_ml=500
    )
    factories.count(chablis, 20 * 750, at=at)
    db.session.commit()


def key(label):
    return db.session.scalars(select(TillReference).where(TillReference.label == label)).one()


def books(bar):
    """The lines, the evenings and the stock."""
    evenings = select(Night.business_date, Night.state).where(Night.venue_id == bar.venue.id)
    found = (
        naive.lines_stored(),
        sorted(db.session.execute(evenings).all()),
        {drink.name: stock.on_hand(drink) for drink in db.session.scalars(select(Drink))},
    )
    db.session.rollback()
    return found


def three_days(bar, app, amended):
    """An evening each, the venue's own acts on the second, and a closing of the week before that is amended."""
    for day in range(1, DAYS + 1):
        app.config["NOW"] = MORNING + timedelta(days=day)
        bar.till.closing(LINES, date=LAST_NIGHT + timedelta(days=day))
        if day == 1:
            amended.amend(amended.orders[0].items[0], is_canceled=True)
        assert read(bar) == "ok"
        if day == 2:
            act_of_the_venue(bar, app.config["NOW"])


@pytest.mark.parametrize("moment", ["at rest", "in the middle of a reading"])
def test_a_backup_restored_three_days_later_is_caught_up_by_one_reading(bar, app, server, backup, moment):
    week_old = bar.till.closing(LINES, date=LAST_NIGHT - timedelta(days=6), device="terrasse")
    if moment == "at rest":
        assert read(bar) == "ok"
        backup.make()
    else:
        server.faults.add("/v1/orders/", run=backup.make, after=1)
        assert read(bar) == "ok"
    three_days(bar, app, week_old)
    lost = books(bar)

    restore(backup)
    held = db.session.scalars(select(Night.lease_until).where(Night.lease_until.is_not(None))).all()
    assert len(held) == (moment != "at rest")
    assert books(bar) != lost
    db.session.rollback()
    nights.sweep()
    db.session.commit()
    assert nights.due() == [bar.venue.id]
    assert read(bar) == "ok"
    invariants.check_invariants()
    assert books(bar)[:2] == lost[:2]
    act_of_the_venue(bar, MORNING + timedelta(days=2))  # the backup does not know it: it is made again

    assert books(bar) == lost
    invariants.check_invariants()
    invariants.check_replay(lambda: read(bar))
