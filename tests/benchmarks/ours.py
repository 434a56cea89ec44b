"""A completion as the product does it: the form is validated, the command executed, everything is durable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from sqlalchemy import Connection, bindparam, func, select

from engine.commands import CompleteHumanTask
from engine.store.base import table_of
from engine.store.cases import HistoryRow, HumanTaskRow
from engine.store.prepared import Prepared
from engine.store.session import reading
from engine.store.wall import stand_for
from forms.compile import compile_form
from forms.validate import validate
from tests.benchmarks.bare import Written, read_back
from tests.benchmarks.models import ANSWER, SCHEMA
from tests.integration.office import JANA, Office

FORM = compile_form(SCHEMA)
_tasks = table_of(HumanTaskRow)
_OPEN_TASK = Prepared(
    select(_tasks.c.id)
    .where(_tasks.c.instance_id == bindparam("case"), _tasks.c.state == "open")
    .order_by(_tasks.c.id)
    .limit(1)
)


def complete(office: Office, instance_id: str) -> float:
    """Complete an open task of a case; gives the seconds it took, without looking the task up."""
    task_id = open_task(office, instance_id)
    begun = perf_counter()
    assert not validate(FORM, ANSWER)
    office.do(CompleteHumanTask, JANA, task_id=task_id, data=ANSWER)
    return perf_counter() - begun


def watched(office: Office, instance_id: str) -> Written:
    """Complete it and tell what was written."""
    with looking(office) as connection:
        last = connection.execute(select(func.max(HistoryRow.id))).scalar_one()
    complete(office, instance_id)
    with looking(office) as connection:
        return read_back(connection, instance_id, last)


def open_task(office: Office, instance_id: str) -> str:
    """Give an open task of a case, by the driver: whoever looks must not cool the processor for what is measured."""
    with looking(office) as connection:
        found = _OPEN_TASK.one(connection, {"case": instance_id})
    assert found is not None
    return str(found[0])


@contextmanager
def looking(office: Office) -> Iterator[Connection]:
    """A look at the office's own rows."""
    with reading(office.database).connect() as connection:
        stand_for(connection, office.tenant)
        yield connection
