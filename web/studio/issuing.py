"""Publishing files of an agenda with no proposal between: what is founded, brought as a package, offered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from engine.authoring import PublishProposals
from engine.diagram import Problem
from engine.errors import ReviewWanted
from engine.queries.authoring import ProposalFacts, proposal_of
from processes.agenda import Agenda, AgendaRefused, parse_agenda
from processes.catalogue import to_command
from web.auth import actor
from web.errors import SENTENCES
from web.here import session
from web.i18n import _, language
from web.inspection import inspect
from web.studio import hand
from web.studio.drafts import content_now
from web.studio.hand import Published
from web.studio.performing import StoriesBroken, Told, performed
from web.studio.problems import begun_elsewhere
from web.tenancy import tenant_key

#: Files that are kept as changes at once; more come as a package, which somebody else may bring.
MOST_KEPT = 3


class NotIssued(Exception):
    """The agenda was not published; the message says why in the author's language."""

    def __init__(
        self,
        message: str,
        problems: Sequence[Problem] = (),
        broken: Sequence[Told] = (),
        as_before: Collection[str] = (),
    ) -> None:
        super().__init__(message)
        self.problems = problems
        #: Stories that don't come out; of these the ones that do with the parameters as they were.
        self.broken = broken
        self.as_before = as_before


def issue(files: Mapping[str, bytes], over: int, *, stories: bool = True) -> str:
    """Check an agenda, play its stories and publish it over the version that the author saw; 0: it is new here.

    Gives its key. Raises NotIssued, and PublishedMeanwhile where another version is the newest.
    """
    agenda = checked(files)
    if stories and not (performance := performed(files)).ok:
        titles = [f"{one.title}: {one.reason}" for one in performance.outcomes if not one.ok]
        told = performance.problem or " ".join(titles[:3])
        raise NotIssued(" ".join((_("A story doesn't come out as it should, so nothing was published."), told)))
    try:
        hand.execute(replace(to_command(agenda, files, tenant_key(), actor()), over=over))
    except ReviewWanted as refused:
        raise NotIssued(kept_for_review(agenda.key, files)) from refused
    return agenda.key


def checked(files: Mapping[str, bytes]) -> Agenda:
    """Read an agenda and check it. Raises NotIssued."""
    try:
        agenda = parse_agenda(files, language())
    except AgendaRefused as refused:
        raise NotIssued(_("The agenda can't be read."), refused.problems) from refused
    wrong = [one for one in inspect(files, language(), elsewhere=begun_elsewhere) if one.severity == "error"]
    if wrong:
        raise NotIssued(_("The agenda has errors, so it can't be published."), wrong)
    return agenda


def issue_changes(
    published: Published, chosen: Sequence[ProposalFacts], left: Sequence[str] = (), *, keep_values: bool = False
) -> int:
    """Check an agenda with changes, play its stories but those `left` out, and publish it; gives the new version.

    `keep_values`: stories that don't come out because a parameter changes are told with the values as they were.

    Raises NotIssued, and StaleProposal or PublishedMeanwhile where somebody was quicker.
    """
    files = {**published.agenda.files, **{one.path: content_now(one) for one in chosen}}
    checked(files)
    performance = performed(files, published.agenda)
    try:
        settled = performance.settled(files, left, keep_values)
    except StoriesBroken as stopped:
        sentence = _("A story doesn't come out as it should, so nothing was published.")
        told = " ".join((sentence, performance.problem)).strip()
        raise NotIssued(told, broken=stopped.broken, as_before=performance.as_before.keys()) from stopped
    deploy = to_command(parse_agenda(settled), settled, tenant_key(), actor())
    seen = {one.id: one.version for one in chosen}
    try:
        deployed = hand.execute(PublishProposals(tenant=tenant_key(), actor=actor(), deploy=deploy, proposals=seen))
    except ReviewWanted as refused:
        raise NotIssued(f"{SENTENCES[ReviewWanted]} {refused.facts.get('path', '')}") from refused
    return int(deployed.version)


def kept_for_review(key: str, files: Mapping[str, bytes]) -> str:
    """Keep what differs as changes that wait for a colleague; gives the sentence that says so."""
    published = hand.published(key)
    before = published.agenda.files
    changed = [path for path in files if before.get(path) != files[path]]
    sentence = str(SENTENCES[ReviewWanted])
    if len(changed) > MOST_KEPT or any(path not in files for path in before):
        return sentence
    for path in changed:
        text = files[path].decode()
        hand.begin(published, path, text, "import")
        proposal = proposal_of(session(), tenant_key(), key, path)
        if proposal is not None:
            hand.revise(proposal, proposal.version, text, {"edit": "import"})
    kept = _("It is kept among the changes of the agenda; a colleague approves it there.")
    return f"{sentence} {kept}"
