"""What a person of the staff may do in a case besides its tasks: send a message that the case waits for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command
from engine.errors import NotFound
from engine.queries import papers
from engine.queries.cases import CaseFacts
from engine.queries.offers import OfferFacts, offer
from engine.queries.papers import FileFacts
from forms.posted import FileRef
from web.answering import Asked, asked_by_offer, new_file, offer_message, reference
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, parts, session
from web.i18n import _
from web.said import said
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Received
from web.ui.uploads import Judged
from web.workplace.cases import case_by, head

blueprint = Blueprint("offers", __name__, url_prefix="/prace/pripady")


def offered(case: CaseFacts, wait: str) -> OfferFacts:
    """An offer open for this person. Raises NotFound once it is closed."""
    found = offer(session(), tenant_key(), case.id, wait, actor())
    if found is None:
        raise NotFound
    return found


def asked_for(case: CaseFacts, facts: OfferFacts) -> Asked | None:
    """The offer's form for the office."""

    def link(file: FileFacts) -> str:
        return url_for("cases.file", number=case.business_key, attachment_id=file.id)

    return asked_by_offer(session(), tenant_key(), case, facts, link)


@blueprint.get("/<case_number:number>/moznost/<wait>")
@sign_in_required
def offer_page(number: str, wait: str) -> ResponseReturnValue:
    """The form, or a question whether the person really wants it."""
    case = case_by(number)
    return page(case, offered(case, wait))


def page(case: CaseFacts, facts: OfferFacts, received: Received | None = None) -> ResponseReturnValue:
    """The offer inside its case."""
    asked = asked_for(case, facts)
    view = form_flow.show(asked.sheet, received) if asked else None
    html = render_template("work/offer.html", **head(case, "story"), offer=facts, view=view)
    return html, 422 if received and received.errors else 200


@blueprint.post("/<case_number:number>/moznost/<wait>")
@sign_in_required
def use(number: str, wait: str) -> ResponseReturnValue:
    """Send the message."""
    case = case_by(number)
    facts = offered(case, wait)
    asked = asked_for(case, facts)
    received = form_flow.receive(asked.sheet, request, keeper(case), parts().outside) if asked else None
    if received is not None and not received.accepted:
        return page(case, facts, received)
    data = received.data if received else {}
    execute(offer_message(facts, asked, data, actor=actor(), tenant=tenant_key(), channel="office"))
    flash(_("Done: %(what)s.", what=said(facts.label, case)))
    return redirect(url_for("cases.story", number=number), 303)


def keeper(case: CaseFacts) -> form_flow.Keep:
    """What stores an upload with the case."""

    def keep(upload: Judged) -> FileRef:
        command = new_file(upload, tenant_key(), actor(), instance_id=case.id)
        return reference(papers.attachment(session(), tenant_key(), execute(command)), lambda file: "")

    return keep


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)
