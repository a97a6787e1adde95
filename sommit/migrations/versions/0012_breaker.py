"""breaker"""

import sqlalchemy as sa
import sommit.extensions
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "breaker",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sommit.extensions.Instant(), nullable=True),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("open_until", sommit.extensions.Instant(), nullable=True),
        sa.Column("probe_venue_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("open_until IS NULL OR since IS NOT NULL", name=op.f("ck_breaker_open_since")),
        sa.ForeignKeyConstraint(["probe_venue_id"], ["venue.id"], name=op.f("fk_breaker_probe_venue_id")),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_breaker")),
    )
    op.add_column("till_connection", sa.Column("silent_since", sommit.extensions.Instant(), nullable=True))
    op.add_column("night", sa.Column("asked_at", sommit.extensions.Instant(), nullable=True))


def downgrade():
    op.drop_column("night", "asked_at")
    op.drop_column("till_connection", "silent_since")
    op.drop_table("breaker")
