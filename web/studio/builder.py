"""The form builder: tree, preview, details; each post is one edit of the proposal."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.authoring import StepProposal
from engine.errors import Conflict, StaleProposal
from engine.queries.authoring import can_step, proposal_of, steps_of
from forms.compile import shared_library
from forms.edit import Edited, EditRefused, branches, document, moving
from forms.edit.choices import Offer, offers
from forms.edit.details import advanced, describe, is_required
from forms.edit.kinds import HOLDERS, NEW
from forms.edit.places import Schema, data_path, is_field, name_at, part
from forms.edit.steps import steps
from forms.edit.tree import Node, every, find, tree
from forms.pointers import MISSING, element_id, get, join
from web.auth import actor, sign_in_required
from web.headers import CSP
from web.here import now, session
from web.studio import asking, editing, hand
from web.studio import panel as panels
from web.studio.asked import version_seen
from web.studio.hand import InHand
from web.studio.words import ICONS, KINDS, LIBRARY, OPERATORS, kind_name, sentence, told
from web.tenancy import tenant_key

blueprint = Blueprint("builder", __name__, url_prefix="/studio/<agenda>/formulare/<key>")

#: Steps of the proposal that the page lists.
LISTED_STEPS = 8
#: So many steps, not older than this, may be the author's own haste.
OWN_STEPS, OWN_HASTE = 3, timedelta(seconds=10)
#: The page shows the preview in a frame of its own.
WITH_FRAME = f"{CSP}; frame-src 'self'"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Why an edit wasn't made, with what the author typed."""

    message: str = ""
    panel: panels.Panel | None = None
    lines: list[asking.Line] | None = None
    offers: list[Offer] | None = None
    status: int = 422


@blueprint.get("")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """The form with one of its parts chosen."""
    hand.require_author()
    if proposal_of(session(), tenant_key(), agenda, hand.path_of(key)) is None:
        return redirect(url_for("opening.published_form", agenda=agenda, key=key))
    found = hand.in_hand(agenda, key)
    place = request.args.get("pole", "")
    return show(found, place if editing.exists(found.schema, place) else "")


@blueprint.post("/uprava")
@sign_in_required
def edit(agenda: str, key: str) -> ResponseReturnValue:
    """Make one edit."""
    found = hand.in_hand(agenda, key)
    place, name = request.form.get("place", ""), request.form.get("edit", "")
    try:
        done = editing.make(found.schema, name, place, request.form)
    except EditRefused as refused:
        kept = place if editing.exists(found.schema, place) else ""
        return show(found, kept, typed(found, kept, name, sentence(refused)))
    if done.panel is not None:
        return show(found, place, Wrong(panel=done.panel, offers=typed_offers(), message=errors_of(done.panel)))
    try:
        hand.save(found, seen_by_me(found), remembering(found, name, place, done.edited), done.what)
    except StaleProposal:
        return overtaken(agenda, key, place, name)
    return redirect(address(agenda, key, done.edited.place), 303)


def remembering(found: InHand, name: str, place: str, edited: Edited) -> Schema:
    """The schema; a published question that got another name remembers its former one, for drafts begun before."""
    content = found.published.content(hand.path_of(found.key))
    moved = name == "rename" and edited.place != place and content is not None
    if not moved or get(document.read(content or b""), place) is MISSING:
        return edited.schema
    known = get(edited.schema, f"{edited.place}/x-was")
    return describe(edited.schema, edited.place, {"x-was": name_at(place) if known is MISSING else known}).schema


@blueprint.post("/krok")
@sign_in_required
def step(agenda: str, key: str) -> ResponseReturnValue:
    """Take a step back, or take it again."""
    found = hand.in_hand(agenda, key)
    back = request.form.get("way") != "forth"
    command = StepProposal(
        tenant=tenant_key(), actor=actor(), proposal_id=found.proposal.id, seen=version_seen(), back=back
    )
    try:
        hand.execute(command)
    except StaleProposal:
        return overtaken(agenda, key, request.form.get("place", ""), "")
    except Conflict:
        pass  # Nothing further that way: the page comes as it is.
    return redirect(address(agenda, key, request.form.get("place", "")), 303)


@blueprint.get("/stav")
@sign_in_required
def state(agenda: str, key: str) -> ResponseReturnValue:
    """Whether a colleague has changed the form since this page was made."""
    found = hand.in_hand(agenda, key)
    changed = request.args.get("verze", "") != str(found.proposal.version)
    last = steps_of(session(), tenant_key(), found.proposal.id, 1)[0]
    return render_template("studio/state.html", changed=changed, last=last, told=told, hand=found)


@blueprint.post("/podminka")
@sign_in_required
def condition(agenda: str, key: str) -> ResponseReturnValue:
    """The form of a condition again, with the choices of the question that was picked. Nothing is saved."""
    found = hand.in_hand(agenda, key)
    place = request.form.get("place", "")
    if not editing.exists(found.schema, place):
        place = ""
    asked = asked_at(found, place)
    return show(found, place, Wrong(lines=asking.posted_lines(request.form, asked), status=200))


# --- what the page shows ---------------------------------------------------------------------------------------------


def show(found: InHand, place: str, wrong: Wrong | None = None) -> ResponseReturnValue:
    """The page, as it stands or with what is wrong."""
    wrong = wrong or Wrong(status=200)
    nodes = tree(found.schema)
    node = find(nodes, place) if place else None
    if node is None:
        place = ""
    undo, redo = can_step(session(), tenant_key(), found.proposal)
    listed = steps_of(session(), tenant_key(), found.proposal.id, LISTED_STEPS)
    content = render_template(
        "studio/builder.html",
        hand=found,
        nodes=nodes,
        place=place,
        node=node,
        wrong=wrong,
        undo=undo,
        redo=redo,
        steps=listed,
        told=told,
        kinds=KINDS,
        library={name: LIBRARY.get(name) or title_in_library(name) for name in shared_library()},
        icons=ICONS,
        kind_name=kind_name,
        words=lambda one: in_words(found, one),
        identifier=lambda name: element_id(f"/{name}"),
        details=details(found, place, node, wrong),
        holders=holders(nodes, place),
        operators=OPERATORS,
        options_of=lambda listed: [(one.pointer, in_words(found, one)) for one in listed],
        turns_of=lambda listed: [(name, KINDS[name]) for name in listed],
        preview_step=step_of(found, nodes, place),
        preview_anchor=anchor_of(place),
        has_steps=bool(steps(found.schema)),
        width="telefon" if request.args.get("sirka") == "telefon" else "",
    )
    return content, wrong.status, {"Content-Security-Policy": WITH_FRAME}


def details(found: InHand, place: str, node: Node | None, wrong: Wrong) -> dict[str, Any]:
    """Everything that can be said of the chosen part."""
    schema, kind = found.schema, node.kind if node else "form"
    own = wrong.panel or panels.panel(schema, place, kind)
    field = node is not None and is_field(place)
    asked = asked_at(found, place)
    rule = branches.condition_of(schema, place if field else f"{place}/properties/?")
    keywords = kept(schema, place, kind, own) if field else {}
    return {
        "kind": kind,
        "panel": own,
        "field": field,
        "required": is_required(schema, place) if field else False,
        "offers": [*(wrong.offers or offers(schema, place)), Offer(label="")] if kind in ("choice", "ticks") else [],
        "condition": rule,
        "lines": wrong.lines or asking.lines_of(rule, asked),
        "asked": asked if field or (kind == "condition" and rule is not None) else [],
        "ways": moving.ways(schema, place) if field or kind in ("step", "section") else [],
        "advanced": json.dumps(keywords, ensure_ascii=False, indent=2) if keywords else "",
        "turns": turns(kind),
        "names": names_for_expressions(found) if kind == "computed" or field else [],
    }


def kept(schema: Schema, place: str, kind: str, own: panels.Panel) -> Schema:
    """What the builder keeps and doesn't edit: of an advanced part all of it."""
    return part(schema, place) if kind in ("advanced", "reference") else advanced(schema, place, own.keywords)


def asked_at(found: InHand, place: str) -> list[asking.Asked]:
    """The answers on which a part can depend."""
    if not place:
        return []
    where = place if is_field(place) else f"{editing.outside(place)}/properties/?"
    return asking.answers_for(found.schema, where)


def turns(kind: str) -> list[str]:
    """Kinds into which a question can be turned."""
    if kind not in NEW or kind in HOLDERS:
        return []
    return [name for name in KINDS if name not in HOLDERS]


def holders(nodes: tuple[Node, ...], place: str) -> list[Node]:
    """Groups and steps into which the chosen part can be sent."""
    return [
        one
        for one in every(nodes)
        if one.inside is not None and one.pointer != place and not one.pointer.startswith(place + "/")
    ]


def step_of(found: InHand, nodes: tuple[Node, ...], place: str) -> str | None:
    """Key of the step on which a part stands, for the preview to open there."""
    for at, node in enumerate(nodes):
        if node.kind == "step" and (node.pointer == place or find(node.children, place)):
            return str(steps(found.schema)[at].get("key") or at)
    return None


def anchor_of(place: str) -> str:
    """Id of the chosen part in the preview; of what is repeated, of the list."""
    names = data_path(place)
    return element_id(join("", *names[: names.index("*") if "*" in names else None])) if names else ""


def names_for_expressions(found: InHand) -> list[tuple[str, str]]:
    """Names of the answers with their labels, for whoever writes an expression."""
    return [(one.name, one.title) for one in every(tree(found.schema)) if is_field(one.pointer)]


def in_words(found: InHand, node: Node) -> str:
    """What the tree calls a part."""
    if node.kind == "condition" and node.condition is not None:
        return asking.said(node.condition, found.schema, editing.outside(node.pointer))
    return node.title or kind_name(node.kind)


def title_in_library(name: str) -> str:
    """What a shared part without words of ours calls itself."""
    return str(shared_library()[name].get("title", name))


# --- when it doesn't go ----------------------------------------------------------------------------------------------


def typed(found: InHand, place: str, name: str, message: str) -> Wrong:
    """The page with what was typed kept in its controls."""
    if name == "when":
        return Wrong(message=message, lines=asking.posted_lines(request.form, asked_at(found, place)))
    if name == "details":
        node = find(tree(found.schema), place) if place else None
        shown = panels.panel(found.schema, place, node.kind if node else "form")
        return Wrong(message=message, panel=panels.as_typed(shown, request.form), offers=typed_offers())
    return Wrong(message=message)


def typed_offers() -> list[Offer] | None:
    """The rows of choices as they were posted."""
    return editing.posted_offers(request.form) if "o:0:label" in request.form else None


def errors_of(shown: panels.Panel) -> str:
    """The first thing that is wrong, with its label."""
    wrong = next(item for item in shown.items if item.error)
    return f"{wrong.label}: {wrong.error}"


def overtaken(agenda: str, key: str, place: str, name: str) -> ResponseReturnValue:
    """Somebody else was faster: the page as it stands now, with what this author typed kept where it still fits."""
    newest = hand.in_hand(agenda, key)
    last = steps_of(session(), tenant_key(), newest.proposal.id, 1)[0]
    message = render_template("studio/overtaken.txt", last=last, told=told).strip()
    kept = place if editing.exists(newest.schema, place) else ""
    return show(newest, kept, replace(typed(newest, kept, name, message), status=409))


def seen_by_me(found: InHand) -> int:
    """The version on the page, or the newest where this very author was only quicker than the page.

    A label that is left is saved at once; the button that was clicked to leave it still carries the version before.
    """
    version, behind = version_seen(), found.proposal.version - version_seen()
    if not 0 < behind <= OWN_STEPS:
        return version
    last = steps_of(session(), tenant_key(), found.proposal.id, behind)
    own = all(one.author == actor().username and now() - one.made_at < OWN_HASTE for one in last)
    return found.proposal.version if own and found.proposal.changed_by == actor().username else version


def address(agenda: str, key: str, place: str) -> str:
    """The page with a part chosen."""
    width = request.form.get("sirka") or request.args.get("sirka") or None
    return url_for("builder.page", agenda=agenda, key=key, pole=place or None, sirka=width)
