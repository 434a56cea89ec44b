"""What all tables share: naming, types, the tenant on every row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.json_text import writer


class Moment(TypeDecorator[datetime]):
    """An aware moment. Kept in UTC; SQLite, which has no zones, keeps it naive and gives it back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Writes a JSON value as text, as short as can be.
as_json = writer()

#: JSON that may be looked into: jsonb on PostgreSQL. None is SQL's NULL, not the JSON word.
JsonValue: TypeEngine[Any] = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
#: JSON that nobody looks into, as it is written: smaller than jsonb, and cheaper to write.
JsonText: TypeEngine[Any] = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """Plain declarative base; `web.db` lends it to Flask-SQLAlchemy."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment(), dict[str, Any]: JsonValue, list[Any]: JsonValue}  # noqa: RUF012


def table_of(row_class: type[Base]) -> Table:
    """Give the table behind a class, for statements that go past the ORM."""
    table = row_class.__table__
    assert isinstance(table, Table)
    return table


class Owned:
    """Every row belongs to a tenant. Indexes begin with it where a list does; alone it would find too much."""

    tenant: Mapped[str] = mapped_column(String(63), ForeignKey("tenant.key"))
