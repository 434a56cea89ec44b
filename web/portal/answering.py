"""The applicant acts in a running case: answers a task, uses an offer such as withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import StoreAttachment
from engine.errors import DraftChanged, HumanTaskNotOpen, NotFound
from engine.model import Actor, Variables
from engine.queries.cases import CaseFacts
from engine.queries.offers import OfferFacts, offer
from engine.queries.papers import FileFacts, attachment, content_of, draft_of_task
from engine.queries.tasks import TaskFacts, task
from forms.posted import FileRef
from web.answering import (
    Asked,
    asked_by,
    asked_by_offer,
    completion,
    draft_command,
    new_file,
    offer_message,
    reference,
)
from web.db import close_session
from web.headers import as_file
from web.here import engine, now, parts, session
from web.i18n import _, language
from web.limits import PUBLIC_POST, limiter
from web.portal import following, wishes
from web.published import say
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui import overtaken as overtaking
from web.ui.form_flow import Keep, Received, Sheet
from web.ui.seen import Seen, seen_in, told_of_task

blueprint = Blueprint("answering", __name__)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the applicant is asked: the case, its task or offer, the form where there is one."""

    case: CaseFacts
    title: str
    asked: Asked | None
    task: TaskFacts | None = None
    offer: OfferFacts | None = None

    @property
    def sheet(self) -> Sheet | None:
        """The form to fill."""
        return self.asked.sheet if self.asked else None

    @property
    def wishes(self) -> list[wishes.Wish]:
        """What the office asks to mend."""
        sheet = self.sheet
        return wishes.wishes(sheet.form, sheet.data, sheet.comments) if sheet else []


def applicant_of(case: CaseFacts) -> Actor:
    """The applicant of the case, whoever has its secret."""
    return Actor(kind="applicant", name=case.applicant_name, username=case.applicant_username or "")


def link_of(case: CaseFacts) -> Callable[[FileFacts], str]:
    """Where the applicant gets files of the case; one of a draft that isn't sent has no address."""

    def link(file: FileFacts) -> str:
        known = file.instance_id == case.id
        return url_for("answering.file", number=case.business_key, file_id=file.id) if known else ""

    return link


# --- tasks -----------------------------------------------------------------------------------------------------------


def asked_task(number: str, task_id: str) -> Question:
    """A task of the applicant. Raises NotFound, HumanTaskNotOpen."""
    case = following.known(number)
    actor = applicant_of(case)
    facts = task(session(), tenant_key(), task_id, actor)
    if facts.instance_id != case.id or facts.audience != "applicant":
        raise NotFound
    if not facts.may_complete:
        raise HumanTaskNotOpen
    draft = draft_of_task(session(), tenant_key(), task_id, actor.username, now())
    asked = asked_by(session(), tenant_key(), facts, draft, link_of(case))
    return Question(case=case, title=facts.name, asked=asked, task=facts)


@blueprint.get("/p/<case_number:number>/ukol/<task_id>")
def task_form(number: str, task_id: str) -> ResponseReturnValue:
    return page(asked_task(number, task_id))


@blueprint.post("/p/<case_number:number>/ukol/<task_id>")
@limiter.limit(PUBLIC_POST)
def answer_task(number: str, task_id: str) -> ResponseReturnValue:
    question = asked_task(number, task_id)
    if question.asked is None:
        return complete(question, {})
    seen = seen_in(request)
    if question.asked.draft and seen.is_overtaken(question.asked.draft):
        return overtaken(question, question.asked)
    try:
        question, received = received_of(question, question.asked, seen)
    except DraftChanged:
        question = asked_task(number, task_id)
        return overtaken(question, question.asked)
    if overtaking.is_quiet(request):
        return kept_quietly(number, task_id, received)
    if received.accepted:
        return complete(question, received.data)
    if received.later:
        flash(_("Saved. You can go on whenever you come back here."))
        return redirect(url_for("following.case", number=number), 303)
    return page(question, received)


def received_of(question: Question, asked: Asked, seen: Seen) -> tuple[Question, Received]:
    """Read the post and save it. The draft comes first: files belong to it. Raises DraftChanged."""
    assert question.task is not None
    save(question, asked, asked.sheet.data, seen)
    begun = asked_task(question.case.business_key, question.task.id)
    assert begun.asked is not None
    received = form_flow.receive(begun.asked.sheet, request, task_keeper(begun, begun.asked), parts().outside)
    save(begun, begun.asked, received.data, seen)
    return begun, received


def kept_quietly(number: str, task_id: str, received: Received) -> ResponseReturnValue:
    """What the script writes beside the form."""
    question = asked_task(number, task_id)
    if question.asked is None or question.asked.draft is None:
        raise NotFound
    return overtaking.saved(question.asked.draft, received)


def overtaken(question: Question, asked: Asked | None) -> ResponseReturnValue:
    """Another window has saved meanwhile: nothing is written, and what was typed here stays."""
    if asked is None or asked.draft is None:
        raise NotFound
    if overtaking.is_quiet(request):
        return overtaking.refused(asked.draft)
    response = page(question, overtaking.typed(asked.sheet, request, asked.draft))
    response.status_code = 409
    return response


def save(question: Question, asked: Asked, data: Variables, seen: Seen) -> None:
    """Save what is written so far with the task."""
    assert question.task is not None
    close_session()
    engine().execute(draft_command(asked, question.task, tenant_key(), applicant_of(question.case), data, seen))


def complete(question: Question, data: Variables) -> ResponseReturnValue:
    """Send the answer; the case goes on."""
    assert question.task is not None
    close_session()
    actor = applicant_of(question.case)
    command = completion(question.task, question.asked, data, tenant=tenant_key(), actor=actor, channel="portal")
    engine().execute(command)
    flash(_("Thank you, we have your answer. The matter goes on."))
    return redirect(url_for("following.case", number=question.case.business_key), 303)


def task_keeper(question: Question, asked: Asked) -> Keep:
    """What stores an upload with the task's draft."""
    assert asked.draft is not None
    draft_id = asked.draft.id
    actor = applicant_of(question.case)
    return lambda upload: stored(question.case, new_file(upload, tenant_key(), actor, draft_id=draft_id))


# --- offers ----------------------------------------------------------------------------------------------------------


def asked_offer(number: str, wait: str) -> Question:
    """An offer of the case. Raises NotFound once it is closed."""
    case = following.known(number)
    facts = offer(session(), tenant_key(), case.id, wait, applicant_of(case))
    if facts is None:
        raise NotFound
    asked = asked_by_offer(session(), tenant_key(), case, facts, link_of(case))
    return Question(case=case, title=facts.label, asked=asked, offer=facts)


@blueprint.get("/p/<case_number:number>/moznost/<wait>")
def offer_form(number: str, wait: str) -> ResponseReturnValue:
    return page(asked_offer(number, wait))


@blueprint.post("/p/<case_number:number>/moznost/<wait>")
@limiter.limit(PUBLIC_POST)
def use_offer(number: str, wait: str) -> ResponseReturnValue:
    question = asked_offer(number, wait)
    if question.asked is None:
        return send(question, {})
    keep = offer_keeper(question.case)
    received = form_flow.receive(question.asked.sheet, request, keep, parts().outside)
    return send(question, received.data) if received.accepted else page(question, received)


def offer_keeper(case: CaseFacts) -> Keep:
    """What stores an upload with the case itself: an offer has no draft."""
    actor = applicant_of(case)
    return lambda upload: stored(case, new_file(upload, tenant_key(), actor, instance_id=case.id))


def send(question: Question, data: Variables) -> ResponseReturnValue:
    """Send the message the case waits for."""
    assert question.offer is not None
    close_session()
    case = question.case
    actor, asked = applicant_of(case), question.asked
    message = offer_message(question.offer, asked, data, actor=actor, tenant=tenant_key(), channel="portal")
    engine().execute(message)
    told = say(session(), tenant_key(), case.deployment_id, language())
    flash(_("Done: %(what)s.", what=told(question.title)))
    return redirect(url_for("following.case", number=case.business_key), 303)


# --- both ------------------------------------------------------------------------------------------------------------


def page(question: Question, received: Received | None = None) -> Response:
    """The form, or a question whether the person really wants it."""
    view = form_flow.show(question.sheet, received) if question.sheet else None
    told = say(session(), tenant_key(), question.case.deployment_id, language())
    draft = question.asked.draft if question.asked else None
    content = render_template(
        "portal/answer.html",
        asked=question,
        view=view,
        here=request.path,
        say=told,
        saved_at=draft.saved_at if draft else None,
        hidden=told_of_task(draft, request) if question.task else {},
    )
    return Response(content, 422 if received and received.errors else 200)


def stored(case: CaseFacts, command: StoreAttachment) -> FileRef:
    """Store a file; give it as the form shows it."""
    close_session()
    return reference(attachment(session(), tenant_key(), engine().execute(command)), link_of(case))


@blueprint.get("/p/<case_number:number>/soubor/<file_id>")
def file(number: str, file_id: str) -> ResponseReturnValue:
    case = following.known(number)
    facts = attachment(session(), tenant_key(), file_id)
    if facts.instance_id != case.id or not (facts.submitted or facts.public):
        raise NotFound
    content = content_of(session(), tenant_key(), file_id)
    return as_file(Response(content, mimetype=facts.media_type), facts.filename)
