"""Versions of a form and what differs between two of them, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.model import Json
from engine.queries.authoring import proposal_of, steps_of
from engine.queries.definitions import agenda_versions
from forms.edit import document
from forms.edit.conditions import read
from forms.edit.difference import Change, Keyword, difference
from forms.pointers import MISSING
from web.auth import sign_in_required
from web.here import session
from web.i18n import _
from web.published import agenda_of
from web.studio import hand
from web.studio.words import KEYWORDS, OPERATORS, told
from web.tenancy import tenant_key

blueprint = Blueprint("versions", __name__, url_prefix="/studio/<agenda>/formulare/<key>/verze")

#: Deployments that are looked through for versions of a form.
MOST = 50
WORKING = "nova"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the form: the one being changed, or one that was published."""

    key: str
    title: str
    at: datetime
    by: str
    schema: dict[str, Json]


@blueprint.get("")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """All versions, and the difference between two of them."""
    hand.require_author()
    proposal = proposal_of(session(), tenant_key(), agenda, hand.path_of(key))
    listed = versions(agenda, key)
    published = hand.published(agenda)
    if not listed:
        raise NotFound
    by_key = {one.key: one for one in listed}
    newer = by_key.get(request.args.get("nova", ""), listed[0])
    at = listed.index(newer)
    older = by_key.get(request.args.get("stara", ""), listed[min(at + 1, len(listed) - 1)])
    return render_template(
        "studio/versions.html",
        agenda=published.agenda,
        key=key,
        title=hand.title_in(listed[0].schema, published.deployment_id) or key,
        versions=listed,
        newer=newer,
        older=older,
        changes=[said(one) for one in difference(older.schema, newer.schema)],
        proposal=proposal,
        steps=steps_of(session(), tenant_key(), proposal.id) if proposal else [],
        told=told,
    )


def versions(agenda: str, key: str) -> list[Version]:
    """The newest first; publishing the same file again is no version."""
    found: list[Version] = []
    proposal = proposal_of(session(), tenant_key(), agenda, hand.path_of(key))
    if proposal is not None:
        schema = hand.in_hand(agenda, key).schema
        title = _("being changed")
        made = Version(key=WORKING, title=title, at=proposal.changed_at, by=proposal.changed_by_name, schema=schema)
        found.append(made)
    published: list[Version] = []
    for one in agenda_versions(session(), tenant_key(), agenda)[:MOST]:
        content = agenda_of(session(), tenant_key(), one.deployment_id).files.get(hand.path_of(key))
        if content is None:
            continue
        schema = document.read(content)
        made = Version(
            key=str(one.version),
            title=_("version %(number)s", number=one.version),
            at=one.deployed_at,
            by=one.deployed_by,
            schema=schema,
        )
        if published and published[-1].schema == schema:
            published[-1] = made
        else:
            published.append(made)
    return [*found, *published]


# --- in words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Said:
    """One change as people read it."""

    kind: str
    sentence: str
    details: list[str]


def said(change: Change) -> Said:
    """A change in a sentence, with its details."""
    where = " › ".join(change.within)
    label = f"„{change.label}“" + (f" ({where})" if where else "")
    sentences = {
        "added": _("Added: %(label)s", label=label),
        "removed": _("Removed: %(label)s", label=label),
        "changed": _("Changed: %(label)s", label=label),
        "moved": _("Moved: %(label)s", label=label),
        "whole": _("The form as a whole"),
    }
    return Said(kind=change.kind, sentence=sentences[change.kind], details=[detail(one) for one in change.keywords])


def detail(keyword: Keyword) -> str:
    """What was said before and what is said now."""
    name = str(KEYWORDS.get(keyword.name, keyword.name))
    before, after = value(keyword.before), value(keyword.after)
    if keyword.before is MISSING and keyword.after is MISSING:
        return name
    if keyword.before is MISSING:
        return _("%(name)s: now %(after)s", name=name, after=after)
    if keyword.after is MISSING:
        return _("%(name)s: no longer (was %(before)s)", name=name, before=before)
    return _("%(name)s: %(after)s, was %(before)s", name=name, before=before, after=after)


def value(found: Json) -> str:
    """A value short enough to be read."""
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, str):
        return f"„{found}“"
    if isinstance(found, list) and all(isinstance(one, dict) and "const" in one for one in found):
        return ", ".join(f"„{one.get('title', one['const'])}“" for one in found)
    condition = read(found)
    if condition is not None:
        parts = [
            f"{test.pointer.lstrip('/')} {OPERATORS[test.operator]} {value(test.value)}" for test in condition.clauses
        ]
        return "; ".join(parts)
    text = json.dumps(found, ensure_ascii=False) if found is not MISSING else "–"
    return text if len(text) <= 160 else text[:159] + "…"
