"""A record of a register for the staff: read, write, take out; nobody's change is lost unseen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command, DeleteRecord, SaveRecord
from engine.errors import DuplicateRecord, Invalid, NotAllowed, RecordRefused, RowsInTime, StaleRecord
from engine.model import Variables
from engine.queries import cases, people
from engine.queries import registers as reads
from engine.queries.links import Tie, Ties, ties_of
from engine.queries.record_lists import staff_view
from engine.registers.definitions import Register
from forms.compare import Change, compare
from forms.compile import Form
from forms.display import display
from forms.graph import schemas
from forms.pointers import MISSING, join
from forms.posted import FileRef
from forms.summary import summary
from forms.tree import Answers, unfold
from forms.validate import FieldError
from forms.words import text_of
from web.auth import actor, sign_in_required
from web.db import close_session
from web.digits import whole
from web.here import engine, parts, session
from web.i18n import _, language
from web.noting import noted
from web.published import form_of_link
from web.records import Paper, form_to_write, paper_of
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Received, Sheet
from web.ui.uploads import FileRefused, Judged

blueprint = Blueprint("records", __name__, url_prefix="/prace/registry/<key>")

#: Hidden field: the version that the page was made of.
VERSION = "_version"
REASON, LONGEST_REASON = "_reason", 500
#: Versions that the history of a record shows at once.
HISTORY = 30


@dataclass(frozen=True, kw_only=True)
class Step:
    """A version of a record beside the one before it."""

    facts: reads.VersionFacts
    who: str
    first: bool
    changes: Sequence[Change]


@blueprint.get("/<record_id>")
@sign_in_required
def detail(key: str, record_id: str) -> ResponseReturnValue:
    """A record with its history and cases."""
    paper = paper_of(staff_view(session(), tenant_key(), key, actor()))
    record = reads.record(session(), tenant_key(), key, record_id, actor(), even_gone=True)
    if any(one.get("x-sensitive") for one in schemas(paper.form.root) if isinstance(one, dict)):
        noted("read-record", "record", record_id, register=key)
    steps, older = history(paper, record_id)
    return render_template(
        "work/record.html",
        register=paper.register,
        record=record,
        sections=summary(
            paper.form, record.data, language(), offers=form_flow.from_registers(paper.form, record.data).offers
        ),
        steps=steps,
        older=older,
        cases=cases.of_record(session(), tenant_key(), record_id, actor()),
        may_write=paper.register.may_write(actor()) and not record.gone,
        ties=told_ties(paper.register, record_id),
        rows_of=[
            one
            for one in reads.registers(session(), tenant_key(), actor())
            if one.series is not None and one.series.under == key
        ],
        hidden_fields=len(paper.register.properties) - len(paper.view.fields),
    )


@dataclass(frozen=True, kw_only=True)
class ToldTies:
    """The ties of a record by one link, as people read them."""

    ties: Ties
    title: str
    columns: Sequence[str]
    #: (tie, its texts in the order of the columns)
    now: Sequence[tuple[Tie, Sequence[str]]]
    before: Sequence[tuple[Tie, Sequence[str]]]


def told_ties(kept: Register, record_id: str) -> list[ToldTies]:
    """What a record is tied to, in words."""
    found = []
    for ties in ties_of(session(), tenant_key(), kept, record_id, actor()):
        form = form_of_link(session(), tenant_key(), ties.other if ties.backwards else kept, ties.link)
        titles = {
            name: text_of(form, shape, "title", language()) or name for name, shape in form.root["properties"].items()
        }
        title = ties.other.title if ties.backwards else ties.link.title or ties.other.title
        found.append(
            ToldTies(
                ties=ties,
                title=str(title.get(language()) or title.get("cs") or ties.link.name),
                columns=list(titles.values()),
                now=[(one, _said(form, one, titles)) for one in ties.now],
                before=[(one, _said(form, one, titles)) for one in ties.before],
            )
        )
    return found


def _said(form: Form, tie: Tie, names: Iterable[str]) -> list[str]:
    fields = unfold(Answers(form=form, data=tie.data)).children
    texts = {field.name: display(form, field, language()) for field in fields}
    return [texts.get(name, "") for name in names]


def history(paper: Paper, record_id: str) -> tuple[list[Step], int | None]:
    """The versions of a record in words, the newest first; and where older ones begin."""
    found = list(reads.versions(session(), tenant_key(), paper.register.key, record_id, actor()))
    below = whole(request.args.get("pred", ""))
    found = [one for one in found if below is None or one.version < below]
    names = names_of([one.changed_by for one in found[:HISTORY]])
    steps = [
        Step(
            facts=one,
            who=names.get(one.changed_by, one.changed_by),
            first=one.version == 1,
            changes=[] if one.data is None else compare(paper.form, before_of(older), one.data, lang=language()),
        )
        for one, older in zip(found[:HISTORY], [*found[1:], None], strict=False)
    ]
    return steps, steps[-1].facts.version if len(found) > HISTORY else None


def before_of(version: reads.VersionFacts | None) -> Variables:
    """What a record was in a version; nothing where there was none."""
    return (version.data or {}) if version else {}


def names_of(usernames: Sequence[str]) -> dict[str, str]:
    """Names of people by username."""
    found = [people.person(session(), tenant_key(), one) for one in sorted(set(usernames)) if one]
    return {one.username: one.name for one in found if one}


# --- writing ---------------------------------------------------------------------------------------------------------


@blueprint.route("/novy", methods=["GET", "POST"])
@sign_in_required
def new(key: str) -> ResponseReturnValue:
    """Add a record."""
    kept = writable(key)
    sheet = Sheet(form=form_to_write(kept, actor()), data={})
    if request.method == "GET":
        return page(kept, sheet)
    received = receive(sheet)
    if not received.accepted:
        return page(kept, sheet, received)
    command = SaveRecord(tenant=tenant_key(), actor=actor(), register=key, data=received.data, reason=reason_given())
    return written(kept, sheet, received, command, _("The record is in the register."))


@blueprint.route("/<record_id>/upravit", methods=["GET", "POST"])
@sign_in_required
def change(key: str, record_id: str) -> ResponseReturnValue:
    """Change a record; what somebody else changed meanwhile is shown first and stays."""
    kept = writable(key)
    record = reads.record(session(), tenant_key(), key, record_id, actor())
    sheet = Sheet(form=form_to_write(kept, actor()), data=record.data)
    if request.method == "GET":
        return page(kept, sheet, record=record)
    seen = whole(request.form.get(VERSION, "")) or record.version
    if seen != record.version:
        return overtaken(kept, record, seen)
    received = receive(sheet)
    if not received.accepted:
        return page(kept, sheet, received, record=record)
    command = SaveRecord(
        tenant=tenant_key(),
        actor=actor(),
        register=key,
        record_id=record_id,
        version=seen,
        data=received.data,
        reason=reason_given(),
    )
    try:
        return written(kept, sheet, received, command, _("The record was changed."), record)
    except StaleRecord:
        return overtaken(kept, reads.record(session(), tenant_key(), key, record_id, actor()), seen)


@blueprint.route("/<record_id>/vyradit", methods=["GET", "POST"])
@sign_in_required
def remove(key: str, record_id: str) -> ResponseReturnValue:
    """Take a record out of the register, with the reason."""
    kept = writable(key)
    record = reads.record(session(), tenant_key(), key, record_id, actor())
    wrong = ""
    if request.method == "POST":
        wrong = "" if reason_given() else _("Say why, so that whoever looks for the record understands.")
        seen = whole(request.form.get(VERSION, "")) or record.version
        if seen != record.version:
            wrong = _("Somebody changed the record while you were reading it. Look at the new version.")
        wrong = wrong or taken_out(key, record_id, seen)
        if not wrong:
            flash(_("“%(name)s” is out of the register. Its history stays.", name=record.caption))
            return redirect(url_for("staff_registers.listing", key=key), 303)
    html = render_template("work/record_out.html", register=kept, record=record, wrong=wrong, reason=reason_given())
    return html, 422 if wrong else 200


def taken_out(key: str, record_id: str, seen: int) -> str:
    """Take the record out; gives what a rule of the register says against it."""
    command = DeleteRecord(
        tenant=tenant_key(), actor=actor(), register=key, record_id=record_id, version=seen, reason=reason_given()
    )
    try:
        execute(command)
    except RecordRefused as error:
        return " ".join(text for _at, text in error.sentences(language()))
    return ""


def writable(key: str) -> Register:
    """A register whose records this person may write. Raises NotFound, NotAllowed, RowsInTime."""
    kept = reads.register(session(), tenant_key(), key)
    if not kept.may_write(actor()):
        raise NotAllowed
    if kept.series is not None:
        raise RowsInTime
    return kept


def reason_given() -> str:
    """Why, as it was posted."""
    return request.form.get(REASON, "").strip()[:LONGEST_REASON]


def receive(sheet: Sheet) -> Received:
    """Read the posted form; files are no part of records."""

    def refuse(_upload: Judged) -> FileRef:
        raise FileRefused(_("Files come into a register only by a case."))

    return form_flow.receive(sheet, request, refuse, parts().outside)


def written(
    kept: Register,
    sheet: Sheet,
    received: Received,
    command: SaveRecord,
    said: str,
    record: reads.RecordFacts | None = None,
) -> ResponseReturnValue:
    """Write and show the record, or the form again with the reason. Raises StaleRecord."""
    try:
        record_id = execute(command)
    except (DuplicateRecord, Invalid, RecordRefused) as error:
        return page(kept, sheet, replace(received, errors=refusals(sheet, error)), record=record)
    flash(said)
    return redirect(url_for("records.detail", key=kept.key, record_id=record_id), 303)


def refusals(sheet: Sheet, error: DuplicateRecord | Invalid | RecordRefused) -> list[FieldError]:
    """What the register says against a record, at its fields."""
    if isinstance(error, RecordRefused):
        shown = sheet.form.root["properties"]
        return [
            FieldError(pointer=join("", at) if at in shown else "", keyword="rule", message=text)
            for at, text in error.sentences(language())
        ]
    fields = error.facts.get("fields")
    names = [name for name in fields if name in sheet.form.root["properties"]] if isinstance(fields, list) else []
    if isinstance(error, DuplicateRecord):
        said = _("There is another record with this in the register already.")
        return [FieldError(pointer=join("", name), keyword="unique", message=said) for name in names] or [
            FieldError(pointer="", keyword="unique", message=said)
        ]
    said = _("The register can't take the record as it is. A field that you don't see may be missing in it.")
    return [FieldError(pointer="", keyword="record", message=said)]


def overtaken(kept: Register, record: reads.RecordFacts, seen: int) -> ResponseReturnValue:
    """Somebody was faster: both changes meet in the form, what they changed stands above it, nothing is written yet."""
    versions = reads.versions(session(), tenant_key(), kept.key, record.id, actor())
    base = before_of(next((one for one in versions if one.version == seen), None))
    last = next(one for one in versions if one.version == record.version)
    form = form_to_write(kept, actor())
    mine = receive(Sheet(form=form, data=base))
    merged, both = met(base, mine.data, record.data)
    notes = {join("", name): _("Both of you changed this; here is what you wrote.") for name in both}
    received = Received(data=merged, notes=notes, again=True)
    html = render_template(
        "work/record_edit.html",
        register=kept,
        record=record,
        view=form_flow.show(Sheet(form=form, data=merged), received),
        hidden={VERSION: str(record.version)},
        theirs=compare(form, base, record.data, lang=language()),
        who=names_of([last.changed_by]).get(last.changed_by, last.changed_by),
        last=last,
        reason=reason_given(),
    )
    return html, 409


def met(base: Variables, mine: Variables, theirs: Variables) -> tuple[Variables, list[str]]:
    """Bring two changes of one record together; gives the fields that both changed otherwise, where mine stands."""
    merged, both = dict(theirs), list[str]()
    for name in {*base, *mine, *theirs}:
        was, here, there = (one.get(name, MISSING) for one in (base, mine, theirs))
        if here == was:
            continue
        if there not in (was, here):
            both.append(name)
        if here is MISSING:
            merged.pop(name, None)
        else:
            merged[name] = here
    return merged, sorted(both)


def page(
    kept: Register, sheet: Sheet, received: Received | None = None, record: reads.RecordFacts | None = None
) -> ResponseReturnValue:
    """The form of a record, as new or as it came back."""
    html = render_template(
        "work/record_edit.html",
        register=kept,
        record=record,
        view=form_flow.show(sheet, received),
        hidden={VERSION: str(record.version)} if record else {},
        theirs=(),
        reason=reason_given(),
    )
    return html, 422 if received and received.errors else 200


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)
