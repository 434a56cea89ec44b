"""One human task with what a person may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import kernel
from engine.entitled import acting, is_for, is_taken, names
from engine.errors import NotFound
from engine.lifecycle import OPEN_TASK
from engine.model import Actor, Json, Variables
from engine.queries.definitions import model_of
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.doers import last_doers
from engine.store.large_values import ReadValues


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """A human task, open or done."""

    id: str
    name: str
    subject: str
    node: str
    activity: str
    form: str | None
    #: Variable with comments at the form's fields.
    comments: str | None
    audience: str
    group: str | None
    candidates: Sequence[str]
    assignee: str | None
    #: Username of the absent colleague for whom the assignee holds it, or did it.
    acting_for: str | None
    #: Who gets it back with the answer.
    returns_to: str | None
    #: Whose answer has come back.
    answered_by: str | None
    priority: int
    state: str
    opened_at: datetime
    claimed_at: datetime | None
    due_at: datetime | None
    #: [{"rule", "text", "text_en", "date"}]
    derivation: Sequence[Json]
    completed_at: datetime | None
    completed_by: str | None
    instance_id: str
    definition_id: str
    process_key: str
    version: int
    business_key: str
    title: str
    #: Of the case; a task of a suspended case can't be done.
    case_status: str
    may_claim: bool
    may_release: bool
    may_delegate: bool
    may_complete: bool
    #: The person did what this task checks.
    four_eyes: bool
    #: Username of the absent colleague for whom the person would act.
    stands_in_for: str | None


def task(session: Session, tenant: str, task_id: str, actor: Actor) -> TaskFacts:
    """Give a human task as one person sees it. Raises NotFound."""
    found = session.execute(
        select(HumanTaskRow, InstanceRow.definition_id, InstanceRow.version, InstanceRow.business_key)
        .add_columns(InstanceRow.title, InstanceRow.status, InstanceRow.applicant_username)
        .join(InstanceRow, InstanceRow.id == HumanTaskRow.instance_id)
        .where(HumanTaskRow.tenant == tenant, HumanTaskRow.id == task_id)
    ).first()
    if found is None:
        raise NotFound
    row: HumanTaskRow = found[0]
    live = row.state in OPEN_TASK and found.status == "running"
    doers = last_doers(session, tenant, row.instance_id, row.differs_from) if row.differs_from else set()
    personal = _is_personal(session, row, found.definition_id)
    actor = acting(row, actor, personal=personal, doers=doers)
    same = actor.kind != "system" and bool(doers & names(actor))
    able = live and not same and is_for(row, actor, found.applicant_username)
    mine = not is_taken(row, actor)
    return TaskFacts(
        **_columns(row),
        definition_id=found.definition_id,
        version=found.version,
        business_key=found.business_key,
        title=found.title,
        case_status=found.status,
        may_claim=able and mine and row.state == "open" and row.audience == "staff",
        may_release=able and mine and row.state == "claimed",
        may_delegate=able and mine and row.audience == "staff" and not personal,
        may_complete=able and mine,
        four_eyes=same,
        stands_in_for=actor.acting_for if able and mine else None,
    )


def visible_variables(session: Session, tenant: str, task_id: str) -> Variables:
    """Give the variables that an open task sees, for its form's prefill and rules."""
    found = session.execute(
        select(HumanTaskRow.activity, HumanTaskRow.instance_id, InstanceRow.state, InstanceRow.definition_id)
        .join(InstanceRow, InstanceRow.id == HumanTaskRow.instance_id)
        .where(HumanTaskRow.tenant == tenant, HumanTaskRow.id == task_id, HumanTaskRow.state.in_(OPEN_TASK))
    ).first()
    if found is None:
        raise NotFound
    model = model_of(session, tenant, found.definition_id)
    large = ReadValues(session, tenant, found.instance_id)
    return dict(kernel.visible(model, found.state, found.activity, large))


def _columns(row: HumanTaskRow) -> dict[str, Any]:
    columns = HumanTaskRow.__mapper__.columns
    facts = {name: getattr(row, name) for name in TaskFacts.__dataclass_fields__ if name in columns}
    lists = {"candidates": row.candidates or [], "derivation": row.derivation or []}
    return facts | lists | {"group": row.candidate_group}


def _is_personal(session: Session, row: HumanTaskRow, definition_id: str) -> bool:
    node = model_of(session, row.tenant, definition_id).nodes.get(row.node)
    return node is not None and node.is_personal
