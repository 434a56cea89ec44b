"""Votes: who may vote, sealed envelopes, opened ballots and receipts, each in a table of its own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue

revision = "0061"
down_revision = "0067"
branch_labels = None
depends_on = None

TABLES = ("poll_letter", "poll_sheet", "poll_receipt", "poll_ballot", "poll_envelope", "poll_voter", "poll")


def upgrade() -> None:
    """Take this step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "poll",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("key", sa.String(63), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(32), nullable=False),
        sa.Column("rules", JsonValue, nullable=False),
        sa.Column("options", JsonValue, nullable=False),
        sa.Column("classes", JsonValue, nullable=False),
        sa.Column("admission", sa.String(20), nullable=False),
        sa.Column("show_running", sa.Boolean(), nullable=False),
        sa.Column("two_entries", sa.Boolean(), nullable=False),
        sa.Column("opens_at", moment, nullable=False),
        sa.Column("closes_at", moment, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("key_check", sa.String(64), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=True),
        sa.Column("box", sa.String(64), nullable=True),
        sa.Column("seed", sa.String(64), nullable=True),
        sa.Column("result", JsonValue, nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_poll_tenant"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_poll_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sa.UniqueConstraint("tenant", "key", name="uq_poll_tenant_key"),
    )
    op.create_index("ix_poll_instance_id", "poll", ["instance_id"])
    _part(
        "poll_voter",
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("used", sa.String(10), nullable=False),
        sa.UniqueConstraint("poll_id", "code_hash", name="uq_poll_voter_poll_id_code_hash"),
    )
    _part(
        "poll_envelope",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    _part(
        "poll_ballot",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )
    _part("poll_receipt", sa.Column("receipt", sa.String(40), nullable=False))
    _part(
        "poll_sheet",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(150), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
    )
    op.create_table(
        "poll_letter",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("poll_id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_poll_letter_tenant"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_poll_letter_poll_id"),
        sa.PrimaryKeyConstraint("id", name="pk_poll_letter"),
        sa.UniqueConstraint("poll_id", "email", name="uq_poll_letter_poll_id_email"),
    )
    op.create_index("ix_poll_letter_next_at", "poll_letter", ["next_at"])


def downgrade() -> None:
    """Take it back."""
    for table in TABLES:
        op.drop_table(table)


def _part(name: str, key: sa.Column[Any], *others: sa.Column[Any] | sa.UniqueConstraint) -> None:
    """Make a table of one vote's rows by their key, on SQLite in its order and no other."""
    op.create_table(
        name,
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("poll_id", sa.String(32), nullable=False),
        key,
        *others,
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name=f"fk_{name}_tenant"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=f"fk_{name}_poll_id"),
        sa.PrimaryKeyConstraint("poll_id", key.name, name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )
