"""One frozen dataclass per verb. `Command[R]` says what executing it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from engine.model import (
    Actor,
    Allowance,
    Applicant,
    Deployed,
    JobOutcome,
    Json,
    RowFate,
    RowPhoto,
    Started,
    SubmittedForm,
    Variables,
)

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Command(Generic[R]):
    """What every command carries."""

    tenant: str
    actor: Actor


# --- definitions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Deploy(Command[Deployed]):
    """Publish an agenda: all its files by relative path. The caller has checked it."""

    agenda: str
    title: Mapping[str, str]
    files: Mapping[str, bytes]
    #: Number series of cases, `PRI-{year}-{n:04}`; `series` has those of processes with one of their own.
    numbering: str = "{year}-{n:05}"
    series: Mapping[str, str] = field(default_factory=dict)
    #: Values the office edits; every new case gets them as the variable `parameters`.
    parameters: Variables = field(default_factory=dict)
    #: Other values from a day on, the earliest first: {"from": "2027-01-01", "values": {…}}.
    parameter_changes: Sequence[Mapping[str, Json]] = ()
    #: Candidate groups the agenda names: key → {"cs", "en"}.
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Starlark over a case's variables giving its title; "" = the applicant's name.
    title_expression: str = ""
    #: The version it changes, 0 for an agenda that isn't there yet; None: whichever is the newest.
    over: int | None = None


# --- cases -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StartInstance(Command[Started]):
    """Start a case. The newest deployed version of `process_key` runs."""

    process_key: str
    variables: Variables = field(default_factory=dict)
    business_key: str | None = None
    submission: SubmittedForm | None = None
    applicant: Applicant | None = None
    #: The draft that became this submission; it ends with it.
    draft_id: str | None = None
    #: When the office got it, where that was before today: on paper. Periods of the law begin then.
    received_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AddNote(Command[str]):
    """Write a note into the case's story; gives its id."""

    instance_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChangeDeadline(Command[None]):
    """Stop a named period of a case, let it run on, or prolong it; whoever works on the case says why."""

    instance_id: str
    key: str
    change: Literal["stop", "resume", "prolong"]
    reason: str
    #: prolong: the new last day.
    until: date | None = None


# --- interventions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Intervention(Command[None]):
    """What an operator does to a case; it stands in the case's story with its reason."""

    instance_id: str
    reason: str
    #: What is done to several cases at once has one.
    batch: str | None = None


@dataclass(frozen=True, kw_only=True)
class SuspendInstance(Intervention):
    """Stop a case for a while: no task, timer or message moves it."""


@dataclass(frozen=True, kw_only=True)
class ResumeInstance(Intervention):
    """Let a suspended case go on."""


@dataclass(frozen=True, kw_only=True)
class TerminateInstance(Intervention):
    """End a case by an operator's decision."""


@dataclass(frozen=True, kw_only=True)
class SetVariables(Intervention):
    """Correct variables of a case, or of what an activity instance sees, by an operator's decision."""

    variables: Variables
    activity: str | None = None


# --- human tasks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ClaimTask(Command[None]):
    """Take a human task for oneself."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class ReleaseTask(Command[None]):
    """Give a claimed human task back to its group."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class DelegateTask(Command[None]):
    """Hand a human task to another person."""

    task_id: str
    username: str
    #: What the actor has written of its form goes along.
    with_draft: bool = False
    #: It comes back with their answer, and whoever handed it over completes it.
    returns: bool = False


@dataclass(frozen=True, kw_only=True)
class CompleteHumanTask(Command[None]):
    """Answer a human task. `data` was validated against its form."""

    task_id: str
    data: Variables = field(default_factory=dict)
    submission: SubmittedForm | None = None
    draft_id: str | None = None


# --- time, messages, jobs --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FireTimer(Command[bool]):
    """Let a due timer fire; False when it has already gone."""

    timer_id: str


@dataclass(frozen=True, kw_only=True)
class CorrelateMessage(Command[str | None]):
    """A message for whoever waits for it, or that begins a process; gives the instance's id.

    None: nobody waits yet; it is kept until `expires_at`.
    """

    name: str
    correlation: Mapping[str, Json] = field(default_factory=dict)
    payload: Variables = field(default_factory=dict)
    #: The same id twice is one message.
    message_id: str | None = None
    expires_at: datetime | None = None
    #: Only this case.
    instance_id: str | None = None
    #: Only this wait (a person used an offer shown at the case).
    wait: str | None = None
    submission: SubmittedForm | None = None


@dataclass(frozen=True, kw_only=True)
class BroadcastSignal(Command[int]):
    """A signal for everyone who waits for it; gives how many cases heard it."""

    name: str
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReportJob(Command[None]):
    """A worker says how an outside action ended."""

    job_id: str
    outcome: JobOutcome
    #: Which try it was, where the worker knows.
    attempt: int | None = None
    #: Why the case couldn't take it in: it is kept for an operator, the action must not be repeated.
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class RetryIncident(Command[None]):
    """Try again what failed."""

    incident_id: str
    reason: str
    batch: str | None = None


# --- papers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StoreAttachment(Command[str]):
    """Keep a file by its content; gives the attachment's id."""

    filename: str
    #: Judged by content, never by name.
    media_type: str
    content: bytes
    draft_id: str | None = None
    instance_id: str | None = None
    allowance: Allowance | None = None


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A document an outside action produced, part of JobOutcome.documents."""

    key: str
    title: str
    filename: str
    media_type: str
    content: bytes
    #: The applicant may see and download it.
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class SaveDraft(Command[tuple[str, str]]):
    """Save what is written so far; gives (draft id, secret of the resume link; "" when it existed)."""

    #: New: None; `origin` is a keyed hash of the stranger's address, `allowance` limits it, `account_id` owns it.
    draft_id: str | None = None
    process_key: str | None = None
    task_id: str | None = None
    form: str = ""
    data: Variables = field(default_factory=dict)
    step: str | None = None
    origin: str = ""
    allowance: Allowance | None = None
    account_id: str = ""
    #: Version of the process whose form was filled in; None = the newest when the draft was begun.
    definition_id: str | None = None
    #: Revision that the writer's page was made of, and the window it stands in; None = save whatever came meanwhile.
    seen: int | None = None
    tab: str = ""
    days: int = 90  # that it lives when nobody touches it


# --- registers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SaveRecord(Command[str]):
    """Write a register record; gives its id."""

    register: str
    data: Variables
    #: None = new.
    record_id: str | None = None
    #: Version the writer has seen; another one is a StaleRecord.
    version: int | None = None
    #: Why, for its history.
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DeleteRecord(Command[None]):
    """Take a register record out; its history stays."""

    register: str
    record_id: str
    version: int | None = None
    #: Why, for its history.
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AppendRows(Command[tuple[RowFate, ...]]):
    """Add rows in time to a register with `series`; each has its own fate, a bad one is in nobody's way."""

    register: str
    rows: Sequence[Variables]
    #: Only under records whose field has this value: what a device's token may write.
    within: Mapping[str, Json] = field(default_factory=dict)
    #: Who may look at what is held back is told by the register; this is who sent the rows.
    sent_by: str = ""
    #: Pictures of rows, by the place of the row.
    photos: Mapping[int, RowPhoto] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SettleRow(Command[str]):
    """Put another row in the place of one, as somebody decided; gives the id of the new one."""

    register: str
    row_id: str
    #: counted (it is right), rollover, reset (another counter begins here) or refused
    verdict: str
    #: The right value, where it was not.
    value: Json = None
    note: str = ""


# --- people ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AddTenant(Command[None]):
    """A new organisation on this installation. `tenant` is its key."""

    name: str
    settings: Variables = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ChangeTenant(Command[None]):
    """What an organisation says of itself. Settings that aren't named stay; None takes one away."""

    name: str
    settings: Variables


@dataclass(frozen=True, kw_only=True)
class AddPerson(Command[str]):
    """A person of the staff; gives the id. An existing username is updated."""

    username: str
    name: str
    email: str = ""
    #: argon2 hash; None = cannot sign in by password.
    password_hash: str | None = None
    groups: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ArrangeSubstitution(Command[str]):
    """Let a colleague stand in for somebody who is away; gives the id."""

    absent: str
    substitute: str
    begins_on: date
    #: The last day, inclusive.
    ends_on: date
    #: Only in this agenda; None = in all.
    agenda: str | None = None


@dataclass(frozen=True, kw_only=True)
class CancelSubstitution(Command[None]):
    """Call a substitution off."""

    substitution_id: str


@dataclass(frozen=True, kw_only=True)
class AddToken(Command[None]):
    """An API token of a person; only its SHA-256 is stored."""

    username: str
    token_hash: str
    label: str = ""
