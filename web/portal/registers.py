"""Public registers: a list with search, a record, the whole as open data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, json, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.model import Variables
from engine.queries.paging import MOST_PER_PAGE
from engine.queries.registers import RecordFacts, Wanted, public_record, public_records, register
from engine.queries.registers import registers as public_registers
from engine.registers.definitions import Register
from forms.compile import Form
from forms.display import display
from forms.tree import Answers, unfold
from forms.words import text_of
from web.digits import page_number
from web.here import session
from web.i18n import language
from web.limits import SUGGESTIONS, limiter
from web.published import form_of_record
from web.tenancy import tenant_key
from web.ui.offers import Source
from web.ui.spreadsheet import spreadsheet

blueprint = Blueprint("registers", __name__)

PAGE_SIZE = 50
LONGEST_QUERY = 200


@dataclass(frozen=True, kw_only=True)
class Column:
    """A public field."""

    name: str
    title: str
    number: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A register on the first page."""

    key: str
    title: Mapping[str, str]
    total: int


def offered() -> list[Shown]:
    """Registers with a public part."""
    found = public_registers(session(), tenant_key())
    return [
        Shown(key=one.key, title=one.title, total=public_records(session(), tenant_key(), one.key, ONE).total)
        for one in found
    ]


ONE = Wanted(page_size=1)


def columns(kept: Register, form: Form) -> list[Column]:
    """The public fields in the order the register gives them."""
    properties = kept.schema.get("properties", {})
    return [
        Column(
            name=name,
            title=text_of(form, form.root["properties"][name], "title", language()) or name,
            number=properties[name].get("type") in ("integer", "number"),
        )
        for name in kept.public_fields or ()
    ]


def texts(form: Form, data: Variables) -> dict[str, str]:
    """The values of a record as people read them."""
    fields = unfold(Answers(form=form, data=data)).children
    return {field.name: display(form, field, language()) for field in fields}


def asked(*, page_size: int = PAGE_SIZE, page: int | None = None) -> Wanted:
    """What the address asks for."""
    return Wanted(
        q=request.args.get("q", "").strip()[:LONGEST_QUERY],
        page=page or page_number("strana"),
        page_size=page_size,
    )


@blueprint.get("/registry/<key>")
def listing(key: str) -> ResponseReturnValue:
    wanted = asked()
    found = public_records(session(), tenant_key(), key, wanted)
    kept = register(session(), tenant_key(), key)
    form = form_of_record(session(), tenant_key(), kept)
    return render_template(
        "portal/register.html",
        register=kept,
        columns=columns(kept, form),
        rows=[(record, texts(form, record.data)) for record in found.items],
        found=found,
        q=wanted.q,
        turn=lambda page: url_for("registers.listing", key=key, q=wanted.q or None, strana=page),
    )


@blueprint.get("/registry/<key>/nabidka")
@limiter.limit(SUGGESTIONS)
def suggestions(key: str) -> ResponseReturnValue:
    """Names for whoever chooses a record in a form; only of public fields."""
    value, label = request.args.get("value", ""), request.args.get("label", "")
    source = Source(session=session(), tenant=tenant_key(), key=key, value=value, label=label)
    return {"names": list(dict.fromkeys(name for _value, name in source.find(request.args.get("q", ""))))}


@blueprint.get("/registry/<key>/<record_id>")
def detail(key: str, record_id: str) -> ResponseReturnValue:
    record = public_record(session(), tenant_key(), key, record_id)
    kept = register(session(), tenant_key(), key)
    form = form_of_record(session(), tenant_key(), kept)
    return render_template(
        "portal/record.html",
        register=kept,
        record=record,
        columns=columns(kept, form),
        texts=texts(form, record.data),
    )


def everything(key: str) -> Iterator[RecordFacts]:
    """All public records, page by page."""
    page = 1
    while True:
        found = public_records(session(), tenant_key(), key, asked(page_size=MOST_PER_PAGE, page=page))
        yield from found.items
        if page >= found.pages:
            return
        page += 1


@blueprint.get("/registry/<key>.csv")
def as_csv(key: str) -> ResponseReturnValue:
    records = list(everything(key))
    kept = register(session(), tenant_key(), key)
    form = form_of_record(session(), tenant_key(), kept)
    shown = columns(kept, form)
    rows = ([read.get(column.name, "") for column in shown] for read in (texts(form, one.data) for one in records))
    body = spreadsheet([column.title for column in shown], rows)
    return download(body, "text/csv; charset=utf-8", f"{key}.csv")


@blueprint.get("/registry/<key>.json")
def as_json(key: str) -> ResponseReturnValue:
    records = [{"id": record.id, **record.data} for record in everything(key)]
    kept = register(session(), tenant_key(), key)
    body = {"register": kept.key, "title": kept.title, "schema": public_schema(kept), "records": records}
    return download(json.dumps(body, ensure_ascii=False, indent=1), "application/json", f"{key}.json")


def public_schema(kept: Register) -> Variables:
    """The shape of what is public."""
    properties = kept.schema.get("properties", {})
    return {"type": "object", "properties": {name: properties[name] for name in kept.public_fields or ()}}


def download(text: str, kind: str, filename: str) -> Response:
    """Open data: anybody may take them from anywhere."""
    response = Response(text, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.max_age = 60
    return response
