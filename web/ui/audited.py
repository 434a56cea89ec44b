"""The audit in words: what was done or read, with what, and what else is noted of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext

from engine.model import Json
from web.i18n import _

#: What happened, by the kind under which it is kept: outside of cases, then in their stories.
KINDS: Mapping[str, str] = {
    "signed-in": lazy_gettext("Signed in"),
    "signed-out": lazy_gettext("Signed out"),
    "sign-in-refused": lazy_gettext("Sign-in refused"),
    "sign-in-locked": lazy_gettext("Sign-in stopped for a while"),
    "password-reset-asked": lazy_gettext("Link to a new password asked for"),
    "password-reset": lazy_gettext("New password by a link"),
    "change-password": lazy_gettext("Password changed"),
    "second-factor-set": lazy_gettext("Second factor set up"),
    "second-factor-dropped": lazy_gettext("Second factor switched off"),
    "second-factor-reset": lazy_gettext("Second factor taken away"),
    "recovery-code-used": lazy_gettext("Recovery code used"),
    "recovery-codes-renewed": lazy_gettext("New recovery codes"),
    "groups-by-identity": lazy_gettext("Groups by the sign-in service"),
    "account-begun": lazy_gettext("Applicant's account begun"),
    "account-ended": lazy_gettext("Applicant's account ended"),
    "accounts-joined": lazy_gettext("Applicant's accounts joined"),
    "case-claimed": lazy_gettext("Case added to an account"),
    "hire-person": lazy_gettext("Person added"),
    "add-person": lazy_gettext("Person added by a command"),
    "admit-from-directory": lazy_gettext("Person admitted from the directory"),
    "change-person": lazy_gettext("Person changed"),
    "deactivate-person": lazy_gettext("Access ended"),
    "reactivate-person": lazy_gettext("Access given back"),
    "add-token": lazy_gettext("API token given"),
    "configure-directory": lazy_gettext("Directory set up"),
    "sync-directory": lazy_gettext("Directory read"),
    "add-tenant": lazy_gettext("Organisation added"),
    "change-tenant": lazy_gettext("Organisation changed"),
    "arrange-substitution": lazy_gettext("Substitution arranged"),
    "cancel-substitution": lazy_gettext("Substitution cancelled"),
    "open-calendar": lazy_gettext("Calendar address made"),
    "close-calendar": lazy_gettext("Calendar address cancelled"),
    "exported": lazy_gettext("Taken away"),
    "export-records": lazy_gettext("Records taken away"),
    "agenda-taken": lazy_gettext("Agenda taken away"),
    "read-sensitive": lazy_gettext("Personal data shown"),
    "read-form": lazy_gettext("Form shown"),
    "read-file": lazy_gettext("File opened"),
    "read-record": lazy_gettext("Record shown"),
    "read-records": lazy_gettext("Records read"),
    "read-history": lazy_gettext("Story read by a program"),
    "read-variables": lazy_gettext("Values read by a program"),
    "person-looked-up": lazy_gettext("Person looked up"),
    "erasure-asked": lazy_gettext("Erasure asked for"),
    "erasure-done": lazy_gettext("Erased"),
    "erasure-refused": lazy_gettext("Erasure refused"),
    "hold-placed": lazy_gettext("Held"),
    "hold-lifted": lazy_gettext("Held no more"),
    "retention-run": lazy_gettext("Retention run"),
    "deploy": lazy_gettext("Version of an agenda published"),
    "open-proposal": lazy_gettext("Draft of an agenda begun"),
    "hand-proposal": lazy_gettext("Draft handed over"),
    "step-proposal": lazy_gettext("Draft changed"),
    "revise-proposal": lazy_gettext("Draft revised"),
    "rebase-proposal": lazy_gettext("Draft carried to a newer version"),
    "discard-proposal": lazy_gettext("Draft thrown away"),
    "approve-proposals": lazy_gettext("Drafts approved"),
    "publish-proposals": lazy_gettext("Drafts published"),
    "offer-agenda": lazy_gettext("Agenda offered to others"),
    "withdraw-offer": lazy_gettext("Offer withdrawn"),
    "save-record": lazy_gettext("Record saved"),
    "delete-record": lazy_gettext("Record taken out"),
    "link-records": lazy_gettext("Records tied"),
    "unlink-records": lazy_gettext("Tie of records ended"),
    "choose-columns": lazy_gettext("Columns chosen"),
    "begin-import": lazy_gettext("Import begun"),
    "begin-batch": lazy_gettext("Many tasks left to the computer"),
    "stop-batch": lazy_gettext("Many tasks stopped"),
    "store-import": lazy_gettext("Import stored"),
    "run-import": lazy_gettext("Import run"),
    "undo-import": lazy_gettext("Import taken back"),
    "ask-undo": lazy_gettext("Taking an import back asked for"),
    "file-records": lazy_gettext("Records sent by another system"),
    "refuse-import": lazy_gettext("Import refused"),
    "append-rows": lazy_gettext("Rows in time added"),
    "settle-row": lazy_gettext("Kept row dealt with"),
    "revoke-row-key": lazy_gettext("Token or label revoked"),
    "store-attachment": lazy_gettext("File uploaded"),
    "import-statement": lazy_gettext("Bank statement read"),
    "import-statements": lazy_gettext("Bank statements read"),
    "send-bank-orders": lazy_gettext("Orders sent to the bank"),
    "issue-codes": lazy_gettext("Codes of a vote issued"),
    "replace-code": lazy_gettext("Code of a vote replaced"),
    "mark-paper-voter": lazy_gettext("Votes on paper"),
    "enter-sheet": lazy_gettext("Voting sheet entered"),
    "set-message-aside": lazy_gettext("Message set aside"),
    "deliver-message": lazy_gettext("Message delivered"),
    "correlate-message": lazy_gettext("Message came"),
    "broadcast-signal": lazy_gettext("Signal given"),
    "retry-incident": lazy_gettext("Incident tried again"),
    "retry-message": lazy_gettext("Message tried again"),
    "retry-watch": lazy_gettext("Watch tried again"),
    "undo-operation": lazy_gettext("Intervention taken back"),
    "try-connector": lazy_gettext("Connector tried"),
    "reseal": lazy_gettext("Secrets sealed anew"),
    "case-started": lazy_gettext("Case begun"),
    "case-completed": lazy_gettext("Case ended"),
    "case-suspended": lazy_gettext("Case suspended"),
    "case-resumed": lazy_gettext("Case goes on"),
    "case-terminated": lazy_gettext("Case ended by an operator"),
    "case-migrated": lazy_gettext("Case carried to another version"),
    "variables-changed": lazy_gettext("Values corrected"),
    "token-moved": lazy_gettext("Moved to another step"),
    "operation-undone": lazy_gettext("Intervention taken back"),
    "form-submitted": lazy_gettext("Form sent"),
    "task-opened": lazy_gettext("Task opened"),
    "task-claimed": lazy_gettext("Task taken"),
    "task-released": lazy_gettext("Task given back"),
    "task-delegated": lazy_gettext("Task handed over"),
    "task-returned": lazy_gettext("Task answered and given back"),
    "task-completed": lazy_gettext("Task finished"),
    "task-cancelled": lazy_gettext("Task closed"),
    "job-done": lazy_gettext("Step done"),
    "job-failed": lazy_gettext("Step failed"),
    "decision": lazy_gettext("Decision table used"),
    "timer-fired": lazy_gettext("Time came"),
    "message-received": lazy_gettext("Message received"),
    "incident": lazy_gettext("Incident"),
    "incident-resolved": lazy_gettext("Incident resolved"),
    "error": lazy_gettext("Error"),
    "note": lazy_gettext("Note"),
    "document": lazy_gettext("Document"),
    "record-saved": lazy_gettext("Record saved"),
    "record-deleted": lazy_gettext("Record taken out"),
    "deadline-started": lazy_gettext("Period begun"),
    "deadline-stopped": lazy_gettext("Period stopped"),
    "deadline-resumed": lazy_gettext("Period goes on"),
    "deadline-prolonged": lazy_gettext("Period prolonged"),
    "deadline-met": lazy_gettext("Period kept"),
    "deadline-missed": lazy_gettext("Period missed"),
    "payment-requested": lazy_gettext("Payment requested"),
    "payment-cancelled": lazy_gettext("Request for payment cancelled"),
    "account-password-set": lazy_gettext("Password of an applicant's account set"),
    "session-ended": lazy_gettext("Signed out elsewhere"),
    "sessions-ended": lazy_gettext("Signed out everywhere else"),
    "identity-joined": lazy_gettext("Sign-in service joined"),
    "take-over": lazy_gettext("Agenda taken over"),
    "keep-check": lazy_gettext("Story of an agenda kept"),
    "payment-reversed": lazy_gettext("Request for payment taken back"),
    "bank-order-prepared": lazy_gettext("Order for the bank prepared"),
    "bank-order-sent": lazy_gettext("Order sent to the bank"),
    "bank-order-confirmed": lazy_gettext("Order paid out"),
    "bank-order-returned": lazy_gettext("Money came back"),
    "bank-order-cancelled": lazy_gettext("Order for the bank cancelled"),
    "transaction-assigned": lazy_gettext("Payment assigned"),
    "transaction-resolved": lazy_gettext("Payment dealt with otherwise"),
    "transaction-ignored": lazy_gettext("Payment left alone"),
}
#: With what it happened.
OBJECTS: Mapping[str, str] = {
    "person": lazy_gettext("Person"),
    "record": lazy_gettext("Record"),
    "import": lazy_gettext("Import"),
    "batch": lazy_gettext("Many tasks"),
    "register": lazy_gettext("Register"),
    "agenda": lazy_gettext("Agenda"),
    "case": lazy_gettext("Case"),
    "task": lazy_gettext("Task"),
    "proposal": lazy_gettext("Draft"),
    "process": lazy_gettext("Process"),
    "operation": lazy_gettext("Intervention"),
    "incident": lazy_gettext("Incident"),
    "draft": lazy_gettext("What is being written"),
    "substitution": lazy_gettext("Substitution"),
    "audit": lazy_gettext("Audit"),
    "bank-orders": lazy_gettext("Orders for the bank"),
    "statistics": lazy_gettext("Page of numbers"),
    "vote-codes": lazy_gettext("Codes of a vote"),
    "account": lazy_gettext("Account"),
    "erasure": lazy_gettext("Erasure"),
    "hold": lazy_gettext("Stop of erasing"),
}
#: What else is noted.
FACTS: Mapping[str, str] = {
    "rows": lazy_gettext("Number of rows"),
    "records": lazy_gettext("Records"),
    "files": lazy_gettext("Files"),
    "withheld": lazy_gettext("Withheld"),
    "format": lazy_gettext("Format"),
    "block": lazy_gettext("Block"),
    "version": lazy_gettext("Version"),
    "groups": lazy_gettext("Groups"),
    "role": lazy_gettext("Role"),
    "active": lazy_gettext("Active"),
    "number": lazy_gettext("Number"),
    "state": lazy_gettext("State"),
    "change": lazy_gettext("What changes"),
    "key": lazy_gettext("Key"),
    "kind": lazy_gettext("Kind"),
    "submission": lazy_gettext("Submission"),
    "file": lazy_gettext("File"),
    "narrowed": lazy_gettext("Narrowed by"),
    "by": lazy_gettext("Counted by"),
    "seconds": lazy_gettext("For seconds"),
    "cases": lazy_gettext("Cases"),
    "facts_of": lazy_gettext("Looked for by"),
    "node": lazy_gettext("Step"),
    "process_key": lazy_gettext("Process"),
    "register": lazy_gettext("Register"),
    "agenda": lazy_gettext("Agenda"),
    "instance_id": lazy_gettext("Case"),
    "task_id": lazy_gettext("Task"),
    "record_id": lazy_gettext("Record"),
    "username": lazy_gettext("Person"),
    "reason": lazy_gettext("Reason"),
    "fields": lazy_gettext("Fields"),
    "act": lazy_gettext("What is done"),
}
#: What is done with many tasks.
ACTS: Mapping[str, str] = {
    "claim": lazy_gettext("taking"),
    "delegate": lazy_gettext("handing over"),
    "complete": lazy_gettext("finishing"),
}


#: Who did it, where it was nobody of the office.
ACTORS: Mapping[str, str] = {
    "system": lazy_gettext("The system"),
    "applicant": lazy_gettext("Applicant"),
}


def who(name: str) -> str:
    """Who did it: a sign-in name, or what it was."""
    return str(ACTORS.get(name, name))


def kind(key: str) -> str:
    """What happened; the key itself where nobody has put it into words."""
    said = str(KINDS.get(key, key))
    return said[:1].upper() + said[1:]


def choices(chosen: str) -> list[tuple[str, str]]:
    """Keys with their words, in the order of the words, to be looked for; the chosen one among them."""
    keys = {**KINDS, **({chosen: chosen} if chosen else {})}
    return sorted(((key, kind(key)) for key in keys), key=lambda one: (_sorted_as(one[1]), one[0]))


def thing(key: str) -> str:
    """With what it happened."""
    return _inside(OBJECTS, key)


def details(facts: Mapping[str, Json]) -> str:
    """What else is noted, as a sentence would list it."""
    return ", ".join(
        f"{_inside(FACTS, name)}: {ACTS.get(str(value), value) if name == 'act' else _said(value)}"
        for name, value in facts.items()
        if not _is_empty(value)
    )


def _inside(table: Mapping[str, str], key: str) -> str:
    """The word as it stands inside of a sentence."""
    if key not in table:
        return key
    word = str(table[key])
    return word[:1].lower() + word[1:]


def _sorted_as(word: str) -> str:
    """Letters without accents: near enough to the order of a dictionary."""
    return unicodedata.normalize("NFKD", word.casefold()).encode("ascii", "ignore").decode()


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{_inside(FACTS, name)} {_said(each)}" for name, each in value.items())
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
