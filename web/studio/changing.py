"""Everything of an agenda that is being changed: what differs, a colleague's eyes, publishing what is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.authoring import DiscardProposal, HandProposal, RebaseProposal
from engine.errors import NotFound, OwnChange, PublishedMeanwhile, StaleProposal
from engine.queries.authoring import ProposalFacts, open_proposals, review_wanted
from processes.agenda import MANIFEST
from web.auth import actor, sign_in_required
from web.digits import whole
from web.errors import sentence as sentence_of
from web.here import session
from web.i18n import _
from web.studio import drafts, hand
from web.studio.hand import LONGEST_NOTE, Published
from web.studio.home import address_of, title_of
from web.studio.issuing import NotIssued, issue_changes
from web.studio.lines import Line, difference
from web.studio.rooms import key_of, room_of
from web.studio.told_parameters import Told, told
from web.studio.writing import PATH, heading
from web.tenancy import tenant_key

blueprint = Blueprint("changing", __name__, url_prefix="/studio/<agenda>/zmeny")


@dataclass(frozen=True, kw_only=True)
class Change:
    """A file being changed, beside what is published."""

    facts: ProposalFacts
    title: str
    #: Where it is gone on with; of a file with a page of its own, where its difference is shown.
    url: str
    has_page: bool
    eyes: hand.Eyes
    is_new: bool
    #: The published file isn't the one that the change began from.
    moved_on: bool
    lines: Sequence[Line]
    parameters: Sequence[Told]


@blueprint.get("")
@sign_in_required
def page(agenda: str) -> ResponseReturnValue:
    """What is being changed."""
    hand.require_author()
    return shown(hand.published(agenda))


@blueprint.post("")
@sign_in_required
def act(agenda: str) -> ResponseReturnValue:
    """Publish, approve or hand over what is chosen, as the page showed it."""
    hand.require_author()
    published = hand.published(agenda)
    chosen = [
        one for one in open_proposals(session(), tenant_key(), agenda) if one.path in request.form.getlist("with")
    ]
    if not chosen:
        return shown(published, _("Choose at least one change."), 422)
    if any(whole(request.form.get(f"seen:{one.path}", "")) != one.version for one in chosen):
        return shown(published, _("A colleague has changed it meanwhile."), 409)
    doing = {"approve": approve, "ask": hand_over, "back": hand_over}.get(request.form.get("_go", ""), publish)
    try:
        doing(published, chosen)
    except NotIssued as refused:
        details = " ".join(one.message for one in refused.problems[:3])
        return shown(hand.published(agenda), " ".join((str(refused), details)).strip(), 422, refused)
    except PublishedMeanwhile:
        sentence = _("Another version was published meanwhile. Look at it first.")
        return shown(hand.published(agenda), sentence, 409)
    except (OwnChange, StaleProposal) as error:
        return shown(hand.published(agenda), sentence_of(error), 409)
    return redirect(url_for("studio.agenda" if doing is publish else "changing.page", agenda=agenda), 303)


def publish(published: Published, chosen: Sequence[ProposalFacts]) -> None:
    """Check the agenda with the changes, play its stories, and publish it. Raises NotIssued."""
    number = issue_changes(published, chosen, request.form.getlist("leave"), keep_values="keep_values" in request.form)
    flash(_("Published as version %(number)s. Cases that run stay on theirs.", number=number))


def approve(_published: Published, chosen: Sequence[ProposalFacts]) -> None:
    """Agree with what others changed. Raises OwnChange, StaleProposal."""
    hand.approve(*chosen)


def hand_over(_published: Published, chosen: Sequence[ProposalFacts]) -> None:
    """Ask a colleague to look, or take it back. Raises StaleProposal."""
    review = request.form.get("_go") == "ask"
    note = request.form.get("note", "").strip()[:LONGEST_NOTE]
    for one in chosen:
        given = HandProposal(
            tenant=tenant_key(), actor=actor(), proposal_id=one.id, seen=one.version, review=review, note=note
        )
        hand.execute(given)
    flash(_("It waits for a colleague on the studio's first page.") if review else _("It is being changed again."))


@blueprint.post("/zahodit")
@sign_in_required
def throw_away(agenda: str) -> ResponseReturnValue:
    """Forget one change."""
    hand.require_author()
    one = chosen_one(agenda)
    hand.execute(DiscardProposal(**as_seen(one)))
    flash(_("The changes were thrown away."))
    return redirect(url_for("changing.page", agenda=agenda), 303)


@blueprint.post("/ponechat")
@sign_in_required
def rebase(agenda: str) -> ResponseReturnValue:
    """Let one change take the place of what was published meanwhile."""
    hand.require_author()
    one = chosen_one(agenda)
    content = hand.published(agenda).content(one.path)
    hand.execute(RebaseProposal(**as_seen(one), base_hash=hand.hash_of(content)))
    return redirect(url_for("changing.page", agenda=agenda), 303)


def chosen_one(agenda: str) -> ProposalFacts:
    """The change that a post is about. Raises NotFound."""
    found = open_proposals(session(), tenant_key(), agenda)
    one = next((one for one in found if one.path == request.form.get("path")), None)
    if one is None:
        raise NotFound
    return one


def as_seen(proposal: ProposalFacts) -> dict[str, Any]:
    """Whose command it is, over the version that the page showed."""
    seen = whole(request.form.get("seen", "")) or 0
    return {"tenant": tenant_key(), "actor": actor(), "proposal_id": proposal.id, "seen": seen}


def shown(
    published: Published, message: str = "", status: int = 200, refused: NotIssued | None = None
) -> ResponseReturnValue:
    """The page; where publishing was `refused`, with the stories that don't come out."""
    content = render_template(
        "studio/in_work.html",
        published=published,
        changes=changes_of(published),
        message=message,
        broken=refused.broken if refused else (),
        as_before=refused.as_before if refused else (),
        ticked=request.form.getlist("with"),
        wanted=review_wanted(session(), tenant_key()),
    )
    return content, status


def changes_of(published: Published) -> list[Change]:
    """Every open change of the agenda, the last one first."""
    return [change_of(published, one) for one in open_proposals(session(), tenant_key(), published.agenda.key)]


def change_of(published: Published, one: ProposalFacts) -> Change:
    """A change beside what is published."""
    before = published.content(one.path)
    has_page = room_of(one.path) is not None or one.path.startswith("forms/")
    old = (before or b"").decode("utf-8-sig", "replace")
    new = "" if has_page else drafts.content_now(one).decode("utf-8", "replace")
    return Change(
        facts=one,
        title=title_in_words(published, one, new),
        url=url_to(published, one),
        has_page=has_page,
        eyes=hand.eyes_on(one),
        is_new=before is None,
        moved_on=hand.hash_of(before) != one.base_hash,
        lines=[] if has_page else difference(old, new),
        parameters=told(old, new) if one.path == MANIFEST else [],
    )


def title_in_words(published: Published, one: ProposalFacts, text: str) -> str:
    """What a file is called."""
    if one.path == MANIFEST:
        return _("Parameters and services on the portal")
    if PATH.fullmatch(one.path):
        return heading(one.path, text)
    if room := room_of(one.path):
        return drafts.title_of(published, key_of(one.path), drafts.content_now(one), room)
    return title_of(one, published.deployment_id)


def url_to(published: Published, one: ProposalFacts) -> str:
    """Where a change is gone on with."""
    key = published.agenda.key
    if one.path == MANIFEST:
        return url_for("tuning.page", agenda=key)
    if PATH.fullmatch(one.path):
        return url_for("writing.page", agenda=key, path=one.path)
    return address_of(one)
