"""Records of registers (BPMN data stores), within the rights of the person behind the token."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import PreconditionFailed

from engine.commands import DeleteRecord, SaveRecord
from engine.errors import NotFound, StaleRecord
from engine.queries import registers as reads
from engine.queries import series
from web.api.cases import execute
from web.api.descriptions import ETAG
from web.api.paging import listed
from web.api.record_shapes import NewRecord, Record, RecordData, RecordQuery, Row, RowQuery, Total, TotalQuery, Version
from web.api.room import Room
from web.auth import actor
from web.here import session
from web.noting import noted
from web.tenancy import tenant_key

room = Room("data-stores", "Records of registers.")

ONE = {"description": "The record.", "headers": {"ETag": ETAG}}
FORBIDDEN = {403: "The person may not do this in this register, or not with one of the fields."}
WRITING = {
    **FORBIDDEN,
    404: "There is no such register or record.",
    409: "Somebody changed the record since it was read, or another one has the same unique value.",
    422: "The record doesn't fit its register.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag that was read; where the record has another one by now, 412.",
    "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|\\*)$'},
}
STALE = {412: "The record is not the one that `If-Match` names any more."}


def answer(key: str, record_id: str) -> tuple[reads.RecordFacts, dict[str, str]]:
    """A record as this person may see it, with its version as ETag."""
    found = reads.record(session(), tenant_key(), key, record_id, actor())
    return found, {"ETag": f'"{found.version}"'}


def expected(key: str, record_id: str, version: int | None) -> int | None:
    """The version that the program has read, from `If-Match` or the body. Raises PreconditionFailed."""
    if request.if_match.star_tag or not request.if_match:
        return version
    found, _etag = answer(key, record_id)
    if not request.if_match.contains(str(found.version)):
        raise PreconditionFailed("The record is not the one that If-Match names any more.")
    return found.version if version is None else version


def write(command: SaveRecord | DeleteRecord) -> Any:
    """Execute; what changed between our look at `If-Match` and the command is the same refusal."""
    try:
        return execute(command)
    except StaleRecord as error:
        if request.if_match:
            raise PreconditionFailed("The record is not the one that If-Match names any more.") from error
        raise


@room.get("/data-stores/<key>/records")
@room.arguments(RecordQuery, location="query")
@room.lists(Record, "By caption.")
@room.refuses({**FORBIDDEN, 404: "There is no such register."})
def find(query: dict[str, Any], key: str) -> Any:
    """List records of a register."""
    found = reads.records(session(), tenant_key(), key, reads.Wanted(**query), actor())
    # What was looked for may be a person's name; that something was, is told.
    noted("read-records", "register", key, rows=len(found.items), page=found.page, narrowed=bool(query["q"]))
    return listed(found)


@room.post("/data-stores/<key>/records")
@room.arguments(NewRecord)
@room.response(201, Record, **ONE)
@room.refuses(WRITING)
def add(wanted: dict[str, Any], key: str) -> Any:
    """Add a record to a register."""
    return answer(key, execute(SaveRecord(tenant=tenant_key(), actor=actor(), register=key, data=wanted["data"])))


@room.get("/data-stores/<key>/records/<record_id>")
@room.response(200, Record, **ONE)
@room.refuses({**FORBIDDEN, 404: WRITING[404]})
def one(key: str, record_id: str) -> Any:
    """Read a record."""
    noted("read-record", "record", record_id, register=key)
    return answer(key, record_id)


@room.put("/data-stores/<key>/records/<record_id>")
@room.arguments(RecordData)
@room.response(200, Record, **ONE)
@room.refuses({**WRITING, **STALE})
@room.doc(parameters=[IF_MATCH])
def change(wanted: dict[str, Any], key: str, record_id: str) -> Any:
    """Write a whole record; with `version` or `If-Match` only if it still is the one that was read."""
    version = expected(key, record_id, wanted["version"])
    facts = {"register": key, "record_id": record_id, "data": wanted["data"], "version": version}
    write(SaveRecord(tenant=tenant_key(), actor=actor(), **facts))
    return answer(key, record_id)


@room.delete("/data-stores/<key>/records/<record_id>")
@room.arguments(Version, location="query")
@room.response(204, description="It is out of the register; its history stays.")
@room.refuses({**FORBIDDEN, **STALE, 404: WRITING[404], 409: "Somebody changed the record since it was read."})
@room.doc(parameters=[IF_MATCH])
def remove(query: dict[str, int | None], key: str, record_id: str) -> None:
    """Take a record out of a register; with `version` or `If-Match` only if it still is the one that was read."""
    version = expected(key, record_id, query["version"])
    write(DeleteRecord(tenant=tenant_key(), actor=actor(), register=key, record_id=record_id, version=version))


@room.get("/data-stores/<key>/rows")
@room.arguments(RowQuery, location="query")
@room.lists(Row, "The newest first.")
@room.refuses({**FORBIDDEN, 404: "There is no such register, or it keeps no rows in time."})
def rows(query: dict[str, Any], key: str) -> Any:
    """List rows in time under a record."""
    record_id = under(key, query.pop("record"))
    noted("read-records", "register", key, record=record_id)
    return listed(series.rows(session(), tenant_key(), key, record_id, series.Wanted(**query), actor()))


@room.get("/data-stores/<key>/totals")
@room.arguments(TotalQuery, location="query")
@room.response(200, Total(many=True))
@room.refuses({**FORBIDDEN, 404: "There is no such register or record, or it keeps no rows in time."})
def totals(query: dict[str, str], key: str) -> Any:
    """Give what the rows under a record count by days, months or years, the earliest first."""
    records = [under(key, query["record"])]
    return series.totals(session(), tenant_key(), key, records, query["span"], actor(), query["since"])


def under(key: str, record_id: str) -> str:
    """A record that rows of a register lie under, seen by this person. Raises NotFound, NotAllowed."""
    kept = reads.register(session(), tenant_key(), key).series
    if kept is None:
        raise NotFound
    return reads.record(session(), tenant_key(), kept.under, record_id, actor(), even_gone=True).id
