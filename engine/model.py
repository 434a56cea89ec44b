"""Plain facts about running processes; no database, no SpiffWorkflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Json = Any
Variables = dict[str, Json]


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Whom somebody stands in for today, and in what."""

    username: str
    #: Candidate groups of the absent person. Never their roles: who substitutes a clerk doesn't become an operator.
    groups: frozenset[str] = frozenset()
    #: Only tasks of these processes; None = all.
    processes: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who gives a command."""

    kind: Literal["person", "applicant", "system", "api"]
    #: Username of a person; "" for an applicant without an account and for the system.
    username: str = ""
    #: Name as the case's story shows it.
    name: str = ""
    #: Candidate groups and roles of the person at the moment of the command.
    groups: frozenset[str] = frozenset()
    #: Username of the person for whom this one acts (substitution).
    acting_for: str | None = None
    #: Whom this one may act for today; the engine decides by the task when they do.
    stands_in: tuple[Absence, ...] = ()


SYSTEM = Actor(kind="system", name="automaticky")

#: Roles that are no candidate groups of any agenda.
ROLE_ADMIN, ROLE_AUTHOR, ROLE_OPERATOR, ROLE_AUDITOR = "admin", "author", "operator", "auditor"
ROLES = frozenset({ROLE_ADMIN, ROLE_AUTHOR, ROLE_OPERATOR, ROLE_AUDITOR})


_NO_FACTS: Mapping[str, Json] = MappingProxyType({})


class Effect(NamedTuple):
    """One thing that happened or is asked for, told by the kernel in order. A tuple, because a step makes many.

    `do` and the keys of `facts` are listed in engine/kernel/effects.py.
    """

    do: str
    #: Flow node the effect belongs to.
    node: str | None = None
    #: Activity instance (one entry into an activity), unique in the case: `a17`.
    activity: str | None = None
    facts: Mapping[str, Json] = _NO_FACTS


class Advance(NamedTuple):
    """What one step of the kernel gives: the new state as JSON text and the effects in order."""

    state: str
    effects: Sequence[Effect]
    #: running, completed, terminated
    status: str


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why something a case is doing has no place in another version.

    Codes: node-gone, body-gone, other-body, kind, other-action, other-process, loop, way-in, events, undoing,
    mapping-unknown, failed, status, process, same-version.
    """

    code: str
    #: Flow node of the old version, or the process.
    node: str
    #: failed: what went wrong.
    message: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """What migrating a state gives: the step into the other version, or why there is none."""

    step: Advance | None
    refusals: Sequence[Refusal]


VerdictKind = Literal["ok", "ok-with-changes", "not-possible"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a migration would do, or has done, to one case."""

    instance_id: str
    business_key: str
    title: str
    kind: VerdictKind
    refusals: Sequence[Refusal] = ()
    #: What closes, opens and is otherwise than before: effects of the kernel.
    changes: Sequence[Effect] = ()
    #: Open human tasks that go on with what is written in them.
    tasks_kept: int = 0
    drafts_kept: int = 0


@dataclass(frozen=True, kw_only=True)
class Started:
    """A case was started."""

    instance_id: str
    business_key: str
    status: str
    version: int
    #: Secret for following the case without an account; only its hash is stored.
    secret: str | None = None


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """An agenda was published."""

    deployment_id: str
    agenda: str
    version: int
    #: False: the very same content was there already.
    changed: bool
    process_keys: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who asks the office for something, as far as the case needs to know."""

    name: str = ""
    email: str = ""
    ico: str = ""
    #: Username of a registered applicant.
    username: str | None = None
    #: cs or en: letters and mails of the case are in it, as far as the agenda has them.
    language: str = "cs"


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """How much of what strangers haven't sent yet is kept: drafts, and bytes of their files."""

    #: From one network address.
    drafts: int
    bytes: int
    #: Of the whole organisation.
    all_drafts: int
    all_bytes: int


@dataclass(frozen=True, kw_only=True)
class SubmittedForm:
    """A form as a person sent it; kept word for word beside the variables it became."""

    form: str
    data: Variables
    #: portal, office, paper, api
    channel: str = "portal"
    #: Ids of the attachments that the data names.
    attachments: Sequence[str] = ()
    #: What the story should say of how it was filled, such as that a register did not answer; mostly "".
    remark: str = ""


#: What keeps every action from another side, whichever it is: no answer, no time for us, or our key isn't known there.
Cause = Literal["unreachable", "busy", "locked-out"]


@dataclass(frozen=True, kw_only=True)
class JobOutcome:
    """How an outside action ended."""

    kind: Literal["done", "error", "failed"]
    #: done: what the action gave back.
    result: Json = None
    #: error: a business error that a boundary event may catch.
    code: str | None = None
    #: error, failed: one sentence, nothing personal.
    message: str = ""
    #: failed: False when another try makes no sense.
    retry: bool = True
    #: failed: why the other side is to blame; "" where it isn't known to be.
    cause: Cause | Literal[""] = ""
    #: done: documents the action produced (see engine.commands.NewDocument).
    documents: Sequence[Any] = ()


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Told after commit: there may be work. Losing it costs a beat's delay and nothing else."""

    kind: Literal["job", "timer"]
    id: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimedJob:
    """An outside action that a worker has taken; its lease runs until it reports."""

    id: str
    tenant: str
    #: Idempotency key for the receiver: the same action never has another one.
    key: str
    instance_id: str
    node: str
    activity: str
    connector: str
    parameters: Variables
    #: 1 is the first try.
    attempt: int
    #: Tries that don't count, because the other side was away.
    spared: int = 0


@dataclass(frozen=True, kw_only=True)
class Due:
    """What waits for a worker now, the oldest first."""

    job_ids: Sequence[str] = ()
    timer_ids: Sequence[str] = ()
    #: Messages and signals whose delivery after commit was lost.
    message_ids: Sequence[str] = ()
    #: Watched records whose moment has come.
    watch_ids: Sequence[str] = ()
    #: Processes that begin by themselves.
    start_ids: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.job_ids or self.timer_ids or self.message_ids or self.watch_ids or self.start_ids)


@dataclass(frozen=True, kw_only=True)
class RowPhoto:
    """A picture that proves a row in time, as it was taken in: small, upright, without what the camera knows."""

    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class RowFate:
    """What became of a row in time that was sent: one answer for each, in their order."""

    #: accepted, held (kept, but somebody must look), duplicate, unknown (no such record), rejected
    status: str
    #: A word for programs; "" where there is nothing to say.
    reason: str = ""
    #: Id of the row; of a duplicate the one that was there.
    row_id: str | None = None
    #: The same row came with another value.
    differs: bool = False
