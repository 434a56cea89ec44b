"""The commands by which tables come into registers: look at the columns, try every row, store, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.commands import Command
from engine.model import Json, Variables

Mode = Literal["add", "replace"]
Fate = Literal["new", "change", "same", "bad"]
#: What an import is at. A worker carries out those that end in -ing; a person decides in the others.
COLUMNS, CHECKING, CHECKED = "columns", "checking", "checked"
STORING, STORED, UNDOING, UNDONE, REFUSED = "storing", "stored", "undoing", "undone", "refused"
OF_WORKER = (CHECKING, STORING, UNDOING)


@dataclass(frozen=True, kw_only=True)
class BeginImport(Command[str]):
    """Keep a table that somebody wants in a register; gives the import's id."""

    register: str
    filename: str
    content: bytes
    #: Title of a column → field; "" = nowhere.
    columns: Mapping[str, str]
    #: In which the faults of its rows are told.
    language: str = "cs"


@dataclass(frozen=True, kw_only=True)
class ChooseColumns(Command[None]):
    """Say which column goes to which field, and let every row be tried."""

    import_id: str
    columns: Mapping[str, str]
    mode: Mode


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the table after it was tried."""

    number: int
    fate: Fate
    #: (field or title, sentence)
    problems: Sequence[tuple[str, str]] = ()
    data: Variables = field(default_factory=dict)
    #: The record that it changes.
    record_id: str | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class KeepCheck(Command[bool]):
    """Keep what came of trying the rows; False where nobody waits for it any more."""

    import_id: str
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class RefuseImport(Command[None]):
    """Say why an import can go no further."""

    import_id: str
    #: Key of the sentence, and its facts.
    problem: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class RunImport(Command[None]):
    """Ask for the rows to be stored: all of them, or only the good ones."""

    import_id: str
    only_good: bool = False


@dataclass(frozen=True, kw_only=True)
class StoreImport(Command[bool]):
    """Store the rows, all in this transaction; False where nobody waits for it, or the rows must be tried anew."""

    import_id: str


@dataclass(frozen=True, kw_only=True)
class AskUndo(Command[None]):
    """Ask for what an import wrote to be taken back."""

    import_id: str


@dataclass(frozen=True, kw_only=True)
class UndoImport(Command[bool]):
    """Take back what an import wrote; what was changed since stays. False where nobody waits for it."""

    import_id: str


@dataclass(frozen=True, kw_only=True)
class ForgetImports(Command[None]):
    """Throw away files and rows of old imports; the records stay, they can't be taken back together any more."""


@dataclass(frozen=True, kw_only=True)
class LinkRecords(Command[None]):
    """Tie a record to one of another register, or change what their tie says."""

    register: str
    record_id: str
    #: Of the link in the register's file.
    name: str
    other_id: str
    data: Variables = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UnlinkRecords(Command[None]):
    """Untie two records; that they were tied stays in their history."""

    register: str
    record_id: str
    name: str
    other_id: str


@dataclass(frozen=True, kw_only=True)
class RevokeRowKey(Command[int]):
    """Make a key by which rows in time are sent worthless; gives the number of the key that is good from now on."""

    register: str
    #: set (the token of devices) or label (on one thing)
    kind: Literal["set", "label"]
    #: Of the set of devices, or the id of the record with the label.
    name: str


@dataclass(frozen=True, kw_only=True)
class FileRecords(Command[tuple[str, ...]]):
    """Write records that another system sends, all or none; gives `new`, `changed`, `same` or `older` of each.

    The same record twice is one record: it is known again by a unique field.
    """

    register: str
    records: Sequence[Variables]
    #: The unique field; "" = every record is a new one.
    known_by: str = ""
    #: Field that grows with each change of the record: what is older changes nothing.
    newest_by: str = ""
    #: Who sends, for the record's history.
    reason: str = ""
