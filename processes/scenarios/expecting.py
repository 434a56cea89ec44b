"""Compares a case with what a scenario expects of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import day_in_prague
from engine.model import Actor, Json
from engine.queries.offers import offers
from engine.queries.papers import content_of, documents, notes
from engine.store.cases import DeadlineRow, InstanceRow
from engine.store.links import LinkRow
from engine.store.registers import RecordRow
from processes.scenarios.failing import CaseState, Failed, StepKey, differ, steps
from processes.scenarios.office import Office
from processes.scenarios.reading import as_json

#: Stands before the name of a link: `->points: [captions]`.
LINKED = "->"


def check(office: Office, case: InstanceRow, expected: Json) -> None:
    """Raise Failed at the first expectation that doesn't hold."""
    for word, value in (expected or {}).items():
        if word not in _CHECKS:
            raise Failed("{word} can't be expected; possible: {possible}.", word=word, possible=", ".join(_CHECKS))
        _CHECKS[word](office, case, value)


def _status(office: Office, case: InstanceRow, expected: Json) -> None:
    _same("the status", CaseState(case.status), CaseState(expected))


def _open(office: Office, case: InstanceRow, expected: Json) -> None:
    tasks = sorted(task.node for task in office.open_tasks(case))
    _same("open tasks", steps(tasks), steps(sorted(expected or [])))


def _due(office: Office, case: InstanceRow, expected: Json) -> None:
    dates = {t.node: day_in_prague(t.due_at).isoformat() if t.due_at else None for t in office.open_tasks(case)}
    for node, day in expected.items():
        _same("the due date of {node}", dates.get(node), day, node=StepKey(node))


def _path(office: Office, case: InstanceRow, expected: Json) -> None:
    """The nodes were passed in this order; others may stand between them."""
    trace = [node for node, _ in office.passed(case)]
    rest = iter(trace)
    for node in expected:
        if node not in rest:
            raise Failed(
                "{node} was not passed where it should be; the path was {path}.",
                node=StepKey(node),
                path=steps(trace),
            )


def _not_passed(office: Office, case: InstanceRow, expected: Json) -> None:
    if wrong := sorted({node for node, _ in office.passed(case)} & set(expected)):
        raise Failed("{nodes} should not have been passed.", nodes=steps(wrong))


def _variables(office: Office, case: InstanceRow, expected: Json) -> None:
    for path, value in expected.items():
        _same("variable {path}", office.variable(case, path), value, path=path)


def _documents(office: Office, case: InstanceRow, expected: Json) -> None:
    texts = dict(_document_texts(office, case))
    for key, wanted in expected.items():
        if key not in texts:
            raise Failed("There is no document {key}; there are: {others}.", key=key, others=", ".join(texts))
        for text in [wanted] if isinstance(wanted, str) else wanted:
            if _plain(text) not in texts[key]:
                raise Failed(
                    "The document {key} doesn't contain „{text}“. It says: {content}",
                    key=key,
                    text=text,
                    content=texts[key][:1500],
                )


def _document_texts(office: Office, case: InstanceRow) -> Iterator[tuple[str, str]]:
    with office.stage.sessions() as session:
        for document in documents(session, office.stage.tenant, case.id):
            if document.newest:
                content = content_of(session, office.stage.tenant, document.attachment_id)
                yield document.key, _text_of(content.decode("utf-8", "replace"))


def _mails(office: Office, case: InstanceRow, expected: Json) -> None:
    """Each text is in a mail's subject or body, in this order."""
    sent = [_plain(f"{', '.join(mail.to)} {mail.subject} {mail.text}") for mail in office.stage.mails]
    rest = iter(sent)
    for text in expected:
        if not any(_plain(text) in mail for mail in rest):
            subjects = "; ".join(mail.subject for mail in office.stage.mails)
            raise Failed("No mail with „{text}“ came in its turn. Mails: {mails}.", text=text, mails=subjects)


def _calls(office: Office, case: InstanceRow, expected: Json) -> None:
    """Each text is in a call of another system, in this order."""
    rest = iter(office.stage.calls)
    for text in expected:
        if not any(text in call for call in rest):
            made = "; ".join(call.partition(" {")[0] for call in office.stage.calls)
            raise Failed("No call with „{text}“ was made in its turn. Calls: {calls}.", text=text, calls=made)


def _mail_count(office: Office, case: InstanceRow, expected: Json) -> None:
    _same("the number of mails", len(office.stage.mails), expected)


def _notes(office: Office, case: InstanceRow, expected: Json) -> None:
    with office.stage.sessions() as session:
        written = " ".join(_plain(note.text) for note in notes(session, office.stage.tenant, case.id))
    for text in expected:
        if _plain(text) not in written:
            raise Failed("No note says „{text}“. Notes: {notes}.", text=text, notes=written)


def _records(office: Office, case: InstanceRow, expected: Json) -> None:
    """`members: {name: {field: value}}`, records by their caption; None means there is none."""
    for register, wanted in expected.items():
        query = select(RecordRow).where(RecordRow.register == register, RecordRow.state == "live")
        with office.stage.sessions() as session:
            found = {row.caption: row for row in session.scalars(query)}
        for caption, fields in wanted.items():
            row = found.get(caption)
            if fields is None or row is None:
                _same(
                    "the record {caption} of {register}",
                    row and row.data,
                    fields,
                    caption=caption,
                    register=register,
                )
            else:
                with office.stage.sessions() as session:
                    tied = _tied(session, row)
                _record(register, row, fields, tied)


def _tied(session: Session, row: RecordRow) -> dict[str, list[Json]]:
    """Captions of the records that a record is tied to now, by link."""
    other: dict[str, list[Json]] = {}
    query = (
        select(LinkRow.name, RecordRow.caption)
        .join(RecordRow, RecordRow.id == LinkRow.other_id)
        .where(LinkRow.record_id == row.id, LinkRow.ended_at.is_(None))
    )
    for name, caption in session.execute(query.order_by(RecordRow.caption)):
        other.setdefault(name, []).append(caption)
    return other


def _record(register: str, row: RecordRow, fields: Mapping[str, Json], tied: Mapping[str, Json]) -> None:
    for name, value in fields.items():
        actual = row.public if name == "public" else row.data.get(name)
        if name.startswith(LINKED):
            actual = tied.get(name.removeprefix(LINKED), [])
        _same("{name} of {caption} in {register}", actual, value, name=name, caption=row.caption, register=register)


def _deadlines(office: Office, case: InstanceRow, expected: Json) -> None:
    query = select(DeadlineRow).where(DeadlineRow.instance_id == case.id)
    with office.stage.sessions() as session:
        states = {row.key: row.state for row in session.scalars(query)}
    for key, state in expected.items():
        _same("the deadline {key}", states.get(key), state, key=key)


def _offers(office: Office, case: InstanceRow, expected: Json) -> None:
    staff = frozenset(group for person in office.stage.people.values() for group in person.groups)
    actors = [Actor(kind="applicant"), Actor(kind="person", username="-", groups=staff)]
    with office.stage.sessions() as session:
        found = {o.label for actor in actors for o in offers(session, office.stage.tenant, case.id, actor)}
    _same("what is offered", sorted(found), sorted(expected or []))


def _time(office: Office, case: InstanceRow, expected: Json) -> None:
    _same("the day", day_in_prague(office.stage.clock.now()).isoformat(), expected)


_CHECKS: Mapping[str, Callable[[Office, InstanceRow, Json], None]] = {
    "status": _status,
    "open": _open,
    "due": _due,
    "path": _path,
    "not_passed": _not_passed,
    "variables": _variables,
    "documents": _documents,
    "mails": _mails,
    "mail_count": _mail_count,
    "calls": _calls,
    "notes": _notes,
    "records": _records,
    "deadlines": _deadlines,
    "offers": _offers,
    "day": _time,
}


def _same(thing: str, actual: Json, expected: Json, **facts: Json) -> None:
    if as_json(actual) != expected:
        raise differ(thing, actual, expected, **facts)


def _text_of(page: str) -> str:
    body = re.sub(r"<(style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return _plain(html.unescape(re.sub(r"</?(?:span|strong|a)\b[^>]*>|<[^>]*>", _tag, body)))


def _tag(found: re.Match[str]) -> str:
    """A word goes on through inline tags; an image's text is read."""
    if alt := re.search(r'alt="([^"]*)"', found[0]):
        return f" {alt[1]} "
    return "" if re.match(r"</?(?:span|strong|a)\b", found[0]) else " "


def _plain(text: str) -> str:
    return " ".join(text.split())
