"""Versions of one file of an agenda: the one being changed, and those that were published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from engine.queries.authoring import proposal_of
from engine.queries.definitions import agenda_versions
from web.here import session
from web.i18n import _
from web.published import agenda_of
from web.studio import drafts
from web.tenancy import tenant_key

#: Deployments that are looked through for versions of a file.
MOST = 50
WORKING = "nova"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of a file."""

    key: str
    title: str
    at: datetime
    by: str
    content: bytes


def versions(agenda: str, path: str, meaning: Callable[[bytes], object] = bytes) -> list[Version]:
    """The newest first; publishing again what means the same is no version."""
    found: list[Version] = []
    for one in agenda_versions(session(), tenant_key(), agenda)[:MOST]:
        content = agenda_of(session(), tenant_key(), one.deployment_id).files.get(path)
        if content is None:
            continue
        title = _("version %(number)s", number=one.version)
        made = Version(key=str(one.version), title=title, at=one.deployed_at, by=one.deployed_by, content=content)
        if found and meaning(found[-1].content) == meaning(content):
            found[-1] = made
        else:
            found.append(made)
    return [*in_work(agenda, path), *found]


def in_work(agenda: str, path: str) -> list[Version]:
    """The file as it is just being changed, if it is."""
    proposal = proposal_of(session(), tenant_key(), agenda, path)
    if proposal is None:
        return []
    content = drafts.content_now(proposal)
    by = proposal.changed_by_name
    return [Version(key=WORKING, title=_("being changed"), at=proposal.changed_at, by=by, content=content)]


def two_of(listed: Sequence[Version]) -> tuple[Version, Version]:
    """The older and the newer one of those that are asked for, else the newest and the one before it."""
    by_key = {one.key: one for one in listed}
    newer = by_key.get(request.args.get("nova", ""), listed[0])
    before = listed[min(listed.index(newer) + 1, len(listed) - 1)]
    return by_key.get(request.args.get("stara", ""), before), newer
