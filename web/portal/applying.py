"""Filling an application step by step, checking it, sending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import SaveDraft, StartInstance
from engine.errors import DraftAlreadySent, DraftChanged, NotAllowed, TooMuchKept
from engine.model import Started, SubmittedForm, Variables
from engine.queries.cases import case
from engine.queries.definitions import newest_definition
from engine.queries.papers import DraftFacts
from forms.actions import DO
from forms.carry import Change
from forms.compile import Form
from forms.pointers import element_id
from forms.posted import FileRef
from forms.summary import summary
from forms.validate import FieldError
from web.auth import ANYONE
from web.carrying import kept, written
from web.db import close_session
from web.here import engine, parts, session
from web.i18n import language
from web.limits import PUBLIC_POST, limiter
from web.portal import access, allowance, drafts, files
from web.portal.applicant import applicant
from web.portal.cards import Card
from web.portal.steps import CHECK, ONLY, Steps
from web.portal.views import offered_service
from web.published import form_of
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui import overtaken as overtaking
from web.ui.form_flow import Received, Sheet
from web.ui.seen import Seen, seen_in, told_of
from web.ui.uploads import FileRefused, Judged

blueprint = Blueprint("applying", __name__)

#: The draft that a script began for a page that had none.
BEGUN = "_draft"


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application being written: its service, its form, what is written so far."""

    card: Card
    form_key: str
    form: Form
    data: Variables
    #: Version of the process that offers the form.
    definition_id: str
    remark: str = ""
    draft: DraftFacts | None = None
    #: What a new version of the form did to what was written.
    changes: Sequence[Change] = ()

    @property
    def steps(self) -> Steps:
        """The pages of the form."""
        return Steps(self.form, self.draft.step if self.draft else None)

    def sheet(self, step: str) -> Sheet:
        """One page of the form."""
        return Sheet(
            form=self.form,
            data=self.data,
            step=None if step == ONLY else step,
            files=files.references(self.draft, self.form, self.data),
        )


def new(agenda: str, process: str) -> Application:
    """An application nobody has written anything of."""
    card, model = offered_service(agenda, process)
    start = drafts.start_form(model, process)
    if start is None:
        abort(404)
    definition = newest_definition(session(), tenant_key(), process)
    form = form_of(session(), tenant_key(), definition.deployment_id, start.form)
    return Application(card=card, form_key=start.form, form=form, data={}, definition_id=definition.id)


def begun(draft_id: str) -> Application:
    """An application being written, on the newest version of its form. Raises NotFound, or AlreadySent."""
    draft = drafts.opened(draft_id)
    if draft.instance_id is not None:
        raise DraftAlreadySent(instance_id=draft.instance_id)
    definition = newest_definition(session(), tenant_key(), draft.process_key or "")
    fresh = new(definition.agenda, definition.process_key)
    found = written(session(), tenant_key(), draft, fresh.definition_id, fresh.form)
    return replace(fresh, data=found.data, remark=found.remark, changes=found.changes, draft=draft)


@blueprint.errorhandler(DraftAlreadySent)
def sent_already(error: DraftAlreadySent) -> ResponseReturnValue:
    """The application was sent before: a second click, or the way back. It leads to its case."""
    close_session()
    instance_id = str(error.facts["instance_id"])
    access.remember_case(instance_id)
    facts = case(session(), tenant_key(), instance_id=instance_id)
    return redirect(url_for("following.done", number=facts.business_key), 303)


# --- pages -----------------------------------------------------------------------------------------------------------


@blueprint.get("/sluzby/<agenda>/<process>/zadost")
def begin(agenda: str, process: str) -> ResponseReturnValue:
    application = new(agenda, process)
    return page(application, application.steps.first)


@blueprint.post("/sluzby/<agenda>/<process>/zadost")
@limiter.limit(PUBLIC_POST)
def begin_post(agenda: str, process: str) -> ResponseReturnValue:
    if request.form.get(BEGUN):
        application = begun(request.form[BEGUN])
        return take(application, application.steps.first)
    application = new(agenda, process)
    if is_mere_look():
        sheet = application.sheet(application.steps.first)
        received = form_flow.receive(sheet, request, refuse_file, parts().outside)
        if not received.remark:
            return page(application, application.steps.first, received)
    try:
        saved = save(application, {}, application.steps.first)
    except TooMuchKept as error:
        return no_room(application, allowance.sentence(error))
    return take(begun(saved), application.steps.first)


def no_room(application: Application, sentence: str) -> ResponseReturnValue:
    """Nothing more can be kept: the same page with what was typed, and why."""

    def refuse(upload: Judged) -> FileRef:
        raise FileRefused(sentence)

    step = application.steps.first
    received = form_flow.receive(application.sheet(step), request, refuse, parts().outside)
    return page(application, step, replace(received, errors=[FieldError(pointer="", keyword="kept", message=sentence)]))


def is_mere_look() -> bool:
    """A button of the form itself was pressed and no file was sent: nothing needs to be saved yet."""
    return DO in request.form and not any(upload.filename for upload in request.files.values())


def refuse_file(upload: Judged) -> FileRef:
    """Never called: a post with a file is saved as a draft first."""
    raise AssertionError(upload.filename)


@blueprint.get("/podani/<draft_id>")
def resume_here(draft_id: str) -> ResponseReturnValue:
    application = begun(draft_id)
    return redirect(address(application, application.steps.furthest))


@blueprint.get("/podani/<draft_id>/<step>")
def step(draft_id: str, step: str) -> ResponseReturnValue:
    application = begun(draft_id)
    if step not in application.steps.keys:
        abort(404)
    return page(application, step)


@blueprint.post("/podani/<draft_id>/<step>")
@limiter.limit(PUBLIC_POST)
def step_post(draft_id: str, step: str) -> ResponseReturnValue:
    application = begun(draft_id)
    if step not in application.steps.keys:
        abort(404)
    return take(application, step)


def take(application: Application, step: str) -> ResponseReturnValue:
    """Read the posted page, save it, and go where the person wants."""
    draft, seen = application.draft, seen_in(request)
    assert draft is not None
    if seen.is_overtaken(draft):
        return overtaken(application, step)
    received = form_flow.receive(application.sheet(step), request, files.keeper(draft.id), parts().outside)
    reached = application.steps.reached(step, received.accepted)
    try:
        save(noted(application, received.remark), received.data, reached, seen)
    except DraftChanged:
        return overtaken(begun(draft.id), step)
    if overtaking.is_quiet(request):
        return kept_quietly(begun(draft.id), received)
    if received.later:
        return redirect(url_for("resuming.saved", draft_id=draft.id), 303)
    if received.accepted:
        return redirect(address(application, application.steps.after(step)), 303)
    return page(begun(draft.id), step, received)


def noted(application: Application, remark: str) -> Application:
    """With what is to be remembered since; without the list of changes once the person has put it away."""
    read = request.form.get(form_flow.GO) == form_flow.NOTED
    changes = () if read else application.changes
    return replace(application, remark=remark or application.remark, changes=changes)


def save(application: Application, data: Variables, reached: str, seen: Seen | None = None) -> str:
    """Save the answers with what to remember beside them; gives the draft's id. Raises DraftChanged."""
    return drafts.save(
        SaveDraft(
            tenant=tenant_key(),
            actor=ANYONE,
            draft_id=application.draft.id if application.draft else None,
            process_key=application.card.process,
            definition_id=application.definition_id,
            form=application.form_key,
            data=kept(data, application.remark, application.changes),
            step=reached,
            seen=seen.revision if seen else None,
            tab=seen.tab if seen else "",
        ),
        as_guest=application.draft is not None and application.draft.as_guest,
    )


def kept_quietly(application: Application, received: Received) -> ResponseReturnValue:
    """What the script writes beside the form, and where it is from now on."""
    assert application.draft is not None
    here = url_for("applying.resume_here", draft_id=application.draft.id)
    return overtaking.saved(application.draft, received, draft=application.draft.id, address=here)


def overtaken(application: Application, step: str) -> ResponseReturnValue:
    """Somebody else saved meanwhile: nothing is written, what was typed stays, and sending it again overwrites."""
    assert application.draft is not None
    if overtaking.is_quiet(request):
        return overtaking.refused(application.draft)
    response = page(application, step, overtaking.typed(application.sheet(step), request, application.draft))
    response.status_code = 409
    return response


def page(application: Application, step: str, received: Received | None = None) -> Response:
    """A page of the form."""
    sheet = application.sheet(step)
    status = 422 if received and received.errors else 200
    view = form_flow.show(sheet, received)
    draft = application.draft
    here = address(application, step)
    content = render_template(
        "portal/step.html",
        application=application,
        view=view,
        steps=application.steps.links(step, lambda key: address(application, key) if draft else ""),
        number=application.steps.keys.index(step) + 1,
        total=len(application.steps.keys) + 1,
        here=here,
        saved_at=draft.saved_at if draft else None,
        hidden=hidden_of(draft),
        place_url=lambda pointer: place_url(application, pointer),
        next_title=application.steps.title_after(step),
    )
    return Response(content, status)


def hidden_of(draft: DraftFacts | None) -> dict[str, str]:
    """What a page says of itself, also of which draft it is: a script may swap it into the page that began it."""
    return {**told_of(draft, request), **({BEGUN: draft.id} if draft else {})}


def address(application: Application, step: str) -> str:
    """Address of a page of the form."""
    if application.draft is None:
        return url_for("applying.begin", agenda=application.card.agenda, process=application.card.process)
    if step == CHECK:
        return url_for("applying.check", draft_id=application.draft.id)
    return url_for("applying.step", draft_id=application.draft.id, step=step)


def place_url(application: Application, pointer: str) -> str:
    """Address of a field on its page."""
    return f"{address(application, application.steps.of(pointer))}#{element_id(pointer)}"


# --- check and send --------------------------------------------------------------------------------------------------


@blueprint.get(f"/podani/<draft_id>/{CHECK}")
def check(draft_id: str) -> ResponseReturnValue:
    return check_page(begun(draft_id))


@blueprint.post(f"/podani/<draft_id>/{CHECK}")
@limiter.limit(PUBLIC_POST)
def send(draft_id: str) -> ResponseReturnValue:
    application = begun(draft_id)
    if request.form.get(form_flow.GO) == form_flow.SAVE:
        return redirect(url_for("resuming.saved", draft_id=draft_id), 303)
    if application.draft and application.draft.as_guest:
        # Whoever began it answers for it; others only help to write.
        raise NotAllowed
    if application.draft and seen_in(request).is_overtaken(application.draft):
        # A helper has changed it since: nobody sends what they haven't read.
        return check_page(application, overtaken=True)
    errors = faults(application)
    if errors:
        return check_page(application, errors)
    started = start(application)
    access.remember_case(started.instance_id)
    return redirect(url_for("following.done", number=started.business_key), 303)


def faults(application: Application) -> list[FieldError]:
    """Everything that is wrong with the whole application."""
    return form_flow.faults(application.form, application.data)


def check_page(
    application: Application, errors: list[FieldError] | None = None, overtaken: bool = False
) -> ResponseReturnValue:
    """Every answer with a link to change it; what is missing, with a link to its step."""
    found = errors if errors is not None else []
    told = [(place_url(application, error.pointer), error) for error in found]
    content = render_template(
        "portal/check.html",
        application=application,
        sections=summary(
            application.form,
            application.data,
            language(),
            files=dict(application.sheet(ONLY).files),
            offers=form_flow.from_registers(application.form, application.data).offers,
        ),
        changes=lambda step, place: f"{address(application, step or ONLY)}#{place}",
        errors=told,
        place_url=lambda pointer: place_url(application, pointer),
        steps=application.steps.links(CHECK, lambda key: address(application, key)),
        total=len(application.steps.keys) + 1,
        here=address(application, CHECK),
        overtaken=overtaken,
    )
    return Response(content, 409 if overtaken else 422 if told else 200)


def start(application: Application) -> Started:
    """Send the application: one command, and the draft leads to its case from now on."""
    assert application.draft is not None
    close_session()
    command = StartInstance(
        tenant=tenant_key(),
        actor=replace(ANYONE, name=applicant(application.form, application.data).name),
        process_key=application.card.process,
        variables=application.data,
        submission=SubmittedForm(
            form=application.form_key,
            data=application.data,
            attachments=form_flow.file_ids(application.form, application.data),
            remark=application.remark,
        ),
        applicant=applicant(application.form, application.data),
        draft_id=application.draft.id,
    )
    return engine().execute(command)
