"""Tables brought into a register: choose the file, say which column goes where, see every row's fate, store, undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.errors import Invalid
from engine.model import Json
from engine.queries import imports as reads
from engine.queries.imports import ImportFacts, LineFacts
from engine.queries.record_lists import staff_view
from engine.registering import (
    CHECKED,
    CHECKING,
    COLUMNS,
    REFUSED,
    STORED,
    STORING,
    UNDOING,
    UNDONE,
    AskUndo,
    BeginImport,
    ChooseColumns,
    Mode,
    RunImport,
)
from integrations.refused_tables import MOST_BYTES, TableRefused
from integrations.tables import Row, read_table
from web.auth import actor, sign_in_required
from web.digits import whole
from web.here import parts, session
from web.i18n import _, language
from web.importing.carrying import carry
from web.importing.checking import KEY, fields_to_import
from web.importing.columns import matched
from web.records import Paper, paper_of
from web.tenancy import tenant_key
from web.ui import spreadsheet
from web.workplace.records import execute, names_of, writable

blueprint = Blueprint("imports", __name__, url_prefix="/prace/registry/<key>/import")

#: Files up to this size are tried and stored while their sender waits; a worker takes bigger ones.
AT_ONCE = 300_000
LINES, SAMPLES = 100, 3
#: Name of a choice in the form of columns: its place among the titles follows.
COLUMN = "sloupec."
#: TableRefused.code → sentence, filled with the facts.
REFUSALS = {
    "empty": lazy_gettext("The file is empty."),
    "too-big": lazy_gettext("The file has more than %(most)s MB. Divide it into several."),
    "too-long": lazy_gettext("The table has more than %(most)s rows. Divide it into several."),
    "too-wide": lazy_gettext("The table has more than %(most)s columns."),
    "long-cell": lazy_gettext("A cell has more than %(most)s characters."),
    "wide-row": lazy_gettext("Row %(line)s has more cells than there are columns in the first row."),
    "same-title": lazy_gettext("Two columns are called “%(title)s”. Rename one of them."),
    "old-excel": lazy_gettext(
        "This is an old Excel file (.xls) or one locked by a password. Save it as .xlsx without a password, or as CSV."
    ),
    "locked": lazy_gettext("The file is locked by a password. Save it without one."),
    "macros": lazy_gettext("The workbook has macros, which we don't let in. Save it as an ordinary .xlsx."),
    "bomb": lazy_gettext("The file would unpack into something enormous, so we don't open it."),
    "broken-workbook": lazy_gettext("The workbook is damaged or cut. Open it in a table program and save it again."),
    "not-a-table": lazy_gettext("This is no table that we can read. Save it as CSV, XLSX or JSON."),
    "encoding": lazy_gettext("The letters of the file can't be read. Save it as CSV in UTF-8."),
    "cut": lazy_gettext("The file is cut off: row %(line)s doesn't end."),
    "quotes": lazy_gettext("Quotation marks in row %(line)s don't fit together."),
    "not-json": lazy_gettext("This is not JSON: it can't be read from line %(line)s on."),
    "no-records": lazy_gettext("The JSON has no list of records in it."),
    "engine": lazy_gettext("The register has changed meanwhile. Begin the import again."),
    "failed": lazy_gettext("The fault is ours and it was recorded. Nothing was stored."),
}
#: Facts of Invalid["code"] when columns are chosen.
WRONG = {
    "no-columns": lazy_gettext("Choose at least one column."),
    "same-field": lazy_gettext("Two columns go to the same field."),
    "no-unique": lazy_gettext("This register has nothing unique by which its records could be replaced."),
    "bad-rows": lazy_gettext("Some rows have faults. Leave them out, or mend the table and bring it again."),
}
FATES = {
    "new": lazy_gettext("new record"),
    "change": lazy_gettext("change of a record"),
    "same": lazy_gettext("nothing changes"),
    "bad": lazy_gettext("can't be stored"),
}
STATES = {
    COLUMNS: lazy_gettext("columns are being chosen"),
    CHECKING: lazy_gettext("rows are being tried"),
    CHECKED: lazy_gettext("waits for your decision"),
    STORING: lazy_gettext("is being stored"),
    STORED: lazy_gettext("stored"),
    UNDOING: lazy_gettext("is being taken back"),
    UNDONE: lazy_gettext("taken back"),
    REFUSED: lazy_gettext("refused"),
}


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """Why a table was refused."""
    said = REFUSALS.get(code, REFUSALS["failed"])
    return str(said) % {"line": "?", "most": "?", "title": "?", **facts}


def told(problem: str) -> str:
    """A fault of a row: ours by its key, a form's as it was said."""
    if not problem.startswith(KEY):
        return problem
    key, _colon, fact = problem.removeprefix(KEY).partition(":")
    sentences = {
        "several": _("The row means several records at once: each of its unique values belongs to another one."),
        "there": _("Such a record is in the register already."),
        "again": _("Row %(number)s has the same; it can be there only once.", number=fact),
        "unseen": _("The record needs a field that you don't see."),
    }
    return sentences.get(key, problem)


@blueprint.route("", methods=["GET", "POST"])
@sign_in_required
def begin(key: str) -> ResponseReturnValue:
    """Choose a file; the ones brought before."""
    kept = writable(key)
    wrong, filename = "", ""
    if request.method == "POST":
        sent = request.files.get("file")
        filename = (sent.filename or "") if sent else ""
        content = sent.read(MOST_BYTES + 1) if sent else b""
        try:
            if not filename:
                wrong = _("Choose the file first.")
            else:
                return redirect(url_for("imports.shown", key=key, import_id=take(key, filename, content)), 303)
        except TableRefused as error:
            wrong = sentence(error.code, error.facts)
    found = reads.imports(session(), tenant_key(), key)
    html = render_template(
        "work/imports.html",
        register=kept,
        imports=found,
        names=names_of([one.begun_by for one in found]),
        states=STATES,
        wrong=wrong,
        filename=filename,
    )
    return html, 422 if wrong else 200


def take(key: str, filename: str, content: bytes) -> str:
    """Keep a file whose beginning can be read. Raises TableRefused."""
    paper = paper_of(staff_view(session(), tenant_key(), key, actor()))
    table = read_table(content, filename)
    next(table.rows, None)
    remembered = reads.remembered(session(), tenant_key(), key)
    allowed = fields_to_import(paper.register, actor())
    columns = matched(paper.register, paper.form, table.titles, remembered, allowed)
    command = BeginImport(
        tenant=tenant_key(),
        actor=actor(),
        register=key,
        filename=filename,
        content=content,
        columns=columns,
        language=language(),
    )
    return str(execute(command))


@blueprint.get("/<import_id>")
@sign_in_required
def shown(key: str, import_id: str) -> ResponseReturnValue:
    """Where an import is: columns, fates of its rows, what came of it."""
    return page(key, import_of(key, import_id))


def import_of(key: str, import_id: str) -> ImportFacts:
    """An import that this person may see. Raises NotFound, NotAllowed."""
    return reads.import_of(session(), tenant_key(), key, import_id, actor())


def page(key: str, facts: ImportFacts, wrong: str = "") -> ResponseReturnValue:
    """The page of an import."""
    paper = paper_of(staff_view(session(), tenant_key(), key, actor()))
    choosing = facts.state == COLUMNS or bool(request.args.get("sloupce") and facts.state in (CHECKED, REFUSED))
    fate = request.args.get("osud", "bad" if facts.counts.get("bad") else "")
    after = whole(request.args.get("za", "")) or 0
    found = reads.lines(session(), tenant_key(), facts.id, fate if fate in FATES else "", after, LINES + 1)
    html = render_template(
        "work/import.html",
        register=paper.register,
        one=facts,
        states=STATES,
        fates=FATES,
        fate=fate,
        choosing=choosing,
        columns=samples(facts, paper) if choosing else (),
        fields=[paper.columns[name] for name in fields_to_import(paper.register, actor()) if name in paper.columns],
        lines=[(line, named(paper, line), paper.texts(seen_of(paper, line))) for line in found[:LINES]],
        more=found[LINES - 1].number if len(found) > LINES else None,
        listed=[paper.columns[name] for name in facts.columns.values() if name in paper.columns][:4],
        refused=sentence(str(facts.problem.get("code")), facts.problem) if facts.state == REFUSED else "",
        same_file=same_file(key, facts),
        wrong=wrong,
        who=names_of([facts.begun_by]).get(facts.begun_by, facts.begun_by),
    )
    return html, 422 if wrong else 200


def seen_of(paper: Paper, line: LineFacts) -> dict[str, Json]:
    """The fields of a row that its reader sees."""
    return {name: value for name, value in line.data.items() if name in paper.columns}


def named(paper: Paper, line: LineFacts) -> list[tuple[str, str]]:
    """The faults of a row, each at its column."""
    return [
        (paper.columns[name].title if name in paper.columns else "", told(problem)) for name, problem in line.problems
    ]


def samples(facts: ImportFacts, paper: Paper) -> list[tuple[int, str, str, list[str]]]:
    """Every column of the file: place, title, field, the first cells."""
    content = reads.content_of(session(), tenant_key(), facts.id)
    rows: list[Row] = []
    try:
        table = read_table(content, facts.filename)
        rows += islice(table.rows, SAMPLES)
    except TableRefused:
        return [(at, title, name, []) for at, (title, name) in enumerate(facts.columns.items())]
    return [
        (at, title, facts.columns.get(title, ""), [str(row.cells[at])[:60] for row in rows if row.cells[at]])
        for at, title in enumerate(table.titles)
        if title
    ]


def same_file(key: str, facts: ImportFacts) -> ImportFacts | None:
    """An import of the very same file that was stored before."""
    others = (one for one in reads.imports(session(), tenant_key(), key, 100) if one.id != facts.id)
    return next((one for one in others if one.sha256 == facts.sha256 and one.state == STORED), None)


@blueprint.post("/<import_id>/sloupce")
@sign_in_required
def choose(key: str, import_id: str) -> ResponseReturnValue:
    """Take the columns over and try the rows."""
    facts = import_of(key, import_id)
    chosen = {
        title: request.form.get(f"{COLUMN}{at}", "") for at, title, _name, _cells in samples(facts, paper_here(key))
    }
    mode: Mode = "replace" if request.form.get("mode") == "replace" else "add"
    return go(
        key, facts, ChooseColumns(tenant=tenant_key(), actor=actor(), import_id=import_id, columns=chosen, mode=mode)
    )


def paper_here(key: str) -> Paper:
    """How the register reads for this person."""
    return paper_of(staff_view(session(), tenant_key(), key, actor()))


@blueprint.post("/<import_id>/ulozit")
@sign_in_required
def run(key: str, import_id: str) -> ResponseReturnValue:
    """Store all rows, or only the good ones."""
    facts = import_of(key, import_id)
    only_good = request.form.get("only_good") == "1"
    return go(key, facts, RunImport(tenant=tenant_key(), actor=actor(), import_id=import_id, only_good=only_good))


@blueprint.post("/<import_id>/vratit")
@sign_in_required
def undo(key: str, import_id: str) -> ResponseReturnValue:
    """Take back what the import wrote."""
    facts = import_of(key, import_id)
    return go(key, facts, AskUndo(tenant=tenant_key(), actor=actor(), import_id=import_id))


def go(key: str, facts: ImportFacts, command: ChooseColumns | RunImport | AskUndo) -> ResponseReturnValue:
    """Execute; what is small is done before the page comes back."""
    small = len(reads.content_of(session(), tenant_key(), facts.id)) <= AT_ONCE
    tenant = tenant_key()
    try:
        execute(command)
    except Invalid as error:
        return page(key, import_of(key, facts.id), str(WRONG.get(str(error.facts.get("code")), error)))
    if small:
        carry(parts(), tenant, facts.id)
    after = import_of(key, facts.id)
    if after.state == STORED:
        flash(_("The import is stored."))
    if after.state == UNDONE:
        flash(_("The import was taken back."))
    return redirect(url_for("imports.shown", key=key, import_id=facts.id), 303)


@blueprint.get("/<import_id>/radky.csv")
@sign_in_required
def fates(key: str, import_id: str) -> ResponseReturnValue:
    """The fate of every row as a table."""
    facts = import_of(key, import_id)
    paper = paper_here(key)

    def rows() -> Iterator[Sequence[Any]]:
        for line in reads.all_lines(session(), tenant_key(), facts.id):
            problems = "; ".join(f"{title}: {said}" if title else said for title, said in named(paper, line))
            yield [line.number, str(FATES[line.fate]), problems]

    header = [_("Row"), _("Fate"), _("What is wrong")]
    body = spreadsheet.lines(header, rows(), ";" if language() == "cs" else ",")
    answer = Response(spreadsheet.MARK + "".join(body), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-import.csv")
    return answer
