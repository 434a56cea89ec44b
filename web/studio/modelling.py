"""The modeller: a diagram of an agenda is drawn in the browser, checked while it is drawn, saved step by step."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from engine.calendar import Schedule, is_time_text, schedule
from engine.check import variables_at
from engine.errors import BadTime, NotFound
from engine.queries.authoring import can_step, proposal_of
from engine.reading.layout import read_layout
from web.auth import sign_in_required
from web.here import now, session
from web.i18n import _, language
from web.periods import reckoned
from web.published import say
from web.studio import drafts, hand
from web.studio.offering import offered
from web.studio.problems import problems_of
from web.studio.rooms import path_of
from web.tenancy import tenant_key
from web.ui.diagram import Sheet, draw, named
from web.ui.words import moment_cz

blueprint = Blueprint("modelling", __name__, url_prefix="/studio/<agenda>/diagramy/<key>")

#: Texts of timers that are read while they are typed.
LONGEST_TEXT = 500


@blueprint.get("")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """The diagram in the modeller; without JavaScript its drawing, its file and what the check says."""
    hand.require_author()
    if proposal_of(session(), tenant_key(), agenda, path_of(key)) is None:
        return published_page(agenda, key)
    draft = drafts.in_hand(agenda, key)
    undo, redo = can_step(session(), tenant_key(), draft.proposal)
    return render_template(
        "studio/modeller.html",
        draft=draft,
        sheet=drawing(draft.data, draft.published),
        problems=problems_of(draft.files, draft.path, agenda),
        undo=undo,
        redo=redo,
    )


def published_page(agenda: str, key: str) -> ResponseReturnValue:
    """A published diagram that nobody changes now."""
    published = hand.published(agenda)
    content = published.content(path_of(key))
    if content is None:
        raise NotFound
    sheet = drawing(content, published)
    return render_template(
        "studio/published_diagram.html",
        published=published,
        key=key,
        title=drafts.title_of(published, key, content),
        sheet=sheet,
    )


def drawing(content: bytes, published: hand.Published) -> Sheet:
    """The drawing, its names in the language of the page as far as the agenda has them in it."""
    words = say(session(), tenant_key(), published.deployment_id, language())
    return draw(named(read_layout(content), words))


@blueprint.get("/nabidka")
@sign_in_required
def choices(agenda: str, key: str) -> ResponseReturnValue:
    """What the panel offers: forms, groups, actions, decisions and the rest of the agenda by name."""
    draft = drafts.in_hand(agenda, key)
    return jsonify(offered(draft))


@blueprint.post("/promenne")
@sign_in_required
def scope(agenda: str, key: str) -> ResponseReturnValue:
    """The variables that an expression may use at one element of the diagram as it is just being drawn."""
    draft = drafts.in_hand(agenda, key)
    data = request.form.get("xml", "").encode()
    if len(data) > drafts.MOST_BYTES:
        return jsonify(message=_("The file is larger than 3 MB.")), 413
    files = {**draft.files, draft.path: data}
    return jsonify(variables=variables_at(files, draft.path, request.form.get("element", "")))


@blueprint.get("/cteni")
@sign_in_required
def reading(agenda: str, key: str) -> ResponseReturnValue:
    """A time text in words, counted from now: what P5WD will come to."""
    hand.require_author()
    kind, text = request.args.get("druh", "due"), request.args.get("text", "")[:LONGEST_TEXT].strip()
    return jsonify(words=in_words(kind, text, now()))


def in_words(kind: str, text: str, at: datetime) -> str:
    """When it would be, or that it isn't known before the case runs."""
    if not text:
        return ""
    try:
        when = schedule(kind, text, at)
    except BadTime:
        if is_time_text(text):
            return _("This can't be read as a time.")
        return _("An expression: it is counted when the case comes there.")
    return told(when)


def told(when: Schedule) -> str:
    """A schedule in a sentence."""
    first = moment_cz(when.first, language())
    reasons = " ".join(reckoned(one, language()) for one in when.derivation[1:])
    if when.period:
        count = _("without end") if when.count is None else _("%(count)s times", count=when.count)
        return _("First on %(when)s, then every %(period)s, %(count)s.", when=first, period=when.period, count=count)
    return " ".join((_("If it began now: %(when)s.", when=first), reasons)).strip()
