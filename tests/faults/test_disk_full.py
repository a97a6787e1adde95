"""No room left on the database's disk (FAULTS 28): nothing half done, everything readable, right again with room."""

import sqlite3
from itertools import takewhile

import psycopg
import pytest
from sqlalchemy import event, select

from sommit.cli import outcome
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Drink, Link
from sommit.services import nights
from tests import factories
from tests.conftest import migrate
from tests.faults.conftest import LINES
from tests.jobs.conftest import LAST_NIGHT
from tests.support import invariants, naive, postgres
from tests.support.absence import untested
from tests.web.conftest import token_of

DISK_MB = 40
TIMES = 60  # more lines, and more answers, than there is room for in the pages that are there


@pytest.fixture(scope="module")
def small_disk():
    """A cluster whose database lies on a disk of its own, and a small one."""
    try:
        with postgres.cluster(postgres.on_a_small_disk(DISK_MB)) as made:
            made.ask(f"CREATE TABLESPACE small LOCATION '{made.directory / 'small'}'")
            made.ask("ALTER DATABASE sommit SET TABLESPACE small")
            migrate(made.url)
            yield made
    except postgres.NoPostgres as absence:
        untested(str(absence))


@pytest.fixture(scope="module")
def empty_postgres(small_disk):
    """The database of this module's tests."""
    return small_disk.url


class SqliteDisk:
    """A file that may not grow."""

    def __init__(self):
        self.most = 2**30
        event.listen(db.engine, "checkout", self._limit)

    def _limit(self, connection, *_):
        connection.execute(f"PRAGMA max_page_count = {self.most}")

    def fill(self):
        """Leave no page to be had."""
        db.session.rollback()
        db.engine.dispose()
        apart = sqlite3.connect(db.engine.url.database, isolation_level=None)
        apart.execute("VACUUM")
        self.most = apart.execute("PRAGMA page_count").fetchone()[0]
        apart.close()

    def free(self):
        """There is room again."""
        self.most = 2**30


class PostgresDisk:
    """A disk in memory, filled by a table of no use."""

    def __init__(self, cluster):
        self.cluster = cluster

    def fill(self):
        """Leave no block to be had."""
        db.session.rollback()
        self._ask("CREATE TABLE ballast (words text)")
        rows = 2**14
        while rows:
            try:
                self._ask(f"INSERT INTO ballast SELECT repeat('x', 1900) FROM generate_series(1, {rows})")
            except psycopg.errors.DiskFull:
                rows //= 4

    def free(self):
        """There is room again."""
        self._ask("DROP TABLE IF EXISTS ballast")

    def _ask(self, words):
        self.cluster.ask(words, "sommit")


@pytest.fixture
def disk(app, request):
    """The disk of the test's database, which can be filled and freed."""
    sqlite = db.engine.dialect.name == "sqlite"
    disk = SqliteDisk() if sqlite else PostgresDisk(request.getfixturevalue("small_disk"))
    yield disk
    disk.free()


def test_a_reading_without_room_says_so_leaves_nothing_half_and_ends_well_once_there_is_some(bar, app, disk, tablet):
    assert import_night.read_till(bar.venue.id).status == "ok"
    bar.sell("iPad", LINES * TIMES)
    before = naive.lines_stored()
    disk.fill()

    with pytest.raises(nights.NoRoom):
        import_night.read_till(bar.venue.id)
    import_night.import_night(bar.venue.id)  # the job says so in the log, and ends

    assert naive.lines_stored() == before
    night = nights.find(bar.venue.id, LAST_NIGHT)
    assert (night.problem, night.lease_until) == (nights.NoRoom.sentence, None)
    due_at = night.next_try_at
    invariants.check_invariants()
    assert nights.NoRoom.sentence.partition(" :")[0] in tablet.get("/caisse").text
    for page in ("/boissons", "/boissons/a-synchroniser", "/ventes"):
        assert tablet.get(page, follow_redirects=True).status_code == 200
    disk.free()
    app.config["NOW"] = due_at
    assert nights.due() == [bar.venue.id]
    assert import_night.read_till(bar.venue.id).status == "ok"
    bar.check_right()


def test_the_command_says_in_one_sentence_that_there_is_no_room(bar, app, disk):
    assert import_night.read_till(bar.venue.id).status == "ok"
    bar.sell("iPad", LINES * TIMES)
    disk.fill()
    ended = app.test_cli_runner().invoke(args=["till", "import", str(bar.venue.id)])
    assert (ended.exit_code, ended.stderr.strip()) == (1, nights.NoRoom.sentence)


def test_any_other_command_says_so_too_and_does_nothing_half(venue, app, disk, tmp_path):
    cellar = tmp_path / "cave.csv"
    cellar.write_text("name,category,volume_ml\n" + "".join(f"Cuvée {n},wine,750\n" for n in range(TIMES * 5)))
    arguments = ["drinks", "import", str(venue.id), str(cellar)]
    disk.fill()
    ended = app.test_cli_runner().invoke(args=arguments)
    assert (ended.exit_code, ended.stderr.strip()) == (1, outcome.NO_ROOM)
    db.session.rollback()
    assert db.session.scalars(select(Drink)).all() == []
    db.session.rollback()

    disk.free()
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 0
    assert len(db.session.scalars(select(Drink)).all()) == TIMES * 5


def test_an_answer_without_room_is_refused_whole_and_taken_once_there_is_some(venue, disk, tablet):
    drink = factories.drink(venue).id
    keys = [factories.reference(venue, label=f"CLE {number}").id for number in range(TIMES)]
    token = token_of(tablet)

    def link(key):
        sent = {"csrf_token": token, "version": "0", "drink_id": str(drink), "serving": "125"}
        return tablet.post(f"/boissons/a-synchroniser/{key}/oui", data=sent, headers={"HX-Request": "true"})

    disk.fill()
    answers = (link(key) for key in keys)
    taken = len(list(takewhile(lambda answer: answer.status_code == 200, answers)))
    assert taken < TIMES
    refused = link(keys[taken])
    assert (refused.status_code, refused.headers["X-Notice"]) == (507, "1")
    assert "Il n’y a plus de place sur le disque de Somm’It." in refused.text
    assert set(db.session.scalars(select(Link.reference_id))) == set(keys[:taken])
    db.session.rollback()
    assert tablet.get("/boissons/a-synchroniser").status_code == 200

    disk.free()
    assert link(keys[taken]).status_code == 200
    assert set(db.session.scalars(select(Link.reference_id))) == set(keys[: taken + 1])
