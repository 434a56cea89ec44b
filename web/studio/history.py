"""Versions of an agenda: who changed what and when, each as a package, and going back to an earlier one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound, PublishedMeanwhile
from engine.queries.definitions import AgendaFacts, agenda_versions
from processes.agenda import MANIFEST
from processes.catalogue import pack
from web.auth import sign_in_required
from web.digits import whole
from web.headers import as_file
from web.here import session
from web.i18n import _
from web.published import agenda_of
from web.studio import hand, rooms
from web.studio.issuing import NotIssued, issue
from web.studio.lines import difference
from web.studio.told_parameters import told
from web.tenancy import tenant_key

blueprint = Blueprint("history", __name__, url_prefix="/studio/<agenda>/verze")

#: Kinds of files that are shown line by line.
TEXTS = (".toml", ".md", ".html", ".yaml", ".json", ".txt")
#: Versions that are listed.
MOST = 50


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """A file that a version changed."""

    path: str
    #: added, removed or changed
    state: str
    #: The page where both versions stand beside each other; "" where there is none.
    url: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A version with what it changed."""

    facts: AgendaFacts
    changes: Sequence[FileChange]


@blueprint.get("")
@sign_in_required
def page(agenda: str) -> ResponseReturnValue:
    """All versions, the newest first."""
    hand.require_author()
    return shown(agenda)


@blueprint.get("/rozdil")
@sign_in_required
def compare(agenda: str) -> ResponseReturnValue:
    """What two versions of a text or of the manifest say otherwise."""
    hand.require_author()
    path = request.args.get("path", "")
    older, newer = (whole(request.args.get(name, "")) or 0 for name in ("stara", "nova"))
    before, after = (text_in(agenda, version, path) for version in (older, newer))
    return render_template(
        "studio/texts_compared.html",
        published=hand.published(agenda),
        path=path,
        older=older,
        newer=newer,
        lines=difference(before, after),
        parameters=told(before, after) if path == MANIFEST else [],
    )


def text_in(agenda: str, version: int, path: str) -> str:
    """A file of a version as text. Raises NotFound."""
    content = files_of(agenda, version).get(path)
    if content is None:
        raise NotFound
    return content.decode("utf-8-sig", "replace")


@blueprint.get("/<int:version>.zip")
@sign_in_required
def package(agenda: str, version: int) -> ResponseReturnValue:
    """A version as a package."""
    hand.require_author()
    content = Response(pack(files_of(agenda, version)), mimetype="application/zip")
    return as_file(content, f"{agenda}-{version}.zip")


@blueprint.post("/<int:version>/vratit")
@sign_in_required
def go_back(agenda: str, version: int) -> ResponseReturnValue:
    """Publish an earlier version anew, checked and with its stories played, over the one that the page showed."""
    hand.require_author()
    files = files_of(agenda, version)
    seen = whole(request.form.get("version", "")) or 0
    if seen != hand.published(agenda).version:
        return shown(agenda, _("Another version was published meanwhile. Look at it first."), 409)
    try:
        issue(files, seen)
    except NotIssued as refused:
        details = " ".join(one.message for one in refused.problems[:3])
        return shown(agenda, " ".join((str(refused), details)).strip(), 422)
    except PublishedMeanwhile:
        return shown(agenda, _("Another version was published meanwhile. Look at it first."), 409)
    flash(_("The agenda is as it was in version %(number)s. Cases that run stay on theirs.", number=version))
    return redirect(url_for("history.page", agenda=agenda), 303)


def shown(agenda: str, message: str = "", status: int = 200) -> ResponseReturnValue:
    """The page with the list."""
    content = render_template(
        "studio/history.html", published=hand.published(agenda), lines=lines_of(agenda), message=message
    )
    return content, status


def lines_of(agenda: str) -> list[Line]:
    """Each version with what it changed of the one before."""
    found = agenda_versions(session(), tenant_key(), agenda)[: MOST + 1]
    files = [agenda_of(session(), tenant_key(), one.deployment_id).files for one in found]
    lines = [
        Line(facts=one, changes=changes(agenda, (older, one), files[at + 1], files[at]))
        for at, (one, older) in enumerate(itertools.pairwise(found))
    ]
    first = [Line(facts=found[-1], changes=[])] if found and len(found) <= MOST else []
    return [*lines, *first]


def changes(
    agenda: str, versions: tuple[AgendaFacts, AgendaFacts], before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> list[FileChange]:
    """The files that two versions have otherwise."""
    older, newer = (str(one.version) for one in versions)
    found = []
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            state = "added" if path not in before else "removed" if path not in after else "changed"
            url = beside(agenda, path, older, newer) if state == "changed" else ""
            found.append(FileChange(path=path, state=state, url=url))
    return found


def beside(agenda: str, path: str, older: str, newer: str) -> str:
    """The page that compares two versions of a file; "" where there is none."""
    room = rooms.room_of(path)
    if room:
        return url_for("comparing.page", key=rooms.key_of(path), room=room, agenda=agenda, nova=newer, stara=older)
    if path.startswith("forms/") and path.endswith(".json"):
        key = path.removeprefix("forms/").removesuffix(".json")
        return url_for("versions.page", key=key, agenda=agenda, nova=newer, stara=older)
    if path.endswith(TEXTS):
        return url_for("history.compare", agenda=agenda, path=path, nova=newer, stara=older)
    return ""


def files_of(agenda: str, version: int) -> Mapping[str, bytes]:
    """The files of a version. Raises NotFound."""
    found = next((one for one in agenda_versions(session(), tenant_key(), agenda) if one.version == version), None)
    if found is None:
        raise NotFound
    return agenda_of(session(), tenant_key(), found.deployment_id).files
