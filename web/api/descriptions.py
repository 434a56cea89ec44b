"""What the OpenAPI description says of things that many calls share: refusals, headers, ids in addresses."""

from __future__ import annotations

from typing import Any

from apispec import APISpec

from web.api.shapes import Problem

PROBLEM_JSON = "application/problem+json"
IDEMPOTENCY_KEY = "IdempotencyKey"

INFO = {
    "summary": "The office's cases, human tasks, messages, incidents and registers, for programs.",
    "description": (
        "Everything happens in the name of the person whose token it is, within that person's rights, and stands in "
        "the story of the case like anything a person does.\n\n"
        "- **Errors** are `application/problem+json` (RFC 9457); `detail` is a sentence, `errors` tells where.\n"
        "- **Lists** come in pages (`page`, `page_size`); `X-Total-Count` holds the total. A page beyond the end is "
        "empty.\n"
        "- **Idempotency-Key** on any POST: the same request with the same key is answered again and not done again.\n"
        "- **Times** are ISO 8601 with a zone; **money** is a decimal number written as text.\n"
        "- Unknown members and parameters are refused, so that a misspelt one is noticed."
    ),
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}
SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Made by `radnice token create --tenant KEY --user NAME`; shown once, kept only as a hash.",
    }
}

#: Status → name of its description among the components.
NAMED = {
    400: "Malformed",
    401: "Unauthorised",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    413: "TooLarge",
    415: "WrongKind",
    422: "Refused",
    429: "TooMany",
    500: "Fault",
    503: "Busy",
}
#: What any call may answer, and what one with a body may answer besides.
COMMON = (400, 401, 403, 404, 429, 500, 503)
BODY = (409, 413, 415, 422)
_SENTENCES = {
    400: "The request can't be read: the JSON is damaged, or a text holds what can't be kept.",
    401: "The token is missing or not valid here.",
    403: "The person behind the token may not do this.",
    404: "There is nothing with this id in this organisation.",
    409: "The thing has changed meanwhile, or a request with the same Idempotency-Key is being answered.",
    413: "The body is too big.",
    415: "The body is of another kind than the call takes.",
    422: "The request doesn't fit its description; `errors` says where.",
    429: "Too many requests; `Retry-After` says when to go on.",
    500: "A fault of ours. It was recorded; the request may be sent again with the same Idempotency-Key.",
    503: "The database is busy. Send the request again with the same Idempotency-Key.",
}

TOTAL = {
    "description": "How many there are on all pages.",
    "schema": {"type": "integer", "minimum": 0},
    "required": True,
}
ETAG = {"description": "Version of the record, for `If-Match`.", "schema": {"type": "string"}, "required": True}

_PATHS = {
    "instance_id": "Id of a process instance.",
    "task_id": "Id of a human task.",
    "incident_id": "Id of an incident.",
    "record_id": "Id of a record.",
    "operation_id": "Id of an intervention.",
    "key": "Key of a register, as its agenda names it.",
}
#: Name of a part of an address → its description.
PATH: dict[str, dict[str, Any]] = {
    name: {"name": name, "in": "path", "required": True, "description": sentence, "schema": {"type": "string"}}
    for name, sentence in _PATHS.items()
}


def describe(spec: APISpec) -> None:
    """Put the shared descriptions into the document."""
    for name, scheme in SECURITY.items():
        spec.components.security_scheme(name, scheme)
    for status, name in NAMED.items():
        content = {PROBLEM_JSON: {"schema": Problem}}
        spec.components.response(name, {"description": _SENTENCES[status], "content": content})
    spec.components.parameter(
        IDEMPOTENCY_KEY,
        "header",
        {
            "name": "Idempotency-Key",
            "description": "Chosen by the program, new for each new request. Remembered for 7 days.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
            "example": "invoice-2026-00017",
        },
    )
