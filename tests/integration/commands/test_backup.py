"""A backup brings everything back, attachments and the signing secret too, into whichever database."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from engine.commands import StoreAttachment
from engine.store.base import Base
from engine.store.session import make_engine
from tests.integration.conftest import forget
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import Office
from web.backup import NoBackup, NotEmpty, NothingHere, backup, restore
from web.settings import Settings

CONTENT = bytes(range(256))
TABLE = ["x" * 100] * 200


def settings_in(folder: Path) -> Settings:
    return Settings(var=folder)


def filled(office: Office) -> Office:
    office.add_person("jana", "secretariat")
    office.do(StoreAttachment, filename="plán.pdf", media_type="application/pdf", content=CONTENT)
    office.deploy(diagram(start(), user("a"), end(), chain("s", "a", "e")))
    office.start(variables={"table": TABLE})
    return office


def rows_of(office: Office) -> dict[str, int]:
    with office.everything.connect() as connection:
        counts = {table.name: connection.scalar(select(func.count()).select_from(table)) for table in all_tables()}
    return {name: count for name, count in counts.items() if count}


def all_tables() -> list[Table]:
    return Base.metadata.sorted_tables


def test_everything_comes_back_into_an_empty_installation(engine_on: Office, tmp_path: Path) -> None:
    office, before = filled(engine_on), settings_in(tmp_path / "before")
    file = tmp_path / "all.zip"
    rows = backup(office.database, before, file)
    after = settings_in(tmp_path / "after")
    database = make_engine(f"sqlite:///{tmp_path / 'restored.db'}")
    assert restore(database, after, file) == rows == sum(rows_of(office).values())
    with database.connect() as connection:
        content = Base.metadata.tables["content"]
        assert connection.scalar(select(content.c.content)) == CONTENT
        assert connection.scalar(select(Base.metadata.tables["large_value"].c.text)) == json.dumps(
            TABLE, separators=(",", ":")
        )
    assert after.signing_key() == before.signing_key()
    database.dispose()


def test_a_backup_into_a_used_installation_is_refused(engine_on: Office, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    backup(filled(engine_on).database, settings_in(tmp_path), file)
    before = rows_of(engine_on)
    with pytest.raises(NotEmpty):
        restore(engine_on.database, settings_in(tmp_path), file)
    assert rows_of(engine_on) == before


def test_where_there_is_no_installation_no_file_is_written(tmp_path: Path) -> None:
    database = make_engine(f"sqlite:///{tmp_path / 'nothing.db'}")
    file = tmp_path / "all.zip"
    with pytest.raises(NothingHere, match="RADNICE_VAR"):
        backup(database, settings_in(tmp_path), file)
    assert not list(tmp_path.glob("all.zip*"))
    database.dispose()


def test_the_file_is_for_its_owner_only(engine_on: Office, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    backup(engine_on.database, settings_in(tmp_path), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_damaged_or_strange_file_changes_nothing(tmp_path: Path) -> None:
    database = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    cut, strange = tmp_path / "cut.zip", tmp_path / "strange.zip"
    cut.write_bytes(b"PK\x03\x04 and then nothing")
    with zipfile.ZipFile(strange, "w") as archive:
        archive.writestr("manifest.json", '{"format": 99}')
    for file in (cut, strange):
        with pytest.raises(NoBackup):
            restore(database, settings_in(tmp_path), file)
    database.dispose()


def test_new_rows_go_on_after_those_that_were_brought_back(engine_on: Office, tmp_path: Path) -> None:
    """PostgreSQL numbers rows of the history by a sequence of its own."""
    file = tmp_path / "all.zip"
    backup(filled(engine_on).database, settings_in(tmp_path), file)
    with engine_on.everything.begin() as connection:
        forget(connection)
    restore(engine_on.database, settings_in(tmp_path / "other"), file)
    engine_on.add_person("petr")
    assert rows_of(engine_on)["person"] == 2
