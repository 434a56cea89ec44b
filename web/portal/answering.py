"""The applicant acts in a running case: answers a task, uses an offer such as withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import CompleteHumanTask, CorrelateMessage, SaveDraft, StoreAttachment
from engine.errors import HumanTaskNotOpen, NotFound
from engine.model import Actor, SubmittedForm, Variables
from engine.queries.cases import CaseFacts, variables
from engine.queries.offers import OfferFacts, offer
from engine.queries.papers import attachment, attachments, content_of, draft_of_task
from engine.queries.tasks import TaskFacts, task, visible_variables
from forms.compile import Form
from forms.posted import FileRef
from forms.tree import Answers, unfold
from web.db import close_session
from web.headers import as_file
from web.here import engine, now, parts, session
from web.i18n import _
from web.limits import PUBLIC_POST, limiter
from web.portal import following, wishes
from web.published import form_of
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Keep, Received, Sheet
from web.ui.uploads import Judged

blueprint = Blueprint("answering", __name__)

NO_FORM: Mapping[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the applicant is asked: the case, the form, what is known so far."""

    case: CaseFacts
    title: str
    form_key: str | None
    form: Form | None
    sheet: Sheet | None
    wishes: list[wishes.Wish]
    task: TaskFacts | None = None
    offer: OfferFacts | None = None
    draft_id: str | None = None

    @property
    def actor(self) -> Actor:
        """The applicant of this case."""
        return Actor(kind="applicant", name=self.case.applicant_name)


# --- tasks -----------------------------------------------------------------------------------------------------------


def asked_task(number: str, task_id: str) -> Asked:
    """A task of the applicant. Raises NotFound, HumanTaskNotOpen."""
    case = following.known(number)
    facts = task(session(), tenant_key(), task_id, Actor(kind="applicant"))
    if facts.instance_id != case.id or facts.audience != "applicant":
        raise NotFound
    if not facts.may_complete:
        raise HumanTaskNotOpen
    known = visible_variables(session(), tenant_key(), task_id)
    form = form_of(session(), tenant_key(), case.deployment_id, facts.form) if facts.form else None
    said = wishes.comments(known, facts.comments)
    draft = draft_of_task(session(), tenant_key(), task_id, "", now())
    data = draft.data if draft else known_answers(form, known)
    sheet = Sheet(form=form, data=data, comments=said, files=references(case, form, data)) if form else None
    return Asked(
        case=case,
        title=facts.name,
        form_key=facts.form,
        form=form,
        sheet=sheet,
        wishes=wishes.wishes(form, data, said) if form else [],
        task=facts,
        draft_id=draft.id if draft else None,
    )


def known_answers(form: Form | None, known: Variables) -> Variables:
    """Variables of the case that the form asks for."""
    if form is None:
        return {}
    names = {field.name for field in unfold(Answers(form=form, data=known)).children}
    return {name: value for name, value in known.items() if name in names}


@blueprint.get("/p/<number>/ukol/<task_id>")
def task_form(number: str, task_id: str) -> ResponseReturnValue:
    return page(asked_task(number, task_id))


@blueprint.post("/p/<number>/ukol/<task_id>")
@limiter.limit(PUBLIC_POST)
def answer_task(number: str, task_id: str) -> ResponseReturnValue:
    asked = asked_task(number, task_id)
    if asked.sheet is None:
        return complete(asked, {})
    draft_id = save(asked, asked.sheet.data)
    received = form_flow.receive(asked.sheet, request, keeper(draft_id=draft_id), parts().outside.companies)
    save(asked, received.data)
    if received.accepted:
        return complete(replace(asked, draft_id=draft_id), received.data)
    if received.later:
        flash(_("Saved. You can go on whenever you come back here."))
        return redirect(url_for("following.case", number=number), 303)
    return page(asked, received)


def save(asked: Asked, data: Variables) -> str:
    """Save what is written so far with the task; gives the draft's id."""
    assert asked.task is not None
    close_session()
    command = SaveDraft(
        tenant=tenant_key(), actor=asked.actor, task_id=asked.task.id, form=asked.form_key or "", data=data
    )
    return engine().execute(command)[0]


def complete(asked: Asked, data: Variables) -> ResponseReturnValue:
    """Send the answer; the case goes on."""
    assert asked.task is not None
    close_session()
    engine().execute(
        CompleteHumanTask(
            tenant=tenant_key(),
            actor=asked.actor,
            task_id=asked.task.id,
            data=data,
            submission=submission(asked, data),
            draft_id=asked.draft_id,
        )
    )
    flash(_("Thank you, we have your answer. The matter goes on."))
    return redirect(url_for("following.case", number=asked.case.business_key), 303)


# --- offers ----------------------------------------------------------------------------------------------------------


def asked_offer(number: str, wait: str) -> Asked:
    """An offer of the case. Raises NotFound once it is closed."""
    case = following.known(number)
    facts = offer(session(), tenant_key(), case.id, wait, Actor(kind="applicant"))
    if facts is None:
        raise NotFound
    form = form_of(session(), tenant_key(), case.deployment_id, facts.form) if facts.form else None
    data = known_answers(form, variables(session(), tenant_key(), case.id))
    sheet = Sheet(form=form, data=data, files=references(case, form, data)) if form else None
    return Asked(case=case, title=facts.label, form_key=facts.form, form=form, sheet=sheet, wishes=[], offer=facts)


@blueprint.get("/p/<number>/moznost/<wait>")
def offer_form(number: str, wait: str) -> ResponseReturnValue:
    return page(asked_offer(number, wait))


@blueprint.post("/p/<number>/moznost/<wait>")
@limiter.limit(PUBLIC_POST)
def use_offer(number: str, wait: str) -> ResponseReturnValue:
    asked = asked_offer(number, wait)
    if asked.sheet is None:
        return send(asked, {})
    keep = keeper(instance_id=asked.case.id)
    received = form_flow.receive(asked.sheet, request, keep, parts().outside.companies)
    return send(asked, received.data) if received.accepted else page(asked, received)


def send(asked: Asked, data: Variables) -> ResponseReturnValue:
    """Send the message the case waits for."""
    assert asked.offer is not None
    close_session()
    engine().execute(
        CorrelateMessage(
            tenant=tenant_key(),
            actor=asked.actor,
            name=asked.offer.name,
            correlation=asked.offer.correlation,
            payload=data,
            # A double click is one message.
            message_id=f"offer:{asked.case.id}:{asked.offer.wait}",
            instance_id=asked.case.id,
            wait=asked.offer.wait,
            submission=submission(asked, data),
        )
    )
    flash(_("Done: %(what)s.", what=asked.title))
    return redirect(url_for("following.case", number=asked.case.business_key), 303)


# --- both ------------------------------------------------------------------------------------------------------------


def submission(asked: Asked, data: Variables) -> SubmittedForm | None:
    """The form word for word, where there was one."""
    if asked.form is None or asked.form_key is None:
        return None
    return SubmittedForm(form=asked.form_key, data=data, attachments=form_flow.file_ids(asked.form, data))


def page(asked: Asked, received: Received | None = None) -> ResponseReturnValue:
    """The form, or a question whether the person really wants it."""
    view = form_flow.show(asked.sheet, received) if asked.sheet else None
    content = render_template("portal/answer.html", asked=asked, view=view, here=request.path)
    return Response(content, 422 if received and received.errors else 200)


def keeper(*, draft_id: str | None = None, instance_id: str | None = None) -> Keep:
    """What stores an upload with the task's draft, or with the case."""

    def keep(upload: Judged) -> FileRef:
        close_session()
        command = StoreAttachment(
            tenant=tenant_key(),
            actor=Actor(kind="applicant"),
            filename=upload.filename,
            media_type=upload.media_type,
            content=upload.content,
            draft_id=draft_id,
            instance_id=instance_id,
        )
        stored = attachment(session(), tenant_key(), engine().execute(command))
        return FileRef(id=stored.id, name=stored.filename, size=stored.size)

    return keep


def references(case: CaseFacts, form: Form | None, data: Variables) -> Mapping[str, FileRef]:
    """The files among the answers, by id."""
    if form is None:
        return {}
    found = attachments(session(), tenant_key(), form_flow.file_ids(form, data))
    return {
        facts.id: FileRef(
            id=facts.id,
            name=facts.filename,
            size=facts.size,
            url=url_for("answering.file", number=case.business_key, file_id=facts.id)
            if facts.instance_id == case.id
            else "",
        )
        for facts in found
    }


@blueprint.get("/p/<number>/soubor/<file_id>")
def file(number: str, file_id: str) -> ResponseReturnValue:
    case = following.known(number)
    facts = attachment(session(), tenant_key(), file_id)
    if facts.instance_id != case.id or not (facts.submitted or facts.public):
        raise NotFound
    content = content_of(session(), tenant_key(), file_id)
    return as_file(Response(content, mimetype=facts.media_type), facts.filename)
