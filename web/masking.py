"""Which variables of a case a person gets as dots: answers to x-sensitive questions that aren't for their groups.

A variable is an answer where it has the name of a question of a form of the agenda, in the version that was sent or in
the one the case runs by. What a diagram copies under another name is the author's to keep apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.model import Json, Variables
from engine.queries import papers
from engine.queries.cases import CaseFacts
from forms.compile import Form
from forms.masking import masked
from processes.agenda import AgendaRefused
from web.published import agenda_of, deployment_of, form_of

#: Keys of a line of the history under which answers stand by their names.
ANSWERS = frozenset(
    {"payload", "variables", "data", "before", "after", "result", "inputs", "outputs", "answer", "correlation"}
)


@dataclass(frozen=True, kw_only=True)
class Mask:
    """What one reader gets as dots in one case."""

    groups: Collection[str]
    #: Every form that asks here or was sent.
    forms: Sequence[Form]

    def over(self, data: Variables) -> Variables:
        """The variables for this reader."""
        return masked(self.forms, data, self.groups)

    def over_facts(self, facts: Mapping[str, Json]) -> Variables:
        """The facts of a line of the history for this reader."""
        return {
            name: self.over(value) if name in ANSWERS and isinstance(value, dict) else value
            for name, value in facts.items()
        }


def mask(session: Session, tenant: str, case: CaseFacts, groups: Collection[str]) -> Mask:
    """Read by which forms a case asks and was asked, for a reader of these groups."""
    wanted = dict.fromkeys([*_asked_by(session, tenant, case), *_sent_in(session, tenant, case)])
    return Mask(groups=groups, forms=[form_of(session, tenant, deployment, key) for deployment, key in wanted])


def _asked_by(session: Session, tenant: str, case: CaseFacts) -> Iterator[tuple[str, str]]:
    """The forms of the case's agenda; diagrams that were deployed without an agenda ask by none."""
    try:
        keys = agenda_of(session, tenant, case.deployment_id).forms.keys()
    except AgendaRefused:
        return
    yield from ((case.deployment_id, key) for key in keys)


def _sent_in(session: Session, tenant: str, case: CaseFacts) -> Iterator[tuple[str, str]]:
    for definition_id, form in papers.forms_sent(session, tenant, case.id):
        yield deployment_of(session, tenant, definition_id), form
