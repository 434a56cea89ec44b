"""The audit's side of every command: what no story of a case tells is noted in the same transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.auditing import NoteEvent
from engine.commands import AddPerson, AddTenant, AddToken, Command, Deploy
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.model import Json
from engine.store.audit import AuditEventRow
from engine.store.base import table_of
from engine.store.prepared import insertion

#: What names the object of a command, the most telling first.
_OBJECTS = {
    "username": "person",
    "record_id": "record",
    "import_id": "import",
    "batch_id": "batch",
    "register": "register",
    "agenda": "agenda",
    "instance_id": "case",
    "task_id": "task",
    "proposal_id": "proposal",
    "process_key": "process",
    "operation_id": "operation",
    "incident_id": "incident",
    "draft_id": "draft",
    "substitution_id": "substitution",
}
#: What else is told; never what people wrote, a name, an address, a password.
_TOLD = (*_OBJECTS, "groups", "role", "active", "version", "number", "state", "change", "key", "batch", "kind", "act")
#: The system's own commands that change rights or rules; its others are the story of cases, or sweeping.
_OF_SYSTEM = (AddTenant, AddPerson, AddToken, Deploy)
#: Nothing of the office is changed: what is being written, what was read, the answers of the API.
_QUIET = re.compile(
    "Draft|View|Digest|Notif|Notice|Answer|ChooseLanguage|NoteEvent|Erase|Anonymise|Erasure|Hold|NoteRefusal|Session|Identity|SecondFactor|UseCode|RecoveryCode|Rehearse|Sketch|KeepWords"
)
_LONGEST = 200

_NOTE = insertion(
    table_of(AuditEventRow),
    *("tenant", "at", "kind", "actor_kind", "actor", "acting_for", "object_kind", "object_id", "facts"),
)


@handles(NoteEvent)
def note_event(work: Work, command: NoteEvent) -> None:
    """Note it."""
    note(work, command.kind, command.object_kind, command.object_id, command.facts)


def note(work: Work, kind: str, object_kind: str = "", object_id: str = "", facts: Mapping[str, Any] = {}) -> None:
    """Add an entry to the audit with this transaction."""
    row = {
        "tenant": work.tenant,
        "at": work.now,
        "kind": kind[:60],
        "actor_kind": work.actor.kind,
        "actor": work.actor.username[:150],
        "acting_for": work.actor.acting_for or None,
        "object_kind": object_kind,
        "object_id": object_id[:255],
        "facts": dict(facts) or None,
    }
    work.writes.put(_NOTE, row)


def note_command(work: Work, command: Command[Any]) -> None:
    """Note a command that no case's story tells."""
    if work.story.entries or work.actor.kind == "applicant":
        return
    if work.actor.kind == "system" and not isinstance(command, _OF_SYSTEM):
        return
    if not is_noted(type(command)):
        return
    given = {word: _plain(getattr(command, word)) for word in _TOLD if hasattr(command, word)}
    told = {word: value for word, value in given.items() if value not in (None, "", [])}
    subject = next((word for word in _OBJECTS if told.get(word)), "")
    # A new tenant has to be there before what names it.
    work.session.flush()
    note(work, kind_of(type(command)), _OBJECTS.get(subject, ""), str(told.pop(subject, "")), told)


def is_noted(kind: type[Command[Any]]) -> bool:
    """Tell whether commands of this kind change something of the office."""
    return not _QUIET.search(kind.__name__)


def kind_of(kind: type[Command[Any]]) -> str:
    """Give the word under which commands of this kind are noted: `AddPerson` is `add-person`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def _plain(value: Any) -> Json:
    """Give what can be told in a few words; None of anything else."""
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, (list, tuple, frozenset, set)) and all(isinstance(each, str) for each in value):
        return sorted(each[:_LONGEST] for each in value)
    return None
