"""Imports into registers: every row is tried before one is stored, and what was stored can be taken back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from engine.errors import Conflict, DuplicateRecord, Invalid, NotAllowed, NotFound
from engine.handlers.records_at_once import Hand, Written, locked_by_id, pieces, write_all
from engine.handlers.registers import only_records, register_of
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id, new_id_in_order
from engine.model import Actor, Variables
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
    ForgetImports,
    KeepCheck,
    Line,
    RefuseImport,
    RunImport,
    StoreImport,
    UndoImport,
)
from engine.registers.definitions import Register
from engine.store.bulk import insert_all
from engine.store.imports import ImportLineRow, ImportRow
from engine.store.record_values import count_anew, make_room
from engine.store.registers import RecordRow, RecordVersionRow

#: Files and rows are kept for this long; so long an import can be taken back.
KEPT_FOR = timedelta(days=30)
#: From so many rows on the planner is told of them.
MANY = 1_000


@handles(BeginImport)
def begin_import(work: Work, command: BeginImport) -> str:
    """Keep the file."""
    register = _writable(work, command.register)
    _only_own_columns(work.actor, register, list(command.columns.values()))
    row = ImportRow(
        id=new_id(),
        tenant=work.tenant,
        register=register.key,
        filename=command.filename[:255],
        sha256=hashlib.sha256(command.content).hexdigest(),
        content=command.content,
        state=COLUMNS,
        columns=dict(command.columns),
        mode="replace" if register.unique else "add",
        only_good=False,
        counts={},
        problem={},
        begun_at=work.now,
        begun_by=work.actor.username,
        language=command.language,
        changed_at=work.now,
    )
    work.session.add(row)
    return row.id


@handles(ChooseColumns)
def choose_columns(work: Work, command: ChooseColumns) -> None:
    """Take the columns over and wait for a worker who tries the rows."""
    row = _locked(work, command.import_id, COLUMNS, CHECKED, REFUSED)
    register = _writable(work, row.register)
    chosen = [name for name in command.columns.values() if name]
    _only_own_columns(work.actor, register, chosen)
    if not chosen:
        raise Invalid("No column goes anywhere.", code="no-columns")
    if twice := [name for name, count in Counter(chosen).items() if count > 1]:
        raise Invalid(f"Two columns go to {twice[0]!r}.", code="same-field", field=twice[0])
    if command.mode == "replace" and not register.unique:
        raise Invalid("Records can be replaced only where something about them is unique.", code="no-unique")
    row.columns, row.mode = dict(command.columns), command.mode
    _move(work, row, CHECKING)


@handles(KeepCheck)
def keep_check(work: Work, command: KeepCheck) -> bool:
    """Keep the fates of the rows, unless somebody has chosen otherwise meanwhile."""
    row = _row(work, command.import_id)
    if row.state != CHECKING:
        return False
    work.session.execute(delete(ImportLineRow).where(ImportLineRow.import_id == row.id))
    for piece in pieces(command.lines, 1000):
        insert_all(work.session, ImportLineRow, [_line_of(work, row.id, line) for line in piece])
    row.counts = dict(Counter(line.fate for line in command.lines))
    _move(work, row, CHECKED)
    return True


def _line_of(work: Work, import_id: str, line: Line) -> dict[str, Any]:
    return {
        "tenant": work.tenant,
        "import_id": import_id,
        "number": line.number,
        "fate": line.fate,
        "problems": [list(one) for one in line.problems],
        "data": line.data,
        # What a new record will be known by is drawn now: storing the rows needn't write to them again.
        "record_id": new_id_in_order() if line.fate == "new" else line.record_id,
        "version": line.version,
        "undone": "",
    }


@handles(RefuseImport)
def refuse_import(work: Work, command: RefuseImport) -> None:
    """Keep why it can go no further."""
    row = _row(work, command.import_id)
    _move(work, row, REFUSED)
    row.problem = dict(command.problem)


@handles(RunImport)
def run_import(work: Work, command: RunImport) -> None:
    """Let a worker store the rows."""
    row = _locked(work, command.import_id, CHECKED)
    _writable(work, row.register)
    if row.counts.get("bad") and not command.only_good:
        raise Invalid("Some rows are bad; they can only be left out.", code="bad-rows")
    row.only_good = command.only_good
    # Who lets it be stored answers for it.
    row.begun_by = work.actor.username
    _move(work, row, STORING)


@handles(StoreImport)
def store_import(work: Work, command: StoreImport) -> bool:
    """Store the rows, all or none; what changed since the check lets them be tried anew."""
    row = _row(work, command.import_id)
    if row.state != STORING:
        return False
    register = register_of(work, row.register)
    hand = Hand(username=row.begun_by, import_id=row.id)
    try:
        with work.session.begin_nested():
            _store(work, register, row.id, hand)
    except (DuplicateRecord, Conflict):
        row = _row(work, command.import_id)
        row.counts = {}
        _move(work, row, CHECKING)
        return False
    _move(work, _row(work, command.import_id), STORED)
    return True


def _store(work: Work, register: Register, import_id: str, hand: Hand) -> None:
    numbers = _numbers(work, import_id, "new", "change")
    if len(numbers) > MANY:
        make_room(work.session)
    for some in pieces(numbers):
        lines = _lines(work, import_id, some)
        rows = locked_by_id(work, register, [str(line.record_id) for line in lines if line.fate == "change"])
        write_all(work, register, [_wanted(line, rows) for line in lines], hand)
        work.session.flush()
        work.session.expunge_all()
    if len(numbers) > MANY:
        count_anew(work.session)


def _wanted(line: ImportLineRow, rows: Mapping[str, RecordRow]) -> Written:
    if line.record_id is None:
        raise Conflict("The row was tried by an older Radnice.")
    if line.fate == "new":
        return Written(data=line.data, record_id=line.record_id)
    row = rows.get(line.record_id)
    if row is None or row.state != "live" or row.version != line.version:
        raise Conflict("A record was changed since its row was tried.")
    return Written(data=line.data, row=row)


@handles(AskUndo)
def ask_undo(work: Work, command: AskUndo) -> None:
    """Let a worker take back what the import wrote."""
    row = _locked(work, command.import_id, STORED)
    _writable(work, row.register)
    row.begun_by = work.actor.username
    _move(work, row, UNDOING)


@handles(UndoImport)
def undo_import(work: Work, command: UndoImport) -> bool:
    """Take back what was not changed since."""
    row = _row(work, command.import_id)
    if row.state != UNDOING:
        return False
    register, hand = register_of(work, row.register), Hand(username=row.begun_by, import_id=row.id)
    for some in pieces(_numbers(work, row.id, "new", "change")):
        _undo(work, register, row.id, some, hand)
    row = _row(work, command.import_id)
    undone = select(ImportLineRow.undone, func.count()).where(
        ImportLineRow.tenant == work.tenant, ImportLineRow.import_id == row.id, ImportLineRow.undone != ""
    )
    found = {state: count for state, count in work.session.execute(undone.group_by(ImportLineRow.undone))}
    row.counts = {**row.counts, **found}
    _move(work, row, UNDONE)
    return True


def _undo(work: Work, register: Register, import_id: str, numbers: Sequence[int], hand: Hand) -> None:
    lines = [line for line in _marks(work, import_id, numbers) if line.record_id]
    rows = locked_by_id(work, register, [line.record_id for line in lines])
    before = _before(work, [rows[line.record_id] for line in lines if line.fate == "change" and line.record_id in rows])
    mine: list[int] = []
    wanted: list[Written] = []
    for line in lines:
        row = rows.get(line.record_id)
        if row is None or row.state != "live" or row.version != line.version + 1:
            continue
        if line.fate == "change" and row.id not in before:
            raise Conflict("A record has no version before the import.")
        mine.append(line.number)
        wanted.append(Written(data=before[row.id] if line.fate == "change" else None, row=row))
    if wanted:
        write_all(work, register, wanted, hand)
    _note(work, import_id, mine, "undone")
    _note(work, import_id, sorted({line.number for line in lines} - set(mine)), "kept")
    work.session.flush()
    work.session.expunge_all()


def _note(work: Work, import_id: str, numbers: Sequence[int], undone: str) -> None:
    """Note what came of taking rows back."""
    if numbers:
        of = (ImportLineRow.import_id == import_id, ImportLineRow.number.in_(numbers))
        noted = update(ImportLineRow).where(ImportLineRow.tenant == work.tenant, *of).values(undone=undone)
        work.session.execute(noted.execution_options(synchronize_session=False))


def _marks(work: Work, import_id: str, numbers: Sequence[int]) -> Sequence[Any]:
    """Give which records the rows wrote, and as which version, without what was in them."""
    of = (ImportLineRow.import_id == import_id, ImportLineRow.number.in_(numbers))
    query = select(ImportLineRow.number, ImportLineRow.fate, ImportLineRow.record_id, ImportLineRow.version)
    return work.session.execute(query.where(ImportLineRow.tenant == work.tenant, *of)).all()


def _before(work: Work, rows: Sequence[RecordRow]) -> Mapping[str, Variables]:
    """Give what records were before their newest versions."""
    former = {row.id: row.version - 1 for row in rows}
    found = work.session.execute(
        select(RecordVersionRow.record_id, RecordVersionRow.version, RecordVersionRow.data).where(
            RecordVersionRow.tenant == work.tenant, RecordVersionRow.record_id.in_(former)
        )
    )
    return {one.record_id: dict(one.data) for one in found if one.data and former[one.record_id] == one.version}


@handles(ForgetImports)
def forget_imports(work: Work, command: ForgetImports) -> None:
    """Throw away what is old; which import there was stays."""
    old = select(ImportRow.id).where(ImportRow.tenant == work.tenant, ImportRow.changed_at < work.now - KEPT_FOR)
    work.session.execute(delete(ImportLineRow).where(ImportLineRow.import_id.in_(old)))
    kept = update(ImportRow).where(ImportRow.tenant == work.tenant, ImportRow.changed_at < work.now - KEPT_FOR)
    work.session.execute(kept.where(func.length(ImportRow.content) > 0).values(content=b""))


def _numbers(work: Work, import_id: str, *fates: str) -> Sequence[int]:
    query = select(ImportLineRow.number).where(
        ImportLineRow.tenant == work.tenant, ImportLineRow.import_id == import_id, ImportLineRow.fate.in_(fates)
    )
    return work.session.scalars(query.order_by(ImportLineRow.number)).all()


def _lines(work: Work, import_id: str, numbers: Sequence[int]) -> Sequence[ImportLineRow]:
    query = select(ImportLineRow).where(
        ImportLineRow.tenant == work.tenant, ImportLineRow.import_id == import_id, ImportLineRow.number.in_(numbers)
    )
    return work.session.scalars(query.order_by(ImportLineRow.number)).all()


def _row(work: Work, import_id: str) -> ImportRow:
    row = work.session.scalar(
        select(ImportRow)
        .where(ImportRow.tenant == work.tenant, ImportRow.id == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def _locked(work: Work, import_id: str, *states: str) -> ImportRow:
    row = _row(work, import_id)
    if row.state not in states:
        raise Conflict("The import has moved on meanwhile.")
    if not row.content:
        raise Conflict("The import is too old.")
    return row


def _move(work: Work, row: ImportRow, state: str) -> None:
    row.state, row.changed_at = state, work.now
    row.problem = {}


def _writable(work: Work, key: str) -> Register:
    register = register_of(work, key)
    if not register.may_write(work.actor):
        raise NotAllowed
    only_records(register)
    return register


def _only_own_columns(actor: Actor, register: Register, names: Sequence[str]) -> None:
    readable = register.readable(actor, dict.fromkeys(register.properties))
    for name in names:
        if name and (name not in readable or not register.writable(actor, name)):
            raise NotAllowed(f"You may not change the field {name!r}.")
