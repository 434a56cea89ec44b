"""What records have in indexed fields, the order of their captions, and why a version was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.errors import Invalid
from engine.registers.definitions import Register, read_register
from engine.store.base import JsonValue
from engine.store.record_values import values_of

revision = "0058"
down_revision = "0046"
branch_labels = None
depends_on = None

_RECORD = sa.table(
    "register_record",
    sa.column("id"),
    sa.column("tenant"),
    sa.column("register"),
    sa.column("state"),
    sa.column("data", JsonValue),
    sa.column("search"),
    sa.column("sort_key"),
)
_REGISTER = sa.table("register", sa.column("tenant"), sa.column("key"), sa.column("definition", JsonValue))
_VALUE = sa.table(
    "register_value",
    *(sa.column(name) for name in ("tenant", "register", "record_id", "field", "value")),
)
_AT_ONCE = 1000


def upgrade() -> None:
    """Take this step."""
    op.add_column("register_record", sa.Column("sort_key", sa.String(100), nullable=False, server_default=""))
    op.add_column("register_version", sa.Column("reason", sa.String(), nullable=False, server_default=""))
    op.add_column("register_version", sa.Column("import_id", sa.String(32), nullable=True))
    op.create_index("ix_register_version_import_id", "register_version", ["import_id"])
    op.create_table(
        "register_value",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("field", sa.String(100), nullable=False),
        sa.Column("register", sa.String(100), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.key"], name="fk_register_value_tenant"),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name="fk_register_value_record_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "field", name="pk_register_value"),
    )
    _fill()
    op.create_index("ix_register_value_list", "register_value", ["tenant", "register", "field", "value", "record_id"])
    listed = ["tenant", "register", "state"]
    op.create_index("ix_register_record_caption", "register_record", [*listed, "sort_key", "id"])
    op.create_index("ix_register_record_changed", "register_record", [*listed, "changed_at", "id"])


def _fill() -> None:
    bind = op.get_bind()
    bind.execute(_RECORD.update().values(sort_key=sa.func.substr(_RECORD.c.search, 1, 100)))
    for tenant, key, definition in bind.execute(sa.select(_REGISTER)).all():
        try:
            register = read_register(definition)
        except Invalid:
            continue
        _fill_register(bind, tenant, key, register)


def _fill_register(bind: sa.Connection, tenant: str, key: str, register: Register) -> None:
    last = ""
    while True:
        rows = bind.execute(
            sa.select(_RECORD.c.id, _RECORD.c.data)
            .where(_RECORD.c.tenant == tenant, _RECORD.c.register == key, _RECORD.c.state == "live")
            .where(_RECORD.c.id > last)
            .order_by(_RECORD.c.id)
            .limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        found = [
            {"tenant": tenant, "register": key, "record_id": row.id, "field": name, "value": value}
            for row in rows
            for name, value in values_of(register, row.data).items()
        ]
        if found:
            bind.execute(_VALUE.insert(), found)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_register_record_changed", "register_record")
    op.drop_index("ix_register_record_caption", "register_record")
    op.drop_table("register_value")
    op.drop_index("ix_register_version_import_id", "register_version")
    with op.batch_alter_table("register_version") as table:
        table.drop_column("import_id")
        table.drop_column("reason")
    with op.batch_alter_table("register_record") as table:
        table.drop_column("sort_key")
