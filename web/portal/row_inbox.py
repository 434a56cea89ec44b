"""Rows in time from programs: devices, Node-RED. A token for each set of devices; every row is answered by itself."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from flask import Blueprint, Response, json, request

from engine.commands import AppendRows
from engine.errors import Invalid, NotFound
from engine.model import SYSTEM, Json, RowFate, Variables
from engine.queries.registers import register
from engine.registers.definitions import Register
from engine.registers.series import Series
from integrations import strict_json
from web.db import close_session
from web.errors import problem
from web.here import engine, session
from web.labelled import keys_of
from web.limits import limiter
from web.row_keys import body_signature
from web.tenancy import tenant_key

blueprint = Blueprint("row_inbox", __name__)

#: Biggest body in bytes, and how many rows it may hold.
MOST_BYTES, MOST_ITEMS = 4 * 2**20, 10_000
#: Devices send often; whoever guesses tokens is stopped long before.
OFTEN = "600 per minute"
SET, SIGNATURE = "X-Radnice-Set", "X-Radnice-Signature"
_BEARER = "bearer "


@blueprint.post("/api/ingest/<key>")
@limiter.limit(OFTEN)
def take(key: str) -> Response:
    """Store what is new: 200 with the fate of each item in their order."""
    # A body sent in chunks doesn't say beforehand how long it is.
    if (request.content_length or 0) > MOST_BYTES or len(body := request.get_data(cache=True)) > MOST_BYTES:
        return problem(413, "The batch is larger than 4 MB; send it in parts.")
    try:
        kept = register(session(), tenant_key(), key)
    except NotFound:
        return _unknown_token()
    series = kept.series
    if series is None or series.inbox is None or (sender := _sender(kept, body)) is None:
        return _unknown_token()
    try:
        items = _items(body)
    except Invalid as error:
        return problem(int(error.facts["status"]), str(error))
    rows = [list(_rows(series, item)) for item in items]
    command = AppendRows(
        tenant=tenant_key(),
        actor=SYSTEM,
        register=key,
        rows=[row for several in rows for row in several],
        within={series.inbox["set"]: sender},
        sent_by="http",
    )
    close_session()
    answered = engine().execute(command)
    fates = iter(answered)
    answers = [_answer(item, [next(fates) for _ in several]) for item, several in zip(items, rows, strict=True)]
    return Response(json.dumps({"results": answers}), mimetype="application/json")


def _sender(kept: Register, body: bytes) -> str | None:
    """The set of devices that sends: by its token, or by a signature of the body with it."""
    keys = keys_of(kept.key)
    header = request.headers.get("Authorization", "")
    if header.lower().startswith(_BEARER):
        return keys.set_of(header[len(_BEARER) :].strip())
    # A header is of ASCII: the name of a set is written as in an address.
    name = unquote(request.headers.get(SET, ""))
    token = keys.token(name)
    given = request.headers.get(SIGNATURE, "").removeprefix("sha256=")
    return name if hmac.compare_digest(given.encode(), body_signature(token, body).encode()) else None


def _items(body: bytes) -> Sequence[Json]:
    try:
        sent = strict_json.read(body)
    except strict_json.BadJson as error:
        raise Invalid(str(error), status=400) from error
    items = sent if isinstance(sent, list) else [sent]
    if not items or len(items) > MOST_ITEMS:
        raise Invalid(f"A batch has 1 to {MOST_ITEMS} items.", status=422)
    return items


def _rows(series: Series, item: Json) -> Iterator[Variables]:
    """One row for each value that a device sends; what can't be understood stays a row, to be answered."""
    inbox: Mapping[str, Json] = series.inbox or {}
    if not isinstance(item, dict):
        yield {}
        return
    fixed = dict(inbox.get("fixed") or {})
    common = {series.by: item.get(inbox.get("device", "device")), series.time: item.get(inbox.get("time", "time"))}
    if series.source_key and item.get("sequence") is not None:
        common[series.source_key] = item["sequence"]
    named = [(name, channel) for name, channel in (inbox.get("values") or {}).items() if name in item]
    for name, channel in named:
        tariff = {series.channel: channel} if series.channel and channel else {}
        yield fixed | common | tariff | {series.value: item[name]}
    if not named:
        yield fixed | common


def _answer(item: Json, fates: Sequence[RowFate]) -> dict[str, Json]:
    """The worst that became of the rows of an item."""
    worst = min(fates, key=lambda fate: ("rejected", "unknown", "held", "accepted", "duplicate").index(fate.status))
    told: dict[str, Json] = {"status": "unknown_device" if worst.status == "unknown" else worst.status}
    if worst.status in ("rejected", "held"):
        told["reason"] = worst.reason
    if worst.differs:
        told["differs"] = True
    if isinstance(item, dict):
        told |= {name: item[name] for name in ("device", "sequence") if isinstance(item.get(name), str | int)}
    return told


def _unknown_token() -> Response:
    refusal: Response = problem(401, "A valid token of a set of devices is needed.")
    refusal.headers["WWW-Authenticate"] = "Bearer"
    return refusal
