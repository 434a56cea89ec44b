"""Changing an agenda's files step by step, and publishing what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import delete, func, select, update

from engine.authoring import (
    ApproveProposals,
    DiscardProposal,
    HandProposal,
    OpenProposal,
    PublishProposals,
    RebaseProposal,
    ReviseProposal,
    StepProposal,
)
from engine.errors import Conflict, Invalid, NotFound, OwnChange, PublishedMeanwhile, ReviewWanted, StaleProposal
from engine.handlers.definitions import lock_tenant, newest_deployment, put_out
from engine.handlers.registry import handles
from engine.handlers.rights import must_publish
from engine.handlers.work import Work
from engine.ids import new_id
from engine.lifecycle import OPEN_PROPOSAL
from engine.model import Deployed, Json
from engine.store.authoring import ProposalRow, ProposalStepRow
from engine.store.definitions import DeploymentFileRow
from engine.store.reviews import APPROVAL, review_of, wants_review

#: Steps of a proposal that one can go back over.
MOST_STEPS = 200


@handles(OpenProposal)
def open_proposal(work: Work, command: OpenProposal) -> str:
    """Begin a proposal; whoever comes second joins the one that is open."""
    must_publish(work.actor)
    # Two people who begin at once wait for each other here, so that there is one proposal.
    lock_tenant(work)
    found = work.session.scalar(
        select(ProposalRow.id)
        .where(ProposalRow.tenant == work.tenant, ProposalRow.agenda == command.agenda)
        .where(ProposalRow.path == command.path, ProposalRow.state.in_(OPEN_PROPOSAL))
    )
    if found is not None:
        return found
    row = ProposalRow(
        id=new_id(),
        tenant=work.tenant,
        agenda=command.agenda,
        path=command.path,
        state="draft",
        base_hash=command.base_hash,
        version=1,
        head=1,
        opened_at=work.now,
        changed_at=work.now,
        changed_by=work.actor.username or "",
        changed_by_name=work.actor.name,
        note="",
    )
    work.session.add(row)
    work.session.flush()
    _add_step(work, row, (1, None), command.content, command.what)
    return row.id


@handles(ReviseProposal)
def revise_proposal(work: Work, command: ReviseProposal) -> int:
    """Take a step. One that changes nothing is none."""
    row = _seen(work, command.proposal_id, command.seen)
    if command.content == _step(work, row, row.head).content:
        return row.version
    number = _newest_number(work, row) + 1
    # Only an approval is one, whatever a client says that it did.
    what = {key: value for key, value in command.what.items() if (key, value) != ("edit", APPROVAL)}
    _add_step(work, row, (number, row.head), command.content, what)
    row.head, row.state = number, "draft"
    _forget_oldest(work, row)
    return _touch(work, row)


@handles(StepProposal)
def step_proposal(work: Work, command: StepProposal) -> int:
    """Show the step before, or the one last made from this."""
    row = _seen(work, command.proposal_id, command.seen)
    if command.back:
        to = _step(work, row, row.head).parent
    else:
        to = work.session.scalar(
            select(func.max(ProposalStepRow.number)).where(
                ProposalStepRow.tenant == work.tenant,
                ProposalStepRow.proposal_id == row.id,
                ProposalStepRow.parent == row.head,
            )
        )
    if to is None:
        raise Conflict("There is no further step.")
    row.head, row.state = to, "draft"
    return _touch(work, row)


@handles(HandProposal)
def hand_proposal(work: Work, command: HandProposal) -> None:
    """Give it to be looked at, or take it back."""
    row = _seen(work, command.proposal_id, command.seen)
    row.state, row.note = "review" if command.review else "draft", command.note
    _touch(work, row)


@handles(ApproveProposals)
def approve_proposals(work: Work, command: ApproveProposals) -> None:
    """Add to each a step that changes nothing and says who agrees."""
    for proposal_id, seen in command.proposals.items():
        row = _seen(work, proposal_id, seen)
        username = work.actor.username
        if not username or username in review_of(work.session, work.tenant, row.id, row.head).makers:
            raise OwnChange(path=row.path)
        number, content = _newest_number(work, row) + 1, _step(work, row, row.head).content
        _add_step(work, row, (number, row.head), content, {"edit": APPROVAL})
        row.head, row.state = number, "draft"
        _forget_oldest(work, row)
        _touch(work, row)


@handles(RebaseProposal)
def rebase_proposal(work: Work, command: RebaseProposal) -> None:
    """Take the file published meanwhile as what the proposal replaces."""
    row = _seen(work, command.proposal_id, command.seen)
    row.base_hash = command.base_hash
    _touch(work, row)


@handles(DiscardProposal)
def discard_proposal(work: Work, command: DiscardProposal) -> None:
    """End a proposal without publishing it."""
    row = _seen(work, command.proposal_id, command.seen)
    row.state = "discarded"
    _touch(work, row)


@handles(PublishProposals)
def publish_proposals(work: Work, command: PublishProposals) -> Deployed:
    """Publish exactly the contents that were checked, over exactly the files they began from."""
    must_publish(work.actor)
    if command.deploy.tenant != work.tenant:
        raise NotFound
    lock_tenant(work)
    rows = [_seen(work, proposal_id, seen) for proposal_id, seen in command.proposals.items()]
    published = _published_hashes(work, command.deploy.agenda)
    review = wants_review(work.session, work.tenant)
    for row in rows:
        if review and review_of(work.session, work.tenant, row.id, row.head).approval is None:
            raise ReviewWanted(path=row.path)
        content = _step(work, row, row.head).content
        if row.agenda != command.deploy.agenda or command.deploy.files.get(row.path) != content.encode():
            raise Invalid("A proposal is not what was to be published.")
        if published.get(row.path, "") != row.base_hash:
            raise PublishedMeanwhile(path=row.path)
    _only_proposed(work, command, review)
    deployed = put_out(work, command.deploy)
    for row in rows:
        row.state, row.published_version = "published", deployed.version
        _touch(work, row)
    return deployed


def _only_proposed(work: Work, command: PublishProposals, review: bool) -> None:
    """Where a second person approves, nothing else is published along with what was approved."""
    newest = newest_deployment(work, command.deploy.agenda)
    if not review or newest is None:
        return
    ids = list(command.proposals)
    paths = set(work.session.scalars(select(ProposalRow.path).where(ProposalRow.id.in_(ids))))
    now = {path: hashlib.sha256(content).hexdigest() for path, content in command.deploy.files.items()}
    published = _published_hashes(work, command.deploy.agenda)
    # A story that tells how it used to be may be left out or told with the parameters as they were: it changes nothing
    # that people meet.
    stories = {path for path in published if path.startswith("scenarios/")}
    other = sorted(path for path in now.keys() | published.keys() if now.get(path) != published.get(path))
    if strange := [path for path in other if path not in paths | stories]:
        raise ReviewWanted(path=strange[0])


def _seen(work: Work, proposal_id: str, seen: int) -> ProposalRow:
    """Give an open proposal, held until the end of the command. Refused when it isn't what the author saw."""
    must_publish(work.actor)
    row = work.session.scalar(
        select(ProposalRow)
        .where(ProposalRow.tenant == work.tenant, ProposalRow.id == proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if row.version != seen or row.state not in OPEN_PROPOSAL:
        raise StaleProposal(version=row.version)
    return row


def _step(work: Work, row: ProposalRow, number: int) -> ProposalStepRow:
    return work.session.scalars(
        select(ProposalStepRow).where(
            ProposalStepRow.tenant == work.tenant,
            ProposalStepRow.proposal_id == row.id,
            ProposalStepRow.number == number,
        )
    ).one()


def _newest_number(work: Work, row: ProposalRow) -> int:
    numbers = select(func.max(ProposalStepRow.number)).where(
        ProposalStepRow.tenant == work.tenant, ProposalStepRow.proposal_id == row.id
    )
    return work.session.scalar(numbers) or 0


def _forget_oldest(work: Work, row: ProposalRow) -> None:
    """Keep the last steps only; what is shown always stays, and the oldest one kept leads no further back."""
    own = (ProposalStepRow.tenant == work.tenant, ProposalStepRow.proposal_id == row.id)
    border = work.session.scalar(
        select(ProposalStepRow.number).where(*own).order_by(ProposalStepRow.number.desc()).offset(MOST_STEPS).limit(1)
    )
    if border is not None:
        work.session.execute(delete(ProposalStepRow).where(*own, ProposalStepRow.number <= border))
        gone = (ProposalStepRow.parent <= border,)
        work.session.execute(update(ProposalStepRow).where(*own, *gone).values(parent=None))


def _add_step(
    work: Work, row: ProposalRow, numbers: tuple[int, int | None], content: str, what: Mapping[str, Json]
) -> None:
    number, parent = numbers
    work.session.add(
        ProposalStepRow(
            id=new_id(),
            tenant=work.tenant,
            proposal_id=row.id,
            number=number,
            parent=parent,
            content=content,
            what=dict(what),
            made_at=work.now,
            author=work.actor.username or "",
            author_name=work.actor.name,
        )
    )


def _touch(work: Work, row: ProposalRow) -> int:
    row.version += 1
    row.changed_at = work.now
    row.changed_by, row.changed_by_name = work.actor.username or "", work.actor.name
    work.session.flush()
    return row.version


def _published_hashes(work: Work, agenda: str) -> Mapping[str, str]:
    newest = newest_deployment(work, agenda)
    if newest is None:
        return {}
    files = work.session.execute(
        select(DeploymentFileRow.path, DeploymentFileRow.content).where(
            DeploymentFileRow.tenant == work.tenant, DeploymentFileRow.deployment_id == newest.id
        )
    )
    return {path: hashlib.sha256(content).hexdigest() for path, content in files}
