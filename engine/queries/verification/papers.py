"""All rows of a handful of cases, read at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.store.cases import (
    DeadlineRow,
    HistoryRow,
    HumanTaskRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    MessageWaitRow,
    TimerRow,
)
from engine.store.large_values import LargeValueRow

#: Kinds of the history that open or close something.
TOLD = (
    *("case-started", "case-completed", "case-terminated"),
    *("task-opened", "task-completed", "job-opened", "job-done", "job-failed", "cancelled", "reopened"),
    "case-anonymised",
)
#: Cases read at once.
BATCH = 200


@dataclass(kw_only=True)
class Papers:
    """One case with everything that is written about it."""

    case: InstanceRow
    tasks: list[Row[Any]] = field(default_factory=list)
    jobs: list[Row[Any]] = field(default_factory=list)
    timers: list[Row[Any]] = field(default_factory=list)
    waits: list[Row[Any]] = field(default_factory=list)
    incidents: list[Row[Any]] = field(default_factory=list)
    values: list[Row[Any]] = field(default_factory=list)
    periods: list[Row[Any]] = field(default_factory=list)
    #: How often the history tells a kind of an activity.
    told: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    @property
    def is_anonymous(self) -> bool:
        """Whether entries of its history were erased for whose names they had."""
        return self.told["case-anonymised", None] > 0

    def ever(self, kind: str) -> Counter[str | None]:
        """How often the history tells a kind, by activity."""
        return Counter({activity: times for (each, activity), times in self.told.items() if each == kind})


_LISTS: dict[str, Any] = {
    "tasks": select(HumanTaskRow.instance_id, HumanTaskRow.activity, HumanTaskRow.state, HumanTaskRow.case_due_at),
    "jobs": select(JobRow.instance_id, JobRow.activity, JobRow.state, JobRow.leased_until, JobRow.next_at, JobRow.id),
    "timers": select(TimerRow.instance_id, TimerRow.wait, TimerRow.state, TimerRow.due_at),
    "waits": select(MessageWaitRow.instance_id, MessageWaitRow.wait),
    "incidents": select(IncidentRow.instance_id, IncidentRow.activity, IncidentRow.job_id, IncidentRow.state),
    "values": select(LargeValueRow.instance_id, LargeValueRow.name),
    "periods": select(DeadlineRow.instance_id, DeadlineRow.due_at).where(DeadlineRow.state == "running"),
}


def every_case(session: Session, tenant: str) -> Iterator[Papers]:
    """Give all cases of a tenant, a batch at a time."""
    after = ""
    while found := _batch(session, tenant, after):
        yield from found
        after = found[-1].case.id


def _batch(session: Session, tenant: str, after: str) -> Sequence[Papers]:
    statement = select(InstanceRow).where(InstanceRow.tenant == tenant, InstanceRow.id > after)
    cases = session.execute(statement.order_by(InstanceRow.id).limit(BATCH)).scalars().all()
    papers = {case.id: Papers(case=case) for case in cases}
    for name, rows in _LISTS.items():
        for row in session.execute(rows.where(rows.selected_columns.instance_id.in_(papers))):
            getattr(papers[row.instance_id], name).append(row)
    for instance_id, told in _told(session, list(papers)).items():
        papers[instance_id].told = told
    session.expunge_all()
    return list(papers.values())


def _told(session: Session, ids: list[str]) -> dict[str, Counter[tuple[str, str | None]]]:
    statement = select(HistoryRow.instance_id, HistoryRow.kind, HistoryRow.activity)
    told: dict[str, Counter[tuple[str, str | None]]] = defaultdict(Counter)
    for row in session.execute(statement.where(HistoryRow.instance_id.in_(ids), HistoryRow.kind.in_(TOLD))):
        told[row.instance_id][row.kind, row.activity] += 1
    return told
