"""What a case's history tells: which kinds of rows there are and what their `facts` hold.

| kind | facts |
|---|---|
| case-started | process, number |
| case-suspended, case-resumed, case-terminated | reason |
| case-completed | |
| variables-changed | variables: name → new value, before: name → old value, reason |
| token-moved | to, over?, reason |
| case-migrated | from_version, to_version, mapping, reason |
| operation-undone | operation, at, reason |
| passed | flows: ids of the sequence flows taken from the node, item? |
| cancelled, reopened, undo-lost | |
| task-opened | name, group?, assignee?, due? |
| task-claimed, task-released | |
| task-delegated | to, returns? |
| task-returned | to, form?, answer |
| task-completed | name, form?, submission? |
| job-opened | connector, job |
| job-done, job-failed | connector, job, message? |
| set | variables: name → value |
| decision | ref, inputs, outputs, rules |
| error | code, message, caught_by? |
| timer-fired | due |
| message-received | name, payload, kept |
| message-sent | name, correlation |
| signal-sent, signal-received | name |
| incident, incident-resolved | message, reason? |
| note | text, note, automatic |
| form-submitted | form, submission, sha256, channel, remark? |
| document | title, document, version |
| payment-requested, payment-cancelled | variable_symbol, amount |
| transaction-assigned | transaction, variable_symbol |
| transaction-resolved, transaction-ignored | transaction, note |
| bank-order-prepared, -sent, -confirmed, -returned, -cancelled | order, amount, account?, batch?, transaction? |
| deadline-started, -stopped, -resumed, -prolonged, -met, -missed | key, title, due_on, reason? |
| record-saved, record-deleted | register, record, caption |
| answers-erased | fields: their places |
| case-anonymised | |
Other rooms add rows of their own through `Work.tell`; a kind is lower-case words joined by hyphens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

from engine.model import Actor, Json
from engine.store.cases import InstanceRow


class Entry(TypedDict):
    """One row of the history as it is inserted."""

    tenant: str
    instance_id: str
    at: datetime
    kind: str
    node: str | None
    activity: str | None
    version: int
    actor: str
    actor_name: str
    acting_for: str | None
    facts: dict[str, Any] | None


class Story:
    """The entries a command adds, in order; written at its end in one statement."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.actor = actor
        self._now = now
        self.entries: list[Entry] = []
        #: What all entries of a case by one actor have in common.
        self._of: tuple[InstanceRow, Actor, dict[str, Any]] | None = None

    def tell(
        self, instance: InstanceRow, kind: str, node: str | None, activity: str | None, facts: dict[str, Json]
    ) -> None:
        """Add an entry."""
        if self._of is None or self._of[0] is not instance or self._of[1] is not self.actor:
            self._of = (instance, self.actor, self._common(instance))
        entry: Any = {
            **self._of[2],
            "kind": kind,
            "node": node,
            "activity": activity,
            "version": instance.version,
            "facts": facts or None,
        }
        self.entries.append(entry)

    def _common(self, instance: InstanceRow) -> dict[str, Any]:
        return {
            "tenant": instance.tenant,
            "instance_id": instance.id,
            "at": self._now,
            "actor": self.actor.username,
            "actor_name": self.actor.name,
            "acting_for": self.actor.acting_for,
        }
