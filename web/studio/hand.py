"""What an author has in hand: a form of an agenda as its proposal stands, and the agenda it belongs to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, request

from engine.authoring import (
    ApproveProposals,
    DiscardProposal,
    HandProposal,
    OpenProposal,
    RebaseProposal,
    ReviseProposal,
)
from engine.commands import Command
from engine.errors import NotFound
from engine.model import ROLE_ADMIN, ROLE_AUTHOR, Json
from engine.queries import definitions
from engine.queries.authoring import (
    Approval,
    ProposalFacts,
    content_of,
    proposal_of,
    review_wanted,
    reviewed,
)
from forms.edit import document
from forms.words import localized
from processes.agenda import Agenda
from web.auth import actor, require_group
from web.db import close_session
from web.here import engine, session
from web.i18n import _, language
from web.published import agenda_of, in_languages
from web.studio.asked import version_seen
from web.tenancy import tenant_key

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST_NOTE = 2000


@dataclass(frozen=True, kw_only=True)
class Published:
    """An agenda as it is published now."""

    agenda: Agenda
    deployment_id: str
    version: int

    def content(self, path: str) -> bytes | None:
        """A file of it."""
        return self.agenda.files.get(path)


@dataclass(frozen=True, kw_only=True)
class InHand:
    """A form being changed."""

    published: Published
    key: str
    proposal: ProposalFacts
    schema: dict[str, Json]

    @property
    def agenda(self) -> Agenda:
        """The agenda it belongs to."""
        return self.published.agenda

    @property
    def title(self) -> str:
        """The form's heading."""
        return title_in(self.schema, self.published.deployment_id) or self.key

    @property
    def address(self) -> Mapping[str, Any]:
        """What names the form in addresses."""
        return {"agenda": self.agenda.key, "key": self.key}


def title_in(schema: Mapping[str, Json], deployment_id: str) -> str:
    """The heading of a form in the language of the page, by the form itself or the words of its agenda."""
    said = in_languages(session(), tenant_key(), deployment_id, schema)
    return localized(said, "/title", said.get("title"), language()).strip()


def require_author() -> None:
    """The studio is the authors'."""
    require_group(ROLE_AUTHOR, ROLE_ADMIN)


def path_of(key: str) -> str:
    """Where a form lies in its agenda."""
    return f"forms/{key}.json"


def published(agenda: str) -> Published:
    """An agenda of this tenant. Raises NotFound."""
    found = next((one for one in definitions.agendas(session(), tenant_key()) if one.agenda == agenda), None)
    if found is None:
        raise NotFound
    read = agenda_of(session(), tenant_key(), found.deployment_id)
    return Published(agenda=read, deployment_id=found.deployment_id, version=found.version)


def in_hand(agenda: str, key: str) -> InHand:
    """The form as its open proposal stands. Raises NotFound where nobody changes it."""
    require_author()
    facts = proposal_of(session(), tenant_key(), agenda, path_of(key))
    if facts is None:
        raise NotFound
    schema = document.read(content_of(session(), tenant_key(), facts.id, facts.head))
    return InHand(published=published(agenda), key=key, proposal=facts, schema=schema)


def hash_of(content: bytes | None) -> str:
    """The hash of a published file; "" where there is none."""
    return hashlib.sha256(content).hexdigest() if content is not None else ""


def begin(agenda: Published, path: str, content: str, edit: str = "begin") -> None:
    """Open a proposal of a file over what is published now."""
    execute(
        OpenProposal(
            tenant=tenant_key(),
            actor=actor(),
            agenda=agenda.agenda.key,
            path=path,
            content=content,
            base_hash=hash_of(agenda.content(path)),
            what={"edit": edit},
        )
    )


def save(hand: InHand, seen: int, schema: dict[str, Json], what: Mapping[str, Json]) -> InHand:
    """Take a step; gives the form with its new version. Raises StaleProposal."""
    content = document.write(schema)
    unchanged = schema == hand.schema and list(schema) == list(hand.schema)
    if unchanged and document.write(hand.schema) == content and seen == hand.proposal.version:
        return hand
    version = revise(hand.proposal, seen, content, what)
    return replace(hand, schema=schema, proposal=replace(hand.proposal, version=version))


def revise(proposal: ProposalFacts, seen: int, content: str, what: Mapping[str, Json]) -> int:
    """Take a step of a file; gives the new version. Raises StaleProposal."""
    version: int = execute(
        ReviseProposal(
            tenant=tenant_key(),
            actor=actor(),
            proposal_id=proposal.id,
            seen=seen,
            content=content,
            what=dict(what),
        )
    )
    return version


def give_to_review(proposal: ProposalFacts) -> None:
    """Ask a colleague to look, or take it back, as the page says. Raises StaleProposal."""
    review = request.form.get("way") != "back"
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    execute(HandProposal(**_as_seen(proposal), review=review, note=note))
    flash(_("It waits for a colleague on the studio's first page.") if review else _("It is being changed again."))


def approve(*proposals: ProposalFacts) -> None:
    """Agree with what others changed. Raises StaleProposal, OwnChange."""
    seen = {one.id: one.version for one in proposals}
    execute(ApproveProposals(tenant=tenant_key(), actor=actor(), proposals=seen))
    flash(_("You approved it. It can be published as it is now."))


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Whether a second person has to approve a change, who did, and whether the reader may."""

    wanted: bool
    approval: Approval | None
    own: bool

    @property
    def lacking(self) -> bool:
        """It can't be published yet."""
        return self.wanted and self.approval is None


def eyes_on(proposal: ProposalFacts) -> Eyes:
    """How a change stands with its review."""
    review = reviewed(session(), tenant_key(), proposal)
    wanted = review_wanted(session(), tenant_key())
    return Eyes(wanted=wanted, approval=review.approval, own=actor().username in review.makers)


def put_over(proposal: ProposalFacts, published: bytes | None) -> None:
    """Let a proposal take the place of what was published meanwhile. Raises StaleProposal."""
    execute(RebaseProposal(**_as_seen(proposal), base_hash=hash_of(published)))


def throw_away(proposal: ProposalFacts) -> None:
    """Forget what was changed. Raises StaleProposal."""
    execute(DiscardProposal(**_as_seen(proposal)))
    flash(_("The changes were thrown away."))


def _as_seen(proposal: ProposalFacts) -> dict[str, Any]:
    """Whose command it is, over the version that the page showed."""
    return {"tenant": tenant_key(), "actor": actor(), "proposal_id": proposal.id, "seen": version_seen()}


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)
