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
#: A line goes with all of its closing's, a closing only without any: the sums go first, and come back with the lines.
SUMS_STAND = "EXISTS (SELECT 1 FROM reference_sum WHERE reference_sum.closing_id = OLD.{id})"
WHOLE = {"sale_line": "closing_id", "closing": "id"}
SAYS = "facts are only added, never changed or deleted: "


def upgrade():
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{SAYS}%', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, columns in KEPT.items():
        of = f" OF {columns}" if columns else ""
        for name, event in (("unchanged", f"UPDATE{of}"), ("undeleted", "DELETE")):
            trigger = f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW"
            if event == "DELETE" and table in WHOLE:
                add_when(table, trigger, postgres)
            else:
                op.execute(f"{trigger} {refusal(table, postgres)}")


def add_when(table, trigger, postgres):
    """Refuse only while sums of the closing stand; Postgres takes no query in a WHEN, so its function asks."""
    stand = SUMS_STAND.format(id=WHOLE[table])
    if not postgres:
        op.execute(f"{trigger} WHEN {stand} {refusal(table, postgres)}")
        return
    op.execute(
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {stand} THEN "
        f"RAISE EXCEPTION '{SAYS}{table}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$"
    )
    op.execute(f"{trigger} EXECUTE FUNCTION keep_{table}()")


def refusal(table, postgres):
    return "EXECUTE FUNCTION keep_facts()" if postgres else f"BEGIN SELECT RAISE(ABORT, '{SAYS}{table}'); END"


def downgrade():
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for name in ("unchanged", "undeleted"):
            op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if postgres else ""))
    if postgres:
        for name in ("facts", *WHOLE):
            op.execute(f"DROP FUNCTION keep_{name}()")
