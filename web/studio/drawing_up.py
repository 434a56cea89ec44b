"""Beginning a diagram: from nothing, from a ready one, from what an analyst drew; and taking up a published one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from lxml import etree

from engine.errors import UnreadableModel
from engine.model import Json
from engine.reading.xml import BPMN, parse_xml
from engine.sketch import Todo, sketch
from web.auth import sign_in_required
from web.db import close_session
from web.here import session
from web.i18n import _, language
from web.published import newest, say
from web.studio import drafts, hand
from web.studio.asked import key_from, title_typed
from web.studio.filing import NoFile, uploaded, why
from web.studio.rooms import key_of, path_of
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
    title = title_typed()
    if not title:
        return asked(agenda, _("Write what the procedure is called."))
    key = unused(published, key_from(title, "process"), ".bpmn")
    try:
        made = beginning(request.form.get("how", "empty"), agenda, key, title)
    except CannotBegin as error:
        return asked(agenda, str(error))
    hand.begin(published, path_of(key), made.text)
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
    """Published diagrams of all agendas to begin from: their address and title, by agenda."""
    found = [
        (
            one.title.get(language()) or one.title["cs"],
            drafts.titles_in(one.files[path], words) or key_of(path),
            one,
            path,
        )
        for deployment, one in newest(session(), tenant_key()).items()
        for words in [say(session(), tenant_key(), deployment, language())]
        for path in one.diagrams
    ]
    found.sort(key=lambda it: (it[0].casefold(), it[1].casefold()))
    return [(f"{one.key}/{path}", f"{title} ({agenda})") for agenda, title, one, path in found]


def beginning(how: str, agenda: str, key: str, title: str) -> Beginning:
    """What the author chose to begin with. Raises CannotBegin."""
    if how == "empty":
        return Beginning(text=EMPTY.format(key=key, agenda=agenda, title=quoteattr(title)))
    if how == "ready":
        return Beginning(text=copied(ready(request.form.get("ready", "")), key, title))
    if how not in ("file", "sketch"):
        raise CannotBegin(_("Choose how to begin."))
    try:
        data = uploaded()
    except NoFile as error:
        raise CannotBegin(str(error)) from error
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


def unused(published: hand.Published, name: str, suffix: str) -> str:
    """The name, or the first of its numbers that no file of the agenda has."""
    taken = {key_of(path) for path in drafts.files_in_work(published) if path.endswith(suffix)}
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, len(taken) + 3))) if one not in taken)
