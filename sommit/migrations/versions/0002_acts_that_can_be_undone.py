"""acts that can be undone"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=255), nullable=False),
    sa.Column('done', sa.JSON(), nullable=False),
    sa.Column('done_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('undone_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('link', 'break', 'ignore', 'reactivate', 'ignore_category', 'reactivate_category')", name=op.f('ck_act_kind')),
    sa.ForeignKeyConstraint(['done_by'], ['account.id'], name=op.f('fk_act_done_by')),
    sa.ForeignKeyConstraint(['undone_by'], ['account.id'], name=op.f('fk_act_undone_by')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_act_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act')),
    sa.UniqueConstraint('venue_id', 'id', name=op.f('uq_act_venue_id_id'))
    )

    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.create_index('ix_act_latest', ['venue_id', 'id'], unique=False)


def downgrade():
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.drop_index('ix_act_latest')

    op.drop_table('act')
