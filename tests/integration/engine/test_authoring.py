"""Proposals: one of a file at a time, steps back and forth, nobody's change overwritten, published only as checked."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

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
from engine.commands import ChangeTenant, Deploy
from engine.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    OwnChange,
    PublishedMeanwhile,
    ReviewWanted,
    StaleProposal,
)
from engine.handlers import authoring
from engine.model import SYSTEM, Actor, Deployed
from engine.store.authoring import ProposalRow, ProposalStepRow
from tests.integration.diagrams import diagram
from tests.integration.office import JANA, Office

AUTHOR = Actor(kind="person", username="autor", name="Eva", groups=frozenset({"author"}))
COLLEAGUE = Actor(kind="person", username="kolega", name="Ota", groups=frozenset({"author"}))
PATH = "forms/dog.json"
CHANGED = '{"title": "Psi"}'
PROCESS = diagram("<startEvent id='s'/><endEvent id='e'/><sequenceFlow id='f' sourceRef='s' targetRef='e'/>")


@pytest.fixture
def office(engine_on: Office) -> Office:
    """An office with an agenda that has one form."""
    engine_on.deploy(PROCESS, files={PATH: b'{"title": "Pes"}'})
    return engine_on


def opened(office: Office, by: Actor = AUTHOR, base: bytes = b'{"title": "Pes"}') -> str:
    return office.do(
        OpenProposal, by, agenda="agenda", path=PATH, content=base.decode(), base_hash=sha256(base).hexdigest()
    )


def revise(office: Office, proposal: str, seen: int, content: str, by: Actor = AUTHOR) -> int:
    return office.do(ReviseProposal, by, proposal_id=proposal, seen=seen, content=content, what={"edit": "details"})


def shown(office: Office, proposal: str) -> str:
    row = office.rows(ProposalRow, id=proposal)[0]
    return office.rows(ProposalStepRow, proposal_id=proposal, number=row.head)[0].content


def publish(office: Office, proposals: Mapping[str, int], content: str, **files: Any) -> Deployed:
    deploy = Deploy(
        tenant=office.tenant,
        actor=AUTHOR,
        agenda="agenda",
        title={"cs": "agenda"},
        files={"0.bpmn": PROCESS, PATH: content.encode(), **files},
    )
    return office.do(PublishProposals, AUTHOR, deploy=deploy, proposals=proposals)


def test_two_people_who_begin_the_same_file_share_one_proposal(office: Office) -> None:
    assert opened(office) == opened(office, COLLEAGUE, b"else")
    assert len(office.rows(ProposalRow)) == 1


def test_nobody_overwrites_what_a_colleague_has_done_meanwhile(office: Office) -> None:
    proposal = opened(office)
    assert revise(office, proposal, 1, "eva") == 2
    with pytest.raises(StaleProposal):
        revise(office, proposal, 1, "ota", COLLEAGUE)
    assert shown(office, proposal) == "eva"
    revise(office, proposal, 2, "ota", COLLEAGUE)
    assert office.rows(ProposalRow, id=proposal)[0].changed_by_name == "Ota"


def test_only_the_last_steps_are_kept_and_going_back_ends_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authoring, "MOST_STEPS", 3)
    proposal = opened(office)
    for number in range(1, 7):
        revise(office, proposal, number, f"step {number}")
    assert sorted(row.number for row in office.rows(ProposalStepRow, proposal_id=proposal)) == [5, 6, 7]
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=7, back=True)
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=8, back=True)
    assert shown(office, proposal) == "step 4"
    with pytest.raises(Conflict):
        office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=9, back=True)
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=9, back=False)
    assert shown(office, proposal) == "step 5"


def test_going_back_shows_the_very_same_text_and_a_new_step_loses_nothing(office: Office) -> None:
    proposal = opened(office)
    for number, text in enumerate(("one", "two"), 1):
        revise(office, proposal, number, text)
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=3, back=True)
    assert shown(office, proposal) == "one"
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=4, back=False)
    assert shown(office, proposal) == "two"
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=5, back=True)
    revise(office, proposal, 6, "three")
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=7, back=True)
    office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=8, back=False)
    assert shown(office, proposal) == "three"
    with pytest.raises(Conflict):
        office.do(StepProposal, AUTHOR, proposal_id=proposal, seen=9, back=False)
    assert [row.content for row in office.rows(ProposalStepRow)] == ['{"title": "Pes"}', "one", "two", "three"]


def test_an_edit_that_changes_nothing_is_no_step(office: Office) -> None:
    proposal = opened(office)
    assert revise(office, proposal, 1, '{"title": "Pes"}') == 1
    assert len(office.rows(ProposalStepRow)) == 1


def test_what_was_checked_is_published_and_the_proposal_ends(office: Office) -> None:
    proposal = opened(office)
    revise(office, proposal, 1, '{"title": "Psi"}')
    assert publish(office, {proposal: 2}, '{"title": "Psi"}').version == 2
    row = office.rows(ProposalRow, id=proposal)[0]
    assert (row.state, row.published_version) == ("published", 2)
    assert opened(office, base=b'{"title": "Psi"}') != proposal


def test_a_step_taken_after_the_check_or_other_contents_are_not_published(office: Office) -> None:
    proposal = opened(office)
    revise(office, proposal, 1, "new")
    with pytest.raises(StaleProposal):
        publish(office, {proposal: 1}, "new")
    with pytest.raises(Invalid):
        publish(office, {proposal: 2}, "something else")
    assert office.rows(ProposalRow, id=proposal)[0].state == "draft"


def test_a_version_published_meanwhile_is_not_silently_replaced(office: Office) -> None:
    proposal = opened(office)
    revise(office, proposal, 1, "new")
    office.deploy(PROCESS, files={PATH: b"meanwhile"})
    with pytest.raises(PublishedMeanwhile):
        publish(office, {proposal: 2}, "new")
    base = sha256(b"meanwhile").hexdigest()
    office.do(RebaseProposal, AUTHOR, proposal_id=proposal, seen=2, base_hash=base)
    assert publish(office, {proposal: 3}, "new").version == 3


def test_a_colleague_is_asked_and_an_edit_takes_it_back(office: Office) -> None:
    proposal = opened(office)
    office.do(HandProposal, AUTHOR, proposal_id=proposal, seen=1, review=True, note="Prosím")
    assert office.rows(ProposalRow)[0].state == "review"
    revise(office, proposal, 2, "other", COLLEAGUE)
    assert office.rows(ProposalRow)[0].state == "draft"


def test_what_was_thrown_away_is_over_and_another_one_can_begin(office: Office) -> None:
    proposal = opened(office)
    office.do(DiscardProposal, AUTHOR, proposal_id=proposal, seen=1)
    with pytest.raises(StaleProposal):
        revise(office, proposal, 2, "late")
    assert opened(office) != proposal


def test_only_authors_of_the_same_organisation_change_and_publish(office: Office) -> None:
    with pytest.raises(NotAllowed):
        opened(office, JANA)
    proposal = opened(office)
    with pytest.raises(NotAllowed):
        revise(office, proposal, 1, "jana", JANA)
    office.add_tenant("elsewhere")
    command = ReviseProposal(tenant="elsewhere", actor=AUTHOR, proposal_id=proposal, seen=1, content="theirs")
    with pytest.raises(NotFound):
        office.engine.execute(command)


# --- a second person's approval ---------------------------------------------------------------------------------------


@pytest.fixture
def careful(office: Office) -> Office:
    """The office publishes only what a second person has approved."""
    office.do(ChangeTenant, SYSTEM, name="Úřad", settings={"review": True})
    return office


def approve(office: Office, proposal: str, seen: int, by: Actor) -> None:
    office.do(ApproveProposals, by, proposals={proposal: seen})


def test_nothing_is_published_before_somebody_else_approved_it(careful: Office) -> None:
    proposal = opened(careful)
    seen = revise(careful, proposal, 1, CHANGED)
    with pytest.raises(ReviewWanted):
        publish(careful, {proposal: seen}, CHANGED)
    with pytest.raises(OwnChange):
        approve(careful, proposal, seen, AUTHOR)
    approve(careful, proposal, seen, COLLEAGUE)
    assert publish(careful, {proposal: seen + 1}, CHANGED).changed


def test_a_later_change_needs_approval_anew_and_everybody_who_took_part_is_an_author(careful: Office) -> None:
    proposal = opened(careful)
    approve(careful, proposal, revise(careful, proposal, 1, CHANGED), COLLEAGUE)
    seen = revise(careful, proposal, 3, '{"title": "Kočka"}', COLLEAGUE)
    with pytest.raises(ReviewWanted):
        publish(careful, {proposal: seen}, '{"title": "Kočka"}')
    for somebody in (AUTHOR, COLLEAGUE):
        with pytest.raises(OwnChange):
            approve(careful, proposal, seen, somebody)
    back = careful.do(StepProposal, AUTHOR, proposal_id=proposal, seen=seen, back=True)
    assert publish(careful, {proposal: back}, CHANGED).changed


def test_a_step_that_calls_itself_an_approval_is_none(careful: Office) -> None:
    proposal = opened(careful)
    revise(careful, proposal, 1, '{"title": "Kočka"}')
    seen = careful.do(
        ReviseProposal, COLLEAGUE, proposal_id=proposal, seen=2, content=CHANGED, what={"edit": "approve"}
    )
    with pytest.raises(ReviewWanted):
        publish(careful, {proposal: seen}, CHANGED)


def test_a_stale_look_approves_nothing_and_strangers_cannot(careful: Office) -> None:
    proposal = opened(careful)
    seen = revise(careful, proposal, 1, CHANGED)
    with pytest.raises(StaleProposal):
        approve(careful, proposal, seen - 1, COLLEAGUE)
    with pytest.raises(NotAllowed):
        approve(careful, proposal, seen, JANA)


def test_nothing_else_goes_out_with_what_was_approved_nor_past_it(careful: Office) -> None:
    proposal = opened(careful)
    approve(careful, proposal, revise(careful, proposal, 1, CHANGED), COLLEAGUE)
    with pytest.raises(ReviewWanted):
        publish(careful, {proposal: 3}, CHANGED, **{"documents/letter.md": b"x"})
    whole = {"agenda": "agenda", "title": {"cs": "Agenda"}}
    with pytest.raises(ReviewWanted):
        careful.do(Deploy, AUTHOR, **whole, files={"0.bpmn": PROCESS, PATH: b"{}"})
    assert careful.do(Deploy, AUTHOR, agenda="new", title={"cs": "Nová"}, files={PATH: b"{}"}).version == 1
