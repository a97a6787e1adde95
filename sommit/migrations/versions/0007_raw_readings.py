"""raw readings"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('raw_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('till_id', sa.String(length=255), nullable=False),
    sa.Column('fingerprint', sa.String(length=255), nullable=False),
    sa.Column('answers', sa.LargeBinary(), nullable=False),
    sa.Column('read_at', sommit.extensions.Instant(), nullable=False),
    sa.Column('applied_at', sommit.extensions.Instant(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_raw_reading_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_raw_reading')),
    sa.UniqueConstraint('venue_id', 'till_id', 'fingerprint', name=op.f('uq_raw_reading_venue_id_till_id_fingerprint'))
    )

    with op.batch_alter_table('raw_reading', schema=None) as batch_op:
        batch_op.create_index('ix_raw_reading_old', ['read_at'], unique=False)


def downgrade():
    with op.batch_alter_table('raw_reading', schema=None) as batch_op:
        batch_op.drop_index('ix_raw_reading_old')

    op.drop_table('raw_reading')
