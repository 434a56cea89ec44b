"""Records of a register as a file: the list as it is narrowed, with the columns that its reader may see."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.queries.record_lists import counted, everything, staff_view
from web.auth import actor, sign_in_required
from web.here import session
from web.noting import noted
from web.record_export import MAKERS
from web.record_lists import COLUMN, asked_in
from web.records import paper_of
from web.tenancy import tenant_key

blueprint = Blueprint("record_files", __name__, url_prefix="/prace/registry/<key>")


@blueprint.get("/export.<kind>")
@sign_in_required
def export(key: str, kind: str) -> ResponseReturnValue:
    """The records that the list has, as CSV, XLSX or JSON; without chosen columns every field that is seen."""
    paper = paper_of(staff_view(session(), tenant_key(), key, actor()))
    if kind not in MAKERS:
        raise NotFound
    asked, _ranges, _problems = asked_in(paper, request.args)
    chosen = request.args.getlist(COLUMN)
    columns = paper.chosen(chosen) if chosen else list(paper.columns.values())
    noted("export-records", "register", key, format=kind, records=counted(session(), paper.view, asked))
    answer = MAKERS[kind](paper, columns, everything(session(), paper.view, asked))
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}.{kind}")
    return answer
