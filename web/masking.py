"""Which variables of a case a person gets as dots: answers to x-sensitive questions that aren't for their groups.

A variable is an answer where it has the name of a question of a form of the agenda, in the version that was sent or in
the one the case runs by. What a diagram copies under another name is the author's to keep apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.model import Json, Variables
from engine.queries import papers
from engine.queries.cases import CaseFacts
from forms.compile import Form
from forms.masking import hidden_in, without
from processes.agenda import AgendaRefused
from web.published import agenda_of, deployment_of, form_of
from web.ui.form_flow import evaluate

#: Keys of a line of the history under which answers stand.
ANSWERS = frozenset({"payload", "variables", "data", "before", "after", "result"})


@dataclass(frozen=True, kw_only=True)
class Mask:
    """What one reader gets as dots in one case."""

    groups: Collection[str]
    #: Every form that asks here.
    forms: Sequence[Form]
    #: Pointers hidden by forms as they were sent.
    known: frozenset[str]

    def over(self, data: Variables) -> Variables:
        """The variables for this reader."""
        hidden = {pointer for form in self.forms for pointer in hidden_in(form, data, self.groups, evaluate)}
        return without(data, sorted(hidden | self.known))

    def over_facts(self, facts: Mapping[str, Json]) -> Variables:
        """The facts of a line of the history for this reader."""
        return {
            name: self.over(value) if name in ANSWERS and isinstance(value, dict) else value
            for name, value in facts.items()
        }


def mask(session: Session, tenant: str, case: CaseFacts, groups: Collection[str]) -> Mask:
    """Read by which forms a case asks and what was sent, for a reader of these groups."""
    forms = [form_of(session, tenant, case.deployment_id, key) for key in _asked_by(session, tenant, case)]
    hidden: set[str] = set()
    for sent in papers.submissions(session, tenant, case.id):
        form = form_of(session, tenant, deployment_of(session, tenant, sent.definition_id), sent.form)
        hidden.update(hidden_in(form, sent.data, groups, evaluate))
    return Mask(groups=groups, forms=forms, known=frozenset(hidden))


def _asked_by(session: Session, tenant: str, case: CaseFacts) -> Collection[str]:
    """The forms of the case's agenda; diagrams that were deployed without an agenda ask by none."""
    try:
        return agenda_of(session, tenant, case.deployment_id).forms.keys()
    except AgendaRefused:
        return ()
