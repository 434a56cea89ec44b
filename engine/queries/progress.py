"""Where a case stands on its diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine import kernel
from engine.errors import NotFound
from engine.lifecycle import OPEN_TASK
from engine.store.cases import (
    HistoryRow,
    HumanTaskRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    MessageWaitRow,
    TimerRow,
)

_Placed = HumanTaskRow | JobRow | TimerRow | MessageWaitRow | IncidentRow
_UNDONE = ("ready", "running", "reported", "failed")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What to draw on the diagram: ids of nodes and flows with counts."""

    #: How many times each node was passed.
    passed: Mapping[str, int]
    #: How many times each sequence flow was taken.
    flows: Mapping[str, int]
    #: Open tasks and jobs: where the tokens are.
    active: Mapping[str, int]
    #: Sub-processes and call activities with something active inside.
    around: frozenset[str]
    #: Events that the case listens for: timers, messages, signals.
    armed: Mapping[str, int]
    #: Nodes with an open incident.
    incidents: Mapping[str, int]


def progress(session: Session, tenant: str, instance_id: str) -> Progress:
    """Give where a case has been and where it is. Raises NotFound."""
    of_case = _OfCase(session, tenant, instance_id)
    passed, flows = of_case.way_gone()
    active = of_case.active()
    return Progress(
        passed=passed,
        flows=flows,
        active=active,
        around=frozenset(places(session, tenant, instance_id)) - active.keys(),
        armed=of_case.armed(),
        incidents=of_case.incidents(),
    )


def places(session: Session, tenant: str, instance_id: str) -> list[str]:
    """Give the nodes where tokens stand, and the sub-processes and call activities around them. Raises NotFound."""
    state = session.scalar(select(InstanceRow.state).where(InstanceRow.tenant == tenant, InstanceRow.id == instance_id))
    if state is None:
        raise NotFound
    return kernel.places(state) if state else []


def last_passed(session: Session, tenant: str, instance_id: str) -> Mapping[str, datetime]:
    """Give when each node was passed last; costs the same for a case of any length of story."""
    rows = session.execute(
        select(HistoryRow.node, func.max(HistoryRow.at))
        .where(HistoryRow.tenant == tenant, HistoryRow.instance_id == instance_id, HistoryRow.kind == "passed")
        .group_by(HistoryRow.node)
    )
    return {node: at for node, at in rows if node}


@dataclass(frozen=True)
class _OfCase:
    """What rows say of one case."""

    session: Session
    tenant: str
    instance_id: str

    def way_gone(self) -> tuple[Counter[str], Counter[str]]:
        """How often nodes were passed and flows taken."""
        kinds = ("passed", "flow")
        query = select(HistoryRow.kind, HistoryRow.node, HistoryRow.facts).where(HistoryRow.kind.in_(kinds))
        nodes: Counter[str] = Counter()
        flows: Counter[str] = Counter()
        for kind, node, facts in self.session.execute(query.where(*self._own(HistoryRow))):
            facts = facts or {}
            flows.update(facts.get("flows", [facts["flow"]] if "flow" in facts else []))
            nodes.update([node] if kind == "passed" and node else [])
        return nodes, flows

    def active(self) -> Counter[str]:
        """Where tokens stand: open tasks, jobs."""
        return self._count(HumanTaskRow, HumanTaskRow.state.in_(OPEN_TASK)) + self._count(
            JobRow, JobRow.state.in_(_UNDONE)
        )

    def armed(self) -> Counter[str]:
        """Timers, messages and signals listened for."""
        return self._count(TimerRow, TimerRow.state == "waiting") + self._count(MessageWaitRow)

    def incidents(self) -> Counter[str]:
        """Where something failed."""
        return self._count(IncidentRow, IncidentRow.state == "open")

    def _count(self, row: type[_Placed], *which: ColumnElement[bool]) -> Counter[str]:
        return Counter(self.session.scalars(select(row.node).where(*self._own(row), *which)))

    def _own(self, row: type[_Placed | HistoryRow]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return row.tenant == self.tenant, row.instance_id == self.instance_id
