"""Public registers: a list with search, a record, the whole as open data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from flask import Blueprint, Response, json, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.model import Variables
from engine.queries.record_lists import Asked, counted, everything, public_view
from engine.queries.registers import RecordFacts, caption_is_public, public_record
from engine.queries.registers import registers as public_registers
from engine.registers.definitions import Register
from forms.summary import Table, summary
from web.here import session
from web.i18n import language
from web.limits import SUGGESTIONS, limiter
from web.notice_board import as_board, board_of
from web.open_data import as_linked, catalogue, dataset, public_schema
from web.open_tables import as_table
from web.open_tables import described as described_table
from web.places import pictures_on, position_of, seen_of
from web.record_lists import FROM, IS, TO, asked_in, sheet_of
from web.records import Paper, paper_of
from web.tenancy import address_here, tenant, tenant_key
from web.ui.offers import Source

blueprint = Blueprint("registers", __name__)

#: Records of open data whose pictures are looked for at a time.
WITH_PICTURES = 100


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A register on the first page."""

    key: str
    title: Mapping[str, str]
    total: int


def offered() -> list[Shown]:
    """Registers with a public part."""
    views = [public_view(session(), tenant_key(), one.key) for one in public_registers(session(), tenant_key())]
    return [
        Shown(key=one.register.key, title=one.register.title, total=counted(session(), one, Asked())) for one in views
    ]


@blueprint.get("/registry/<key>")
def listing(key: str) -> ResponseReturnValue:
    """The public records, narrowed as the address says."""
    sheet = sheet_of(public_view(session(), tenant_key(), key), request.args)

    def address(**changed: str) -> str:
        return sheet.address(lambda **args: url_for("registers.listing", key=key, **args), **changed)

    told = caption_is_public(sheet.paper.register)
    first = sheet.columns[0].name if sheet.columns else ""
    names = [(one, texts.get(first) or (one.caption if told else "")) for one, texts in sheet.rows if first]
    return render_template(
        "portal/register.html",
        register=sheet.paper.register,
        sheet=sheet,
        seen=seen_of(sheet.paper.register, names),
        columns=sheet.columns,
        found=sheet.found,
        address=address,
        file=lambda kind: sheet.address(lambda **args: url_for(f"registers.as_{kind}", key=key, **args)),
        marks={"is": IS, "low": FROM, "high": TO},
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
    """One public record."""
    record = public_record(session(), tenant_key(), key, record_id)
    paper = paper_of(public_view(session(), tenant_key(), key))
    kept, texts, tables = paper.register, paper.texts(record.data), tables_of(paper, record)
    elsewhere = {kept.pictures, *(kept.position or ()), *(one.pointer.removeprefix("/") for one in tables)}
    columns = [column for column in paper.columns.values() if column.name not in elsewhere]
    name = record.caption if caption_is_public(kept) else texts.get(columns[0].name, "") if columns else ""
    return render_template(
        "portal/record.html",
        register=kept,
        record=record,
        columns=columns,
        texts=texts,
        name=name,
        tables=tables,
        position=position_of(kept, record.data),
        pictures=pictures_on(kept, [record])[record.id],
    )


def tables_of(paper: Paper, record: RecordFacts) -> list[Table]:
    """Rows that a record holds, such as the items of a budget, each list of them as a table with sums."""
    sections = summary(paper.form, record.data, language())
    return [line for section in sections for line in section.lines if isinstance(line, Table)]


def asked_for(key: str) -> tuple[Paper, Iterator[RecordFacts]]:
    """All public records that the address asks for."""
    paper = paper_of(public_view(session(), tenant_key(), key))
    asked, _ranges, _problems = asked_in(paper, request.args)
    return paper, everything(session(), paper.view, asked)


@blueprint.get("/registry/<key>.csv")
def as_csv(key: str) -> ResponseReturnValue:
    """The records as a table for programs."""
    paper, records = asked_for(key)
    answer = download(as_table(paper, records), "text/csv; charset=utf-8", f"{key}.csv")
    about = f"{root()}registry/{key}.csv-metadata.json"
    answer.headers["Link"] = f'<{about}>; rel="describedby"; type="application/csvm+json"'
    return answer


@blueprint.get("/registry/<key>.csv-metadata.json")
def about_csv(key: str) -> ResponseReturnValue:
    """What is in the columns of the table."""
    paper = paper_of(public_view(session(), tenant_key(), key))
    body = described_table(paper, f"{root()}registry/{key}.csv")
    return shown(body, f"{key}.csv-metadata.json", "application/csvm+json")


@blueprint.get("/registry/<key>.json")
def as_json(key: str) -> ResponseReturnValue:
    """The records as they are kept, with their shape."""
    paper, found = asked_for(key)
    kept = paper.register
    records = [{"id": record.id, **record.data} for record in with_pictures(kept, found)]
    body = {"register": kept.key, "title": kept.title, "schema": public_schema(kept), "records": records}
    return download(json.dumps(body, ensure_ascii=False, indent=1), "application/json", f"{key}.json")


@blueprint.get("/registry/<key>.jsonld")
def as_jsonld(key: str) -> ResponseReturnValue:
    """The records as linked data."""
    paper, records = asked_for(key)
    if board_of(paper.register):
        body = as_board(paper.register, root(), records, tenant().name, tenant().settings)
    else:
        body = as_linked(paper.register, root(), with_pictures(paper.register, records))
    return download(json.dumps(body, ensure_ascii=False, indent=1), "application/ld+json", f"{key}.jsonld")


def with_pictures(kept: Register, records: Iterator[RecordFacts]) -> Iterator[RecordFacts]:
    """The records with the addresses of the pictures that the portal shows in the place of their files."""
    if not kept.pictures:
        yield from records
        return
    while some := list(islice(records, WITH_PICTURES)):
        found = pictures_on(kept, some)
        for record in some:
            told = [{"address": root() + one.large.lstrip("/"), "alt": one.alt} for one in found[record.id]]
            has_any = isinstance(record.data.get(kept.pictures), list)
            yield replace(record, data={**record.data, kept.pictures: told}) if has_any else record


def root() -> str:
    """Address of the portal with a slash at its end."""
    return address_here().rstrip("/") + "/"


def open_registers() -> list[Register]:
    """Registers whose public part is open data."""
    return [one for one in public_registers(session(), tenant_key()) if one.open_data is not None]


@blueprint.get("/otevrena-data")
def open_data() -> ResponseReturnValue:
    """Which open data there are, for people."""
    return render_template("portal/open_data.html", registers=open_registers())


@blueprint.get("/otevrena-data/katalog.jsonld")
def catalogue_of_data() -> ResponseReturnValue:
    """Which open data there are, for the national catalogue."""
    body = catalogue(open_registers(), root(), tenant().name, tenant().settings)
    return shown(body, "katalog.jsonld")


@blueprint.get("/otevrena-data/<key>.jsonld")
def described_register(key: str) -> ResponseReturnValue:
    """A dataset as the norm wants it described."""
    kept = next((one for one in open_registers() if one.key == key), None)
    if kept is None:
        raise NotFound
    return shown(dataset(kept, root(), tenant().name, tenant().settings), f"{key}.jsonld")


def shown(body: Variables, filename: str, kind: str = "application/ld+json") -> Response:
    """A description, to be shown and not saved."""
    answer = download(json.dumps(body, ensure_ascii=False, indent=1), kind, filename)
    del answer.headers["Content-Disposition"]
    return answer


def download(text: str, kind: str, filename: str) -> Response:
    """Open data: anybody may take them from anywhere."""
    response = Response(text, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.max_age = 60
    return response
