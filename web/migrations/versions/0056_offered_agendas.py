"""Agendas that organisations offer to each other, and what was taken of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import JsonValue

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "agenda_offer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("offered_by", sa.String(63), nullable=False),
        sa.Column("offered_by_name", sa.String(), nullable=False),
        sa.Column("agenda", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", JsonValue, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["offered_by"], ["tenant.key"], name="fk_agenda_offer_offered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_offer"),
        sa.UniqueConstraint("offered_by", "agenda", "version", name="uq_agenda_offer_offered_by_agenda_version"),
    )
    op.create_table(
        "agenda_offer_file",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("offered_by", sa.String(63), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["offered_by"], ["tenant.key"], name="fk_agenda_offer_file_offered_by"),
        sa.ForeignKeyConstraint(["offer_id"], ["agenda_offer.id"], name="fk_agenda_offer_file_offer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_offer_file"),
    )
    op.create_index("ix_agenda_offer_file_offer_id", "agenda_offer_file", ["offer_id"])
    op.create_table(
        "agenda_taken",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("agenda", sa.String(100), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("deployment_id", sa.String(32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(150), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_agenda_taken_tenant"),
        sa.ForeignKeyConstraint(["offer_id"], ["agenda_offer.id"], name="fk_agenda_taken_offer_id"),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name="fk_agenda_taken_deployment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_taken"),
    )
    op.create_index("ix_agenda_taken_newest", "agenda_taken", ["tenant", "agenda", "taken_at"])


def downgrade() -> None:
    """Take it back."""
    for table in ("agenda_taken", "agenda_offer_file", "agenda_offer"):
        op.drop_table(table)
