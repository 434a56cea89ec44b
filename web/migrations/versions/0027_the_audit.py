"""The audit: events outside the stories of cases, seals, and triggers that keep both and the history as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0019"
branch_labels = None
depends_on = None

#: Table → whether an erasure may delete its rows.
KEPT = {"history": True, "audit_event": False, "audit_seal": False}
_PERMIT = "EXISTS (SELECT 1 FROM audit_permit WHERE tenant = OLD.tenant)"


def upgrade() -> None:
    """Take this step."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_event",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_audit_event_tenant"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("actor_kind", sa.String(10), nullable=False),
        sa.Column("actor", sa.String(150), nullable=False),
        sa.Column("acting_for", sa.String(150), nullable=True),
        sa.Column("object_kind", sa.String(30), nullable=False),
        sa.Column("object_id", sa.String(255), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_tenant", "audit_event", ["tenant", "id"])
    op.create_table(
        "audit_seal",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_audit_seal_tenant"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_seal"),
        sa.UniqueConstraint("tenant", "number", name="uq_audit_seal_tenant_number"),
    )
    op.create_index("ix_audit_seal_upto", "audit_seal", ["source", "upto"])
    op.create_table(
        "audit_mark",
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_audit_mark"),
    )
    op.create_table(
        "audit_permit",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), sa.ForeignKey("tenant.key", name="fk_audit_permit_tenant"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_permit"),
    )
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for what in ("update", "delete"):
            op.execute(f"DROP TRIGGER keep_{table}_{what}" + (f" ON {table}" if on_postgres else ""))
    if on_postgres:
        op.execute("DROP FUNCTION keep_row()")
        op.execute("DROP FUNCTION keep_row_unless_erased()")
    for table in ("audit_permit", "audit_mark", "audit_seal", "audit_event"):
        op.drop_table(table)


def _triggers(dialect: str) -> list[str]:
    return _for_postgres() if dialect == "postgresql" else _for_sqlite()


def _for_sqlite() -> list[str]:
    made = []
    for table, erasable in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        when = f" WHEN NOT {_PERMIT}" if erasable else ""
        made.append(f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE ON {table} {refuse}")
        made.append(f"CREATE TRIGGER keep_{table}_delete BEFORE DELETE ON {table}{when} {refuse}")
    return made


def _for_postgres() -> list[str]:
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;"
    made = [
        f"CREATE FUNCTION keep_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} END $$",
        "CREATE FUNCTION keep_row_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {_PERMIT} THEN RETURN OLD; END IF; {refuse} END $$",
    ]
    for table, erasable in KEPT.items():
        on_delete = "keep_row_unless_erased" if erasable else "keep_row"
        for what, function in (("update", "keep_row"), ("delete", on_delete)):
            made.append(
                f"CREATE TRIGGER keep_{table}_{what} BEFORE {what.upper()} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
    return made
