"""Decisions of an agenda: tables edited in the browser, read without JavaScript, begun from nothing or from a file."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound, UnreadableModel
from engine.queries.authoring import can_step, proposal_of
from web.auth import sign_in_required
from web.here import session
from web.i18n import _
from web.studio import drafts, hand
from web.studio.asked import key_from, title_typed
from web.studio.drawing_up import unused
from web.studio.filing import NoFile, uploaded, why
from web.studio.problems import problems_of
from web.studio.rooms import DECISIONS, path_of
from web.tenancy import tenant_key

blueprint = Blueprint("deciding", __name__, url_prefix="/studio/<agenda>/rozhodnuti")

#: A table of one condition and one answer; what it says is for the author to write.
EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{key}_file" name={title}
    namespace="https://radnice.cz/{agenda}/{key}">
  <decision id="{key}" name={title}>
    <decisionTable id="{key}_table" hitPolicy="UNIQUE">
      <input id="{key}_in" label={condition}>
        <inputExpression id="{key}_in_text" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="{key}_out" label={answer} name="result" typeRef="string" />
      <rule id="{key}_rule">
        <inputEntry id="{key}_rule_in"><text></text></inputEntry>
        <outputEntry id="{key}_rule_out"><text>""</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


@blueprint.get("/<key>")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """The decisions in the editor; without JavaScript as tables, with their file and what the check says."""
    hand.require_author()
    if proposal_of(session(), tenant_key(), agenda, path_of(key, DECISIONS)) is None:
        return published_page(agenda, key)
    draft = drafts.in_hand(agenda, key, DECISIONS)
    undo, redo = can_step(session(), tenant_key(), draft.proposal)
    return render_template(
        "studio/decisions.html",
        draft=draft,
        decisions=drafts.told_in(draft.published, draft.data),
        problems=problems_of(draft.files, draft.path, agenda),
        undo=undo,
        redo=redo,
    )


def published_page(agenda: str, key: str) -> ResponseReturnValue:
    """Published decisions that nobody changes now."""
    published = hand.published(agenda)
    content = published.content(path_of(key, DECISIONS))
    if content is None:
        raise NotFound
    return render_template(
        "studio/published_decisions.html",
        published=published,
        key=key,
        title=drafts.title_of(published, key, content),
        decisions=drafts.told_in(published, content),
    )


@blueprint.get("/novy")
@sign_in_required
def new(agenda: str) -> ResponseReturnValue:
    """How to begin."""
    hand.require_author()
    return asked(agenda)


@blueprint.post("/novy")
@sign_in_required
def create(agenda: str) -> ResponseReturnValue:
    """Begin a decision."""
    hand.require_author()
    published = hand.published(agenda)
    title = title_typed()
    if not title:
        return asked(agenda, _("Write what is decided."))
    key = unused(published, key_from(title, "decision"), ".dmn")
    try:
        text = beginning(agenda, key, title)
    except NoFile as error:
        return asked(agenda, str(error))
    except UnreadableModel as error:
        return asked(agenda, _("The file can't be used: %(why)s", why=why(error)))
    hand.begin(published, path_of(key, DECISIONS), text)
    return redirect(url_for("deciding.page", agenda=agenda, key=key), 303)


def beginning(agenda: str, key: str, title: str) -> str:
    """The text to begin with. Raises NoFile, UnreadableModel."""
    if request.form.get("how") == "file":
        return drafts.readable(uploaded(), DECISIONS)
    words = {"condition": quoteattr(_("Condition")), "answer": quoteattr(_("Result"))}
    text = EMPTY.format(key=key, agenda=agenda, title=quoteattr(title), **words)
    return drafts.readable(text.encode(), DECISIONS)


def asked(agenda: str, error: str = "") -> ResponseReturnValue:
    """The page that asks how to begin."""
    content = render_template(
        "studio/new_decision.html",
        published=hand.published(agenda),
        title=request.form.get("title", ""),
        how=request.form.get("how", "empty"),
        error=error,
    )
    return content, 422 if error else 200
