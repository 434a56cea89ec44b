"""The verbs of personal data: what may be erased, what is held, who asks for it and who agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.commands import Command
from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person as cases may know them; empty words are unknown. A birth date only together with the name."""

    email: str = ""
    ico: str = ""
    name: str = ""
    #: As forms have it, `1980-02-29`.
    born: str = ""


@dataclass(frozen=True, kw_only=True)
class EraseCase(Command[Mapping[str, int]]):
    """Delete a finished case with everything that hangs on it; gives the number of rows by table.

    Raises Conflict where the case runs, is held, or is still in the books.
    """

    instance_id: str
    #: retention, or the id of an agreed erasure
    because: str


@dataclass(frozen=True, kw_only=True)
class AnonymiseCase(Command[Mapping[str, int]]):
    """Take everything of people out of a finished case and leave how it went; gives the number of rows by table.

    What stays is counted with: its number, process and days, steps with who of the office did them, amounts of money.
    Raises Conflict where the case runs, is held, or is still in the books.
    """

    instance_id: str
    #: retention, or who wanted it
    because: str


@dataclass(frozen=True, kw_only=True)
class EraseAnswers(Command[Mapping[str, int]]):
    """Take single answers out of a finished case, wherever it keeps them; gives the number of rows by table.

    Raises Conflict where the case runs, is held, or is still in the books.
    """

    instance_id: str
    #: Where the answers stand, `/person/phone`, `/children/*/born` for each item of a list.
    fields: Sequence[str]
    because: str


@dataclass(frozen=True, kw_only=True)
class EraseFields(Command[Mapping[str, int]]):
    """Take single fields out of all versions of a record that was deleted from its register.

    Raises Conflict where it is in force or held.
    """

    record_id: str
    fields: Sequence[str]
    because: str


@dataclass(frozen=True, kw_only=True)
class EraseRecord(Command[None]):
    """Delete a record that was deleted from its register, with all its versions.

    Raises Conflict where it is in force or held.
    """

    record_id: str
    because: str


@dataclass(frozen=True, kw_only=True)
class PlaceHold(Command[str]):
    """Keep a case, or everything of a person, from being erased; gives the hold's id."""

    reason: str
    #: Number of a case …
    case_number: str = ""
    #: … or an e-mail or company number.
    person: str = ""


@dataclass(frozen=True, kw_only=True)
class LiftHold(Command[None]):
    """End a hold."""

    hold_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AskErasure(Command[str]):
    """Ask that everything of a person be erased; somebody else has to agree. Gives its id."""

    subject: Subject
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecideErasure(Command[None]):
    """Agree to an erasure, or refuse it. Never whoever asked."""

    erasure_id: str
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class FinishErasure(Command[None]):
    """Note what an erasure has done; whose it was is forgotten with it."""

    erasure_id: str
    protocol: Mapping[str, Json]
