"""servings of a venue"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('serving',
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=255), nullable=False),
    sa.Column('volume_ml', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint("category IN ('wine', 'beer', 'spirit', 'soft', 'cocktail', 'other')", name=op.f('ck_serving_category')),
    sa.CheckConstraint('volume_ml > 0 AND volume_ml <= 5000', name=op.f('ck_serving_volume')),
    sa.ForeignKeyConstraint(['venue_id'], ['venue.id'], name=op.f('fk_serving_venue_id')),
    sa.PrimaryKeyConstraint('venue_id', 'category', 'volume_ml', name=op.f('pk_serving'))
    )


def downgrade():
    op.drop_table('serving')
