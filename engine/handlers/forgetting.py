"""Taking single answers out of finished cases, and single fields out of records that were deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import String, delete, insert, select, update

from engine import kernel
from engine.audit_chain import ERASED
from engine.erasing import EraseAnswers, EraseFields
from engine.forgetting import cleaned, parts_of, taken_out, telling, texts_in
from engine.handlers.auditing import note
from engine.handlers.erasing import free_to_go, gone_record, orphans, permitted, ranges
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, Variables
from engine.store.base import Base
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow, JobRow, KeptMessageRow
from engine.store.large_values import LargeValueRow, ReadValues, names_in_facts, values_of, with_values
from engine.store.notifications import NotificationRow
from engine.store.operations import OperationRow
from engine.store.papers import AttachmentRow, DocumentRow, DraftRow, NoteRow, SubmissionRow
from engine.store.personal import CaseRetentionRow
from engine.store.registers import RecordUniqueRow, RecordValueRow, RecordVersionRow
from engine.store.wording import CaseWordsRow

#: Entries by which it is told that a case went as its state says: they hold nothing that was sent.
TOLD = (
    *("case-started", "case-completed", "task-opened", "task-completed", "job-opened", "job-done", "job-failed"),
    *("cancelled", "reopened", "passed", "form-submitted", "case-anonymised", "answers-erased"),
)
Places = Sequence[Sequence[str]]


@handles(EraseAnswers)
def erase_answers(work: Work, command: EraseAnswers) -> Mapping[str, int]:
    """Take them out of forms, values, history, files, promised mails and words by which the case is found."""
    case = free_to_go(work, command.instance_id)
    places = [parts_of(each) for each in command.fields]
    found: list[Json] = []
    counts = {"submission": _forms(work, case, places, found)}
    _state(work, case, places, found)
    entries = _history(work, case, places, found)
    counts["history"] = len(entries)
    counts |= _files(work, case, found) | _named(work, case, telling(found)) | _moved_on(work, case)
    put = insert(CaseRetentionRow)
    marks = [{"id": new_id(), "tenant": work.tenant, "what": each, "at": work.now} for each in command.fields]
    work.connection.execute(put, [{**mark, "instance_id": case.id} for mark in marks])
    work.tell(case, "answers-erased", fields=list(command.fields))
    counts = {name: count for name, count in counts.items() if count}
    told = {"because": command.because, "how": "answers", "fields": list(command.fields), "rows": counts}
    note(work, ERASED, "case", case.business_key, told | {"history": ranges(entries)})
    return counts


@handles(EraseFields)
def erase_fields(work: Work, command: EraseFields) -> Mapping[str, int]:
    """Take them out of the record, its versions, and what it is found and sorted by."""
    record = gone_record(work, command.record_id)
    places = [[name] for name in command.fields]
    version = RecordVersionRow
    found: list[Json] = []
    counts = {"register_version": 0}
    query = select(version).where(version.tenant == work.tenant, version.record_id == record.id)
    for row in work.session.scalars(query):
        data, gone = taken_out(row.data, places)
        if gone:
            row.data, row.reason = data, ""
            counts["register_version"] += 1
            found += gone
    record.data, gone = taken_out(record.data, places)
    texts = telling(found + gone)
    for name in ("caption", "sort_key", "search", "public_search"):
        setattr(record, name, cleaned(getattr(record, name), [*texts, *(text.casefold() for text in texts)]))
    for row_class in (RecordUniqueRow, RecordValueRow):
        mine = delete(row_class).where(row_class.tenant == work.tenant, row_class.record_id == record.id)
        counts[row_class.__tablename__] = _count(work, mine)
    told = {"because": command.because, "register": record.register, "fields": list(command.fields)}
    note(work, ERASED, "record", record.id, told | {"how": "answers", "rows": counts, "history": []})
    return counts


def _forms(work: Work, case: InstanceRow, places: Places, found: list[Json]) -> int:
    """Take the answers out of every form that was sent; the hash of what was sent stays."""
    changed = 0
    query = select(SubmissionRow).where(SubmissionRow.tenant == work.tenant, SubmissionRow.instance_id == case.id)
    for row in work.session.scalars(query):
        data, gone = taken_out(row.data, places)
        if gone:
            row.data, changed = data, changed + 1
            found += gone
    return changed


def _state(work: Work, case: InstanceRow, places: Places, found: list[Json]) -> None:
    """Take them out of the state; large values stand in it from now on."""

    def without(variables: Variables) -> Variables:
        kept, gone = taken_out(variables, places)
        found.extend(gone)
        return _variables(kept)

    case.state = kernel.changed(case.state, without, ReadValues(work.session, work.tenant, case.id))
    work.session.flush()


def _history(work: Work, case: InstanceRow, places: Places, found: list[Json]) -> list[int]:
    """Delete entries that hold the answers, under their names or copied under others; gives their numbers."""
    told = _facts(work, case)
    for facts, _ in told.values():
        found += [one for value in facts.values() if isinstance(value, dict) for one in taken_out(value, places)[1]]
    texts = telling(found)
    entries = [entry for entry, (facts, _) in told.items() if _tells(facts, places, texts)]
    named = {name for entry, (_, names) in told.items() if entry not in entries for name in names}
    with permitted(work):
        gone = delete(HistoryRow).where(HistoryRow.tenant == work.tenant, HistoryRow.id.in_(entries))
        work.connection.execute(gone)
    large = LargeValueRow
    unnamed = delete(large).where(large.tenant == work.tenant, large.instance_id == case.id, large.name.not_in(named))
    work.connection.execute(unnamed)
    return entries


def _tells(facts: Variables, places: Places, texts: Sequence[str]) -> bool:
    if any(taken_out(value, places)[1] for value in facts.values() if isinstance(value, dict)):
        return True
    said = "\n".join(texts_in([facts]))
    return any(text in said for text in texts)


def _facts(work: Work, case: InstanceRow) -> dict[int, tuple[Variables, set[str]]]:
    """Give the facts of entries that could hold answers, with their large values in them and the names of these."""
    row = HistoryRow
    query = select(row.id, row.facts).where(row.tenant == work.tenant, row.instance_id == case.id)
    found: dict[int, tuple[Variables, set[str]]] = {}
    for entry in work.session.execute(query.where(row.facts.is_not(None), row.kind.not_in(TOLD))):
        names = names_in_facts(entry.facts)
        large = values_of(work.session, work.tenant, case.id, names)
        found[entry.id] = (with_values(entry.facts, large), names)
    return found


def _files(work: Work, case: InstanceRow, found: Sequence[Json]) -> dict[str, int]:
    """Delete the files that were answers."""
    file = AttachmentRow
    named = set(texts_in(found))
    query = select(file.id, file.content_id).where(file.tenant == work.tenant, file.instance_id == case.id)
    rows = [row for row in work.session.execute(query) if row.id in named]
    ids = [row.id for row in rows]
    documents = delete(DocumentRow).where(DocumentRow.tenant == work.tenant, DocumentRow.attachment_id.in_(ids))
    counts = {"document": _count(work, documents)}
    counts["attachment"] = _count(work, delete(file).where(file.tenant == work.tenant, file.id.in_(ids)))
    counts["content"] = orphans(work, [row.content_id for row in rows])
    return counts


def _named(work: Work, case: InstanceRow, texts: Sequence[str]) -> dict[str, int]:
    """Clean what else names them: the case's own line, promised mails, tasks, what colleagues were told."""
    for name in ("title", "applicant_name", "applicant_email", "applicant_ico"):
        value = getattr(case, name)
        setattr(case, name, "" if value in texts else cleaned(value, texts))
    case.state = kernel.changed(case.state, lambda variables: _variables(cleaned(variables, texts)))
    work.session.flush()
    tasks = _clean(work, case, HumanTaskRow, "subject", texts)
    notes = _clean(work, case, NoteRow, "text", texts)
    notices = _clean(work, case, NotificationRow, "text", texts)
    job = JobRow
    jobs = 0
    for one in work.session.scalars(select(job).where(job.tenant == work.tenant, job.instance_id == case.id)):
        said = "\n".join(texts_in([one.parameters, one.outcome, one.message]))
        if any(text in said for text in texts):
            one.parameters, one.message, one.outcome = {}, None, None
            jobs += 1
    return {"human_task": tasks, "note": notes, "notification": notices, "job": jobs}


def _moved_on(work: Work, case: InstanceRow) -> dict[str, int]:
    """Delete what only a case that goes on needs: drafts, messages, states to go back to, words put together before."""
    mine = {row: (row.tenant == work.tenant, row.instance_id == case.id) for row in (DraftRow, KeptMessageRow)}
    counts = {row.__tablename__: _count(work, delete(row).where(*which)) for row, which in mine.items()}
    before = update(OperationRow).where(OperationRow.tenant == work.tenant, OperationRow.instance_id == case.id)
    counts["operation"] = _count(work, before.where(OperationRow.before.is_not(None)).values(before=None, facts={}))
    words = delete(CaseWordsRow).where(CaseWordsRow.owner == work.tenant, CaseWordsRow.instance_id == case.id)
    counts["case_words"] = _count(work, words)
    answers = Base.metadata.tables["api_answer"]
    of_case = answers.c.body.cast(String).contains(case.id)
    counts["api_answer"] = _count(work, delete(answers).where(answers.c.tenant == work.tenant, of_case))
    return counts


def _clean(
    work: Work, case: InstanceRow, row: type[HumanTaskRow | NotificationRow | NoteRow], name: str, texts: Sequence[str]
) -> int:
    changed = 0
    for one in work.session.scalars(select(row).where(row.tenant == work.tenant, row.instance_id == case.id)):
        clean = cleaned(getattr(one, name), texts)
        if clean != getattr(one, name):
            setattr(one, name, clean)
            changed += 1
    return changed


def _variables(value: Json) -> Variables:
    return value if isinstance(value, dict) else {}


def _count(work: Work, statement: object) -> int:
    return int(work.connection.execute(statement).rowcount)  # type: ignore[call-overload]
