"""Who is signed in where; second factors of people of the staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.base import Moment

revision = "0052"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take this step."""
    op.create_table(
        "live_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("holder_kind", sa.String(10), nullable=False),
        sa.Column("holder_id", sa.String(32), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("agent", sa.String(60), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_live_session_tenant"),
        sa.PrimaryKeyConstraint("id", name="pk_live_session"),
    )
    op.create_index("ix_live_session_holder", "live_session", ["tenant", "holder_id"])
    op.create_table(
        "second_factor",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_second_factor_tenant"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_second_factor_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_second_factor"),
        sa.UniqueConstraint("person_id", name="uq_second_factor_person_id"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_recovery_code_tenant"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_recovery_code_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("person_id", "code_hash", name="uq_recovery_code_person_id_code_hash"),
    )
    op.drop_column("person", "sessions_ended_at")


def downgrade() -> None:
    """Take it back."""
    op.add_column("person", sa.Column("sessions_ended_at", Moment(), nullable=True))
    for name in ("recovery_code", "second_factor", "live_session"):
        op.drop_table(name)
