"""Files of an application: stored with its draft, shown to whoever may open that."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from engine.commands import StoreAttachment
from engine.errors import NotFound, TooMuchKept
from engine.model import Variables
from engine.queries.papers import DraftFacts, FileFacts, attachment, attachments, content_of
from forms.compile import Form
from forms.posted import FileRef
from web.auth import ANYONE
from web.db import close_session
from web.headers import as_file
from web.here import engine, session
from web.portal import drafts
from web.portal.allowance import allowance, sentence
from web.tenancy import tenant_key
from web.ui.form_flow import Keep, file_ids
from web.ui.uploads import FileRefused, Judged

blueprint = Blueprint("files", __name__)


def keeper(draft_id: str) -> Keep:
    """What stores an upload with a draft."""

    def keep(upload: Judged) -> FileRef:
        close_session()
        command = StoreAttachment(
            tenant=tenant_key(),
            actor=ANYONE,
            filename=upload.filename,
            media_type=upload.media_type,
            content=upload.content,
            draft_id=draft_id,
            allowance=allowance(),
        )
        try:
            kept = engine().execute(command)
        except TooMuchKept as error:
            raise FileRefused(sentence(error)) from error
        return reference(draft_id, attachment(session(), tenant_key(), kept))

    return keep


def reference(draft_id: str, facts: FileFacts) -> FileRef:
    """A file as the form shows it."""
    url = url_for("files.of_draft", draft_id=draft_id, file_id=facts.id)
    return FileRef(id=facts.id, name=facts.filename, size=facts.size, url=url, sha256=facts.sha256)


def references(draft: DraftFacts | None, form: Form, data: Variables) -> Mapping[str, FileRef]:
    """The files among the answers of a draft, by id."""
    if draft is None:
        return {}
    found = attachments(session(), tenant_key(), file_ids(form, data))
    return {facts.id: reference(draft.id, facts) for facts in found}


@blueprint.get("/podani/<draft_id>/soubor/<file_id>")
def of_draft(draft_id: str, file_id: str) -> ResponseReturnValue:
    draft = drafts.opened(draft_id)
    facts = attachment(session(), tenant_key(), file_id)
    if facts.draft_id != draft.id:
        raise NotFound
    content = content_of(session(), tenant_key(), file_id)
    return as_file(Response(content, mimetype=facts.media_type), facts.filename)
