"""Webhooks of other systems: signed, each delivery taken once, a message of a case or records of a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import Blueprint, Response, json, request

from engine.calendar import day_in_prague
from engine.commands import AppendRows, CorrelateMessage
from engine.errors import DuplicateRecord, Invalid, NotFound, ScriptError
from engine.expressions import evaluate_value
from engine.model import SYSTEM, Json, Variables
from engine.queries.definitions import agendas
from engine.queries.registers import register
from engine.registering import FileRecords
from integrations import strict_json
from processes.webhooks import STANDARD, Hook, hooks_of
from web.db import close_session
from web.errors import problem
from web.here import engine, now, parts, session
from web.hook_keys import hook_secret, signed_by_standard, signed_over_body
from web.limits import limiter
from web.tenancy import tenant_key

blueprint = Blueprint("hook_inbox", __name__)

#: Biggest body in bytes, and items that `each` may find in it.
MOST_BYTES, MOST_ITEMS = 2**20, 1_000
OFTEN = "600 per minute"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What came, after its signature was found right."""

    agenda: str
    hook: Hook
    #: What tells it from other deliveries; "" = its body does.
    id: str
    content: bytes
    body: Json


@blueprint.post("/api/hooks/<agenda>/<key>")
@limiter.limit(OFTEN)
def take(agenda: str, key: str) -> Response:
    """Take a delivery: 202 with what came of it."""
    # A body sent in chunks doesn't say beforehand how long it is.
    if (request.content_length or 0) > MOST_BYTES or len(content := request.get_data(cache=True)) > MOST_BYTES:
        return problem(413, "The delivery is larger than 1 MB.")
    hook = _hook(agenda, key)
    # Who can't sign learns nothing, not even which webhooks there are.
    if hook is None or (delivery_id := _signed(agenda, hook, content)) is None:
        return problem(401, "A fresh signature with the secret of the webhook is needed.")
    try:
        body = strict_json.read(content)
    except strict_json.BadJson as error:
        return problem(400, str(error))
    try:
        fates = _taken(Delivery(agenda=agenda, hook=hook, id=delivery_id, content=content, body=body))
    except ScriptError:
        # The reason would tell the sender how the agenda reads what is sent; the author tries it in a scenario.
        return problem(422, "The delivery has not the shape that the agenda expects.")
    return Response(json.dumps({"results": fates}), 202, mimetype="application/json")


def _hook(agenda: str, key: str) -> Hook | None:
    published = {one.agenda: one.toml for one in agendas(session(), tenant_key())}
    found = {hook.key: hook for hook in hooks_of(published.get(agenda, b""))}
    return found.get(key)


def _signed(agenda: str, hook: Hook, content: bytes) -> str | None:
    secret = hook_secret(parts().settings.signing_key(), tenant_key(), agenda, hook.key, hook.key_number)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if hook.signature == STANDARD:
        return signed_by_standard(secret, headers, content, now())
    return "" if signed_over_body(secret, headers, content) else None


def _taken(delivery: Delivery) -> list[str]:
    if delivery.hook.message:
        _told(delivery)
        return ["accepted"]
    return _filed(delivery)


def _told(delivery: Delivery) -> None:
    hook, seen = delivery.hook, _seen(delivery)
    correlation = {name: evaluate_value(text, seen) for name, text in hook.correlation.items()}
    if any(value in (None, "") or isinstance(value, dict | list) for value in correlation.values()):
        raise ScriptError("a delivery must say which case it is for")
    payload = {name: evaluate_value(text, seen) for name, text in hook.payload.items()}
    known = delivery.id or (str(evaluate_value(hook.id, seen)) if hook.id else "") or _hash(delivery.content)
    tenant = tenant_key()
    close_session()
    engine().execute(
        CorrelateMessage(
            tenant=tenant,
            actor=SYSTEM,
            name=hook.message,
            correlation=correlation,
            payload=payload,
            message_id=f"webhook:{_hash(f'{delivery.agenda}/{hook.key}/{known}'.encode())}",
        )
    )


def _filed(delivery: Delivery) -> list[str]:
    hook, tenant = delivery.hook, tenant_key()
    records = _records(delivery)
    try:
        in_time = register(session(), tenant, hook.register).series is not None
    except NotFound:
        raise ScriptError("the register is not published") from None
    close_session()
    if in_time:
        sent_by = f"webhook:{hook.key}"
        rows = AppendRows(tenant=tenant, actor=SYSTEM, register=hook.register, rows=records, sent_by=sent_by)
        return [fate.status for fate in engine().execute(rows)]
    command = FileRecords(
        tenant=tenant,
        actor=SYSTEM,
        register=hook.register,
        records=records,
        known_by=hook.known_by,
        newest_by=hook.newest_by,
        reason=f"webhook {delivery.agenda}/{hook.key}",
    )
    try:
        fates: tuple[str, ...] = engine().execute(command)
    except DuplicateRecord:
        # The same record came twice at once: now it is there.
        fates = engine().execute(command)
    return list(fates)


def _records(delivery: Delivery) -> list[Variables]:
    hook, seen = delivery.hook, _seen(delivery)
    items = evaluate_value(hook.each, seen) if hook.each else [delivery.body]
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise Invalid(f"A delivery has at most {MOST_ITEMS} items, in a list.")
    read = [
        {name: evaluate_value(text, {**seen, "item": item}) for name, text in hook.values.items()} for item in items
    ]
    return [{name: value for name, value in one.items() if value is not None} for one in read]


def _seen(delivery: Delivery) -> Mapping[str, Json]:
    return {"body": delivery.body, "item": delivery.body, "today": day_in_prague(now()).isoformat()}


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
