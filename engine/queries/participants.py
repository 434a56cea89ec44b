"""Who has to do with a case, and what it sent and got: mails and other messages, each with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.model import Json
from engine.queries.definitions import model_of
from engine.store.cases import IS_OPEN, HistoryRow, HumanTaskRow, JobRow
from engine.store.papers import AttachmentRow, DocumentRow
from engine.store.people import PersonRow

#: Connectors that send something to somebody outside.
SENDING = ("mail.send", "databox.send", "webhook.post", "http.send", "contracts_register.publish")


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody of the staff who did something in the case or has a task in it."""

    username: str
    name: str
    active: bool
    #: None = nothing yet.
    last_at: datetime | None
    #: Names of the open tasks that they have.
    holds: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A file that went with a message."""

    id: str
    filename: str


@dataclass(frozen=True, kw_only=True)
class CaseMessage:
    """A message that the case sent or got."""

    sent: bool
    #: Name of the step in the diagram.
    step: str
    #: connector, or the name of the message
    kind: str
    at: datetime
    to: Sequence[str] = ()
    #: Of what is sent, see engine.lifecycle.JOB; "" of what came.
    state: str = ""
    #: Why it did not go out.
    problem: str = ""
    enclosed: Sequence[Enclosed] = field(default_factory=tuple)


def participants(session: Session, tenant: str, instance_id: str) -> Sequence[Participant]:
    """Give the people of a case, who did something last first; without applicants, whom the case names itself."""
    did = (
        select(HistoryRow.actor, func.max(HistoryRow.at).label("last_at"))
        .where(HistoryRow.tenant == tenant, HistoryRow.instance_id == instance_id, HistoryRow.actor != "")
        .group_by(HistoryRow.actor)
        .subquery()
    )
    holds = _holds(session, tenant, instance_id)
    rows = session.execute(
        select(PersonRow.username, PersonRow.name, PersonRow.active, did.c.last_at)
        .outerjoin(did, did.c.actor == PersonRow.username)
        .where(PersonRow.tenant == tenant)
        .where((did.c.actor.is_not(None)) | PersonRow.username.in_(sorted(holds)))
        .order_by(did.c.last_at.desc().nulls_last(), PersonRow.name)
    )
    return [Participant(**row._mapping, holds=holds.get(row.username, ())) for row in rows]


def messages(session: Session, tenant: str, instance_id: str, definition_id: str) -> Sequence[CaseMessage]:
    """Give what a case sent and got, the newest first."""
    nodes = model_of(session, tenant, definition_id).nodes
    names = {node.id: node.name for node in nodes.values() if node.name}
    found = [*_sent(session, tenant, instance_id, names), *_received(session, tenant, instance_id, names)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _holds(session: Session, tenant: str, instance_id: str) -> Mapping[str, Sequence[str]]:
    rows = session.execute(
        select(HumanTaskRow.assignee, HumanTaskRow.name)
        .where(HumanTaskRow.tenant == tenant, HumanTaskRow.instance_id == instance_id)
        .where(IS_OPEN, HumanTaskRow.assignee.is_not(None), HumanTaskRow.audience == "staff")
        .order_by(HumanTaskRow.opened_at)
    )
    found: dict[str, list[str]] = {}
    for assignee, name in rows:
        found.setdefault(str(assignee), []).append(name)
    return found


def _sent(session: Session, tenant: str, instance_id: str, names: Mapping[str, str]) -> Iterator[CaseMessage]:
    jobs = session.scalars(
        select(JobRow)
        .where(JobRow.tenant == tenant, JobRow.instance_id == instance_id, JobRow.connector.in_(SENDING))
        .order_by(JobRow.created_at)
    ).all()
    files = _files(session, tenant, instance_id)
    for job in jobs:
        attached = job.parameters.get("attach")
        yield CaseMessage(
            sent=True,
            step=names.get(job.node, job.node),
            kind=job.connector,
            at=job.done_at or job.created_at,
            to=_addresses(job.parameters.get("to")),
            state=job.state,
            problem=job.message or "",
            enclosed=[files[each] for each in attached if each in files] if isinstance(attached, list) else (),
        )


def _received(session: Session, tenant: str, instance_id: str, names: Mapping[str, str]) -> Iterator[CaseMessage]:
    rows = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.tenant == tenant, HistoryRow.instance_id == instance_id)
        .where(HistoryRow.kind == "message-received")
    )
    for row in rows:
        name = str((row.facts or {}).get("name", ""))
        yield CaseMessage(sent=False, step=names.get(row.node or "", name), kind=name, at=row.at)


def _files(session: Session, tenant: str, instance_id: str) -> Mapping[str, Enclosed]:
    """Give files by their own id, and by that of the document which they are: a mail may name either."""
    rows = session.execute(
        select(AttachmentRow.id, AttachmentRow.filename, DocumentRow.id.label("document"))
        .outerjoin(DocumentRow, DocumentRow.attachment_id == AttachmentRow.id)
        .where(AttachmentRow.tenant == tenant, AttachmentRow.instance_id == instance_id)
    )
    return {str(key): Enclosed(id=file, filename=name) for file, name, document in rows for key in (file, document)}


def _addresses(given: Json) -> Sequence[str]:
    if isinstance(given, list):
        return [str(each) for each in given if isinstance(each, str)]
    return [given] if isinstance(given, str) and given else []
