"""Versions of a form and what differs between two of them, in words."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.queries.authoring import proposal_of, steps_of
from forms.edit import document
from web.auth import sign_in_required
from web.here import session
from web.studio import hand, telling
from web.studio.file_versions import two_of, versions
from web.studio.words import told
from web.tenancy import tenant_key

blueprint = Blueprint("versions", __name__, url_prefix="/studio/<agenda>/formulare/<key>/verze")


@blueprint.get("")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """All versions, and the difference between two of them."""
    hand.require_author()
    proposal = proposal_of(session(), tenant_key(), agenda, hand.path_of(key))
    listed = versions(agenda, hand.path_of(key), document.read)
    published = hand.published(agenda)
    if not listed:
        raise NotFound
    older, newer = two_of(listed)
    return render_template(
        "studio/versions.html",
        agenda=published.agenda,
        key=key,
        title=hand.title_in(document.read(listed[0].content), published.deployment_id) or key,
        versions=listed,
        newer=newer,
        older=older,
        changes=telling.told(document.read(older.content), document.read(newer.content)),
        proposal=proposal,
        steps=steps_of(session(), tenant_key(), proposal.id) if proposal else [],
        told=told,
    )
