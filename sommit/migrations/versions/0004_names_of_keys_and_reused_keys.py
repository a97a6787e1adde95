"""names of keys and reused keys"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('reference_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=255), nullable=True),
    sa.Column('seen_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['venue_id', 'reference_id'], ['till_reference.venue_id', 'till_reference.id'], name=op.f('fk_reference_name_venue_id_reference_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_reference_name_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference_name'))
    )

    with op.batch_alter_table('reference_name', schema=None) as batch_op:
        batch_op.create_index('ix_reference_name_latest', ['venue_id', 'reference_id', 'seen_at'], unique=False)

    op.create_table('key_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference_id', sa.Integer(), nullable=False),
    sa.Column('known_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('since', sommit.extensions.Instant(), nullable=False),
    sa.Column('old_label', sa.String(length=255), nullable=False),
    sa.Column('new_label', sa.String(length=255), nullable=False),
    sa.Column('old_price_cents', sa.Integer(), nullable=True),
    sa.Column('new_price_cents', sa.Integer(), nullable=True),
    sa.Column('asked_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('answer', sa.String(length=255), nullable=True),
    sa.Column('answered_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("answer IN ('same', 'other')", name=op.f('ck_key_question_answer')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_key_question_answered_by')),
    sa.ForeignKeyConstraint(['venue_id', 'reference_id'], ['till_reference.venue_id', 'till_reference.id'], name=op.f('fk_key_question_venue_id_reference_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_key_question_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_question'))
    )

    with op.batch_alter_table('key_question', schema=None) as batch_op:
        batch_op.create_index('uq_key_question', ['venue_id', 'reference_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))


def downgrade():
    with op.batch_alter_table('key_question', schema=None) as batch_op:
        batch_op.drop_index('uq_key_question', sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.drop_table('key_question')

    with op.batch_alter_table('reference_name', schema=None) as batch_op:
        batch_op.drop_index('ix_reference_name_latest')

    op.drop_table('reference_name')
