"""Figures for pages: records, cases and tasks counted, summed or averaged by groups, always by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Numeric,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.calendar import PRAGUE
from engine.errors import NotAllowed, NotFound
from engine.lifecycle import OPEN_TASK
from engine.model import Actor, Json
from engine.queries.registers import register
from engine.registers.definitions import Register
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow
from engine.store.registers import RecordRow
from engine.store.searching import field_is

#: What a page shows of one question.
MOST_FIGURES = 400
#: How money is written in a record.
MONEY = r"^[0-9]+([.][0-9]+)?$"
#: What may stand behind a field of dates: letters of an ISO date that its year or month takes.
SPANS: Mapping[str, int] = {"year": 4, "month": 7}
#: What may be asked of cases and of human tasks.
CASE_FIELDS = frozenset({"process", "status", "started", "ended", "days"})
TASK_FIELDS = frozenset({"name", "kept", "completed", "days"})
#: Dates and numbers among them.
DATES = frozenset({"started", "ended", "completed"})
NUMBERS = frozenset({"days"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be counted, of which source, by what."""

    #: register (its records), process (its cases) or tasks (human tasks of a process's cases).
    source: str
    #: Key of the register or of the process.
    name: str
    #: count, sum or mean.
    aggregate: str = "count"
    #: The field of numbers for sum and mean.
    of: str = ""
    #: Field to group by; "" = one number for all. A date has its span (see SPANS) beside it.
    by: str = ""
    by_span: str = ""
    #: The second field to group by.
    split: str = ""
    split_span: str = ""
    #: Field → exact value.
    where: Mapping[str, Json] = field(default_factory=dict)
    #: How many figures are wanted.
    most: int = MOST_FIGURES

    @property
    def fields(self) -> frozenset[str]:
        """Names of all fields it touches."""
        return frozenset({self.by, self.split, self.of, *self.where} - {""})


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
            _seen(register(session, tenant, question.name), question, actor)
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
    _seen(kept, question, actor)
    which: list[ColumnElement[bool]] = [RecordRow.public.is_(True)] if actor is None else []
    which += [field_is(session, RecordRow.data, name, value) for name, value in question.where.items()]
    return (
        select(
            _cut(_text(session, RecordRow.data, question.by), question.by_span).label("group"),
            _cut(_text(session, RecordRow.data, question.split), question.split_span).label("part"),
            _number(session, RecordRow.data, question.of).label("number"),
        )
        .where(RecordRow.tenant == tenant, RecordRow.register == kept.key, RecordRow.state == "live", *which)
        .subquery()
    )


def _seen(kept: Register, question: Question, actor: Actor | None) -> None:
    """Refuse what a register doesn't show to whoever asks."""
    if actor is None:
        if kept.public_fields is None:
            raise NotFound
        shown = frozenset(kept.public_fields)
    else:
        if not kept.may_read(actor):
            raise NotAllowed
        shown = frozenset(kept.readable(actor, dict.fromkeys(kept.properties)))
    if hidden := question.fields - shown:
        raise NotAllowed(f"The page can't count by {', '.join(sorted(hidden))}.")


def _text(session: Session, column: InstrumentedAttribute[Any], name: str) -> ColumnElement[Any]:
    if not name:
        return null()
    if session.get_bind().dialect.name == "postgresql":
        text: ColumnElement[Any] = cast(column, JSONB)[name].astext
        return text
    path = _path(name)
    return case(
        (func.json_type(column, path) == "true", "true"),
        (func.json_type(column, path) == "false", "false"),
        else_=cast(func.json_extract(column, path), String),
    )


def _number(session: Session, column: InstrumentedAttribute[Any], name: str) -> ColumnElement[Any]:
    """The number in a field, money written as text too (`"1234.50"`); what is no number isn't counted."""
    if not name:
        return null()
    if session.get_bind().dialect.name == "postgresql":
        value = cast(column, JSONB)[name]
        written = value.astext
        kind = func.jsonb_typeof(value)
        return case(
            (kind == "number", cast(written, Numeric)),
            ((kind == "string") & written.regexp_match(MONEY), cast(written, Numeric)),
            else_=null(),
        )
    path = _path(name)
    kind, found = func.json_type(column, path), func.json_extract(column, path)
    return case(
        (kind.in_(("integer", "real")), found),
        # SQLite has no regular expressions: a text of digits with at most one full stop.
        (
            (kind == "text") & found.op("GLOB")("*[0-9]") & ~found.op("GLOB")("*[^0-9.]*") & ~found.like("%.%.%"),
            cast(found, Float),
        ),
        else_=null(),
    )


def _path(name: str) -> str:
    return '$."' + name.replace('"', "") + '"'


def _cut(text: ColumnElement[Any], span: str) -> ColumnElement[Any]:
    return func.substr(text, 1, SPANS[span]) if span else text


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
    """The month or year of a moment: of Prague on PostgreSQL; SQLite knows no zones and takes UTC."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone(PRAGUE.key, moment), "YYYY-MM" if span == "month" else "YYYY")
    return func.strftime("%Y-%m" if span == "month" else "%Y", moment)


def _days(session: Session, begin: Any, end: Any) -> ColumnElement[Any]:
    """How many days lie between two moments, with parts of them; NULL while there is no end."""
    if session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", end - begin) / 86400.0
    return func.julianday(end) - func.julianday(begin)
