"""A submission as people read it: the labels of the form it was sent with, the answers in words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from engine.queries import definitions
from engine.queries.papers import SubmissionFacts
from integrations.ports import Section
from web.published import schema_of


def title_of(session: Session, tenant: str, sent: SubmissionFacts) -> str:
    """Give the title of the form that was sent."""
    deployment = definitions.definition(session, tenant, sent.definition_id).deployment_id
    return str(schema_of(session, tenant, deployment, sent.form).get("title") or "")


def sections_of(session: Session, tenant: str, sent: SubmissionFacts) -> Sequence[Section]:
    """Give the sections of the form with every answer that was given."""
    return [Section(title="", answers=[(name, [str(value)]) for name, value in sent.data.items()])]
