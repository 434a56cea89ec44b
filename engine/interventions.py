"""The commands with which operators change where a case stands, rehearse that, and take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.commands import Command, Intervention, RetryIncident, SetVariables, TerminateInstance
from engine.model import Variables, Verdict


@dataclass(frozen=True, kw_only=True)
class MoveToken(Intervention):
    """End what a token does and put it before another node of the same body."""

    #: Token of engine.kernel.standing, and the node at which it was seen.
    token: str
    source: str
    target: str
    #: The sequence flow over which it comes, where the target is a join.
    over: str | None = None


@dataclass(frozen=True, kw_only=True)
class MigrateInstance(Intervention):
    """Let a case go on with another version of its process."""

    version: int
    #: Nodes that have another id there, or whose work is to begin anew: old → new.
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RehearseMigration(Command[Sequence[Verdict]]):
    """Say of each case what migrating it would do. Nothing changes."""

    instance_ids: Sequence[str]
    version: int
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rehearse(Command[Verdict]):
    """Say what moving a token, correcting variables or ending a case would set off. Nothing changes."""

    wanted: MoveToken | SetVariables | TerminateInstance


@dataclass(frozen=True, kw_only=True)
class UndoOperation(Command[None]):
    """Take an intervention back, where the case hasn't moved on since."""

    operation_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NoteRefusal(Command[None]):
    """Keep why an intervention that was one of several could not be done."""

    refused: Intervention | RetryIncident
    problem: str
    facts: Variables = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RetryMessage(Command[None]):
    """Send again a message that was set aside."""

    row_id: str


@dataclass(frozen=True, kw_only=True)
class TryConnector(Command[None]):
    """Try at once whether another side that is left alone answers again."""

    breaker_id: str


@dataclass(frozen=True, kw_only=True)
class RetryWatch(Command[None]):
    """Try again, with the next beat, what a watched record could not set off."""

    watch_id: str
