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
from forms.edit.alternatives import variant_of
from forms.edit.choices import Offer
from forms.edit.dependents import is_dependent
from forms.edit.details import describe, is_required
from forms.edit.places import Schema, is_field, name_at
from forms.edit.rules import holder_of
from forms.edit.steps import steps
from forms.edit.tree import Node, find, tree
from forms.pointers import MISSING, element_id, get
from web.auth import actor, sign_in_required
from web.headers import CSP
from web.here import now, session
from web.studio import asking, chosen, editing, filling, hand, pricing, ruling
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
#: Parts that are no schemas.
NO_SCHEMAS = ("step", "section", "rule")
#: Beginnings of the names of controls into which an author types.
TYPED = ("k:", "o:", "r:", "c:", "la", "na")
#: The page shows the preview in a frame of its own.
WITH_FRAME = f"{CSP}; frame-src 'self'"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Why an edit wasn't made, with what the author typed."""

    message: str = ""
    panel: panels.Panel | None = None
    lines: list[asking.Line] | None = None
    offers: list[Offer] | None = None
    rule: ruling.Ruled | None = None
    price: pricing.Priced | None = None
    fills: filling.Filling | None = None
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
    hand.require_author()
    if is_gone(agenda, key):
        return gone(agenda, key)
    found = hand.in_hand(agenda, key)
    place, name = request.form.get("place", ""), request.form.get("edit", "")
    try:
        done = editing.make(found.schema, name, place, request.form, chosen.office_of(found))
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
        tenant=tenant_key(), actor=actor(), proposal_id=found.proposal.id, seen=seen_by_me(found), back=back
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
    asked = chosen.asked_at(found, place)
    return show(found, place, Wrong(lines=asking.posted_lines(request.form, asked), status=200))


@blueprint.post("/znovu")
@sign_in_required
def again(agenda: str, key: str) -> ResponseReturnValue:
    """The form of a price or of filling in again, with what belongs to the choice just made. Nothing is saved."""
    found = hand.in_hand(agenda, key)
    place = request.form.get("place", "")
    if not editing.exists(found.schema, place):
        place = ""
    return show(found, place, replace(typed(found, place, request.form.get("edit", ""), ""), status=200))


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
    words = chosen.Words(found.schema)
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
        library={name: LIBRARY.get(name) or chosen.title_in_library(name) for name in shared_library()},
        icons=ICONS,
        kind_name=kind_name,
        words=words,
        identifier=lambda name: element_id(f"/{name}"),
        details=details(found, place, node, wrong),
        holders=chosen.holders(nodes, place),
        operators=OPERATORS,
        signs=ruling.SIGNS,
        answers_of=lambda listed: [(one.pointer, one.label) for one in listed],
        labels_of=lambda listed: [(key, label) for key, (label, _one) in listed.items()],
        options_of=lambda listed: [(one.pointer, words(one)) for one in listed],
        turns_of=lambda listed: [(name, KINDS[name]) for name in listed],
        preview_step=chosen.step_of(found, nodes, place),
        preview_anchor=chosen.anchor_of(place),
        has_steps=bool(steps(found.schema)),
        width="telefon" if request.args.get("sirka") == "telefon" else "",
    )
    return content, wrong.status, {"Content-Security-Policy": WITH_FRAME}


def details(found: InHand, place: str, node: Node | None, wrong: Wrong) -> dict[str, Any]:
    """Everything that can be said of the chosen part."""
    schema, kind = found.schema, node.kind if node else "form"
    office = chosen.office_of(found)
    own = wrong.panel or panels.panel(schema, place, kind, office)
    field = node is not None and is_field(place)
    asked = chosen.asked_at(found, place)
    rule = branches.condition_of(schema, place if field else f"{place}/properties/?")
    among = pricing.priceable(schema, place) if kind == "computed" and field else None
    keywords = chosen.kept(schema, place, kind, own) if kind not in NO_SCHEMAS else {}
    listed = chosen.offers_of(schema, node) if node else []
    return {
        "kind": kind,
        "panel": own,
        "field": field,
        "required": is_required(schema, place) if field else False,
        "offers": [*(wrong.offers or listed), Offer(label="")] if listed or wrong.offers else [],
        "condition": rule,
        "otherwise": chosen.side_asked(place) == branches.ELSE,
        "by_hand": bool(field and chosen.side_asked(place) and rule is None),
        "rule": wrong.rule or (ruling.shown(schema, place) if kind == "rule" else None),
        "comparable": ruling.comparable(schema, holder_of(place)) if kind == "rule" else [],
        "around": ruling.around(schema, holder_of(place)) if kind == "rule" else [],
        "inner": kind == "rule" and bool(holder_of(place)),
        "among": among,
        "paid_in": "Kč" if get(schema, f"{place}/format") == "money" else "",
        "price": wrong.price or (pricing.shown(schema, place, among) if among else None),
        "registers": office.registers,
        "fillable": filling.fillable(schema, place, kind, office) if field else None,
        "fills": wrong.fills or (filling.shown(schema, place) if field else None),
        "foreign": chosen.foreign_variants(schema, place) if kind == "variant" else False,
        "dependent": kind == "condition" and is_dependent(place),
        "copies": kind == "variant" and variant_of(schema, place) is not None,
        "lines": wrong.lines or asking.lines_of(rule, asked),
        "asked": asked if field or (kind in ("condition", "otherwise") and rule is not None) else [],
        "ways": moving.ways(schema, place) if field or kind in ("step", "section") else [],
        "advanced": json.dumps(keywords, ensure_ascii=False, indent=2) if keywords else "",
        "turns": chosen.turns(kind),
        "names": chosen.names_for_expressions(found) if kind in ("computed", "rule") or field else [],
    }


# --- when it doesn't go ----------------------------------------------------------------------------------------------


def typed(found: InHand, place: str, name: str, message: str) -> Wrong:
    """The page with what was typed kept in its controls."""
    if name == "rule":
        return Wrong(message=message, rule=ruling.posted(request.form))
    if name == "price":
        return Wrong(message=message, price=pricing.posted(request.form))
    if name == "fill":
        return Wrong(message=message, fills=filling.posted(request.form, found.schema, place))
    if name == "when":
        return Wrong(message=message, lines=asking.posted_lines(request.form, chosen.asked_at(found, place)))
    if name == "details":
        node = find(tree(found.schema), place) if place else None
        shown = panels.panel(found.schema, place, node.kind if node else "form", chosen.office_of(found))
        return Wrong(message=message, panel=panels.as_typed(shown, request.form), offers=typed_offers())
    return Wrong(message=message)


def typed_offers() -> list[Offer] | None:
    """The rows of choices as they were posted."""
    return editing.posted_offers(request.form) if "o:0:label" in request.form else None


def errors_of(shown: panels.Panel) -> str:
    """The first thing that is wrong, with its label."""
    wrong = next(item for item in shown.items if item.error)
    return f"{wrong.label}: {wrong.error}"


def is_gone(agenda: str, key: str) -> bool:
    """Whether the changes that the page showed were published or thrown away, even if others have begun since."""
    now_open = proposal_of(session(), tenant_key(), agenda, hand.path_of(key))
    return now_open is None or request.form.get("proposal", now_open.id) != now_open.id


def gone(agenda: str, key: str) -> ResponseReturnValue:
    """What the author typed can't go anywhere: it is shown, so that nothing typed is lost."""
    published = hand.published(agenda)
    typed_now = [text for name, text in request.form.items() if name[:2] in TYPED and len(text.strip()) > 1]
    content = render_template(
        "studio/gone.html",
        agenda=published.agenda,
        key=key,
        known=key in published.agenda.forms or proposal_of(session(), tenant_key(), agenda, hand.path_of(key)),
        typed=typed_now,
    )
    return content, 409


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
