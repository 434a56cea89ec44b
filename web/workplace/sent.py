"""Forms as they were sent, in the words of the version they were sent with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Variables
from engine.queries import definitions, papers
from engine.queries.papers import FileFacts, SubmissionFacts
from forms.compare import Change, compare
from forms.compile import Form
from forms.desk import HIDDEN, Desk
from forms.masking import hidden_in
from forms.parts import Comment
from forms.summary import Line, Section, Table, summary
from forms.tree import Answers, unfold, walk
from forms.words import title_of
from web.answering import comments_of, references
from web.i18n import language
from web.noting import noted
from web.published import form_of
from web.ui.form_flow import evaluate, from_registers

#: Names of questions in one entry of the audit.
MOST_FIELDS = 40
#: The action that makes a copy of what was sent, whole as the applicant gets it.
COPY = "submission.render"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A submission with its title and answers."""

    title: str
    facts: SubmissionFacts
    #: What the macro form_answers takes.
    sections: Any
    #: The one of the same form sent before it.
    before: SubmissionFacts | None = None


def sent_in(
    session: Session, tenant: str, instance_id: str, number: str | None, groups: Collection[str] = ()
) -> Sequence[Sent]:
    """Every form sent in a case, the newest first, as a reader of these groups may see it.

    Without a `number` its files are no links.
    """

    def link(file: FileFacts) -> str:
        return url_for("cases.file", number=number, attachment_id=file.id) if number else ""

    found: list[Sent] = []
    listed = papers.submissions(session, tenant, instance_id)
    said: list[tuple[str, Comment]] = []
    for at, facts in enumerate(listed):
        deployment = definitions.definition(session, tenant, facts.definition_id).deployment_id
        form = form_of(session, tenant, deployment, facts.form)
        files = references(session, tenant, form, facts.data, link)
        offers = from_registers(form, facts.data).offers
        comments = [comment for key, comment in said if key == facts.form]
        shown: dict[str, Any] = {"files": dict(files), "groups": groups, "offers": offers, "comments": comments}
        sections = summary(form, facts.data, language(), **shown)
        # The newest comes first: what was said of the form belongs to the answers sent before, not to older ones.
        said = [(key, comment) for key, comment in said if key != facts.form] + list(objections(form, facts.data))
        before = next((one for one in listed[at + 1 :] if one.form == facts.form), None)
        title = title_of(form, language()) or facts.form
        found.append(Sent(title=title, facts=facts, sections=sections, before=before))
    return found


def note_sensitive(number: str, sent: Sequence[Sent]) -> None:
    """Let the audit know that somebody sees personal data (x-sensitive): which questions, never the answers."""
    seen = ((one.facts.form, line) for one in sent for line in _lines(one.sections))
    fields = sorted({f"{form}{line.pointer}" for form, line in seen if line.sensitive})
    if fields:
        noted("read-sensitive", "case", number, fields=fields[:MOST_FIELDS])


def _lines(sections: Any) -> Iterator[Line]:
    """Every answer that is shown and not hidden behind dots."""
    for one in sections:
        if isinstance(one, Section):
            yield from _lines(one.lines)
        elif isinstance(one, Table):
            yield from (cell for row in one.rows for cell in _lines(row))
        elif one.text and one.text != HIDDEN:
            yield one


def objections(form: Form, data: Variables) -> Iterator[tuple[str, Comment]]:
    """What the office said in this form of the fields of others: the other's key and the comment."""
    for one in walk(unfold(Answers(form=form, data=data, evaluate=evaluate))):
        key = one.shape.get("x-of")
        if one.widget == "review" and isinstance(key, str):
            yield from ((key, comment) for comment in comments_of(one.value))


def withheld(session: Session, tenant: str, instance_id: str, groups: Collection[str]) -> frozenset[str]:
    """Ids of the files of a case that tell answers which a reader of these groups may not see.

    These are files that were sent as such answers, and the copies of submissions, which hold every answer.
    """
    found: set[str] = set()
    for facts in papers.submissions(session, tenant, instance_id):
        deployment = definitions.definition(session, tenant, facts.definition_id).deployment_id
        form = form_of(session, tenant, deployment, facts.form)
        desk = Desk(answers=Answers(form=form, data=facts.data, evaluate=evaluate), groups=groups)
        hidden = (one for one in walk(unfold(desk.answers)) if one.widget in ("file", "files") and desk.is_hidden(one))
        for one in hidden:
            found.update(one.value if isinstance(one.value, list) else [str(one.value)])
        if hidden_in(form, facts.data, groups, evaluate):
            found.update(papers.copies(session, tenant, instance_id, COPY))
    return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two submissions of one form side by side."""

    title: str
    before: SubmissionFacts
    after: SubmissionFacts
    changes: Sequence[Change]


def compared(session: Session, tenant: str, instance_id: str, submission_id: str, groups: Collection[str]) -> Compared:
    """A submission beside the one of the same form before it, each in the words of its form. Raises NotFound."""
    listed = papers.submissions(session, tenant, instance_id)
    after = next((one for one in listed if one.id == submission_id), None)
    before = next((one for one in listed[listed.index(after) + 1 :] if one.form == after.form), None) if after else None
    if after is None or before is None:
        raise NotFound
    older, form = (
        form_of(session, tenant, definitions.definition(session, tenant, one.definition_id).deployment_id, one.form)
        for one in (before, after)
    )
    files = {
        **references(session, tenant, older, before.data, lambda file: ""),
        **references(session, tenant, form, after.data, lambda file: ""),
    }
    offers = (from_registers(older, before.data).offers, from_registers(form, after.data).offers)
    changes = compare(
        form, before.data, after.data, lang=language(), files=files, groups=groups, offers=offers, older=older
    )
    return Compared(title=title_of(form, language()) or after.form, before=before, after=after, changes=changes)
