"""A migration beside imports (FAULTS 18): the next one, which locks what a closing needs, up and down in a loop."""

import os
import threading
from types import SimpleNamespace

import flask_migrate
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import current_app

from sommit.extensions import db
from sommit.jobs import again, import_night
from tests.faults.cluster import cluster, empty_postgres
from tests.support import invariants

__all__ = ["cluster", "empty_postgres"]
CLOSINGS = 20 if "SOMMIT_FAULT_MINUTES" in os.environ else 3
NEXT = '''"""what the next release brings"""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    for table in ("sale_line", "till_reference", "closing"):  # an import takes them the other way round
        op.add_column(table, sa.Column("note", sa.Text(), nullable=True))
    op.create_index("ix_next", "sale_line", ["venue_id", "note"])


def downgrade():
    op.drop_index("ix_next", "sale_line")
    for table in ("sale_line", "till_reference", "closing"):
        op.drop_column(table, "note")
'''


@pytest.fixture
def migrations(app, tmp_path):
    """The project's migrations and one more, run as `flask db` does; the database is left as it was."""
    config = current_app.extensions["migrate"].migrate.get_config()
    own = f"{config.get_main_option('script_location')}/versions"
    config.set_main_option("version_locations", f"{own} {tmp_path}")
    config.set_main_option("path_separator", "space")
    head = ScriptDirectory.from_config(config).get_current_head()
    (tmp_path / "next.py").write_text(NEXT.format(head=head))
    yield SimpleNamespace(up=lambda: command.upgrade(config, "next"), down=lambda: command.downgrade(config, head))
    db.session.rollback()
    command.downgrade(config, head)


def beside(app, work):
    """Do `work` again and again in a thread of its own until the block is over; at least once."""
    over, failures = threading.Event(), []

    def again_and_again():
        try:
            with app.app_context():
                while True:
                    work()
                    if over.is_set():
                        return
        except Exception as failure:
            failures.append(failure)

    thread = threading.Thread(target=again_and_again)
    thread.start()

    def end():
        over.set()
        thread.join(120)
        assert not thread.is_alive()
        assert not failures, failures

    return end


def read_and_check(bar, number):
    bar.sell(f"iPad {number}")
    assert import_night.read_till(bar.venue.id).status == "ok"
    again.until_through(invariants.check_invariants)  # it reads all the tables, and may be the one to step back


def test_an_upgrade_with_nothing_to_do_hinders_no_import(bar, app):
    end = beside(app, flask_migrate.upgrade)
    for number in range(CLOSINGS):
        read_and_check(bar, number)
    end()
    bar.check_right()


def test_the_next_migration_up_and_down_beside_imports_costs_no_line(bar, app, migrations):
    def up_and_down():
        migrations.up()
        migrations.down()

    end = beside(app, up_and_down)
    for number in range(CLOSINGS):
        read_and_check(bar, number)
    end()
    bar.check_right()
