"""Figures for pages: records, cases and tasks counted, summed or averaged by groups, always by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    case,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from engine.calendar import PRAGUE
from engine.errors import NotAllowed, NotFound
from engine.lifecycle import OPEN_TASK
from engine.model import Actor
from engine.queries.questions import DATES, NUMBERS, Question, cut_to, is_any, number_in, only_seen, text_in
from engine.queries.registers import register
from engine.queries.row_figures import above, counted_rows
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow
from engine.store.published import is_public
from engine.store.registers import RecordRow
from engine.store.session import today_of


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of an answer."""

    #: Values of the two fields it is grouped by as text; None = the record has none.
    group: str | None
    part: str | None
    #: None: there was nothing to average.
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The figures of a question, the biggest first."""

    figures: Sequence[Figure]
    #: There are more than were asked for; those left out are the smallest.
    more: bool = False


def may_ask(session: Session, tenant: str, question: Question, actor: Actor | None) -> bool:
    """Say whether this person, or everybody (`actor` is None), gets an answer."""
    try:
        if question.source == "register":
            only_seen(register(session, tenant, question.name), question, actor)
        elif question.source == "rows":
            above(session, tenant, question, actor)
    except (NotAllowed, NotFound):
        return False
    return True


def figures(
    session: Session,
    tenant: str,
    agenda: str,
    question: Question,
    now: datetime,
    actor: Actor | None = None,
) -> Answer:
    """Answer a question for a person who may see the agenda's page, or for everybody (`actor` is None).

    A register is seen with the person's rights, by everybody only its public part; cases and
    tasks only of processes of this agenda. Raises NotAllowed, NotFound.
    """
    if question.source == "register":
        rows = _records(session, tenant, question, actor)
    elif question.source == "rows":
        rows = counted_rows(session, tenant, question, actor)
    elif question.source == "process":
        rows = _cases(session, tenant, agenda, question)
    else:
        rows = _tasks(session, tenant, agenda, question, now)
    value = {
        "count": func.count(),
        "sum": func.sum(rows.c.number),
        "mean": func.avg(rows.c.number),
    }[question.aggregate]
    query = (
        select(rows.c.group, rows.c.part, value)
        .group_by(rows.c.group, rows.c.part)
        .order_by(value.desc().nulls_last(), rows.c.group, rows.c.part)
        .limit(question.most + 1)
    )
    found = [
        Figure(group=_plain(group), part=_plain(part), value=None if number is None else float(number))
        for group, part, number in session.execute(query)
    ]
    return Answer(figures=found[: question.most], more=len(found) > question.most)


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


def _records(session: Session, tenant: str, question: Question, actor: Actor | None) -> Subquery:
    kept = register(session, tenant, question.name)
    only_seen(kept, question, actor)
    which: list[ColumnElement[bool]] = [is_public(today_of(session))] if actor is None else []
    which += [is_any(session, RecordRow.data, name, value) for name, value in question.where.items()]
    return (
        select(
            cut_to(text_in(session, RecordRow.data, question.by), question.by_span).label("group"),
            cut_to(text_in(session, RecordRow.data, question.split), question.split_span).label("part"),
            number_in(session, RecordRow.data, question.of).label("number"),
        )
        .where(RecordRow.tenant == tenant, RecordRow.register == kept.key, RecordRow.state == "live", *which)
        .subquery()
    )


def _cases(session: Session, tenant: str, agenda: str, question: Question) -> Subquery:
    known = {
        "process": InstanceRow.process_key,
        "status": InstanceRow.status,
        "started": InstanceRow.started_at,
        "ended": InstanceRow.ended_at,
        "days": _days(session, InstanceRow.started_at, InstanceRow.ended_at),
    }
    query = _asked(session, question, known).where(
        InstanceRow.tenant == tenant, InstanceRow.process_key.in_(_own(tenant, agenda, question.name))
    )
    return query.subquery()


def _tasks(session: Session, tenant: str, agenda: str, question: Question, now: datetime) -> Subquery:
    task = HumanTaskRow
    late = or_(task.completed_at > task.due_at, task.completed_at.is_(None) & (task.due_at < now))
    known = {
        "name": task.name,
        "kept": case((late, "late"), (task.completed_at.is_(None), "open"), else_="kept"),
        "completed": task.completed_at,
        "days": _days(session, task.opened_at, task.completed_at),
    }
    query = _asked(session, question, known).where(
        task.tenant == tenant,
        task.process_key.in_(_own(tenant, agenda, question.name)),
        task.audience == "staff",
        task.state.in_([*OPEN_TASK, "completed"]),
    )
    if "kept" in question.fields:
        # What had no deadline was neither kept nor missed.
        query = query.where(task.due_at.is_not(None))
    return query.subquery()


def _own(tenant: str, agenda: str, process: str) -> Select[str]:
    return (
        select(ProcessDefinitionRow.process_key)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.tenant == tenant, DeploymentRow.agenda == agenda)
        .where(ProcessDefinitionRow.process_key == process)
    )


def _asked(session: Session, question: Question, known: Mapping[str, Any]) -> Select[Any]:
    if unknown := question.fields - known.keys():
        raise NotAllowed(f"The page can't count by {', '.join(sorted(unknown))}.")

    def grouped(name: str, span: str) -> ColumnElement[Any]:
        if not name:
            return null()
        return _day(session, known[name], span or "month") if name in DATES else known[name]

    return select(
        grouped(question.by, question.by_span).label("group"),
        grouped(question.split, question.split_span).label("part"),
        (known[question.of] if question.of else null()).label("number"),
    ).where(*[known[name] == literal(value) for name, value in question.where.items() if name not in DATES | NUMBERS])


def _day(session: Session, moment: Any, span: str) -> ColumnElement[Any]:
    """The month or year of a moment by the clocks of Prague."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone(PRAGUE.key, moment), "YYYY-MM" if span == "month" else "YYYY")
    return func.in_prague(moment, "%Y-%m" if span == "month" else "%Y")


def _days(session: Session, begin: Any, end: Any) -> ColumnElement[Any]:
    """How many days lie between two moments, with parts of them; NULL while there is no end."""
    if session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", end - begin) / 86400.0
    return func.julianday(end) - func.julianday(begin)
