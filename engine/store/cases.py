"""Cases and what is projected from their state: lists and workers never open the state itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.lifecycle import OPEN_TASK
from engine.store.base import Base, JsonText, JsonValue, Owned

#: Auto-increment key; SQLite numbers only plain INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")


_ASSIGNED = text("assignee IS NOT NULL")
_HELD = text("breaker_id IS NOT NULL")
_RUNNING = text("state = 'running'")
_OPEN = text("state IN ('claimed', 'open')")
_OPEN_NAMED = text("candidates IS NOT NULL AND state IN ('claimed', 'open')")


class InstanceRow(Owned, Base):
    """A case: one run of a process definition."""

    __tablename__ = "process_instance"
    __table_args__ = (
        UniqueConstraint("tenant", "business_key"),
        Index("ix_process_instance_list", "tenant", "status", "started_at"),
        Index("ix_process_instance_newest", "tenant", "started_at"),
        Index("ix_process_instance_started_by", "tenant", "started_by"),
        Index("ix_process_instance_applicant", "tenant", "applicant_name"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(String(255), index=True)
    version: Mapped[int]
    business_key: Mapped[str] = mapped_column(String(100))
    #: See engine.lifecycle.INSTANCE.
    status: Mapped[str] = mapped_column(String(20))
    #: The kernel's state: live tokens, scopes, waits and variables as JSON text. Never jsonb: nobody looks into it.
    state: Mapped[str] = mapped_column(Text)
    #: Optimistic lock: a second command on the same revision fails and is retried.
    revision: Mapped[int] = mapped_column()
    #: What the case is about, for lists: applicant's name or a title the agenda computes.
    title: Mapped[str] = mapped_column(default="")
    applicant_name: Mapped[str] = mapped_column(default="")
    applicant_email: Mapped[str] = mapped_column(default="")
    applicant_ico: Mapped[str] = mapped_column(String(8), default="", index=True)
    applicant_username: Mapped[str | None] = mapped_column(String(150), index=True)
    #: In which letters and mails of the case are written, where the agenda has them in it.
    language: Mapped[str] = mapped_column(String(2), default="cs")
    #: Number, title and applicant folded for searching; kept by engine.store.searching.
    search: Mapped[str] = mapped_column(Text, default="")
    #: SHA-256 of the secret for following the case without an account.
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class HumanTaskRow(Owned, Base):
    """A human task, open or done."""

    __tablename__ = "human_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "activity"),
        Index("ix_human_task_open", "tenant", "candidate_group", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_human_task_open_due", "tenant", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_human_task_open_case_due", "tenant", "case_due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_human_task_open_newest", "tenant", "opened_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_human_task_open_named", "tenant", sqlite_where=_OPEN_NAMED, postgresql_where=_OPEN_NAMED),
        Index("ix_human_task_mine", "tenant", "assignee", "state", sqlite_where=_ASSIGNED, postgresql_where=_ASSIGNED),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    process_key: Mapped[str] = mapped_column(String(255))
    #: BPMN id
    node: Mapped[str] = mapped_column(String(255))
    #: Activity instance in the case's state.
    activity: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    #: Name and subject folded for searching; kept by engine.store.searching.
    search: Mapped[str] = mapped_column(Text, default="")
    form: Mapped[str | None]
    #: Variable with comments at the form's fields.
    comments: Mapped[str | None]
    #: staff or applicant
    audience: Mapped[str] = mapped_column(String(20), default="staff")
    candidate_group: Mapped[str | None] = mapped_column(String(100))
    candidates: Mapped[list[Any] | None] = mapped_column(JsonValue)
    assignee: Mapped[str | None] = mapped_column(String(150))
    #: For which absent colleague the assignee holds it, or did it.
    acting_for: Mapped[str | None] = mapped_column(String(150))
    #: Who handed it over and wants it back with the answer.
    returns_to: Mapped[str | None] = mapped_column(String(150))
    #: Whose answer came back to whoever had handed it over.
    answered_by: Mapped[str | None] = mapped_column(String(150))
    #: Its person's own, as a vote is: no substitute sees it.
    personal: Mapped[bool] = mapped_column(default=False)
    differs_from: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=50)
    #: See engine.lifecycle.HUMAN_TASK.
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    #: How the due date came about: [{"text", "date"}]
    derivation: Mapped[list[Any] | None] = mapped_column(JsonValue)
    #: While it is open: the end of the nearest period that runs in its case; kept by engine.store.nearest.
    case_due_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]


#: Of a task: that it can be done now. Written into the question as it is in the indexes of open tasks, which SQLite
#: and the planner of PostgreSQL need to find them.
IS_OPEN = HumanTaskRow.state.in_([literal_column(f"'{state}'") for state in sorted(OPEN_TASK)])


class TimerRow(Owned, Base):
    """A moment the case waits for."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("instance_id", "wait"),
        Index("ix_timer_due", "state", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: The wait in the case's state.
    wait: Mapped[str] = mapped_column(String(40))
    node: Mapped[str] = mapped_column(String(255))
    due_at: Mapped[datetime]
    #: See engine.lifecycle.TIMER.
    state: Mapped[str] = mapped_column(String(20), default="waiting")


class MessageWaitRow(Owned, Base):
    """A message or signal the case waits for."""

    __tablename__ = "message_wait"
    __table_args__ = (
        UniqueConstraint("instance_id", "wait"),
        Index("ix_message_wait_name", "tenant", "kind", "name", "correlation_hash"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    wait: Mapped[str] = mapped_column(String(40))
    node: Mapped[str] = mapped_column(String(255))
    #: message or signal
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(255))
    correlation: Mapped[dict[str, Any]]
    #: Over the sorted correlation; "" where the wait has none.
    correlation_hash: Mapped[str] = mapped_column(String(64), default="")
    #: {"label", "audience", "form", "group"} when a person may send it from the case.
    offer: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)


class KeptMessageRow(Owned, Base):
    """A message on its way, one that nobody waited for yet, or the memory that it has already come."""

    __tablename__ = "kept_message"
    __table_args__ = (
        UniqueConstraint("tenant", "message_id"),
        Index("ix_kept_message_state", "state", "received_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(String(255))
    #: message: for one who waits; signal: for all who wait.
    kind: Mapped[str] = mapped_column(String(20), default="message")
    name: Mapped[str] = mapped_column(String(255), index=True)
    #: Nodes at the other end of message flows, for a message drawn without a name.
    targets: Mapped[list[Any] | None] = mapped_column(JsonValue)
    correlation: Mapped[dict[str, Any]]
    correlation_hash: Mapped[str] = mapped_column(String(64), default="")
    payload: Mapped[dict[str, Any]]
    #: See engine.lifecycle.MESSAGE.
    state: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    #: Why it was set aside, for whoever may mend that.
    problem: Mapped[str | None]
    #: Signal: the case that sent it and has heard it already.
    thrown_by: Mapped[str | None] = mapped_column(String(32))
    #: The case that got it; while kept, the only case that may get it.
    instance_id: Mapped[str | None] = mapped_column(String(32))


class HistoryRow(Owned, Base):
    """What happened, append-only. Never read by the kernel."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_instance_id", "instance_id", "id"),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    at: Mapped[datetime]
    #: See engine/handlers/history.py for the kinds and what `facts` hold.
    kind: Mapped[str] = mapped_column(String(40))
    node: Mapped[str | None] = mapped_column(String(255))
    activity: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int]
    actor: Mapped[str] = mapped_column(default="")
    actor_name: Mapped[str] = mapped_column(default="")
    #: Username of the absent colleague for whom it was done.
    acting_for: Mapped[str | None] = mapped_column(String(150))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JsonText)


class JobRow(Owned, Base):
    """The outbox: one promised outside action. The row is the promise, Celery is the legs."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_ready", "state", "next_at"),
        Index("ix_job_breaker_id", "breaker_id", sqlite_where=_HELD, postgresql_where=_HELD),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    #: Idempotency key `instance:activity`: a repeated advance cannot act twice, a repeated delivery can be recognised.
    key: Mapped[str] = mapped_column(String(100), unique=True)
    node: Mapped[str] = mapped_column(String(255))
    activity: Mapped[str] = mapped_column(String(40))
    connector: Mapped[str] = mapped_column(String(100))
    parameters: Mapped[dict[str, Any]]
    #: See engine.lifecycle.JOB.
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    #: Attempts that don't count, because the other side was away.
    spared: Mapped[int] = mapped_column(default=0, server_default="0")
    #: The circuit breaker for which it waits.
    breaker_id: Mapped[str | None] = mapped_column(String(32))
    next_at: Mapped[datetime]
    #: A worker that died leaves a lease that runs out.
    leased_until: Mapped[datetime | None]
    message: Mapped[str | None]
    #: What a worker reported when the case was suspended or could not go on with it; taken in later.
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class IncidentRow(Owned, Base):
    """Something a person must look at before the case can go on."""

    __tablename__ = "incident"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    node: Mapped[str] = mapped_column(String(255))
    activity: Mapped[str | None] = mapped_column(String(40))
    job_id: Mapped[str | None] = mapped_column(String(32))
    message: Mapped[str]
    #: open or resolved
    state: Mapped[str] = mapped_column(String(20), index=True)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]


class NumberSeriesRow(Owned, Base):
    """The last number drawn of a series; taken in the command's transaction, so there are no holes."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("tenant", "series", "year"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    series: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]
    last: Mapped[int]


class DeadlineRow(Owned, Base):
    """A named period of a case that may stop and go on."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        Index("ix_deadline_running", "instance_id", "due_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    key: Mapped[str] = mapped_column(String(100))
    title: Mapped[str]
    #: ISO 8601 text it was started with: `P30D`, `P10WD`, a date.
    period: Mapped[str] = mapped_column(String(40), default="")
    #: running, stopped, met or missed
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: [{"text", "date"}]
    derivation: Mapped[list[Any]]
