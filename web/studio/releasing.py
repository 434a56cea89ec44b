"""From what is being changed to a new version of the agenda: what changes, the check, the stories, publishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.authoring import PublishProposals
from engine.diagram import Model, Problem
from engine.errors import OwnChange, PublishedMeanwhile, ReviewWanted, StaleProposal
from engine.queries.authoring import ProposalFacts, open_proposals
from engine.reading import read_model
from engine.reading.layout import read_layout
from processes.agenda import parse_agenda
from processes.catalogue import to_command
from processes.scenarios import Coverage
from web.auth import actor, sign_in_required
from web.errors import sentence as sentence_of
from web.here import session
from web.i18n import _, language
from web.inspection import inspect
from web.studio import drafts, hand
from web.studio.asked import version_seen
from web.studio.comparing import differing
from web.studio.drafts import Draft
from web.studio.performing import Performance, StoriesBroken, performed
from web.studio.problems import begun_elsewhere, problems_of
from web.studio.rooms import DIAGRAMS, in_rooms
from web.tenancy import tenant_key
from web.ui.diagram import Marks, draw

blueprint = Blueprint("releasing", __name__, url_prefix="/studio/<agenda>")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the page says besides what it always does."""

    message: str = ""
    status: int = 200
    problems: Sequence[Problem] | None = None
    performance: Performance | None = None
    chosen: Sequence[str] | None = None


@in_rooms(blueprint, "GET", "/zverejnit")
@sign_in_required
def page(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """What would be published."""
    return shown(drafts.in_hand(agenda, key, room), Said())


@in_rooms(blueprint, "POST", "/zverejnit/pribehy")
@sign_in_required
def perform(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Play all stories, publish nothing."""
    draft = drafts.in_hand(agenda, key, room)
    chosen = request.form.getlist("with")
    performance = performed(files_of(draft, together(draft, chosen)), draft.published.agenda)
    return shown(draft, Said(performance=performance, chosen=chosen))


@in_rooms(blueprint, "POST", "/zverejnit")
@sign_in_required
def publish(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Check the whole agenda, play its stories, and publish it when everything comes out."""
    draft = drafts.in_hand(agenda, key, room)
    chosen = request.form.getlist("with")
    if version_seen() != draft.proposal.version:
        return shown(draft, Said(message=_("A colleague has changed it meanwhile."), status=409, chosen=chosen))
    proposals = together(draft, chosen)
    files = files_of(draft, proposals)
    problems = inspect(files, language(), elsewhere=begun_elsewhere)
    if any(one.severity == "error" for one in problems):
        sentence = _("The agenda has errors, so it can't be published.")
        return shown(draft, Said(message=sentence, status=422, problems=problems, chosen=chosen))
    performance = performed(files, draft.published.agenda)
    try:
        told = performance.settled(files, request.form.getlist("leave"), "keep_values" in request.form)
    except StoriesBroken:
        sentence = _("A story doesn't come out as it should, so nothing was published.")
        return shown(draft, Said(message=sentence, status=422, performance=performance, chosen=chosen))
    files, left_out = told, files.keys() - told.keys()
    seen = {one.id: one.version for one in (draft.proposal, *proposals)}
    deploy = to_command(parse_agenda(files), files, tenant_key(), actor())
    try:
        deployed = hand.execute(PublishProposals(tenant=tenant_key(), actor=actor(), deploy=deploy, proposals=seen))
    except PublishedMeanwhile:
        sentence = _("Another version was published meanwhile. Look at it first.")
        return shown(drafts.in_hand(agenda, key, room), Said(message=sentence, status=409, chosen=chosen))
    except StaleProposal:
        sentence = _("A colleague has changed it meanwhile.")
        return shown(drafts.in_hand(agenda, key, room), Said(message=sentence, status=409, chosen=chosen))
    except ReviewWanted as error:
        sentence = f"{sentence_of(error)} {error.facts.get('path', '')}"
        return shown(drafts.in_hand(agenda, key, room), Said(message=sentence, status=409, chosen=chosen))
    flash(_("Published as version %(number)s. Cases that run stay on theirs.", number=deployed.version))
    if left_out:
        flash(_("Stories left out: %(stories)s. Play new ones in their place.", stories=", ".join(sorted(left_out))))
    return redirect(url_for("studio.agenda", agenda=agenda), 303)


@in_rooms(blueprint, "POST", "/zverejnit/kolegovi")
@sign_in_required
def hand_over(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Ask a colleague to look, or take it back."""
    draft = drafts.in_hand(agenda, key, room)
    hand.give_to_review(draft.proposal)
    return redirect(url_for("releasing.page", **draft.address), 303)


@in_rooms(blueprint, "POST", "/zverejnit/schvalit")
@sign_in_required
def approve(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Agree with this change and those that are ticked; none of them may be one's own."""
    draft = drafts.in_hand(agenda, key, room)
    chosen = request.form.getlist("with")
    if version_seen() != draft.proposal.version:
        sentence = _("A colleague has changed it meanwhile.")
        return shown(draft, Said(message=sentence, status=409, chosen=chosen))
    try:
        hand.approve(draft.proposal, *together(draft, chosen))
    except (OwnChange, StaleProposal) as error:
        return shown(draft, Said(message=sentence_of(error), status=409, chosen=chosen))
    return redirect(url_for("releasing.page", **draft.address), 303)


@in_rooms(blueprint, "POST", "/zverejnit/ponechat")
@sign_in_required
def rebase(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Publish this diagram in place of the one published meanwhile."""
    draft = drafts.in_hand(agenda, key, room)
    hand.put_over(draft.proposal, draft.published.content(draft.path))
    return redirect(url_for("releasing.page", **draft.address), 303)


def shown(draft: Draft, said: Said) -> ResponseReturnValue:
    """The page with the differences, what the check says and how the stories came out."""
    published, is_drawn = draft.published.content(draft.path), draft.room == DIAGRAMS
    others = others_of(draft)
    chosen = {one.path for one in others} if said.chosen is None else set(said.chosen)
    files = files_of(draft, [one for one in others if one.path in chosen])
    coverage = said.performance.coverage if said.performance and not said.performance.problem else None
    marks = Marks(done=coverage.seen_nodes, taken=coverage.seen_flows) if coverage else Marks()
    problems = problems_of(files, draft.path, draft.published.agenda.key) if said.problems is None else said.problems
    content = render_template(
        "studio/release.html",
        draft=draft,
        said=said,
        problems=problems,
        errors=[one for one in problems if one.severity == "error"],
        differing=differing(draft.room, published, draft.data) if published is not None else None,
        is_new=published is None,
        unchanged=published == draft.data and not others,
        moved_on=hand.hash_of(published) != draft.proposal.base_hash,
        others=others,
        eyes=hand.eyes_on(draft.proposal),
        eyes_on=hand.eyes_on,
        chosen=chosen,
        sheet=draw(read_layout(draft.data), marks) if is_drawn else None,
        missing=missing(coverage, draft) if coverage and is_drawn else [],
        percent=coverage.percent() if coverage else None,
    )
    return content, said.status


def others_of(draft: Draft) -> list[ProposalFacts]:
    """What else of the agenda is being changed."""
    found = open_proposals(session(), tenant_key(), draft.published.agenda.key)
    return [one for one in found if one.id != draft.proposal.id]


def together(draft: Draft, chosen: Sequence[str]) -> list[ProposalFacts]:
    """The proposals that are published with this one."""
    return [one for one in others_of(draft) if one.path in chosen]


def files_of(draft: Draft, proposals: Sequence[ProposalFacts]) -> Mapping[str, bytes]:
    """The agenda as it would be published."""
    files = {**draft.published.agenda.files, draft.path: draft.data}
    for one in proposals:
        files[one.path] = drafts.content_now(one)
    return files


def missing(coverage: Coverage, draft: Draft) -> list[str]:
    """Parts of this diagram that no story goes through, by name."""
    model = read_model(draft.data)
    return [name_in(model, one) for one in coverage.missing if one in model.nodes or one in model.flows]


def name_in(model: Model, element: str) -> str:
    """What an element is called; a flow by where it leads."""
    if element in model.flows:
        flow = model.flows[element]
        return f"{flow.name or '→'} ({name_in(model, flow.source)} → {name_in(model, flow.target)})"
    node = model.nodes.get(element)
    return (node.name if node else "") or element
