"""What stands in a draft: the answers, on whatever version of its form they are opened, and what to remember beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Json, Variables
from engine.queries import papers
from engine.queries.papers import DraftFacts, FileFacts
from forms.carry import Change, carried
from forms.compile import Form
from forms.posted import FileRef
from web.i18n import language
from web.published import deployment_of, form_of
from web.ui.form_flow import evaluate, file_ids

#: Kept in a draft beside the answers: what the case should remember of how it was written, and what a new version of
#: the form did to it.
REMARK, CHANGES = "_remark", "_changes"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What is written so far, on the form as it is now."""

    data: Variables
    remark: str = ""
    changes: Sequence[Change] = ()


def written(session: Session, tenant: str, draft: DraftFacts, definition_id: str, form: Form) -> Written:
    """Read a draft on this version of its form."""
    data = dict(draft.data)
    remark, told = str(data.pop(REMARK, "")), changes_of(data.pop(CHANGES, None))
    if draft.definition_id in (None, definition_id):
        return Written(data=data, remark=remark, changes=told)
    old = form_before(session, tenant, draft, form)
    if old.schema == form.schema:
        return Written(data=data, remark=remark, changes=told)
    files = {file.id: named(file) for file in papers.attachments(session, tenant, file_ids(old, data))}
    found = carried(old, form, data, lang=language(), evaluate=evaluate, files=files)
    return Written(data=found.data, remark=remark, changes=[*told, *found.changes])


def form_before(session: Session, tenant: str, draft: DraftFacts, now: Form) -> Form:
    """The form as it was when the draft was saved; the present one where that can't be found any more."""
    try:
        return form_of(session, tenant, deployment_of(session, tenant, draft.definition_id or ""), draft.form)
    except NotFound:
        return now


def named(file: FileFacts) -> FileRef:
    """A file by its name."""
    return FileRef(id=file.id, name=file.filename, size=file.size)


def kept(data: Variables, remark: str, changes: Sequence[Change]) -> Variables:
    """What a draft keeps."""
    told: Json = [asdict(change) for change in changes]
    return data | ({REMARK: remark} if remark else {}) | ({CHANGES: told} if told else {})


def changes_of(value: Json) -> Sequence[Change]:
    """The changes as they were kept."""
    rows = value if isinstance(value, list) else []
    return [Change(**row) for row in rows if isinstance(row, dict)]
