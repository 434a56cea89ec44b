"""Erasing a case: its rows in every table there is, and an entry of the audit that proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, column, delete, inspect, or_, select, table, update

from engine.audit_chain import ERASED
from engine.erasing import EraseCase, EraseRecord
from engine.errors import Conflict, NotFound
from engine.handlers.auditing import note
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.audit import AuditPermitRow
from engine.store.base import Base, table_of
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow, KeptMessageRow
from engine.store.imports import ImportLineRow
from engine.store.money import PaymentRequestRow, TransactionRow
from engine.store.papers import AttachmentRow, ContentRow, DraftRow, SubmissionRow
from engine.store.personal import hold_on, hold_on_record, in_the_books
from engine.store.registers import RecordRow, RecordUniqueRow, RecordValueRow, RecordVersionRow, RecordWatchRow

#: Rows of their own keeping that only name the case: versions of records, movements on accounts, holds.
_OTHERS = frozenset({"register_version", "bank_transaction", "legal_hold"})
_CASES, _HISTORY, _ANSWERS = table_of(InstanceRow), table_of(HistoryRow), Base.metadata.tables["api_answer"]
Counts = dict[str, int]


@handles(EraseCase)
def erase_case(work: Work, command: EraseCase) -> Mapping[str, int]:
    """Delete it. What others must keep (money, records of registers) stays without the person's words."""
    case = free_to_go(work, command.instance_id)
    number, papers = case.business_key, hashes(work, case.id)
    entries = work.session.scalars(
        select(HistoryRow.id).where(HistoryRow.tenant == work.tenant, HistoryRow.instance_id == case.id)
    ).all()
    work.session.expunge_all()
    counts = _erase(work, command.instance_id)
    told = {"because": command.because, "rows": counts, "papers": papers, "history": ranges(entries)}
    note(work, ERASED, "case", number, told)
    return counts


@handles(EraseRecord)
def erase_record(work: Work, command: EraseRecord) -> None:
    """Delete a record with its versions."""
    register = gone_record(work, command.record_id).register
    work.session.expunge_all()
    counts = {
        "register_version": _gone(work, table_of(RecordVersionRow), RecordVersionRow.record_id == command.record_id),
        "register_value": _gone(work, table_of(RecordValueRow), RecordValueRow.record_id == command.record_id),
        "register_import_row": _gone(work, table_of(ImportLineRow), ImportLineRow.record_id == command.record_id),
        "register_unique": _gone(work, table_of(RecordUniqueRow), RecordUniqueRow.record_id == command.record_id),
        "register_watch": _gone(work, table_of(RecordWatchRow), RecordWatchRow.record_id == command.record_id),
        "register_record": _gone(work, table_of(RecordRow), RecordRow.id == command.record_id),
    }
    told = {"because": command.because, "register": register, "rows": counts, "history": []}
    note(work, ERASED, "record", command.record_id, told)


def free_to_go(work: Work, instance_id: str) -> InstanceRow:
    """Lock a case of which something may be erased. Raises Conflict."""
    case = work.lock(instance_id)
    if case.ended_at is None:
        raise Conflict("The case isn't finished.", number=case.business_key)
    if reason := hold_on(work.session, work.tenant, case):
        raise Conflict(f"The case is held: {reason}", number=case.business_key)
    if in_the_books(work.session, work.tenant, case.id, work.today):
        raise Conflict("The law wants the papers of its money kept.", number=case.business_key)
    return case


def gone_record(work: Work, record_id: str) -> RecordRow:
    """Lock a record that was deleted from its register and that nothing holds. Raises NotFound, Conflict."""
    query = select(RecordRow).where(RecordRow.tenant == work.tenant, RecordRow.id == record_id)
    record = work.session.scalar(query.with_for_update())
    if record is None:
        raise NotFound
    if record.state != "deleted":
        raise Conflict("The record is in force: delete it from the register first.", register=record.register)
    if reason := hold_on_record(work.session, work.tenant, record.id):
        raise Conflict(f"The record is held: {reason}", register=record.register)
    return record


@contextmanager
def permitted(work: Work) -> Iterator[None]:
    """Let rows of the history go within."""
    permit = new_id()
    work.connection.execute(table_of(AuditPermitRow).insert().values(id=permit, tenant=work.tenant))
    yield
    work.connection.execute(delete(AuditPermitRow).where(AuditPermitRow.id == permit))


def ranges(numbers: Sequence[int]) -> list[list[int]]:
    """Give numbers as ranges `[first, last]`."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _erase(work: Work, case: str) -> Counts:
    with permitted(work):
        counts = forget_rows(work, case)
        counts["process_instance"] = _gone(work, _CASES, _CASES.c.id == case)
    return {name: count for name, count in counts.items() if count}


def forget_rows(work: Work, case: str, spared: frozenset[str] = frozenset()) -> Counts:
    """Delete a case's rows in every table there is, except its own and the spared ones; gives the numbers."""
    counts: Counts = {}
    contents = _contents(work, case)
    _forget_money(work, case)
    counts["api_answer"] = _gone(work, _ANSWERS, _ANSWERS.c.body.cast(String).contains(case))
    for each, mine in _tables_of(work.connection, case):
        if each.name not in spared:
            counts[each.name] = counts.get(each.name, 0) + _gone(work, each, mine)
    counts["content"] = orphans(work, contents)
    return counts


def _tables_of(connection: Connection, case: str) -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """Give every table with rows of a case and which they are, those that name others first.

    Tables that the models don't know, as those of a search index, are found in the database itself.
    """
    tasks = select(HumanTaskRow.id).where(HumanTaskRow.instance_id == case)
    drafts = select(DraftRow.id).where(or_(DraftRow.instance_id == case, DraftRow.task_id.in_(tasks)))
    for name in _unknown_tables(connection):
        unknown = table(name, column("instance_id"))
        yield unknown, unknown.c.instance_id == case
    special: dict[str, ColumnElement[bool]] = {
        "attachment": or_(AttachmentRow.instance_id == case, AttachmentRow.draft_id.in_(drafts)),
        "draft": or_(DraftRow.instance_id == case, DraftRow.task_id.in_(tasks)),
        "kept_message": or_(KeptMessageRow.instance_id == case, KeptMessageRow.thrown_by == case),
    }
    for each in reversed(_in_order()):
        if "instance_id" in each.c and each.name not in _OTHERS:
            yield each, special.get(each.name, each.c.instance_id == case)


def _in_order() -> list[Table]:
    """Tables in the order opposite to that of erasing: what others are found by or refer to goes after them."""
    first = ("human_task", "draft", "attachment", "document")
    known = Base.metadata.sorted_tables
    return [*(one for one in known if one.name not in first), *(Base.metadata.tables[name] for name in first)]


def _unknown_tables(connection: Connection) -> list[str]:
    looked = inspect(connection)
    names = [name for name in looked.get_table_names() if name not in Base.metadata.tables]
    return [name for name in names if any(one["name"] == "instance_id" for one in looked.get_columns(name))]


def _gone(work: Work, each: Any, mine: ColumnElement[bool]) -> int:
    own = mine & (each.c.tenant == work.tenant) if "tenant" in each.c else mine
    return int(work.connection.execute(delete(each).where(own)).rowcount)


def hashes(work: Work, case: str) -> list[str]:
    """Give SHA-256 of each form and file, for the proof of what has gone."""
    forms = select(SubmissionRow.sha256).where(SubmissionRow.tenant == work.tenant, SubmissionRow.instance_id == case)
    files = select(AttachmentRow.sha256).where(AttachmentRow.tenant == work.tenant, AttachmentRow.instance_id == case)
    return sorted({*work.session.scalars(forms), *work.session.scalars(files)})


def _contents(work: Work, case: str) -> list[str]:
    query = select(AttachmentRow.content_id).where(AttachmentRow.tenant == work.tenant)
    drafts = select(DraftRow.id).where(DraftRow.instance_id == case)
    mine = or_(AttachmentRow.instance_id == case, AttachmentRow.draft_id.in_(drafts))
    return list(work.connection.execute(query.where(mine)).scalars())


def orphans(work: Work, contents: Sequence[str]) -> int:
    """Delete contents that no file has any more; gives how many."""
    used = select(AttachmentRow.content_id)
    lost = (ContentRow.id.in_(contents)) & (ContentRow.tenant == work.tenant) & ContentRow.id.not_in(used)
    return int(work.connection.execute(delete(ContentRow).where(lost)).rowcount)


def _forget_money(work: Work, case: str) -> None:
    """Movements on accounts are the office's books: they stay, without whose they were."""
    requests = select(PaymentRequestRow.id).where(PaymentRequestRow.instance_id == case)
    mine = or_(TransactionRow.instance_id == case, TransactionRow.payment_request_id.in_(requests))
    blank = {"counter_account": "", "counter_name": "", "message": "", "instance_id": None, "payment_request_id": None}
    work.connection.execute(update(TransactionRow).where(TransactionRow.tenant == work.tenant, mine).values(blank))
