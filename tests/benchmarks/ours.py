"""A completion as the product does it: the form is validated, the command executed, everything is durable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from sqlalchemy import Connection, func, select

from engine.commands import CompleteHumanTask
from engine.store.cases import HistoryRow, HumanTaskRow
from engine.store.session import reading
from engine.store.wall import stand_for
from forms.compile import compile_form
from forms.validate import validate
from tests.benchmarks.bare import Written, read_back
from tests.benchmarks.models import ANSWER, SCHEMA
from tests.integration.office import JANA, Office

FORM = compile_form(SCHEMA)


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
    with looking(office) as connection:
        statement = select(HumanTaskRow.id).where(HumanTaskRow.instance_id == instance_id, HumanTaskRow.state == "open")
        return connection.execute(statement.order_by(HumanTaskRow.id).limit(1)).scalar_one()


@contextmanager
def looking(office: Office) -> Iterator[Connection]:
    """A look at the office's own rows."""
    with reading(office.database).connect() as connection:
        stand_for(connection, office.tenant)
        yield connection
