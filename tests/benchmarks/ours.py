"""A completion as the product does it: the form is validated, the command executed, everything is durable."""

from __future__ import annotations

from time import perf_counter

from sqlalchemy import select

from engine.commands import CompleteHumanTask
from engine.store.cases import HumanTaskRow, InstanceRow
from forms.compile import compile_form
from forms.validate import validate
from tests.benchmarks.bare import Written, watching
from tests.benchmarks.models import ANSWER, SCHEMA
from tests.integration.office import JANA, Office

FORM = compile_form(SCHEMA)


def complete(office: Office, instance_id: str) -> float:
    """Complete the one open task of a case; gives the seconds it took, without looking the task up."""
    task_id = open_task(office, instance_id)
    begun = perf_counter()
    assert not validate(FORM, ANSWER)
    office.do(CompleteHumanTask, JANA, task_id=task_id, data=ANSWER)
    return perf_counter() - begun


def watched(office: Office, instance_id: str) -> Written:
    """Complete it and tell what was written."""
    written = Written(instance_id=instance_id, task_id=open_task(office, instance_id))
    with watching(office.database, written):
        complete(office, instance_id)
    with office.database.connect() as connection:
        statement = select(InstanceRow.state).where(InstanceRow.id == instance_id)
        written.state = connection.execute(statement).scalar_one()
    return written


def open_task(office: Office, instance_id: str) -> str:
    with office.database.connect() as connection:
        statement = select(HumanTaskRow.id).where(HumanTaskRow.instance_id == instance_id, HumanTaskRow.state == "open")
        return connection.execute(statement).scalar_one()
