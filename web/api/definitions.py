"""Deployments and process definitions."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from engine.model import ROLE_ADMIN, ROLE_AUTHOR, Deployed
from engine.queries import definitions as reads
from processes.agenda import parse_agenda
from processes.catalogue import to_command, unpack
from web.api.cases import execute
from web.api.shapes import Definition, DeploymentAnswer
from web.auth import actor, require_group
from web.errors import problem
from web.here import session
from web.inspection import inspect
from web.tenancy import tenant_key

blueprint = Blueprint("api_definitions", __name__, description="Deployments and process definitions")


@blueprint.get("/process-definitions")
@blueprint.response(200, Definition(many=True))
def find() -> Any:
    """List all versions of all processes, the newest of each first."""
    return reads.definitions(session(), tenant_key())


@blueprint.post("/deployments")
@blueprint.response(201, DeploymentAnswer)
@blueprint.alt_response(422, description="The agenda has errors; `problems` lists them.")
def deploy() -> Any:
    """Publish an agenda: a zip as `file`, or its files, in a multipart body."""
    require_group(ROLE_AUTHOR, ROLE_ADMIN)
    files = files_of(request.files.getlist("file"))
    if not files:
        return problem(422, "The body holds no file; send the agenda as `file`, a zip or its files.")
    problems = inspect(files, "en")
    if any(one.severity == "error" for one in problems):
        told = [
            {"rule": one.rule, "element": one.element, "file": one.file, "message": one.message} for one in problems
        ]
        return problem(422, "The agenda has errors and was not published.", problems=told)
    deployed: Deployed = execute(to_command(parse_agenda(files), files, tenant_key(), actor()))
    return deployed


def files_of(uploads: list[Any]) -> dict[str, bytes]:
    """The files of the agenda by path: of the one zip, or as they were sent."""
    if len(uploads) == 1 and (uploads[0].filename or "").endswith(".zip"):
        return unpack(uploads[0].read())
    return {upload.filename: upload.read() for upload in uploads if upload.filename}
