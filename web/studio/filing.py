"""What is done with a file in the studio's rooms: taken up, kept as it is changed, checked, stepped back, exchanged."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.authoring import StepProposal
from engine.check import unreadable
from engine.diagram import Problem
from engine.errors import Conflict, EngineError, NotFound, StaleProposal, UnreadableModel
from engine.model import Json
from engine.queries.authoring import proposal_of
from web.auth import actor, sign_in_required
from web.headers import as_file
from web.here import now, session
from web.i18n import _, language
from web.studio import drafts, hand, rooms
from web.studio.asked import version_seen
from web.studio.drafts import Draft
from web.studio.lending import lender_of
from web.studio.problems import problems_of
from web.studio.rooms import in_rooms
from web.tenancy import tenant_key
from web.ui.words import clock

blueprint = Blueprint("filing", __name__, url_prefix="/studio/<agenda>")


class NoFile(Exception):
    """Nothing was sent; the message says what to do."""


@in_rooms(blueprint, "POST", "/otevrit")
@sign_in_required
def take_up(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Begin to change a published file."""
    hand.require_author()
    published = hand.published(agenda)
    content = published.content(rooms.path_of(key, room))
    if content is None:
        raise NotFound
    if room == rooms.REGISTERS and lender_of(agenda, content) is not None:
        flash(_("This register belongs to another agenda; it is changed there."))
        return redirect(url_for(rooms.PAGES[room], agenda=agenda, key=key), 303)
    hand.begin(published, rooms.path_of(key, room), drafts.readable(content, room))
    return redirect(url_for(rooms.PAGES[room], agenda=agenda, key=key), 303)


@in_rooms(blueprint, "GET", "{suffix}")
@sign_in_required
def export(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """The file: as it is being changed, else as it is published."""
    hand.require_author()
    path = rooms.path_of(key, room)
    if proposal_of(session(), tenant_key(), agenda, path):
        data = drafts.in_hand(agenda, key, room).data
    else:
        found = hand.published(agenda).content(path)
        if found is None:
            raise NotFound
        data = found
    kind = "application/json" if room == rooms.REGISTERS else "application/xml"
    return as_file(Response(data, mimetype=kind), path.rpartition("/")[2])


@in_rooms(blueprint, "POST", "/ulozit")
@sign_in_required
def save(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Keep the file as the author has it now; 409 with who was quicker, 422 with what can't be read."""
    draft = drafts.in_hand(agenda, key, room)
    text = request.form.get("xml", "")
    try:
        drafts.readable(text.encode(), room)
    except UnreadableModel as error:
        return jsonify(message=why(error)), 422
    try:
        version = hand.revise(draft.proposal, version_seen(), text, {"edit": "draw"})
    except StaleProposal:
        return jsonify(overtaken(drafts.in_hand(agenda, key, room))), 409
    return jsonify(version=version, saved=clock(now()))


def overtaken(draft: Draft) -> dict[str, Json]:
    """Who changed the file meanwhile."""
    facts = draft.proposal
    who, when = facts.changed_by_name, clock(facts.changed_at)
    message = _("%(who)s saved this at %(when)s, after you opened it.", who=who, when=when)
    return {"version": facts.version, "message": message}


@in_rooms(blueprint, "POST", "/kontrola")
@sign_in_required
def check(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """What is wrong with the file as it is just being changed. Nothing is saved."""
    draft = drafts.in_hand(agenda, key, room)
    data = request.form.get("xml", "").encode()
    if len(data) > drafts.MOST_BYTES:
        return jsonify(message=_("The file is larger than 3 MB.")), 413
    files = {**draft.files, draft.path: data}
    return jsonify(problems=[as_json(one) for one in problems_of(files, draft.path, agenda)])


def as_json(problem: Problem) -> dict[str, Json]:
    """A problem for the editor."""
    return {
        "severity": problem.severity,
        "rule": problem.rule,
        "element": problem.element,
        "message": problem.message,
        "mend": problem.mend,
        "path": list(problem.path),
    }


@in_rooms(blueprint, "POST", "/krok")
@sign_in_required
def step(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Take the last saved step back, or take it again."""
    draft = drafts.in_hand(agenda, key, room)
    back = request.form.get("way") != "forth"
    try:
        hand.execute(
            StepProposal(
                tenant=tenant_key(), actor=actor(), proposal_id=draft.proposal.id, seen=version_seen(), back=back
            )
        )
    except StaleProposal:
        flash(_("A colleague has changed it meanwhile; this is how it looks now."))
    except Conflict:
        pass  # Nothing further that way: the page comes as it is.
    return redirect(draft.page, 303)


@in_rooms(blueprint, "POST", "/nahrat")
@sign_in_required
def replace(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Take another file in place of this one; the step can be taken back."""
    draft = drafts.in_hand(agenda, key, room)
    try:
        text = drafts.readable(uploaded(), room)
    except NoFile as error:
        flash(str(error))
    except UnreadableModel as error:
        flash(_("The file can't be used: %(why)s", why=why(error)))
    else:
        hand.revise(draft.proposal, version_seen(), text, {"edit": "import"})
        flash(_("The file was taken in place of what was here."))
    return redirect(draft.page, 303)


def uploaded() -> bytes:
    """The file that was sent. Raises NoFile."""
    upload = request.files.get("file")
    data = upload.stream.read(drafts.MOST_BYTES + 1) if upload and upload.filename else b""
    if not data:
        raise NoFile(_("Choose the file."))
    return data


def why(error: EngineError) -> str:
    """Why a file can't be read, in the author's language."""
    if error.facts.get("reason") == "long":
        return _("The file is larger than 3 MB.")
    if error.facts.get("reason") == "register":
        return str(error.facts["why"])
    return unreadable(error, language())


@in_rooms(blueprint, "POST", "/zahodit")
@sign_in_required
def discard(agenda: str, key: str, room: str) -> ResponseReturnValue:
    """Throw the changes away."""
    draft = drafts.in_hand(agenda, key, room)
    hand.throw_away(draft.proposal)
    return redirect(url_for("studio.agenda", agenda=agenda), 303)
