"""Idempotency-Key on every POST: the first answer is kept and given again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from flask import Response, g, json, request

from engine.programs import BeginAnswer, FinishAnswer
from web.api.descriptions import PROBLEM_JSON
from web.auth import actor
from web.db import close_session
from web.errors import problem
from web.here import engine
from web.tenancy import tenant_key

HEADER = "Idempotency-Key"
#: What a key may look like: visible ASCII.
KEY = re.compile(r"[!-~]{1,255}")
#: Whoever asks again may not know it yet: our process died between the deed and the answer.
LOST = (
    "A request with this Idempotency-Key was carried out, but its answer is not here. Look at the result; "
    "sending it again under another key would do it twice."
)


def request_hash() -> str:
    """Tells two requests apart, whatever their key. Of files it is what they hold: each program draws a boundary."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    for part in sent_parts() if request.mimetype == "multipart/form-data" else (request.get_data(cache=True),):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def sent_parts() -> Iterator[bytes]:
    """Names and contents of a multipart body."""
    # A part may have no name at all, though werkzeug's types promise one.
    for name, value in request.form.items(multi=True):
        yield repr((name, value)).encode()
    for name, file in request.files.items(multi=True):
        yield from (repr((name, file.filename)).encode(), file.read())
        file.seek(0)


def begin() -> Response | None:
    """Take the key; answer at once what was answered before."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    if KEY.fullmatch(key) is None:
        return problem(422, "An Idempotency-Key has 1 to 255 visible ASCII characters.")
    tenant, who, digest = tenant_key(), actor(), request_hash()
    close_session()
    earlier = engine().execute(BeginAnswer(tenant=tenant, actor=who, key=key, request_hash=digest))
    if earlier is None:
        g.idempotency_key = key
        return None
    if earlier.status is None:
        return problem(409, LOST if earlier.carried_out else "A request with this Idempotency-Key is being answered.")
    return again(earlier.status, earlier.body)


def current_key() -> str:
    """The key of the request that is being answered; "" where it has none."""
    return str(g.get("idempotency_key", ""))


def again(status: int, body: object) -> Response:
    """The answer that was given then."""
    kind = PROBLEM_JSON if status >= 400 else "application/json"
    response = Response("" if status == 204 else json.dumps(body), status, mimetype=kind)
    response.headers["Idempotent-Replay"] = "true"
    return response


def finish(response: Response) -> Response:
    """Keep the answer; a fault of ours gives the key back so that the program may try again."""
    key = g.pop("idempotency_key", None)
    if key is not None:
        failed = response.status_code >= 500
        command = FinishAnswer(
            tenant=tenant_key(),
            actor=actor(),
            key=key,
            status=None if failed else response.status_code,
            body=None if failed else response.get_json(silent=True),
        )
        close_session()
        engine().execute(command)
    return response
