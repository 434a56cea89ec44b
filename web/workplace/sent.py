"""Forms as they were sent, in the words of the version they were sent with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from engine.queries import definitions, papers
from engine.queries.papers import FileFacts, SubmissionFacts
from forms.summary import summary
from forms.words import title_of
from web.answering import references
from web.i18n import language
from web.published import form_of


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A submission with its title and answers."""

    title: str
    facts: SubmissionFacts
    #: What the macro form_answers takes.
    sections: Any


def sent_in(session: Session, tenant: str, instance_id: str, number: str) -> Sequence[Sent]:
    """Every form sent in a case, the newest first."""

    def link(file: FileFacts) -> str:
        return url_for("cases.file", number=number, attachment_id=file.id)

    found = []
    for facts in papers.submissions(session, tenant, instance_id):
        deployment = definitions.definition(session, tenant, facts.definition_id).deployment_id
        form = form_of(session, tenant, deployment, facts.form)
        files = references(session, tenant, form, facts.data, link)
        sections = summary(form, facts.data, language(), files=dict(files))
        found.append(Sent(title=title_of(form, language()) or facts.form, facts=facts, sections=sections))
    return found
