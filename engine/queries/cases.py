"""Cases: one by number, id or secret; lists. Variables are the only thing read from the state, and only here."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy import case as case_when
from sqlalchemy.orm import Session

from engine import kernel
from engine.errors import NotFound
from engine.lifecycle import OPEN_TASK
from engine.model import Actor, Variables
from engine.queries.paging import Page, count_to, page_of
from engine.store.accounts import AccountCaseRow
from engine.store.cases import HumanTaskRow, IncidentRow, InstanceRow
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow
from engine.store.large_values import ReadValues
from engine.store.registers import RecordVersionRow, RecordWatchRow
from engine.store.searching import every_word
from engine.store.sight import may_read, may_take_part
from engine.store.wording import found_by

Case = InstanceRow
_NO_HASH = "0" * 64


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """A case as pages show it."""

    id: str
    business_key: str
    status: str
    title: str
    process_key: str
    process_name: str
    version: int
    definition_id: str
    deployment_id: str
    agenda: str
    #: {"cs", "en"}
    agenda_title: Mapping[str, str]
    applicant_name: str
    applicant_email: str
    applicant_ico: str
    applicant_username: str | None
    #: Of letters and mails.
    language: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    open_tasks: int
    open_incidents: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases to list."""

    q: str = ""
    status: str | None = None
    process_key: str | None = None
    version: int | None = None
    business_key: str | None = None
    agenda: str | None = None
    applicant_username: str | None = None
    with_incident: bool = False
    page: int = 1
    page_size: int = 50
    #: Where the list ends, for people, who narrow it instead; None = it has all.
    count_to: int | None = None


def case(session: Session, tenant: str, *, number: str | None = None, instance_id: str | None = None) -> CaseFacts:
    """Give a case by its number or id. Raises NotFound."""
    which = Case.business_key == number if number is not None else Case.id == instance_id
    row = session.execute(_facts(tenant).where(which)).first()
    if row is None:
        raise NotFound
    return _case(row)


def case_by_secret(session: Session, tenant: str, number: str, secret: str) -> CaseFacts:
    """Give a case to whoever has its secret. Raises NotFound alike for a wrong number and a wrong secret."""
    found = session.execute(
        select(Case.id, Case.secret_hash).where(Case.tenant == tenant, Case.business_key == number.strip())
    ).first()
    expected = (found.secret_hash if found else None) or _NO_HASH
    given = hashlib.sha256(secret.encode()).hexdigest()
    if not hmac.compare_digest(expected, given) or found is None:
        raise NotFound
    return case(session, tenant, instance_id=found.id)


def is_readable(session: Session, tenant: str, instance_id: str, actor: Actor) -> bool:
    """Say whether a person of the staff may read a case."""
    return _holds(session, tenant, instance_id, may_read(session, tenant, actor))


def is_writable(session: Session, tenant: str, instance_id: str, actor: Actor) -> bool:
    """Say whether a person of the staff may write into a case, as a note."""
    return _holds(session, tenant, instance_id, may_take_part(session, tenant, actor))


def cases(session: Session, tenant: str, wanted: Wanted, actor: Actor) -> Page[CaseFacts]:
    """List the cases that a person of the staff may read, the newest first.

    Of those that words were asked for, first come the ones that have them in their number, title or applicant.
    """
    query = _facts(tenant).where(may_read(session, tenant, actor), *_filters(wanted))
    if wanted.q.strip():
        head = case_when((every_word([Case.search], wanted.q), 0), else_=1)
        query = query.where(found_by(session, tenant, wanted.q)).order_by(head)
    query = query.order_by(Case.started_at.desc(), Case.id)
    total = None if wanted.count_to is None else count_to(session, query, wanted.count_to)
    return page_of(session, query, _case, wanted.page, wanted.page_size, total)


def cases_of_account(session: Session, tenant: str, account_id: str, page: int, page_size: int) -> Page[CaseFacts]:
    """List the cases of an applicant's account, those that run first, then the newest."""
    mine = select(AccountCaseRow.instance_id).where(
        AccountCaseRow.tenant == tenant, AccountCaseRow.account_id == account_id
    )
    query = _facts(tenant).where(Case.id.in_(mine))
    ordered = query.order_by(Case.ended_at.is_not(None), Case.started_at.desc(), Case.id)
    return page_of(session, ordered, _case, page, page_size)


def related(session: Session, tenant: str, of: CaseFacts, actor: Actor, limit: int = 10) -> Sequence[CaseFacts]:
    """Give other cases of the same organisation or registered applicant that the actor may read, the newest first."""
    same = [Case.applicant_ico == of.applicant_ico] if of.applicant_ico else []
    if of.applicant_username:
        same.append(Case.applicant_username == of.applicant_username)
    if not same:
        return []
    readable = may_read(session, tenant, actor)
    query = _facts(tenant).where(readable, or_(*same), Case.id != of.id).order_by(Case.started_at.desc(), Case.id)
    return [_case(row) for row in session.execute(query.limit(limit))]


def of_record(session: Session, tenant: str, record_id: str, actor: Actor, limit: int = 20) -> Sequence[CaseFacts]:
    """Give the cases that wrote a record of a register, or that its watch began, the newest first, if readable."""
    wrote = select(RecordVersionRow.instance_id).where(
        RecordVersionRow.tenant == tenant, RecordVersionRow.record_id == record_id
    )
    began = select(RecordWatchRow.case_id).where(RecordWatchRow.tenant == tenant, RecordWatchRow.record_id == record_id)
    query = _facts(tenant).where(may_read(session, tenant, actor), or_(Case.id.in_(wrote), Case.id.in_(began)))
    return [_case(row) for row in session.execute(query.order_by(Case.started_at.desc(), Case.id).limit(limit))]


def counts_by_status(session: Session, tenant: str) -> Mapping[str, int]:
    """Count the cases in each status."""
    query = select(Case.status, func.count()).where(Case.tenant == tenant).group_by(Case.status)
    return dict(session.execute(query).all())


def variables(session: Session, tenant: str, instance_id: str) -> Variables:
    """Give the variables of a case."""
    state = session.scalar(select(Case.state).where(Case.tenant == tenant, Case.id == instance_id))
    if state is None:
        raise NotFound
    return kernel.variables(state, ReadValues(session, tenant, instance_id)) if state else {}


def _holds(session: Session, tenant: str, instance_id: str, condition: ColumnElement[bool]) -> bool:
    query = select(Case.id).where(Case.tenant == tenant, Case.id == instance_id, condition)
    return session.scalar(query) is not None


def _facts(tenant: str) -> Select[*tuple[Any, ...]]:
    tasks = select(func.count()).where(HumanTaskRow.instance_id == Case.id, HumanTaskRow.state.in_(OPEN_TASK))
    incidents = select(func.count()).where(IncidentRow.instance_id == Case.id, IncidentRow.state == "open")
    return (
        select(
            Case.id,
            Case.business_key,
            Case.status,
            Case.title,
            Case.process_key,
            ProcessDefinitionRow.name.label("process_name"),
            Case.version,
            Case.definition_id,
            ProcessDefinitionRow.deployment_id,
            DeploymentRow.agenda,
            DeploymentRow.title.label("agenda_title"),
            Case.applicant_name,
            Case.applicant_email,
            Case.applicant_ico,
            Case.applicant_username,
            Case.language,
            Case.started_at,
            Case.started_by,
            Case.ended_at,
            tasks.scalar_subquery().label("open_tasks"),
            incidents.scalar_subquery().label("open_incidents"),
        )
        .join(ProcessDefinitionRow, ProcessDefinitionRow.id == Case.definition_id)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(Case.tenant == tenant)
    )


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    pairs = [
        (Case.status, wanted.status),
        (Case.process_key, wanted.process_key),
        (Case.version, wanted.version),
        (Case.business_key, wanted.business_key),
        (DeploymentRow.agenda, wanted.agenda),
    ]
    filters: list[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if wanted.applicant_username:
        filters.append(Case.applicant_username == wanted.applicant_username)
    if wanted.with_incident:
        filters.append(
            select(IncidentRow.id).where(IncidentRow.instance_id == Case.id, IncidentRow.state == "open").exists()
        )
    return filters


def _case(row: Row[*tuple[Any, ...]]) -> CaseFacts:
    return CaseFacts(**row._mapping)
