"""audits"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('audit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sommit.extensions.Instant(), nullable=False),
    sa.Column('checked', sa.JSON(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_audit_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )

    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index('ix_audit_latest', ['venue_id', 'at'], unique=False)



def downgrade():

    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_latest')

    op.drop_table('audit')
