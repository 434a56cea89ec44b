"""Beginning a diagram: from nothing, from a ready one, from what an analyst drew; and taking up a published one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from lxml import etree

from engine.check import unreadable
from engine.errors import EngineError, NotFound, UnreadableModel
from engine.model import Json
from engine.queries.authoring import proposal_of
from engine.reading.xml import BPMN, parse_xml
from engine.sketch import Todo, sketch
from forms.edit.kinds import slug
from web.auth import sign_in_required
from web.db import close_session
from web.headers import as_file
from web.here import session
from web.i18n import _, language
from web.published import newest
from web.studio import drafts, hand
from web.studio.asked import version_seen
from web.tenancy import tenant_key

blueprint = Blueprint("drawing_up", __name__, url_prefix="/studio/<agenda>/diagramy")

EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:radnice="https://radnice.cz/bpmn/1.0"
    id="{key}_file" targetNamespace="https://radnice.cz/{agenda}/{key}">
  <bpmn:process id="{key}" name={title} isExecutable="true">
    <bpmn:startEvent id="{key}_start"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{key}_sheet"><bpmndi:BPMNPlane id="{key}_plane" bpmnElement="{key}">
    <bpmndi:BPMNShape id="{key}_start_shape" bpmnElement="{key}_start">
      <dc:Bounds x="180" y="160" width="36" height="36"/>
    </bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What a diagram begins with."""

    text: str
    #: What a sketch needed to run, for the author to firm up.
    todo: list[Todo] = field(default_factory=list)
    forms: dict[str, Json] = field(default_factory=dict)


class CannotBegin(Exception):
    """There is nothing to begin with; the message says why."""


@blueprint.get("/novy")
@sign_in_required
def new(agenda: str) -> ResponseReturnValue:
    """How to begin."""
    hand.require_author()
    return asked(agenda)


@blueprint.post("/novy")
@sign_in_required
def create(agenda: str) -> ResponseReturnValue:
    """Begin a diagram."""
    hand.require_author()
    published = hand.published(agenda)
    title = request.form.get("title", "").strip()[:200]
    if not title:
        return asked(agenda, _("Write what the procedure is called."))
    key = free_key(published, slug(title).lower()[:60] or "process")
    try:
        made = beginning(request.form.get("how", "empty"), agenda, key, title)
    except CannotBegin as error:
        return asked(agenda, str(error))
    hand.begin(published, drafts.path_of(key), made.text)
    for name, schema in made.forms.items():
        hand.begin(published, hand.path_of(name), json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "sketch")
    if made.todo:
        return render_template("studio/sketched.html", published=published, key=key, title=title, todo=made.todo)
    return redirect(url_for("modelling.page", agenda=agenda, key=key), 303)


def asked(agenda: str, error: str = "") -> ResponseReturnValue:
    """The page that asks how to begin."""
    content = render_template(
        "studio/new_diagram.html",
        published=hand.published(agenda),
        ready=ready_diagrams(),
        title=request.form.get("title", ""),
        how=request.form.get("how", "empty"),
        error=error,
    )
    return content, 422 if error else 200


def ready_diagrams() -> list[tuple[str, str]]:
    """Published diagrams of all agendas to begin from: their address and name."""
    return [
        (f"{one.key}/{path}", f"{drafts.key_of(path)} ({one.title.get(language()) or one.title['cs']})")
        for one in newest(session(), tenant_key()).values()
        for path in one.diagrams
    ]


def beginning(how: str, agenda: str, key: str, title: str) -> Beginning:
    """What the author chose to begin with. Raises CannotBegin."""
    if how == "empty":
        return Beginning(text=EMPTY.format(key=key, agenda=agenda, title=quoteattr(title)))
    if how == "ready":
        return Beginning(text=copied(ready(request.form.get("ready", "")), key, title))
    if how not in ("file", "sketch"):
        raise CannotBegin(_("Choose how to begin."))
    data = uploaded()
    if how == "sketch":
        return sketched(data, key)
    try:
        return Beginning(text=drafts.readable(data))
    except UnreadableModel as error:
        raise CannotBegin(_("The file can't be used as a diagram: %(why)s", why=why(error))) from error


def ready(wanted: str) -> str:
    """The text of a published diagram. Raises CannotBegin."""
    agenda, _sep, path = wanted.partition("/")
    for one in newest(session(), tenant_key()).values():
        if one.key == agenda and path in one.diagrams:
            return drafts.readable(one.files[path])
    raise CannotBegin(_("Choose the diagram to begin from."))


def copied(text: str, key: str, title: str) -> str:
    """A diagram whose processes have ids of their own: two of one id could not stand in an agenda."""
    root = parse_xml(text.encode())
    processes = list(root.iterchildren(f"{BPMN}process"))
    renamed = {one.get("id"): key if at == 1 else f"{key}_{at}" for at, one in enumerate(processes, 1)}
    for one in processes[:1]:
        one.set("name", title)
    for one in root.iter(etree.Element):
        for name in ("id", "processRef", "bpmnElement"):
            if one.get(name) in renamed:
                one.set(name, renamed[one.get(name)])
    return etree.tostring(root, encoding="unicode")


def sketched(data: bytes, key: str) -> Beginning:
    """A drawn diagram made to run, with what it needed. Raises CannotBegin."""
    close_session()  # Trying a sketch out takes seconds; nothing is held meanwhile.
    made = sketch(data, name=key, lang=language())
    if made.content is None:
        reasons = " ".join(one.message for one in made.todo[:5])
        raise CannotBegin(_("The file can't be made to run: %(why)s", why=reasons))
    return Beginning(text=made.content.decode(), todo=made.todo, forms=dict(made.forms))


def uploaded() -> bytes:
    """The file that was sent. Raises CannotBegin."""
    upload = request.files.get("file")
    data = upload.stream.read(drafts.MOST_BYTES + 1) if upload and upload.filename else b""
    if not data:
        raise CannotBegin(_("Choose the file."))
    return data


def why(error: EngineError) -> str:
    """Why a file can't be read, in the author's language."""
    if error.facts.get("reason") == "long":
        return _("The file is larger than 3 MB.")
    return unreadable(error, language())


def free_key(published: hand.Published, wanted: str) -> str:
    """A key that no diagram of the agenda has."""
    taken = {drafts.key_of(path) for path in drafts.files_in_work(published) if path.endswith(".bpmn")}
    name = wanted if wanted[:1].isalpha() else f"process_{wanted}"
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, len(taken) + 3))) if one not in taken)


@blueprint.post("/<key>/otevrit")
@sign_in_required
def take_up(agenda: str, key: str) -> ResponseReturnValue:
    """Begin to change a published diagram."""
    hand.require_author()
    published = hand.published(agenda)
    content = published.content(drafts.path_of(key))
    if content is None:
        raise NotFound
    hand.begin(published, drafts.path_of(key), drafts.readable(content))
    return redirect(url_for("modelling.page", agenda=agenda, key=key), 303)


@blueprint.get("/<key>.bpmn")
@sign_in_required
def export(agenda: str, key: str) -> ResponseReturnValue:
    """The diagram as a file: as it is being changed, else as it is published."""
    hand.require_author()
    if proposal_of(session(), tenant_key(), agenda, drafts.path_of(key)):
        data = drafts.in_hand(agenda, key).data
    else:
        found = hand.published(agenda).content(drafts.path_of(key))
        if found is None:
            raise NotFound
        data = found
    return as_file(Response(data, mimetype="application/xml"), f"{key}.bpmn")


@blueprint.post("/<key>/nahrat")
@sign_in_required
def replace(agenda: str, key: str) -> ResponseReturnValue:
    """Take another file in place of the diagram; the step can be taken back."""
    draft = drafts.in_hand(agenda, key)
    try:
        text = drafts.readable(uploaded())
    except CannotBegin as error:
        flash(str(error))
    except UnreadableModel as error:
        flash(_("The file can't be used as a diagram: %(why)s", why=why(error)))
    else:
        hand.revise(draft.proposal, version_seen(), text, {"edit": "import"})
        flash(_("The file was taken in place of the diagram."))
    return redirect(url_for("modelling.page", agenda=agenda, key=key), 303)


@blueprint.post("/<key>/zahodit")
@sign_in_required
def discard(agenda: str, key: str) -> ResponseReturnValue:
    """Throw the changes away."""
    draft = drafts.in_hand(agenda, key)
    hand.throw_away(draft.proposal)
    return redirect(url_for("studio.agenda", agenda=agenda), 303)
