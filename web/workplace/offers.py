"""What a person of the staff may do in a case besides its tasks: send a message that the case waits for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command, CorrelateMessage, StoreAttachment
from engine.errors import NotFound
from engine.model import SubmittedForm, Variables
from engine.queries import cases as case_reads
from engine.queries import papers
from engine.queries.cases import CaseFacts
from engine.queries.offers import OfferFacts, offer
from forms.posted import FileRef
from web.answering import prefilled, reference
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, parts, session
from web.i18n import _
from web.published import form_of
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Received, Sheet
from web.ui.uploads import Judged
from web.workplace.cases import case_by, head

blueprint = Blueprint("offers", __name__, url_prefix="/prace/pripady")


def offered(case: CaseFacts, wait: str) -> OfferFacts:
    """An offer open for this person. Raises NotFound once it is closed."""
    found = offer(session(), tenant_key(), case.id, wait, actor())
    if found is None:
        raise NotFound
    return found


def sheet_of(case: CaseFacts, facts: OfferFacts) -> Sheet | None:
    """The offer's form, begun with what the case knows."""
    if facts.form is None:
        return None
    form = form_of(session(), tenant_key(), case.deployment_id, facts.form)
    return Sheet(form=form, data=prefilled(form, case_reads.variables(session(), tenant_key(), case.id)))


@blueprint.get("/<number>/moznost/<wait>")
@sign_in_required
def offer_page(number: str, wait: str) -> ResponseReturnValue:
    """The form, or a question whether the person really wants it."""
    case = case_by(number)
    return page(case, offered(case, wait))


def page(case: CaseFacts, facts: OfferFacts, received: Received | None = None) -> ResponseReturnValue:
    """The offer inside its case."""
    sheet = sheet_of(case, facts)
    view = form_flow.show(sheet, received) if sheet else None
    html = render_template("work/offer.html", **head(case, "story"), offer=facts, view=view)
    return html, 422 if received and received.errors else 200


@blueprint.post("/<number>/moznost/<wait>")
@sign_in_required
def use(number: str, wait: str) -> ResponseReturnValue:
    """Send the message."""
    case = case_by(number)
    facts = offered(case, wait)
    sheet = sheet_of(case, facts)
    received = form_flow.receive(sheet, request, keeper(case), parts().outside) if sheet else None
    if received is not None and not received.accepted:
        return page(case, facts, received)
    execute(message(case, facts, sheet, received.data if received else {}))
    flash(_("Done: %(what)s.", what=facts.label))
    return redirect(url_for("cases.story", number=number), 303)


def message(case: CaseFacts, facts: OfferFacts, sheet: Sheet | None, data: Variables) -> CorrelateMessage:
    """The message the case waits for, with the form word for word."""
    sent = None
    if sheet is not None and facts.form is not None:
        files = form_flow.file_ids(sheet.form, data)
        sent = SubmittedForm(form=facts.form, data=data, channel="office", attachments=files)
    return CorrelateMessage(
        tenant=tenant_key(),
        actor=actor(),
        name=facts.name,
        correlation=facts.correlation,
        payload=data,
        # A double click is one message.
        message_id=f"offer:{case.id}:{facts.wait}",
        instance_id=case.id,
        wait=facts.wait,
        submission=sent,
    )


def keeper(case: CaseFacts) -> form_flow.Keep:
    """What stores an upload with the case."""

    def keep(upload: Judged) -> FileRef:
        command = StoreAttachment(
            tenant=tenant_key(),
            actor=actor(),
            filename=upload.filename,
            media_type=upload.media_type,
            content=upload.content,
            instance_id=case.id,
        )
        return reference(papers.attachment(session(), tenant_key(), execute(command)), lambda file: "")

    return keep


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)
