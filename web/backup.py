"""The whole installation as one zip: every table with the attachments, and the secret. Any database in, any out."""

from __future__ import annotations

import base64
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Connection, Engine, Table, func, inspect, select, text
from sqlalchemy.types import Date, LargeBinary

import engine.handlers  # noqa: F401  all tables are known only when everything is imported
from engine.errors import BROKEN_ZIP, Conflict, Invalid
from engine.store.base import Base, Moment
from engine.store.wall import everybodys
from web.migrations import upgrade
from web.settings import Settings

FORMAT = 1
_MANIFEST, _SECRET = "manifest.json", "secret.key"
_BATCH = 500
#: A line holds one row; an attachment in it is a third longer than the file.
_LONGEST_LINE = 256 * 2**20


class NotEmpty(Conflict):
    """The installation already holds data; a backup is restored into an empty one."""


class NothingHere(Conflict):
    """There is no installation here; RADNICE_VAR or RADNICE_DATABASE_URL says where it is."""


class NoBackup(Invalid):
    """The file is not a backup that can be restored here."""


def backup(database: Engine, settings: Settings, file: Path) -> int:
    """Write everything as it is at one moment; gives the number of rows. The file appears only when it is whole.

    Raises NothingHere.
    """
    if not inspect(database).has_table("alembic_version"):
        raise NothingHere
    partial = file.with_name(file.name + ".partial")
    with (
        _for_owner_only(partial) as target,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        _snapshot(database) as connection,
    ):
        archive.writestr(_MANIFEST, json.dumps({"format": FORMAT, "revision": _revision(connection)}))
        archive.writestr(_SECRET, settings.signing_key())
        rows = sum(_write_table(archive, connection, table) for table in Base.metadata.sorted_tables)
    partial.replace(file)
    return rows


def restore(database: Engine, settings: Settings, file: Path) -> int:
    """Bring everything back in one transaction; gives the number of rows. Raises NotEmpty, NoBackup."""
    upgrade(database)
    try:
        with zipfile.ZipFile(file) as archive, everybodys(database).begin() as connection:
            _refuse_strange(json.loads(archive.read(_MANIFEST)), connection)
            if any(connection.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables):
                raise NotEmpty
            rows = sum(_read_table(archive, connection, table) for table in Base.metadata.sorted_tables)
            _keep_secret(settings, archive.read(_SECRET))
    except (*BROKEN_ZIP, KeyError) as error:
        raise NoBackup(f"{file} is not a whole backup ({error}).") from error
    return rows


def _for_owner_only(path: Path) -> IO[bytes]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "wb")


def _snapshot(database: Engine) -> Connection:
    if database.dialect.name == "sqlite":
        return database.connect()
    return everybodys(database).connect().execution_options(isolation_level="REPEATABLE READ")


def _revision(connection: Connection) -> str | None:
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _refuse_strange(manifest: Mapping[str, Any], connection: Connection) -> None:
    if manifest.get("format") != FORMAT or manifest.get("revision") != _revision(connection):
        raise NoBackup("The backup is of another version of Radnice; restore it with that one, then upgrade.")


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    rows = 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as target:
        for row in connection.execution_options(yield_per=_BATCH).execute(select(table)).mappings():
            values = {column.name: _written(row[column]) for column in table.columns}
            target.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
            rows += 1
    return rows


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _read_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    count = 0
    readers = {column.name: _reader(column) for column in table.columns}
    with archive.open(f"tables/{table.name}.jsonl") as source:
        for rows in _batches(source):
            values = [{name: readers[name](value) for name, value in row.items()} for row in rows]
            connection.execute(table.insert(), values)
            count += len(values)
    _go_on_counting(connection, table)
    return count


def _batches(source: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    while line := source.readline(_LONGEST_LINE):
        rows.append(json.loads(line))
        if len(rows) == _BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kinds: list[tuple[Any, Callable[[Any], Any]]] = [
        (LargeBinary, base64.b64decode),
        (Moment, datetime.fromisoformat),
        (Date, date.fromisoformat),
    ]
    read = next((read for kind, read in kinds if isinstance(column.type, kind)), None)
    return (lambda value: value if value is None else read(value)) if read else lambda value: value


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's own numbering of rows go on after those that were brought back."""
    counted = table.autoincrement_column
    if connection.dialect.name != "postgresql" or counted is None:
        return
    last = connection.scalar(select(func.max(counted)))
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        connection.execute(select(func.setval(sequence, last)))


def _keep_secret(settings: Settings, secret: bytes) -> None:
    """Letters sent before the backup lead to their cases only under the same secret."""
    if settings.secret_key:
        return
    settings.var.mkdir(parents=True, exist_ok=True)
    with _for_owner_only(settings.var / "secret.key") as target:
        target.write(secret)
