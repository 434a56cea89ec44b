"""The audit: everything is told once, sealed without gaps, and no change goes unnoticed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from engine.audit_chain import BEGINNING, Verified, canonical, verify
from engine.auditing import NoteEvent
from engine.commands import AddPerson, AddToken
from engine.handlers.sealing import SETTLES
from engine.model import SYSTEM
from engine.queries import audit
from engine.queries.audit import Sought
from engine.store.audit import AuditEventRow, AuditMarkRow, AuditSealRow
from engine.store.base import table_of
from engine.store.cases import HistoryRow
from engine.store.session import read_sessions, reading_one_moment
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import JANA, Office

STEPS = diagram(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e"))


@pytest.fixture
def busy(engine_on: Office) -> Office:
    """Two towns, a case in each, one completed."""
    engine_on.add_tenant("village")
    for engine_on.tenant in ("village", "town"):
        engine_on.deploy(STEPS)
        engine_on.start()
    engine_on.complete("a", case=next(row.instance_id for row in engine_on.open_tasks() if row.tenant == "town"))
    engine_on.add_person("jana", "secretariat")
    return engine_on


def exported(office: Office, tenant: str = "town") -> list[str]:
    with read_sessions(office.database, tenant)() as session:
        return [canonical(record).decode() for record in audit.exported(session, tenant, office.clock.now())]


def checked(office: Office, **facts: str) -> Verified:
    return verify(exported(office), **facts)


def test_an_export_verifies_and_tells_everything(busy: Office) -> None:
    busy.engine.seal()
    found = checked(busy)
    assert found.problems == []
    assert found.unsealed == 0
    own = [row for row in busy.rows(HistoryRow) if row.tenant == "town"]
    events = [row for row in busy.rows(AuditEventRow) if row.tenant == "town"]
    assert found.entries == len(own) + len(events)
    assert [row.kind for row in events] == ["add-tenant", "deploy", "add-person"]
    assert (events[-1].object_kind, events[-1].object_id, events[-1].facts) == (
        "person",
        "jana",
        {"groups": ["secretariat"]},
    )


def test_seals_have_no_gap_and_nothing_is_sealed_twice(busy: Office) -> None:
    for _ in range(4):
        busy.engine.seal()
        busy.start()
        busy.pass_time(SETTLES / 2)
    assert busy.engine.seal() > 0
    assert busy.engine.seal() == 0
    for tenant in ("town", "village"):
        seals = sorted((row for row in busy.rows(AuditSealRow) if row.tenant == tenant), key=lambda row: row.number)
        assert [row.number for row in seals] == list(range(1, len(seals) + 1))
        assert [row.first for row in seals] == [1 + sum(row.count for row in seals[:at]) for at in range(len(seals))]
    assert checked(busy).problems == []


def test_a_row_that_is_committed_late_is_sealed_too(busy: Office) -> None:
    """PostgreSQL numbers rows before they are committed: here a number is left out and appears afterwards."""
    table = table_of(HistoryRow)
    with busy.everything.begin() as connection:
        last = dict(connection.execute(select(table).order_by(table.c.id.desc()).limit(1)).mappings().one())
        connection.execute(table.insert(), last | {"id": last["id"] + 2, "kind": "noted", "at": busy.clock.now()})
    busy.engine.seal()
    with busy.everything.begin() as connection:
        connection.execute(table.insert(), last | {"id": last["id"] + 1, "kind": "noted", "at": busy.clock.now()})
    busy.pass_time(timedelta(seconds=30))
    assert busy.engine.seal() == 1
    busy.pass_time(SETTLES * 2)
    assert busy.engine.seal() == 0
    assert checked(busy).unsealed == 0
    marks = {row.source: row.upto for row in busy.rows(AuditMarkRow)}
    assert marks["history"] == last["id"] + 2


def test_many_rows_are_sealed_in_pieces(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.handlers.sealing.MOST", 3)
    monkeypatch.setattr("engine.facade.MOST", 3)
    total = len(busy.rows(HistoryRow)) + len(busy.rows(AuditEventRow))
    assert busy.engine.seal() == total
    assert checked(busy).problems == []


@pytest.mark.parametrize("row_class", [HistoryRow, AuditEventRow, AuditSealRow])
def test_the_database_refuses_to_change_or_delete(busy: Office, row_class: Any) -> None:
    busy.engine.seal()
    table = table_of(row_class)
    for statement in (update(table).values(at=busy.clock.now()), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"), busy.everything.begin() as connection:
            connection.execute(statement)


def test_what_is_written_while_an_export_is_made_is_not_in_it(busy: Office) -> None:
    busy.engine.seal()
    with reading_one_moment(read_sessions(busy.database), "town") as session:
        records = audit.exported(session, "town", busy.clock.now())
        busy.add_person("late", "secretariat")
        busy.engine.seal()
        lines = [canonical(record).decode() for record in records]
    assert verify(lines).problems == []
    assert not [line for line in lines if '"late"' in line]
    assert [line for line in exported(busy) if '"late"' in line]


def test_whoever_changes_the_database_past_the_triggers_is_found_out(busy: Office) -> None:
    busy.engine.seal()
    head = checked(busy).head
    assert head != BEGINNING
    lines = exported(busy)
    histories = [at for at, line in enumerate(lines) if '"source":"history"' in line and '"kind"' in line]
    event = next(at for at, line in enumerate(lines) if '"kind":"add-person"' in line)
    for tampered in _tampered(lines, histories, event):
        assert verify(tampered).problems
    assert checked(busy, head=head).problems == []
    assert checked(busy, head="f" * 64).problems


def _tampered(lines: list[str], histories: Sequence[int], event: int) -> Iterator[list[str]]:
    yield [*lines[: histories[1]], *lines[histories[1] + 1 :]]
    yield [*lines[:event], lines[event].replace("secretariat", "admin"), *lines[event + 1 :]]
    seals = [at for at, line in enumerate(lines) if '"seal"' in line]
    yield [line for at, line in enumerate(lines) if at != seals[0]]
    changed = json.loads(lines[seals[-1]])
    changed["entries"] = changed["entries"][:-1]
    yield [*lines[: seals[-1]], json.dumps(changed), *lines[seals[-1] + 1 :]]
    yield lines[1:]


def test_what_a_case_tells_is_not_told_twice_and_secrets_never(busy: Office) -> None:
    before = len(busy.rows(AuditEventRow))
    busy.complete("b", case=next(row.instance_id for row in busy.open_tasks() if row.node == "b"))
    assert len(busy.rows(AuditEventRow)) == before
    busy.do(AddToken, username="jana", token_hash="0" * 64, label="script of Jana")
    busy.do(AddPerson, username="eva", name="Eva Tajná", email="eva@example.cz", password_hash="$argon2$x", groups=())
    told = json.dumps([[row.object_id, row.facts] for row in busy.rows(AuditEventRow)], ensure_ascii=False)
    for secret in ("0000", "Tajná", "example.cz", "argon2"):
        assert secret not in told


def test_entries_are_found_by_who_what_when_and_object(busy: Office) -> None:
    busy.do(NoteEvent, JANA, kind="read-sensitive", object_kind="case", object_id="2026-00001", facts={"form": "a"})
    busy.pass_time(timedelta(days=1))
    busy.do(NoteEvent, JANA, kind="signed-in", object_kind="person", object_id="jana")
    with read_sessions(busy.database, "town")() as session:

        def kinds(**facts: Any) -> list[str]:
            return [one.kind for one in audit.search(session, "town", Sought(**facts))]

        assert kinds(actor="jana") == ["signed-in", "read-sensitive"]
        assert kinds(kind="read-sensitive", object_id="2026-00001") == ["read-sensitive"]
        assert kinds(since=busy.clock.now()) == ["signed-in"]
        assert kinds(actor="jana", until=busy.clock.now()) == ["read-sensitive"]
        number = busy.case(busy.open_tasks()[-1].instance_id).business_key
        assert "task-completed" in kinds(source="history", object_id=number)
        assert set(kinds(actor="jana", source="history")) == {"task-completed", "passed", "task-opened"}
    assert SYSTEM.username == ""


def test_sealing_holds_under_commands_of_the_same_moment(busy: Office) -> None:
    """Commands between the passes never wait for the chain: no row of it is theirs to lock."""
    with busy.everything.begin() as connection:
        connection.execute(select(table_of(AuditMarkRow)).with_for_update())
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT 1"))
            busy.start()
    assert busy.engine.seal() > 0
