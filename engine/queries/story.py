"""What happened in a case, made of its history: who, what, when, on which version, at which node."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Json
from engine.queries.definitions import model_of
from engine.queries.paging import Page, page_of
from engine.store.cases import HistoryRow, InstanceRow
from engine.store.large_values import names_in_facts, values_of, with_values
from engine.store.operations import OperationRow
from engine.store.people import PersonRow

#: What a person who reads the story wants to know; the rest is for operators.
FOR_PEOPLE = frozenset(
    {
        "case-started",
        "case-suspended",
        "case-resumed",
        "case-terminated",
        "case-completed",
        "variables-changed",
        "token-moved",
        "case-migrated",
        "operation-undone",
        "form-submitted",
        "task-claimed",
        "task-released",
        "task-delegated",
        "task-returned",
        "task-completed",
        "job-done",
        "job-failed",
        "decision",
        "error",
        "timer-fired",
        "message-received",
        "incident",
        "incident-resolved",
        "note",
        "document",
        "payment-requested",
        "payment-cancelled",
        "payment-reversed",
        "transaction-assigned",
        "transaction-resolved",
        "transaction-ignored",
        "bank-order-prepared",
        "bank-order-sent",
        "bank-order-confirmed",
        "bank-order-returned",
        "bank-order-cancelled",
        "deadline-started",
        "deadline-stopped",
        "deadline-resumed",
        "deadline-prolonged",
        "deadline-met",
        "deadline-missed",
        "record-saved",
        "record-deleted",
    }
)
#: What the applicant is told, without names of the staff and without what the office writes for itself.
FOR_APPLICANT = frozenset({"case-started", "case-completed", "case-terminated", "form-submitted", "payment-requested"})
_TOLD: Mapping[str, Sequence[str]] = {
    "case-started": ("number",),
    "form-submitted": ("form",),
    "payment-requested": ("variable_symbol", "amount"),
}
_LONGEST = 1_000


@dataclass(frozen=True, kw_only=True)
class StoryEntry:
    """One thing that happened. `kind` and `facts` as engine.handlers.history lists them."""

    id: int
    at: datetime
    kind: str
    for_people: bool
    node: str | None
    #: Of the diagram; the id where it has none.
    node_name: str
    activity: str | None
    version: int
    #: "" = nobody signed in: an applicant or the system.
    who: str
    who_name: str
    #: Name of the absent colleague for whom it was done.
    acting_for: str | None
    facts: Mapping[str, Json]


def story(
    session: Session,
    tenant: str,
    instance_id: str,
    *,
    everything: bool = False,
    before: int | None = None,
    limit: int = 200,
) -> Sequence[StoryEntry]:
    """Give the entries of a case, the newest first; `before` is the id of the last one already shown."""
    query = (
        select(HistoryRow)
        .where(HistoryRow.tenant == tenant, HistoryRow.instance_id == instance_id)
        .order_by(HistoryRow.id.desc())
        .limit(min(limit, _LONGEST))
    )
    if not everything:
        query = query.where(HistoryRow.kind.in_(FOR_PEOPLE))
    if before is not None:
        query = query.where(HistoryRow.id < before)
    names = _names(session, tenant, instance_id)
    rows = session.scalars(query).all()
    named = set().union(*(names_in_facts(row.facts) for row in rows))
    large = values_of(session, tenant, instance_id, named)
    entries = _entries(session, tenant, rows, names)
    return [replace(entry, facts=with_values(entry.facts, large)) for entry in entries]


def history_page(
    session: Session, tenant: str, instance_id: str, *, page: int = 1, page_size: int = 50
) -> Page[StoryEntry]:
    """Give all entries of a case in pages, the oldest first."""
    query = (
        select(HistoryRow)
        .where(HistoryRow.tenant == tenant, HistoryRow.instance_id == instance_id)
        .order_by(HistoryRow.id)
    )
    names = _names(session, tenant, instance_id)
    found = page_of(session, query, lambda row: row[0], page, page_size)
    return replace(found, items=_entries(session, tenant, found.items, names))


def story_for_applicant(session: Session, tenant: str, instance_id: str) -> Sequence[StoryEntry]:
    """Give what the applicant may know, the newest first; nobody of the staff is named."""
    query = (
        select(HistoryRow)
        .where(HistoryRow.tenant == tenant, HistoryRow.instance_id == instance_id)
        .where(HistoryRow.kind.in_(FOR_APPLICANT))
        .order_by(HistoryRow.id.desc())
    )
    names = _names(session, tenant, instance_id)
    entries = [_entry(row, names, {}) for row in session.scalars(query)]
    return [replace(entry, who="", who_name="", acting_for=None, facts=_harmless(entry)) for entry in entries]


def _harmless(entry: StoryEntry) -> Mapping[str, Json]:
    return {name: entry.facts[name] for name in _TOLD.get(entry.kind, ()) if name in entry.facts}


def _entries(
    session: Session, tenant: str, rows: Sequence[HistoryRow], names: Mapping[str, str]
) -> Sequence[StoryEntry]:
    people = _people(session, tenant, {row.acting_for for row in rows if row.acting_for})
    return [_entry(row, names, people) for row in rows]


def _people(session: Session, tenant: str, usernames: Collection[str]) -> Mapping[str, str]:
    if not usernames:
        return {}
    found = select(PersonRow.username, PersonRow.name).where(PersonRow.tenant == tenant)
    return {username: name for username, name in session.execute(found.where(PersonRow.username.in_(usernames)))}


def _entry(row: HistoryRow, names: Mapping[str, str], people: Mapping[str, str]) -> StoryEntry:
    facts = row.facts or {}
    if row.kind == "token-moved":
        facts = facts | {"to_name": names.get(facts["to"], facts["to"])}
    automatic = bool(facts.get("automatic"))
    return StoryEntry(
        id=row.id,
        at=row.at,
        kind=row.kind,
        for_people=row.kind in FOR_PEOPLE,
        node=row.node,
        node_name=names.get(row.node or "", row.node or ""),
        activity=row.activity,
        version=row.version,
        who="" if automatic else row.actor,
        who_name="" if automatic else row.actor_name,
        acting_for=people.get(row.acting_for, row.acting_for) if row.acting_for and not automatic else None,
        facts=facts,
    )


def _names(session: Session, tenant: str, instance_id: str) -> Mapping[str, str]:
    definition_id = session.scalar(
        select(InstanceRow.definition_id).where(InstanceRow.tenant == tenant, InstanceRow.id == instance_id)
    )
    if definition_id is None:
        return {}
    names: dict[str, str] = {}
    # A migrated case speaks of steps that its present version doesn't have.
    for one in (*_versions_before(session, tenant, instance_id), definition_id):
        names |= {node.id: node.name for node in model_of(session, tenant, one).nodes.values() if node.name}
    return names


def _versions_before(session: Session, tenant: str, instance_id: str) -> Sequence[str]:
    statement = (
        select(OperationRow.definition_before)
        .where(OperationRow.tenant == tenant, OperationRow.instance_id == instance_id)
        .where(OperationRow.definition_before.is_not(None))
        .order_by(OperationRow.at)
    )
    return [one for one in session.scalars(statement) if one is not None]
