"""relay is an act"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEFORE = ("link", "break", "ignore", "reactivate", "ignore_category", "reactivate_category")
AFTER = (*BEFORE, "relay")


def upgrade():
    allow(AFTER)


def allow(kinds):
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_act_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_act_kind"), f"kind IN {kinds}")


def downgrade():
    # What it takes to undo an act is the same under every kind: it stays undoable.
    op.execute("UPDATE act SET kind = 'link' WHERE kind = 'relay'")
    allow(BEFORE)
