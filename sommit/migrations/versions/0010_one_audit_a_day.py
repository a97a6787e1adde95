"""one audit a day"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=False))
        batch_op.drop_index("ix_audit_latest")
        batch_op.create_unique_constraint(batch_op.f("uq_audit_venue_id_day"), ["venue_id", "day"])


def downgrade():
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_venue_id_day"), type_="unique")
        batch_op.create_index("ix_audit_latest", ["venue_id", "at"], unique=False)
        batch_op.drop_column("day")
