"""A submission as people read it: the labels of the form it was sent with, the answers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy.orm import Session

from engine.calendar import day_in_prague
from engine.model import Json
from engine.queries import definitions, papers
from engine.queries.lookups import Lookups
from engine.queries.papers import SubmissionFacts
from forms import words
from forms.posted import FileRef
from forms.summary import Line, Section, Table, summary
from web.published import form_of
from web.ui.offers import asks, offered

Part = dict[str, Json]


def title_of(session: Session, tenant: str, sent: SubmissionFacts, lang: str) -> str:
    """Give the title of the form that was sent."""
    return words.title_of(form_of(session, tenant, _deployment(session, tenant, sent), sent.form), lang)


def sections_of(session: Session, tenant: str, instance_id: str, sent: SubmissionFacts, lang: str) -> Sequence[Part]:
    """Give the sections of the form with every answer that was given; see integrations.ports.Submission."""
    form = form_of(session, tenant, _deployment(session, tenant, sent), sent.form)
    files = {
        one.id: FileRef(id=one.id, name=one.filename, size=one.size)
        for one in papers.attachments_of(session, tenant, instance_id=instance_id)
    }
    lookups = Lookups(session, tenant)
    today = day_in_prague(sent.submitted_at).isoformat()

    def evaluate(text: str, seen: Mapping[str, Json]) -> Json:
        return lookups.evaluate(text, {"today": today, **seen})

    offers = offered(session, tenant, form, sent.data, lang).offers if asks(form) else {}
    found = summary(form, sent.data, lang, files=files, evaluate=evaluate, offers=offers)
    return [{"title": section.title, "parts": list(parts_of(section))} for section in found]


def parts_of(section: Section) -> Iterator[Part]:
    """Give what stands in a section, as templates of documents take it; see integrations.ports.Submission."""
    for kind, grouped in groupby(section.lines, key=type):
        lines = list(grouped)
        if kind is Line:
            yield {"kind": "answers", "answers": [_answer(line) for line in lines if isinstance(line, Line)]}
            continue
        for line in lines:
            if isinstance(line, Table):
                yield _table(line)
            elif isinstance(line, Section):
                yield {"kind": "heading", "label": line.title}
                yield from parts_of(line)


def _answer(line: Line) -> Part:
    lines = [file.name for file in line.files] or line.text.splitlines() or ["–"]
    return {"label": line.label, "lines": lines, "comments": list(line.comments)}


def _table(table: Table) -> Part:
    return {
        "kind": "table",
        "label": table.label,
        "columns": [column.label for column in table.columns],
        "rows": [[cell.text for cell in row] for row in table.rows],
        "totals": list(table.totals),
    }


def _deployment(session: Session, tenant: str, sent: SubmissionFacts) -> str:
    return definitions.definition(session, tenant, sent.definition_id).deployment_id
