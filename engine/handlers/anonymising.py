"""Making a finished case anonymous: how it went stays, whose it was goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from engine import kernel
from engine.audit_chain import ERASED
from engine.erasing import AnonymiseCase
from engine.handlers.auditing import note
from engine.handlers.erasing import forget_rows, free_to_go, hashes, permitted, ranges
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.bank_orders import BankOrderRow
from engine.store.base import table_of
from engine.store.cases import DeadlineRow, HistoryRow, HumanTaskRow, InstanceRow
from engine.store.money import PaymentRequestRow
from engine.store.people import PersonRow
from engine.store.personal import EVERYTHING, CaseRetentionRow

#: Tables whose rows stay, without the words of people.
_STAY = frozenset({"human_task", "deadline", "history", "payment_request", "bank_order", "case_retention"})
#: Entries of the history that hold names of steps, days and numbers and nothing that somebody wrote.
PLAIN = (
    *("case-started", "case-completed", "passed", "cancelled", "reopened", "timer-fired", "job-opened", "job-done"),
    *("task-opened", "task-claimed", "task-released", "task-completed"),
    *("payment-requested", "payment-cancelled", "transaction-assigned"),
    *("deadline-started", "deadline-met", "deadline-missed", "case-anonymised", "answers-erased"),
)


@handles(AnonymiseCase)
def anonymise_case(work: Work, command: AnonymiseCase) -> Mapping[str, int]:
    """Blank its row, delete what people wrote and got, keep steps, days and amounts."""
    case = free_to_go(work, command.instance_id)
    number, papers = case.business_key, hashes(work, case.id)
    work.tell(case, "case-anonymised")
    _blank(case)
    work.session.flush()
    with permitted(work):
        entries = _entries(work, case.id)
        counts = forget_rows(work, case.id, _STAY)
        counts["history"] = _forget_entries(work, entries)
        counts |= _blank_rows(work, case.id)
    put = table_of(CaseRetentionRow).insert()
    work.connection.execute(
        put.values(id=new_id(), tenant=work.tenant, instance_id=case.id, what=EVERYTHING, at=work.now)
    )
    counts = {name: count for name, count in counts.items() if count}
    told = {"because": command.because, "how": "anonymised", "rows": counts, "papers": papers}
    note(work, ERASED, "case", number, told | {"history": ranges(entries)})
    return counts


def _blank(case: InstanceRow) -> None:
    case.title = case.applicant_name = case.applicant_email = case.applicant_ico = ""
    case.applicant_username = case.secret_hash = None
    case.state = kernel.emptied(case.state)


def _blank_rows(work: Work, case: str) -> dict[str, int]:
    """Take the words out of rows that stay."""
    task, asked, order, period = HumanTaskRow, PaymentRequestRow, BankOrderRow, DeadlineRow
    by_applicant = {"assignee": None, "completed_by": "", "candidates": None, "acting_for": None}
    blanks: tuple[tuple[Any, Any, ColumnElement[bool] | None], ...] = (
        (task, {"subject": "", "search": "", "comments": None}, None),
        (task, by_applicant, task.audience == "applicant"),
        (asked, {"purpose": ""}, None),
        (order, {"counter_account": "", "counter_name": "", "message": ""}, None),
        (period, {"derivation": []}, None),
    )
    counts: dict[str, int] = {}
    for row, values, which in blanks:
        mine = and_(row.tenant == work.tenant, row.instance_id == case)
        changed = update(row).where(mine if which is None else mine & which).values(values)
        counts.setdefault(f"{row.__tablename__} blanked", int(work.connection.execute(changed).rowcount))
    return counts


def _entries(work: Work, case: str) -> list[int]:
    """Give the numbers of entries that hold words, or that somebody else than the office made."""
    row = HistoryRow
    staff = select(PersonRow.username).where(PersonRow.tenant == work.tenant)
    foreign = and_(row.actor_name != "", row.actor.not_in(staff))
    told: ColumnElement[bool] = or_(row.kind.not_in(PLAIN), foreign)
    mine = (row.tenant == work.tenant, row.instance_id == case)
    return list(work.session.scalars(select(row.id).where(*mine, told)))


def _forget_entries(work: Work, entries: list[int]) -> int:
    gone = delete(HistoryRow).where(HistoryRow.tenant == work.tenant, HistoryRow.id.in_(entries))
    return int(work.connection.execute(gone).rowcount)
