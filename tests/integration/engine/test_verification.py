"""Whatever somebody does to the rows behind the engine's back is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import delete, insert, update

from engine.ids import new_id
from engine.queries.verification import verify
from engine.store.audit import AuditPermitRow
from engine.store.base import table_of
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow, JobRow, KeptMessageRow, MessageWaitRow, TimerRow
from engine.store.large_values import LargeValueRow
from engine.store.session import make_engine, read_sessions
from engine.store.wall import EVERY, everybodys
from tests.integration.diagrams import (
    catch,
    chain,
    diagram,
    end,
    gateway,
    message,
    messages,
    service,
    start,
    timer,
    user,
)
from tests.integration.office import MORNING, Office

EVERYTHING = diagram(
    start(),
    gateway("g", "parallel"),
    user("u"),
    service("mail", "mail.send", to='"a@b.cz"'),
    catch("t", timer("P1D")),
    catch("m", message("paid")),
    gateway("j", "parallel"),
    end(),
    chain("s", "g"),
    *(chain("g", each, "j") for each in ("u", "mail", "t", "m")),
    chain("j", "e"),
    head=messages("paid"),
)
#: What the damage is → the statement that does it.
DAMAGE: dict[str, Any] = {
    "task-list": update(HumanTaskRow).values(state="cancelled"),
    "job-list": update(JobRow).values(state="done"),
    "timer-list": update(TimerRow).values(state="fired"),
    "message-list": delete(MessageWaitRow),
    "task-history": delete(HistoryRow).where(HistoryRow.kind == "task-opened"),
    "job-history": delete(HistoryRow).where(HistoryRow.kind == "job-opened"),
    "status": update(InstanceRow).values(status="completed"),
    "large-value": delete(LargeValueRow),
    "job-without-incident": update(JobRow).values(state="failed"),
    "nearest-period": update(HumanTaskRow).values(case_due_at=MORNING),
}


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office in which things may be damaged."""
    made = Office(make_engine(database_url))
    made.deploy(EVERYTHING)
    made.start(variables={"table": ["x" * 100] * 200})
    yield made
    made.close()


def kinds(office: Office) -> set[str]:
    return {finding.kind for finding in office.findings()}


def change(database: Database, statement: Any) -> None:
    with everybodys(database).begin() as connection:
        # Past the triggers, as whoever has the database in hand can.
        connection.execute(insert(table_of(AuditPermitRow)).values(id=new_id(), tenant="town"))
        connection.execute(statement)


def test_nothing_is_found_where_nothing_was_done(office: Office) -> None:
    assert kinds(office) == set()


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found(office: Office, kind: str) -> None:
    change(office.database, DAMAGE[kind])
    assert kind in kinds(office)


def test_what_was_told_twice_is_found(office: Office) -> None:
    office.complete("u")
    (row,) = office.rows(HistoryRow, kind="task-completed")
    facts = {column.key: getattr(row, column.key) for column in HistoryRow.__table__.columns if column.key != "id"}
    change(office.database, HistoryRow.__table__.insert().values(**facts))  # type: ignore[attr-defined]
    assert kinds(office) == {"task-completed"}


@pytest.mark.parametrize("kind", ["job-stuck", "timer-stuck", "message-undelivered"])
def test_what_stands_still_is_found_after_a_while(office: Office, kind: str) -> None:
    office.message("nobody.waits")
    change(office.database, update(KeptMessageRow).values(state="thrown"))

    def found(after: timedelta) -> set[str]:
        with read_sessions(office.database, EVERY)() as session:
            return {each.kind for each in verify(session, office.tenant, office.clock.now() + after)}

    assert kind not in found(timedelta(0))
    assert kind in found(timedelta(days=2))
