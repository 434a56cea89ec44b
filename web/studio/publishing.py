"""From a proposal to a new version of the agenda: what changes, whether it is right, a colleague's eyes, publishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.authoring import PublishProposals
from engine.diagram import Problem
from engine.errors import OwnChange, PublishedMeanwhile, ReviewWanted, StaleProposal
from engine.queries.authoring import content_of
from forms.edit import document
from processes.agenda import parse_agenda
from processes.catalogue import to_command
from web.auth import actor, sign_in_required
from web.errors import sentence as sentence_of
from web.form_registers import public_fields_in
from web.here import session
from web.i18n import _, language
from web.inspection import form_problems, inspect
from web.mending import mended
from web.studio import hand
from web.studio.asked import version_seen
from web.studio.hand import InHand
from web.studio.performing import StoriesBroken, Told, performed
from web.studio.problems import begun_elsewhere
from web.studio.telling import told
from web.studio.words import Word
from web.tenancy import tenant_key

blueprint = Blueprint("publishing", __name__, url_prefix="/studio/<agenda>/formulare/<key>/zverejnit")

#: Rules of the check for forms in the author's words; the place and the details stand beside.
RULES: Mapping[str, Word] = {
    "form-schema": lazy_gettext("The form can't be asked as it is."),
    "form-reference": lazy_gettext("A part refers to something that is not there."),
    "form-format": lazy_gettext("A format is not known here and will not be checked."),
    "form-condition": lazy_gettext("A condition holds also while its question is not answered."),
    "form-expression": lazy_gettext("A computed value or rule can't be read."),
    "form-steps": lazy_gettext("A step names a question that the form does not have."),
    "form-translation": lazy_gettext("A translation belongs to nothing."),
    "form-register": lazy_gettext("A register is asked that is not there, or for what is not public of it."),
    "form-prefill": lazy_gettext("Filling in from a register names a question that the form does not have."),
}


@blueprint.get("")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """What would be published."""
    return shown(hand.in_hand(agenda, key))


@blueprint.post("")
@sign_in_required
def publish(agenda: str, key: str) -> ResponseReturnValue:
    """Check the whole agenda, play its stories, and publish it when everything comes out."""
    found = hand.in_hand(agenda, key)
    if version_seen() != found.proposal.version:
        return shown(found, _("A colleague has changed the form meanwhile. Look at the changes once more."), 409)
    files = files_with(found)
    problems = inspect(files, language(), elsewhere=begun_elsewhere)
    if any(one.severity == "error" for one in problems):
        return shown(found, _("The agenda has errors, so it can't be published."), 422, problems)
    try:
        whole = settled(found, files)
    except StoriesBroken as stopped:
        sentence = _("A story doesn't come out as it should, so nothing was published.")
        return shown(found, sentence, 422, broken=stopped.broken)
    deploy = to_command(parse_agenda(whole), whole, tenant_key(), actor())
    command = PublishProposals(
        tenant=tenant_key(), actor=actor(), deploy=deploy, proposals={found.proposal.id: found.proposal.version}
    )
    try:
        deployed = hand.execute(command)
    except PublishedMeanwhile:
        return shown(hand.in_hand(agenda, key), _("Another version was published meanwhile. Look at it first."), 409)
    except StaleProposal:
        return shown(hand.in_hand(agenda, key), _("A colleague has changed the form meanwhile."), 409)
    except ReviewWanted as error:
        return shown(hand.in_hand(agenda, key), sentence_of(error), 409)
    flash(_("Published as version %(number)s. Cases that run stay on theirs.", number=deployed.version))
    return redirect(url_for("studio.agenda", agenda=agenda), 303)


@blueprint.post("/kolegovi")
@sign_in_required
def hand_over(agenda: str, key: str) -> ResponseReturnValue:
    """Ask a colleague to look, or take it back."""
    found = hand.in_hand(agenda, key)
    hand.give_to_review(found.proposal)
    return redirect(url_for("publishing.page", agenda=agenda, key=key), 303)


@blueprint.post("/schvalit")
@sign_in_required
def approve(agenda: str, key: str) -> ResponseReturnValue:
    """Agree with what others changed."""
    found = hand.in_hand(agenda, key)
    if version_seen() != found.proposal.version:
        return shown(found, _("A colleague has changed the form meanwhile. Look at the changes once more."), 409)
    try:
        hand.approve(found.proposal)
    except (OwnChange, StaleProposal) as error:
        return shown(found, sentence_of(error), 409)
    return redirect(url_for("publishing.page", agenda=agenda, key=key), 303)


@blueprint.post("/ponechat")
@sign_in_required
def rebase(agenda: str, key: str) -> ResponseReturnValue:
    """Publish this form in place of the one published meanwhile."""
    found = hand.in_hand(agenda, key)
    hand.put_over(found.proposal, found.published.content(hand.path_of(key)))
    return redirect(url_for("publishing.page", agenda=agenda, key=key), 303)


def settled(found: InHand, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The agenda's files without stories that the author leaves out. Raises StoriesBroken.

    A form that no diagram asks is in no story.
    """
    if not is_asked(files, found.key):
        return files
    return performed(files).settled(files, request.form.getlist("leave"), keep_values=False)


def shown(
    found: InHand,
    message: str = "",
    status: int = 200,
    agenda_problems: list[Problem] | None = None,
    broken: Sequence[Told] = (),
) -> ResponseReturnValue:
    """The page with the differences and what the check says: of the form at once, of the agenda when it was asked."""
    files = files_with(found)
    own_path = hand.path_of(found.key)
    known = public_fields_in(files, found.agenda.registers)
    said_of_form = form_problems(found.schema, own_path, known)
    problems = agenda_problems or [mended(one, language()) for one in said_of_form]
    published = found.published.content(hand.path_of(found.key))
    old = document.read(published) if published is not None else None
    content = render_template(
        "studio/publish.html",
        hand=found,
        changes=told(old, found.schema) if old is not None else [],
        is_new=old is None,
        is_asked=is_asked(files, found.key),
        unchanged=published is not None and published == files[own_path],
        moved_on=hand.hash_of(published) != found.proposal.base_hash,
        own=[one for one in problems if one.file == own_path],
        errors=[one for one in problems if one.severity == "error"],
        in_words=in_words,
        eyes=hand.eyes_on(found.proposal),
        message=message,
        broken=broken,
    )
    return content, status


def is_asked(files: Mapping[str, bytes], key: str) -> bool:
    """Whether a diagram names the form, or finds the name of a form only when it runs."""
    drawn = [content for path, content in files.items() if path.endswith(".bpmn")]
    return any(f'form="{key}"'.encode() in one or b"formFrom=" in one for one in drawn)


def files_with(found: InHand) -> Mapping[str, bytes]:
    """The agenda's files with this form in place of the published one."""
    content = content_of(session(), tenant_key(), found.proposal.id, found.proposal.head)
    return {**found.agenda.files, hand.path_of(found.key): content.encode()}


def in_words(problem: Problem) -> str:
    """A problem as an author reads it."""
    return str(RULES.get(problem.rule, problem.message))
