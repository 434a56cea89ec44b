"""The whole file of a case as one zip: what happened, every form and document, for an appeal or the archive."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.queries import papers
from engine.queries.cases import CaseFacts
from engine.queries.deadlines import deadlines
from engine.queries.papers import FileFacts
from engine.queries.story import StoryEntry
from engine.queries.story import story as story_of
from web.auth import actor, sign_in_required
from web.headers import as_file
from web.here import now, parts, session
from web.i18n import _
from web.noting import noted
from web.tenancy import tenant_key
from web.workplace.cases import case_by
from web.workplace.sent import sent_in, withheld
from web.workplace.telling import tell_all

blueprint = Blueprint("whole_file", __name__, url_prefix="/prace/pripady")

#: More than this is not packed while somebody waits for the page.
MOST_BYTES = 500 * 1024 * 1024
IN_MEMORY = 8 * 1024 * 1024
PIECE = 256 * 1024
STORY_PAGE = 1000
#: What names of files in a zip may be made of, on every system.
_ODD = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


@blueprint.get("/<case_number:number>/spis.zip")
@sign_in_required
def download(number: str) -> ResponseReturnValue:
    """Pack it and hand it out."""
    case = case_by(number)
    others = withheld(session(), tenant_key(), case.id, actor().groups)
    every = papers.attachments_of(session(), tenant_key(), instance_id=case.id)
    files = [file for file in every if file.id not in others]
    if sum(file.size for file in files) > MOST_BYTES:
        flash(_("The file is too big to be packed at once. Download its documents one by one."))
        return redirect(url_for("cases.documents", number=number), 303)
    noted("exported", "case", case.business_key, files=len(files), withheld=len(others))
    packed = pack(case, list(reversed(files)))
    answer = Response(_pieces(packed), mimetype="application/zip")
    return as_file(answer, f"{plain(case.business_key)}.zip")


def pack(case: CaseFacts, files: Sequence[FileFacts]) -> IO[bytes]:
    """Write the zip; beyond a few megabytes on the disk."""
    packed: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 – closed when the last piece is sent.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        name, content = told(case, files)
        archive.writestr(name, content)
        for number, file in enumerate(files, start=1):
            archive.writestr(f"{number:03} {plain(file.filename)}", papers.content_of(session(), tenant_key(), file.id))
    packed.seek(0)
    return packed


def told(case: CaseFacts, files: Sequence[FileFacts]) -> tuple[str, bytes]:
    """The story, deadlines and forms: as PDF, or as HTML where this machine can't print."""
    html = render_template(
        "work/whole_file.html",
        case=case,
        lines=list(reversed(tell_all(list(_whole_story(case.id)), case))),
        clocks=[one for one in deadlines(session(), tenant_key(), case.id, now()) if one.kind == "deadline"],
        sent=list(reversed(sent_in(session(), tenant_key(), case.id, None, actor().groups))),
        files=files,
    )
    printer = parts().outside.pdf
    if printer.unavailable():
        return "000 spis.html", html.encode()
    return "000 spis.pdf", printer.print(html)


def _whole_story(instance_id: str) -> Iterator[StoryEntry]:
    before: int | None = None
    while True:
        entries = story_of(session(), tenant_key(), instance_id, before=before, limit=STORY_PAGE)
        yield from entries
        if len(entries) < STORY_PAGE:
            return
        before = entries[-1].id


def _pieces(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while piece := packed.read(PIECE):
            yield piece


def plain(name: str) -> str:
    """A name that means a file here on every system."""
    return _ODD.sub("_", name).strip(". ")[:120] or "_"
