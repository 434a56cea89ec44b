"""The end of the nearest period that runs in a case, kept at its open tasks: an inbox sorted by it reads an index.

A copy is made where a task opens and where a period changes, always by asking for the periods anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, literal_column, select, update

from engine.store.base import table_of
from engine.store.cases import IS_OPEN, DeadlineRow, HumanTaskRow
from engine.store.locking import own
from engine.store.prepared import Prepared

_periods, _tasks = table_of(DeadlineRow), table_of(HumanTaskRow)


def nearest_period(case: ColumnElement[Any]) -> ScalarSelect[datetime]:
    """When the nearest period of a case ends that runs; NULL where none does."""
    # Written into the statement, where the planner of PostgreSQL finds it in the index of periods that run.
    running = _periods.c.state == literal_column("'running'")
    return select(func.min(_periods.c.due_at)).where(_periods.c.instance_id == case, running).scalar_subquery()


#: For the open tasks of a case: `of_case`, `tenant`.
KEEP_NEAREST = Prepared(
    update(_tasks)
    .where(_tasks.c.instance_id == bindparam("of_case"), own(_tasks))
    .where(IS_OPEN)
    .values(case_due_at=nearest_period(bindparam("of_case")))
)
