"""Alembic's entry: migrations run on the application's own engine, in one transaction each."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def leave_out_empty(_context, _revision, directives):
    """Write no migration file when nothing changed."""
    if directives[0].upgrade_ops.is_empty():
        directives[:] = []


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        process_revision_directives=leave_out_empty,
        transaction_per_migration=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
