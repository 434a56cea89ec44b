"""Records of registers (BPMN data stores), within the rights of the person behind the token."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine.commands import DeleteRecord, SaveRecord
from engine.queries import registers as reads
from web.api.cases import execute
from web.api.paging import listed
from web.api.shapes import Record, RecordData, RecordQuery
from web.auth import actor
from web.here import session
from web.tenancy import tenant_key

blueprint = Blueprint("api_records", __name__, description="Registers")


def record(key: str, record_id: str) -> reads.RecordFacts:
    """A record as this person may see it."""
    return reads.record(session(), tenant_key(), key, record_id, actor())


@blueprint.get("/data-stores/<key>/records")
@blueprint.arguments(RecordQuery, location="query")
@blueprint.response(200, Record(many=True))
def find(query: dict[str, Any], key: str) -> Any:
    """List records."""
    return listed(reads.records(session(), tenant_key(), key, reads.Wanted(**query), actor()))


@blueprint.post("/data-stores/<key>/records")
@blueprint.arguments(RecordData)
@blueprint.response(201, Record)
def add(wanted: dict[str, Any], key: str) -> reads.RecordFacts:
    """Add a record."""
    command = SaveRecord(tenant=tenant_key(), actor=actor(), register=key, data=wanted["data"])
    return record(key, execute(command))


@blueprint.get("/data-stores/<key>/records/<record_id>")
@blueprint.response(200, Record)
def one(key: str, record_id: str) -> reads.RecordFacts:
    """Read a record."""
    return record(key, record_id)


@blueprint.put("/data-stores/<key>/records/<record_id>")
@blueprint.arguments(RecordData)
@blueprint.response(200, Record)
@blueprint.alt_response(409, description="Somebody changed the record since it was read.")
def change(wanted: dict[str, Any], key: str, record_id: str) -> reads.RecordFacts:
    """Write a record; with `version`, only if it still is that one."""
    command = SaveRecord(tenant=tenant_key(), actor=actor(), register=key, record_id=record_id, **wanted)
    execute(command)
    return record(key, record_id)


@blueprint.delete("/data-stores/<key>/records/<record_id>")
@blueprint.response(204)
def remove(key: str, record_id: str) -> None:
    """Take a record out; its history stays."""
    execute(DeleteRecord(tenant=tenant_key(), actor=actor(), register=key, record_id=record_id))
