"""facts are kept"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FACT = "id, venue_id, quantity_ml, at, created_at, created_by"
#: What may never change, by table. A fact moves to another drink when two entries of it are merged, and only then; a
#: link that ends, is broken, or whose drink's format was corrected keeps its key, its beginning and its row.
KEPT = {
    "stock_count": FACT,
    "delivery": FACT,
    "loss": f"{FACT}, reason",
    "link": "id, venue_id, reference_id, starts_at, created_at, created_by",
    "sale_line": "",  # no column at all
    "closing": "id, venue_id, till_id",
}
#: A line goes with all of its closing's: the sums go first, and come back with the new lines.
WITH_ITS_CLOSING = "EXISTS (SELECT 1 FROM reference_sum WHERE reference_sum.closing_id = OLD.closing_id)"
SAYS = "facts are only added, never changed or deleted: "


def upgrade():
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{SAYS}%', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE FUNCTION keep_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {WITH_ITS_CLOSING} THEN "
            f"RAISE EXCEPTION '{SAYS}%', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN OLD; END $$"
        )
    for table, columns in KEPT.items():
        of = f" OF {columns}" if columns else ""
        for name, event in (("unchanged", f"UPDATE{of}"), ("undeleted", "DELETE")):
            op.execute((_postgres if postgres else _sqlite)(table, name, event))


def _postgres(table, name, event):
    function = "keep_lines" if (table, event) == ("sale_line", "DELETE") else "keep_facts"
    return f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"


def _sqlite(table, name, event):
    when = f" WHEN {WITH_ITS_CLOSING}" if (table, event) == ("sale_line", "DELETE") else ""
    refused = f"SELECT RAISE(ABORT, '{SAYS}{table}');"
    return f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW{when} BEGIN {refused} END"


def downgrade():
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for name in ("unchanged", "undeleted"):
            op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if postgres else ""))
    if postgres:
        op.execute("DROP FUNCTION keep_facts()")
        op.execute("DROP FUNCTION keep_lines()")
