"""A blueprint of the API: reads requests strictly and describes every answer it may give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

from flask import Request, abort
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from integrations import strict_json
from web.api.descriptions import BODY, COMMON, IDEMPOTENCY_KEY, NAMED, PATH, PROBLEM_JSON, TOTAL
from web.api.shapes import Problem
from web.errors import problem

View = TypeVar("View", bound=Callable[..., Any])

#: Biggest JSON body in bytes. Files come as multipart.
MOST_JSON = 4 * 1024 * 1024


class StrictParser(FlaskParser):
    """Refuses what webargs would pass over: a body of another kind, unknown parameters, what can't be kept."""

    def __init__(self) -> None:
        super().__init__()
        # What a shape says of unknown members holds at every place.
        self.DEFAULT_UNKNOWN_BY_LOCATION = {}

    def _raw_load_json(self, req: Request) -> Any:
        if (req.content_length or 0) > MOST_JSON:
            raise RequestEntityTooLarge()
        body = req.get_data(cache=True)
        if not body.strip():
            return missing
        if not is_json_request(req):
            raise UnsupportedMediaType("The body should be application/json.")
        try:
            return strict_json.read(body)
        except strict_json.BadJson as error:
            abort(problem(400, str(error)))

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        for name, values in req.args.lists():
            if len(values) > 1:
                raise ValidationError({name: ["It is given more than once."]})
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: Any) -> NoReturn:
        """422 with the place and the sentence of everything that is wrong."""
        messages = error.messages if isinstance(error.messages, dict) else {"json": error.messages}
        told = [one for place, inner in messages.items() for one in wrong(inner, "", at_query=place == "query")]
        abort(problem(422, "The request doesn't fit its description.", errors=told))


def wrong(messages: Any, pointer: str, *, at_query: bool) -> Iterator[dict[str, str]]:
    """Marshmallow's nested messages as a flat list of places with sentences."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from wrong(inner, f"{pointer}{step(str(name))}", at_query=at_query)
        return
    place = {"parameter": pointer.lstrip("/").split("/")[0]} if at_query else {"pointer": pointer}
    yield from ({**place, "message": str(one)} for one in (messages if isinstance(messages, list) else [messages]))


def step(name: str) -> str:
    """One step of a JSON pointer; marshmallow's own names for a whole, a key or a value are none."""
    return "" if name in ("_schema", "key", "value") else f"/{name.replace('~', '~0').replace('/', '~1')}"


class Room(Blueprint):  # type: ignore[misc]
    """One subject of the API; its name is the tag of its calls."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, description=description)
        self._prepare_doc_cbks.append(self._describe_common)

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any) -> None:
        """Name the operation after the function, and describe the ids of its address."""
        ids = [PATH[name] for name in re.findall(r"<(\w+)>", rule)]
        named = {"operationId": f"{self.name}.{view_func.__name__}"}
        view_func._apidoc = {**getattr(view_func, "_apidoc", {}), "manual_doc": {**manual(view_func), **named}}
        super().add_url_rule(rule, endpoint, view_func, **{**options, "parameters": ids})

    def lists(self, shape: type[Schema], description: str) -> Callable[[View], View]:
        """Answer with a page of a list and the total beside it."""
        decorate: Callable[[View], View] = self.response(
            200, shape(many=True), description=description, headers={"X-Total-Count": TOTAL}
        )
        return decorate

    def refuses(self, told: Mapping[int, str]) -> Callable[[View], View]:
        """Describe the refusals that mean something particular here."""

        def decorate(view: View) -> View:
            for status, description in told.items():
                view = self.alt_response(status, schema=Problem, content_type=PROBLEM_JSON, description=description)(
                    view
                )
            return view

        return decorate

    def _describe_common(self, doc: dict[str, Any], doc_info: Any, *, method: str, **_rest: Any) -> dict[str, Any]:
        responses = doc.setdefault("responses", {})
        for status in (*COMMON, *(BODY if method in ("post", "put") else ()), *responses):
            if status in NAMED and not isinstance(responses.get(status), Mapping):
                responses[status] = NAMED[status]
        if method == "post":
            doc.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
        return doc


def manual(view: Any) -> dict[str, Any]:
    """What was said of a view by hand."""
    said: dict[str, Any] = getattr(view, "_apidoc", {}).get("manual_doc", {})
    return said
