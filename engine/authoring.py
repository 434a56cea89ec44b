"""What authors ask for: the commands that change an agenda's files step by step and publish them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.commands import Command, Deploy
from engine.model import Deployed, Json


@dataclass(frozen=True, kw_only=True)
class OpenProposal(Command[str]):
    """Begin to change a file of an agenda; gives the proposal's id, of the open one where there is one."""

    agenda: str
    path: str
    content: str
    #: SHA-256 of the published file; "" for a new one.
    base_hash: str = ""
    what: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReviseProposal(Command[int]):
    """Take one step in a proposal; gives its new version. Refused when somebody else took one meanwhile."""

    proposal_id: str
    #: Version that the author has seen.
    seen: int
    content: str
    what: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StepProposal(Command[int]):
    """Go one step back, or forth again; gives the new version."""

    proposal_id: str
    seen: int
    back: bool


@dataclass(frozen=True, kw_only=True)
class HandProposal(Command[None]):
    """Give a proposal to a colleague to look at, or take it back to be changed."""

    proposal_id: str
    seen: int
    review: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ApproveProposals(Command[None]):
    """Agree with changes that others have made; whoever took part in one can't. A later change needs it anew."""

    #: Id of each proposal → version that was looked at.
    proposals: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class RebaseProposal(Command[None]):
    """Keep a proposal although another version was published since it began; its author has seen the difference."""

    proposal_id: str
    seen: int
    base_hash: str


@dataclass(frozen=True, kw_only=True)
class DiscardProposal(Command[None]):
    """Throw a proposal away; its steps stay for the record."""

    proposal_id: str
    seen: int


@dataclass(frozen=True, kw_only=True)
class PublishProposals(Command[Deployed]):
    """Publish an agenda with its proposals: one deployment, and the proposals end with it."""

    deploy: Deploy
    #: Id of each proposal whose file is in the deployment → version that was checked.
    proposals: Mapping[str, int]
