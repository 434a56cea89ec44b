"""Words by which cases are found: an inverted index on PostgreSQL, FTS5 on SQLite; cases by when they began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.wording import INDEX

revision = "0030"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "case_words",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(63), sa.ForeignKey("tenant.key", name="fk_case_words_owner"), nullable=False),
        sa.Column(
            "instance_id",
            sa.String(32),
            sa.ForeignKey("process_instance.id", name="fk_case_words_instance_id"),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_words"),
        sa.UniqueConstraint("instance_id", name="uq_case_words_instance_id"),
    )
    op.create_table(
        "words_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words_mark"),
    )
    op.create_index("ix_process_instance_newest", "process_instance", ["tenant", "started_at"])
    op.create_index("ix_process_instance_started_by", "process_instance", ["tenant", "started_by"])
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_process_instance_started_by", "process_instance")
    op.drop_index("ix_process_instance_newest", "process_instance")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE case_words_fts")
    op.drop_table("words_mark")
    op.drop_table("case_words")
