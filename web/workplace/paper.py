"""What comes on paper: a clerk writes it into the same form, and it goes on in the same queue as what came online.

The code on a print leads here; one begun on the screen brings its answers along.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, lazy_gettext

from engine.calendar import day_in_prague
from engine.commands import StartInstance
from engine.errors import DraftAlreadySent
from engine.model import Started, SubmittedForm, Variables
from engine.queries.definitions import newest_definition
from forms.dates import is_date, tidy_date
from forms.pointers import element_id
from web.auth import actor, sign_in_required
from web.here import now, parts, session
from web.i18n import _, language
from web.portal.applicant import applicant
from web.portal.cards import Card, cards
from web.portal.drafts import start_form
from web.portal.views import offered_service, published
from web.published import form_of
from web.tenancy import tenant_key
from web.ui import form_flow, words
from web.ui.form_flow import Received
from web.workplace.entry import Entry, entered_already, execute, keeper, save, written

blueprint = Blueprint("paper", __name__, url_prefix="/prace/papir")
blueprint.register_error_handler(DraftAlreadySent, entered_already)

#: How it came → its name.
WAYS = {
    "person": lazy_gettext("brought in person"),
    "post": lazy_gettext("by post"),
    "data-box": lazy_gettext("by data box"),
    "mail": lazy_gettext("by e-mail"),
}
RECEIVED, WAY = "_received", "_way"


@blueprint.get("")
@sign_in_required
def offered() -> ResponseReturnValue:
    """The services whose form may come on paper."""
    found = [card for card in cards(published(), language()) if begins(card)]
    return render_template("work/paper.html", cards=found)


def begins(card: Card) -> bool:
    """Whether the service begins with a form of the public."""
    _card, model = offered_service(card.agenda, card.process)
    return start_form(model, card.process) is not None


def entry(agenda: str, process: str) -> Entry:
    """The form of a service, with what was written of it. Raises NotFound, or DraftAlreadySent."""
    card, model = offered_service(agenda, process)
    start = start_form(model, process)
    if start is None:
        abort(404)
    definition = newest_definition(session(), tenant_key(), process)
    return Entry(
        page="paper.enter",
        agenda=agenda,
        process=process,
        title=card.title,
        form_key=start.form,
        form=form_of(session(), tenant_key(), definition.deployment_id, start.form),
        definition_id=definition.id,
        draft=written(request.args.get("podani", ""), process),
    )


@blueprint.get("/<agenda>/<process>")
@sign_in_required
def enter(agenda: str, process: str) -> ResponseReturnValue:
    return page(entry(agenda, process), words.numeric(day_in_prague(now())))


def page(current: Entry, received_on: str, received: Received | None = None, wrong: str = "") -> ResponseReturnValue:
    """The form, with the day and the way it came."""
    html = render_template(
        "work/paper_entry.html",
        entry=current,
        view=form_flow.show(current.sheet(), received),
        place_of=lambda pointer: "#" + element_id(pointer),
        ways=WAYS,
        way=request.form.get(WAY, "person"),
        received_on=received_on,
        wrong=wrong,
    )
    return html, 422 if wrong or (received and received.errors) else 200


@blueprint.post("/<agenda>/<process>")
@sign_in_required
def entered(agenda: str, process: str) -> ResponseReturnValue:
    """Take the form: come again, save for later, or begin the case."""
    current = entry(agenda, process)
    day, wrong = came_on(request.form.get(RECEIVED, ""))
    drafted = save(current, current.sheet().data)
    received = form_flow.receive(current.sheet(), request, keeper(drafted), parts().outside)
    save(current, received.data, drafted)
    if received.later:
        flash(_("Saved. You can go on at this address."))
        return redirect(current.address(drafted), 303)
    if day is None or not received.accepted:
        current = replace(current, draft=written(drafted, process))
        return page(current, request.form.get(RECEIVED, ""), received, wrong)
    started = start(current, received.data, drafted, day)
    flash(_("Entered as %(number)s.", number=started.business_key))
    return redirect(url_for("cases.story", number=started.business_key), 303)


def came_on(text: str) -> tuple[date | None, str]:
    """The day it came, or what is wrong with it."""
    tidy = tidy_date(text)
    if not is_date(tidy):
        return None, _("Write the day it came, such as 23. 11. 2026.")
    day = date.fromisoformat(tidy)
    if day > day_in_prague(now()):
        return None, _("It can't have come in the future.")
    return day, ""


def start(current: Entry, data: Variables, draft_id: str, day: date) -> Started:
    """Begin the case as if the applicant had sent it, remembering how it came."""
    way = WAYS.get(request.form.get(WAY, ""), WAYS["person"])
    with force_locale("cs"):
        remark = _("Came on paper on %(day)s, %(way)s.", day=words.date_plain(day), way=way)
    command = StartInstance(
        tenant=tenant_key(),
        actor=actor(),
        process_key=current.process,
        variables=data,
        submission=SubmittedForm(
            form=current.form_key,
            data=data,
            channel="paper",
            attachments=form_flow.file_ids(current.form, data),
            remark=remark,
        ),
        applicant=applicant(current.form, data),
        draft_id=draft_id,
        received_on=day,
    )
    started: Started = execute(command)
    return started
