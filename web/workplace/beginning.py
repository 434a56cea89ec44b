"""Cases that the office itself begins: what its processes offer to whose group, and the form of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import StartInstance
from engine.diagram import Model
from engine.errors import DraftAlreadySent, NotFound
from engine.model import Started, SubmittedForm, Variables
from engine.queries import papers
from engine.queries.definitions import Wanted, definitions_page, model_of, newest_definition
from forms.pointers import element_id
from web.auth import actor, sign_in_required
from web.here import now, parts, session
from web.i18n import _, language
from web.portal.applicant import applicant
from web.published import agenda_of, form_of, say
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui.form_flow import Received
from web.workplace.entry import Entry, entered_already, execute, keeper, save, written

blueprint = Blueprint("beginning", __name__, url_prefix="/prace/novy")
blueprint.register_error_handler(DraftAlreadySent, entered_already)

#: More processes than an office has.
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A process that whoever asks may begin."""

    agenda: str
    agenda_title: str
    process: str
    title: str
    about: str


def form_for_staff(model: Model, process: str) -> str | None:
    """The form with which whoever asks may begin the process; None where they may not."""
    body = model.nodes.get(process)
    starts = [model.nodes[name].start for name in body.starts] if body else []
    return next(
        (
            start.form
            for start in starts
            if start and start.audience == "staff" and (not start.group or start.group in actor().groups)
        ),
        None,
    )


def offers() -> Iterator[Offer]:
    """What may be begun, in the language of the page."""
    newest = definitions_page(session(), tenant_key(), Wanted(newest=True, page_size=MOST)).items
    for one in newest:
        model = model_of(session(), tenant_key(), one.id)
        if form_for_staff(model, one.process_key) is None:
            continue
        words = say(session(), tenant_key(), one.deployment_id, language())
        title = agenda_of(session(), tenant_key(), one.deployment_id).title
        yield Offer(
            agenda=one.agenda,
            agenda_title=title.get(language()) or title.get("cs", ""),
            process=one.process_key,
            title=words(one.name),
            about=words(model.nodes[one.process_key].documentation or ""),
        )


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A form of a new case that whoever asks has begun and not sent."""

    title: str
    address: str
    saved_at: datetime
    expires_at: datetime


def begun() -> Iterator[Begun]:
    """What one has begun and not sent, of processes that are still published; the newest first."""
    for draft in papers.drafts_of(session(), tenant_key(), actor().username, now()):
        try:
            definition = newest_definition(session(), tenant_key(), draft.process_key or "")
        except NotFound:
            continue
        form = form_for_staff(model_of(session(), tenant_key(), definition.id), definition.process_key)
        page = "paper.enter" if form is None else "beginning.enter"
        address = url_for(page, agenda=definition.agenda, process=definition.process_key, podani=draft.id)
        yield Begun(
            title=say(session(), tenant_key(), definition.deployment_id, language())(definition.name),
            address=address,
            saved_at=draft.saved_at,
            expires_at=draft.expires_at,
        )


@blueprint.get("")
@sign_in_required
def offered() -> ResponseReturnValue:
    """Everything that may be begun, by agenda, and what one has begun."""
    found = sorted(offers(), key=lambda one: (one.agenda_title.lower(), one.title.lower()))
    return render_template("work/beginnings.html", offers=found, begun=list(begun()))


def entry(agenda: str, process: str) -> Entry:
    """The form, with what was written of it. 404 for what one may not begin."""
    definition = newest_definition(session(), tenant_key(), process)
    form = form_for_staff(model_of(session(), tenant_key(), definition.id), process)
    if form is None or definition.agenda != agenda:
        abort(404)
    return Entry(
        page="beginning.enter",
        agenda=agenda,
        process=process,
        title=say(session(), tenant_key(), definition.deployment_id, language())(definition.name),
        form_key=form,
        form=form_of(session(), tenant_key(), definition.deployment_id, form),
        definition_id=definition.id,
        draft=written(request.args.get("podani", ""), process),
    )


@blueprint.get("/<agenda>/<process>")
@sign_in_required
def enter(agenda: str, process: str) -> ResponseReturnValue:
    """The form with which the case begins."""
    return page(entry(agenda, process))


def page(current: Entry, received: Received | None = None) -> ResponseReturnValue:
    """The form, with what is wrong."""
    html = render_template(
        "work/beginning.html",
        entry=current,
        view=form_flow.show(current.sheet(), received),
        place_of=lambda pointer: "#" + element_id(pointer),
    )
    return html, 422 if received and received.errors else 200


@blueprint.post("/<agenda>/<process>")
@sign_in_required
def entered(agenda: str, process: str) -> ResponseReturnValue:
    """Take the form: come again, save for later, or begin the case."""
    current = entry(agenda, process)
    drafted = save(current, current.sheet().data)
    received = form_flow.receive(current.sheet(), request, keeper(drafted), parts().outside)
    save(current, received.data, drafted)
    if received.later:
        flash(_("Saved. You can go on at this address."))
        return redirect(current.address(drafted), 303)
    if not received.accepted:
        return page(replace(current, draft=written(drafted, process)), received)
    started = start(current, received.data, drafted)
    flash(_("Begun as %(number)s.", number=started.business_key))
    return redirect(url_for("cases.story", number=started.business_key), 303)


def start(current: Entry, data: Variables, draft_id: str) -> Started:
    """Begin the case."""
    command = StartInstance(
        tenant=tenant_key(),
        actor=actor(),
        process_key=current.process,
        variables=data,
        submission=SubmittedForm(form=current.form_key, data=data, attachments=form_flow.file_ids(current.form, data)),
        applicant=applicant(current.form, data),
        draft_id=draft_id,
    )
    started: Started = execute(command)
    return started
