"""What operators have done, and where the tokens of a case stand that they may move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine import kernel
from engine.errors import NotFound
from engine.kernel import Place
from engine.queries.definitions import model_of
from engine.queries.paging import Page, page_of
from engine.store.cases import InstanceRow
from engine.store.operations import OperationRow


@dataclass(frozen=True, kw_only=True)
class OperationFacts:
    """One intervention in one case."""

    id: str
    instance_id: str
    business_key: str
    title: str
    kind: str
    state: str
    at: datetime
    actor: str
    actor_name: str
    reason: str
    batch: str | None
    #: Why it could not be done, where it was one of several.
    problem: str
    #: It can be taken back: the case still stands where it stood after it.
    undoable: bool
    facts: Mapping[str, Any]


def operations(
    session: Session,
    tenant: str,
    *,
    instance_id: str | None = None,
    batch: str | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[OperationFacts]:
    """Give interventions, the newest first."""
    query = (
        select(OperationRow, InstanceRow.business_key, InstanceRow.title, InstanceRow.state)
        .join(InstanceRow, InstanceRow.id == OperationRow.instance_id)
        .where(OperationRow.tenant == tenant)
        .order_by(OperationRow.at.desc(), OperationRow.id)
    )
    if instance_id:
        query = query.where(OperationRow.instance_id == instance_id)
    if batch:
        query = query.where(OperationRow.batch == batch)
    return page_of(session, query, _operation, page, page_size)


def places(session: Session, tenant: str, instance_id: str) -> Sequence[Place]:
    """Give where the tokens of a running case stand, and before which nodes each can be put. Raises NotFound."""
    row = session.execute(
        select(InstanceRow.state, InstanceRow.definition_id).where(
            InstanceRow.tenant == tenant, InstanceRow.id == instance_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return kernel.standing(model_of(session, tenant, row.definition_id), row.state) if row.state else []


def _operation(row: Row[*tuple[Any, ...]]) -> OperationFacts:
    kept, business_key, title, state = row
    return OperationFacts(
        id=kept.id,
        instance_id=kept.instance_id,
        business_key=business_key,
        title=title,
        kind=kept.kind,
        state=kept.state,
        at=kept.at,
        actor=kept.actor,
        actor_name=kept.actor_name,
        reason=kept.reason,
        batch=kept.batch,
        problem=kept.facts.get("problem", ""),
        undoable=kept.state == "done" and kept.before is not None and kernel.fingerprint(state) == kept.after,
        facts=kept.facts,
    )
