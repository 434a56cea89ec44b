"""A form that one of the staff fills in to begin a case: off a paper, or one that only the office uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command, SaveDraft
from engine.errors import DraftAlreadySent
from engine.model import Variables
from engine.queries import papers
from engine.queries.cases import case
from engine.queries.papers import DraftFacts
from forms.carry import Change
from forms.compile import Form
from forms.posted import FileRef
from web import carrying
from web.answering import new_file, reference, references
from web.auth import actor
from web.carrying import Written
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Sheet
from web.ui.uploads import Judged


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A form with which one of the staff begins a case."""

    #: Endpoint of the page that shows it.
    page: str
    agenda: str
    process: str
    title: str
    form_key: str
    form: Form
    definition_id: str
    draft: DraftFacts | None

    def address(self, draft_id: str | None = None) -> str:
        """This very entry; nothing written is lost between two posts."""
        known = draft_id or (self.draft.id if self.draft else None)
        return url_for(self.page, agenda=self.agenda, process=self.process, podani=known)

    @property
    def written(self) -> Written:
        """What was written so far, on the form as it is now."""
        if self.draft is None:
            return Written(data={})
        return carrying.written(session(), tenant_key(), self.draft, self.definition_id, self.form)

    @property
    def changes(self) -> Sequence[Change]:
        """What another version of the form did to it."""
        return self.written.changes

    def sheet(self) -> Sheet:
        """The whole form on one page."""
        data = self.written.data
        files = references(session(), tenant_key(), self.form, data, lambda file: "")
        return Sheet(form=self.form, data=data, files=files)


def written(draft_id: str, process: str) -> DraftFacts | None:
    """What was written: by this clerk, or by the applicant who printed it."""
    if not draft_id:
        return None
    draft = papers.draft_to_enter(session(), tenant_key(), draft_id, actor().username, now())
    if draft.instance_id is not None:
        raise DraftAlreadySent(instance_id=draft.instance_id)
    if draft.process_key != process:
        abort(404)
    return draft


def entered_already(error: DraftAlreadySent) -> ResponseReturnValue:
    """It was entered before, or the applicant sent it online as well."""
    close_session()
    facts = case(session(), tenant_key(), instance_id=str(error.facts["instance_id"]))
    flash(_("This form is already in the office as %(number)s.", number=facts.business_key))
    return redirect(url_for("cases.story", number=facts.business_key), 303)


def save(current: Entry, data: Variables, draft_id: str | None = None) -> str:
    """Save what is written; gives the draft's id."""
    known = draft_id or (current.draft.id if current.draft else None)
    command = SaveDraft(
        tenant=tenant_key(),
        actor=actor(),
        draft_id=known,
        process_key=current.process,
        form=current.form_key,
        definition_id=current.definition_id,
        data=carrying.kept(data, current.written.remark, current.changes),
    )
    saved: str = execute(command)[0]
    return saved


def keeper(draft_id: str) -> form_flow.Keep:
    """What stores a scan with the draft."""

    def keep(upload: Judged) -> FileRef:
        command = new_file(upload, tenant_key(), actor(), draft_id=draft_id)
        return reference(papers.attachment(session(), tenant_key(), execute(command)), lambda file: "")

    return keep


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)
