"""Deployments and process definitions."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from engine.model import ROLE_ADMIN, ROLE_AUTHOR, Deployed
from engine.queries import definitions as reads
from processes.agenda import MANIFEST, parse_agenda
from processes.catalogue import gather, to_command, unpack
from processes.loose import as_agenda
from web.api.cases import execute
from web.api.paging import listed
from web.api.room import Room
from web.api.shapes import Definition, DefinitionQuery, DeploymentAnswer
from web.auth import actor, require_group
from web.errors import problem
from web.here import session
from web.inspection import inspect
from web.tenancy import tenant_key

room = Room("definitions", "Publish agendas, list processes.")

MULTIPART = "multipart/form-data"
FILES = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "format": "binary"},
    "description": (
        "The agenda as one zip; or its files, each with its path as file name. BPMN, DMN and form files without an "
        "agenda.toml become an agenda of their own, named after the first process."
    ),
}
UPLOAD = {
    "required": True,
    "content": {
        MULTIPART: {"schema": {"type": "object", "required": ["file"], "properties": {"file": FILES}}},
    },
}


@room.get("/process-definitions")
@room.arguments(DefinitionQuery, location="query")
@room.lists(Definition, "By process, the newest version of each first.")
def find(query: dict[str, Any]) -> Any:
    """List versions of processes."""
    return listed(reads.definitions_page(session(), tenant_key(), reads.Wanted(**query)))


@room.post("/deployments")
@room.response(201, DeploymentAnswer, description="It is published; cases that run stay on their version.")
@room.doc(requestBody=UPLOAD)
@room.refuses(
    {
        403: "Only authors and administrators publish.",
        422: "The agenda has errors and was not published; `problems` lists everything that was found.",
    }
)
def deploy() -> Any:
    """Check an agenda and publish it as a new version; the very same files again are the version that is there."""
    require_group(ROLE_AUTHOR, ROLE_ADMIN)
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(f"The body should be {MULTIPART}, with the agenda as `file`.")
    uploads = [one for one in request.files.getlist("file") if one.filename]
    if not uploads:
        return problem(422, "The body holds no file; send the agenda as `file`, a zip or its files.")
    sent = files_of(uploads)
    files = as_agenda(sent)
    found = inspect(files, "en", loose=MANIFEST not in sent)
    if any(one.severity == "error" for one in found):
        told = [
            {
                "severity": one.severity,
                "rule": one.rule,
                "element": one.element,
                "file": one.file or "",
                "message": one.message,
            }
            for one in found
        ]
        return problem(422, "The agenda has errors and was not published.", problems=told)
    deployed: Deployed = execute(to_command(parse_agenda(files), files, tenant_key(), actor()))
    return deployed


def files_of(uploads: list[FileStorage]) -> dict[str, bytes]:
    """The files of the agenda by path: of the one zip, or as they were sent."""
    if len(uploads) == 1 and str(uploads[0].filename).lower().endswith(".zip"):
        return unpack(uploads[0].read())
    return gather((str(one.filename), one.read()) for one in uploads)
