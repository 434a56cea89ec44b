"""What the hot path sends past SQLAlchemy: guarded, with errors as everywhere, found by indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, delete, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from engine.commands import CompleteHumanTask
from engine.errors import NotFound
from engine.queries.inbox import Wanted, inbox
from engine.store.base import table_of
from engine.store.cases import HumanTaskRow, InstanceRow, KeptMessageRow, MessageWaitRow
from engine.store.prepared import Prepared, insertion
from engine.store.session import read_sessions, reading
from engine.store.writes import Writes
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import JANA, MORNING, Office

ONE_TASK = diagram(start(), user("a"), end(), chain("s", "a", "e"))
CASES, TASKS = table_of(InstanceRow), table_of(HumanTaskRow)
RENAME = Prepared(
    update(CASES).where(CASES.c.id == bindparam("which"), CASES.c.revision == bindparam("seen")).values(title="new")
)


@pytest.fixture
def case(engine_on: Office) -> str:
    engine_on.deploy(ONE_TASK)
    return engine_on.start().instance_id


def test_a_certain_write_that_finds_its_row_changed_fails_the_transaction(engine_on: Office, case: str) -> None:
    seen = engine_on.case(case).revision
    with pytest.raises(StaleDataError), engine_on.everything.begin() as connection:
        writes = Writes(connection)
        writes.put(RENAME, {"which": case, "seen": seen}, certain=True)
        writes.put(RENAME, {"which": case, "seen": seen + 1}, certain=True)
        writes.send()
    assert engine_on.case(case).title == ""


def test_a_refusal_of_the_database_is_sqlalchemys_and_nothing_stays(engine_on: Office, case: str) -> None:
    series = insertion(table_of(KeptMessageRow), *message("m1"))
    with pytest.raises(IntegrityError), engine_on.everything.begin() as connection:
        writes = Writes(connection)
        writes.put(series, message("m1"), message("m1"))
        writes.send()
    assert not engine_on.rows(KeptMessageRow)
    engine_on.complete("a")


def test_what_waits_is_sent_once_and_can_be_dropped(engine_on: Office, case: str) -> None:
    seen = engine_on.case(case).revision
    with engine_on.everything.begin() as connection:
        writes = Writes(connection)
        writes.put(RENAME, {"which": case, "seen": seen})
        writes.drop()
        writes.send()
    assert engine_on.case(case).title == ""


def test_a_task_of_another_tenant_is_not_found(engine_on: Office, case: str) -> None:
    engine_on.add_tenant("village")
    task = engine_on.open_task("a")
    with pytest.raises(NotFound):
        engine_on.engine.execute(CompleteHumanTask(tenant="village", actor=JANA, task_id=task.id, data={}))
    assert engine_on.open_task("a").state == "open"


def test_reading_leaves_what_the_driver_has_prepared(engine_on: Office, case: str) -> None:
    """On PostgreSQL; SQLite's driver keeps its statements anyway."""
    if engine_on.database.dialect.name != "postgresql":
        return
    for _ in range(10):
        with reading(engine_on.database).connect() as connection:
            connection.execute(select(HumanTaskRow.id).where(HumanTaskRow.instance_id == case)).all()
    with reading(engine_on.database).connect() as connection:
        prepared = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert any("human_task" in statement for statement in prepared)


def test_a_read_does_not_meet_a_connection_that_the_server_has_just_closed(engine_on: Office, case: str) -> None:
    """On PostgreSQL; SQLite has no server."""
    if engine_on.database.dialect.name != "postgresql":
        return
    close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    for _ in range(3):
        with engine_on.everything.connect() as connection:
            # Back into the pool a moment ago, so it isn't asked whether it lives.
            assert engine_on.case(case).id == case
            assert connection.scalars(text(f"{close} AND pid <> pg_backend_pid()")).all() == [True]
            assert engine_on.case(case).id == case


def test_kept_messages_are_compared_with_waits_by_an_index(engine_on: Office, case: str) -> None:
    with engine_on.everything.begin() as connection:
        connection.execute(insert(MessageWaitRow), [waiting(case, f"w{number}") for number in range(3000)])
        connection.execute(insert(KeptMessageRow), [message(f"m{number}") for number in range(5)])
        if engine_on.database.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    with plans(engine_on) as seen:
        assert not engine_on.engine.due().message_ids
    with engine_on.everything.begin() as connection:
        connection.execute(delete(MessageWaitRow))
    told = "\n".join(seen)
    assert "message_wait" in told
    assert "Seq Scan on message_wait" not in told
    assert "SCAN message_wait" not in told


@pytest.mark.parametrize("state", ["completed", "open"])
def test_an_inbox_reads_indexes_that_hold_open_tasks_only(engine_on: Office, case: str, state: str) -> None:
    """Whether nearly all tasks are done, as after some years, or all are open, as after a bad week."""
    with engine_on.everything.begin() as connection:
        task = connection.execute(select(TASKS).where(TASKS.c.instance_id == case)).mappings().one()
        more = [{"id": f"x{n}", "activity": f"x{n}", "candidate_group": f"g{n % 50}"} for n in range(3000)]
        connection.execute(insert(TASKS), [{**task, **one, "state": state} for one in more])
        if engine_on.database.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    clerk = replace(JANA, groups=frozenset({"g7"}))
    with read_sessions(engine_on.database, "town")() as session, plans(engine_on) as seen:
        inbox(session, "town", clerk, Wanted(view="groups", group="g7"), MORNING)
    with engine_on.everything.begin() as connection:
        connection.execute(delete(TASKS).where(TASKS.c.id.like("x%")))
    told = [line for line in seen if "ix_human_task_open" in line]
    assert any("ix_human_task_open " in f"{line} " for line in told)
    # Counting reads every open task in any case.
    assert state == "open" or not any(re.search("Seq Scan on human_task|SCAN human_task", line) for line in seen)


@contextmanager
def plans(office: Office) -> Iterator[list[str]]:
    """How the database goes about each query, asked for beside it."""
    seen: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if office.database.dialect.name == "sqlite" else "EXPLAIN "

    def ask(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            seen.extend(str(row[-1]) for row in rows)

    event.listen(office.database, "before_cursor_execute", ask)
    yield seen
    event.remove(office.database, "before_cursor_execute", ask)


def message(message_id: str) -> dict[str, Any]:
    same = {"tenant": "town", "kind": "message", "name": "paid", "correlation": {}, "correlation_hash": ""}
    own = {"id": message_id, "message_id": message_id, "payload": {}, "state": "kept", "received_at": MORNING}
    return same | own


def waiting(case: str, wait: str) -> dict[str, Any]:
    same = {"tenant": "town", "kind": "message", "name": "withdrawn", "correlation": {}, "correlation_hash": ""}
    return same | {"id": f"{case[:20]}{wait}", "instance_id": case, "wait": wait, "node": "a"}
