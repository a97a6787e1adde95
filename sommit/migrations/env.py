"""Alembic's entry: migrations run on the application's own engine, in one transaction each.

The old code may still serve and read meanwhile (FAULTS 18): a migration that would keep it waiting, or waits for it
in a circle, steps back and tries again.
"""

from alembic import context
from flask import current_app

from sommit.jobs import again

LOCK_TIMEOUT = "SET lock_timeout = '3s'"  # whoever comes after a lock that is waited for waits too

database = current_app.extensions["migrate"].db


def run():
    """Run the migrations that are asked for; those that got through before an interruption are not run again."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.detach()  # its setting is not for those who would get it from the pool
            connection.exec_driver_sql(LOCK_TIMEOUT)
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


again.until_through(run)
