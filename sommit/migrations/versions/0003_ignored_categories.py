"""ignored categories"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('ignored_category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=255), nullable=False),
    sa.Column('created_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('revoked_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['account.id'], name=op.f('fk_ignored_category_created_by')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_ignored_category_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ignored_category')),
    sa.UniqueConstraint('venue_id', 'id', name=op.f('uq_ignored_category_venue_id_id'))
    )

    with op.batch_alter_table('ignored_category', schema=None) as batch_op:
        batch_op.create_index('uq_ignored_category', ['venue_id', 'category'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    # In words: SQLite takes a new column with its reference, but no constraint added to a table that is there.
    op.execute(
        'ALTER TABLE till_reference ADD COLUMN ignored_by_rule INTEGER '
        'CONSTRAINT fk_till_reference_ignored_by_rule REFERENCES ignored_category (id)'
    )


def downgrade():
    with op.batch_alter_table('till_reference', schema=None) as batch_op:
        batch_op.drop_column('ignored_by_rule')

    with op.batch_alter_table('ignored_category', schema=None) as batch_op:
        batch_op.drop_index('uq_ignored_category', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.drop_table('ignored_category')
