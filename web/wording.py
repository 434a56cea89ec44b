"""Words by which cases are found, put together off the way of commands: what was sent, written and issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import structlog
from sqlalchemy.orm import Session

from engine.model import SYSTEM
from engine.queries import cases, definitions, papers
from engine.queries.papers import SubmissionFacts
from engine.queries.wording import Stretch, mark, stretch
from engine.store.session import TENANT
from engine.store.wall import EVERY
from engine.store.wording import words_of
from engine.wording import KeepWords, Worded
from forms.desk import HIDDEN
from forms.posted import FileRef
from forms.summary import Line, Section, Table, summary
from forms.words import title_of
from web.bootstrap import Parts
from web.published import form_of
from web.ui.form_flow import evaluate
from web.ui.offers import asks, offered

#: Cases whose words are written in one transaction.
BATCH = 50

log = structlog.get_logger(__name__)


def word_cases(parts: Parts) -> int:
    """Bring the words of all cases up to date, of every tenant; gives how many cases changed."""
    count, after, is_settled = 0, _mark(parts), True
    while True:
        with parts.sessions(info={TENANT: EVERY}) as session:
            found = stretch(session, after, parts.clock.now())
        count += _word(parts, found)
        # Behind the first entry that isn't settled the next look begins.
        if is_settled and found.settled > after:
            parts.engine.mark_words(found.settled)
        if found.last is None:
            return count
        is_settled = is_settled and found.settled == found.last
        after = found.last


def reword_cases(parts: Parts) -> int:
    """Put all words together anew; gives how many cases have some."""
    parts.engine.forget_words()
    return word_cases(parts)


def _word(parts: Parts, found: Stretch) -> int:
    by_tenant: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for tenant, case, upto in found.stale:
        by_tenant[tenant].append((case, upto))
    return sum(
        _keep(parts, tenant, dict(stale[at : at + BATCH]))
        for tenant, stale in by_tenant.items()
        for at in range(0, len(stale), BATCH)
    )


def _keep(parts: Parts, tenant: str, stale: Mapping[str, int]) -> int:
    with parts.sessions(info={TENANT: tenant}) as session:
        worded = {case: Worded(words=_words(session, tenant, case), upto=upto) for case, upto in stale.items()}
    return parts.engine.execute(KeepWords(tenant=tenant, actor=SYSTEM, cases=worded))


def _words(session: Session, tenant: str, case: str) -> list[str]:
    try:
        return list(words_of(*_texts(session, tenant, case)))
    except Exception as error:  # a case that can't be read must not keep the others from being found
        log.error("a case was not put into words", tenant=tenant, case=case, exc_info=error)
        return []


def _texts(session: Session, tenant: str, case: str) -> Iterator[str]:
    facts = cases.case(session, tenant, instance_id=case)
    yield from (facts.business_key, facts.title, facts.applicant_name, facts.applicant_email, facts.applicant_ico)
    for sent in papers.submissions(session, tenant, case):
        yield from _answers(session, tenant, case, sent)
    for document in papers.documents(session, tenant, case):
        yield from (document.title, document.filename)
    for note in papers.notes(session, tenant, case):
        yield note.text


def _answers(session: Session, tenant: str, case: str, sent: SubmissionFacts) -> Iterator[str]:
    """Questions and answers, without those that are anybody's personal data or that not every clerk may read."""
    deployment = definitions.definition(session, tenant, sent.definition_id).deployment_id
    form = form_of(session, tenant, deployment, sent.form)
    yield title_of(form, "cs")
    offers = offered(session, tenant, form, sent.data, "cs").offers if asks(form) else {}
    attached = papers.attachments_of(session, tenant, instance_id=case)
    files = {one.id: FileRef(id=one.id, name=one.filename, size=one.size) for one in attached}
    for line in _lines(summary(form, sent.data, "cs", evaluate=evaluate, groups=(), offers=offers, files=files)):
        if not line.sensitive and line.text != HIDDEN:
            yield " ".join((line.label, line.text, *(file.name for file in line.files)))


def _lines(parts: object) -> Iterator[Line]:
    for one in parts if isinstance(parts, tuple) else ():
        if isinstance(one, Section):
            yield from _lines(one.lines)
        elif isinstance(one, Table):
            yield from (cell for row in one.rows for cell in row)
        elif isinstance(one, Line):
            yield one


def _mark(parts: Parts) -> int:
    with parts.sessions(info={TENANT: EVERY}) as session:
        return mark(session)
