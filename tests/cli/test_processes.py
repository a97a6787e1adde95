"""The commands as real processes: two at once, a database that is not there, a setting that is not safe."""

import json
import os
import subprocess
import sys

import pytest

from sommit.extensions import db
from sommit.services import nights, till_connection
from tests.conftest import KEY
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import naive


def flask(*words, env, **options):
    command = [sys.executable, "-m", "flask", "--app", "app", *map(str, words)]
    return subprocess.Popen(
        command, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


@pytest.fixture
def env(database_url, server):
    return {
        "DATABASE_URL": database_url,
        "JALIA_API_URL": server.url,
        "TOKEN_KEYS": KEY,
        "SOMMIT_NOW": MORNING.isoformat(),
        "REDIS_URL": "",
    }


@pytest.fixture
def connected(app, venue, till, server):
    app.config["NOW"] = MORNING
    till_connection.keep(venue, till.token, till_connection.attempt(venue, till.token))
    db.session.commit()
    return venue.id


@pytest.mark.parametrize("resource", ["catalog", "reports", "orders"])
def test_an_import_that_was_killed_is_run_again_at_once_though_the_clock_stands_still(
    connected, till, server, env, resource
):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    processes = []
    server.faults.add(f"/v1/{resource}/", run=lambda: processes[0].kill())
    processes.append(flask("till", "import", connected, env=env))
    processes[0].communicate(timeout=60)
    assert nights.running(connected)
    db.session.rollback()  # SQLite has one writer

    again = flask("till", "import", connected, "--json", env=env)
    stdout, stderr = again.communicate(timeout=60)

    assert again.returncode == 0, stderr
    assert json.loads(stdout)["lines"] == 1
    naive.check_sums()


def test_two_imports_at_once_read_everything_once(connected, till, env):
    till.closing([("PINTE", 2), ("DEMI", 5)], date=LAST_NIGHT)

    processes = [flask("till", "import", connected, "--json", env=env) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in processes]

    assert [process.returncode for process in processes] == [0, 0], answers
    said = [json.loads(stdout) for stdout, _ in answers]
    assert sorted(answer["lines"] for answer in said) == [0, 2]
    naive.check_sums()


def test_a_database_that_was_never_prepared_is_told_in_one_sentence(tmp_path):
    process = flask("till", "import", 1, "--json", env={"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"})
    stdout, stderr = process.communicate(timeout=60)

    assert process.returncode == 1
    assert len(stderr.strip().splitlines()) == 1
    assert json.loads(stdout)["error"] == stderr.strip()
    assert "db upgrade" in stderr


def test_production_without_its_settings_says_which_one_is_missing():
    process = flask(
        "db", "upgrade", env={"SOMMIT_ENV": "production", "DATABASE_URL": "postgres://h/x", "SECRET_KEY": ""}
    )
    _, stderr = process.communicate(timeout=60)

    assert process.returncode != 0
    assert "SECRET_KEY" in stderr
    assert "Traceback" not in stderr
