"""Files of an agenda without a room of their own, such as letters and the manifest: kept as changes, then published."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request, url_for

from engine.errors import PublishedMeanwhile, StaleProposal
from engine.queries.authoring import ProposalFacts, proposal_of, review_wanted
from processes.agenda import MANIFEST, parse_agenda
from web.digits import whole
from web.here import session
from web.studio import drafts, hand
from web.studio.hand import Published
from web.tenancy import tenant_key


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A file as it is being changed; as it is published, where nobody changes it."""

    published: Published
    path: str
    proposal: ProposalFacts | None
    #: "" where there is no such file yet.
    text: str

    @property
    def by_way_of_changes(self) -> bool:
        """Whether it can't be published at once: it is being changed already, or a second person has to approve it."""
        return self.proposal is not None or review_wanted(session(), tenant_key())

    @property
    def changes(self) -> str:
        """The page where it is looked at, approved and published."""
        return url_for("changing.page", agenda=self.published.agenda.key)


def plain(published: Published, path: str) -> Plain:
    """A file of an agenda in hand."""
    proposal = proposal_of(session(), tenant_key(), published.agenda.key, path)
    content = drafts.content_now(proposal) if proposal else published.content(path) or b""
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return Plain(published=published, path=path, proposal=proposal, text=text)


def as_it_would_be(file: Plain) -> Published:
    """The agenda with the manifest as it is being changed."""
    files = {**file.published.agenda.files, MANIFEST: file.text.encode()}
    return replace(file.published, agenda=parse_agenda(files))


def keep(file: Plain, text: str, edit: str) -> None:
    """Keep a text among the changes of the agenda, over what the author's page showed.

    Raises StaleProposal where a colleague changed it meanwhile, PublishedMeanwhile where another version came out.
    """
    seen = whole(request.form.get("proposal", "")) or 0
    if file.proposal is not None:
        if file.proposal.version != seen:
            raise StaleProposal(version=file.proposal.version)
        hand.revise(file.proposal, seen, text, {"edit": edit})
        return
    if seen or whole(request.form.get("version", "")) != file.published.version:
        raise PublishedMeanwhile(path=file.path)
    hand.begin(file.published, file.path, text, edit)
