"""The case: its story, forms, documents, diagram, deadlines and money, each a page with an address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.commands import AddNote
from engine.errors import AnswersOfOthers, NotFound
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import cases as reads
from engine.queries import definitions, inbox, papers, payments, progress
from engine.queries.deadlines import deadlines
from engine.queries.offers import offers
from engine.queries.participants import messages, participants
from engine.queries.story import StoryEntry
from engine.queries.story import story as story_of
from web.auth import actor, sign_in_required
from web.db import close_session
from web.digits import LONGEST, page_number, whole
from web.drawing import sheets
from web.headers import as_file
from web.here import engine, now, session
from web.i18n import _, language
from web.line import line, visits
from web.noting import noted
from web.said import said
from web.sight import case_seen, may_write_into
from web.tenancy import tenant_key
from web.workplace.sent import compared, note_sensitive, sent_in, withheld
from web.workplace.telling import tell_all

blueprint = Blueprint("cases", __name__, url_prefix="/prace/pripady")

KINDS = {
    "": lazy_gettext("Everything"),
    "people": lazy_gettext("Only people"),
    "decisions": lazy_gettext("Only decisions"),
}
STATUSES = {
    "": lazy_gettext("all"),
    "running": lazy_gettext("running"),
    "completed": lazy_gettext("ended"),
    "terminated": lazy_gettext("ended by an operator"),
    "suspended": lazy_gettext("suspended"),
}
#: State of an outside action → what it means for a message that is sent by it, the chip's class and icon.
MESSAGE_STATES = {
    "done": (lazy_gettext("sent"), "is-ok", "check"),
    "ready": (lazy_gettext("waits to be sent"), "is-wait", "clock"),
    "running": (lazy_gettext("is being sent"), "is-now", "play"),
    "reported": (lazy_gettext("sent"), "is-ok", "check"),
    "failed": (lazy_gettext("not sent"), "is-late", "alert"),
    "cancelled": (lazy_gettext("called off"), "", "x"),
}
STORY_PAGE = 100
#: Cases that a list has at most; further ones are found by words.
LONGEST_LIST = 10_000
#: What a browser may show in its window; the rest is saved.
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "text/html", "text/plain"})


def head(case: reads.CaseFacts, tab: str) -> dict[str, Any]:
    """What every tab shows above itself."""
    clocks = deadlines(session(), tenant_key(), case.id, now())
    running = [
        clock.due_at for clock in clocks if clock.kind != "timer" and clock.state in ("running", "open", "claimed")
    ]
    counts = {
        "forms": len(papers.submissions(session(), tenant_key(), case.id)),
        "documents": len([one for one in papers.documents(session(), tenant_key(), case.id) if one.newest]),
        "clocks": len(clocks),
        "money": len(payments.payments(session(), tenant_key(), case.id)),
    }
    names = {
        "story": _("Story"),
        "forms": _("Forms"),
        "documents": _("Documents"),
        "diagram": _("Diagram"),
        "clocks": _("Deadlines"),
        "money": _("Money"),
        "people": _("People and messages"),
    }
    return {
        "case": case,
        "tab": tab,
        "tabs": [(key, name, counts.get(key, 0)) for key, name in names.items()],
        "nearest": min(running, default=None),
        "offers": offers(session(), tenant_key(), case.id, actor()),
        "interventions": interventions(case),
    }


def interventions(case: reads.CaseFacts) -> list[tuple[str, str]]:
    """What an operator may do with the case: word in the address and its name."""
    if not actor().groups & {ROLE_OPERATOR, ROLE_ADMIN} or case.ended_at is not None:
        return []
    pause = (
        ("pokracovat", _("Let the case go on")) if case.status == "suspended" else ("pozastavit", _("Suspend the case"))
    )
    return [
        ("presunout", _("Move to another step")),
        ("opravit", _("Correct a value")),
        pause,
        ("ukoncit", _("End the case")),
    ]


def case_by(number: str) -> reads.CaseFacts:
    """A case that this person may read, by its number."""
    return case_seen(number=number)


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Cases by number, name, company number; the very number opens its case."""
    query = request.args.get("q", "").strip()[:200]
    if query and (exact := exactly(query)):
        return redirect(url_for("cases.story", number=exact))
    status = request.args.get("status", "")
    wanted = reads.Wanted(
        q=query,
        status=status if status in STATUSES and status else None,
        page=page_number(),
        count_to=LONGEST_LIST,
    )
    found = reads.cases(session(), tenant_key(), wanted, actor())

    def address(**changed: str) -> str:
        kept: dict[str, Any] = {"q": query, "status": status, **changed}
        return url_for("cases.listed", **kept)

    return render_template(
        "work/cases.html", found=found, q=query, status=status, statuses=STATUSES, address=address, longest=LONGEST_LIST
    )


def exactly(number: str) -> str | None:
    """The number itself where there is such a case and this person may read it; of others nobody learns by asking."""
    try:
        found = reads.case(session(), tenant_key(), number=number.upper())
    except NotFound:
        return None
    return found.business_key if reads.is_readable(session(), tenant_key(), found.id, actor()) else None


@blueprint.get("/<case_number:number>")
@sign_in_required
def story(number: str) -> ResponseReturnValue:
    """Who, what, when, which version."""
    case = case_by(number)
    show = request.args.get("show", "")
    before = whole(request.args.get("before", ""), LONGEST)
    entries = story_of(session(), tenant_key(), case.id, before=before, limit=STORY_PAGE)
    lines = tell_all(entries, case)
    open_tasks = inbox.tasks_of_case(session(), tenant_key(), case.id, now())
    been = visits(session(), tenant_key(), case, open_tasks)
    return render_template(
        "work/case_story.html",
        **head(case, "story"),
        lines=[line for line in lines if not show or line.kind == show],
        older=oldest(entries),
        kinds=KINDS,
        show=show,
        may_write=may_write_into(case),
        open_tasks=open_tasks,
        related=reads.related(session(), tenant_key(), case, actor()),
        line=line(session(), tenant_key(), case, been, now=now(), lang=language()),
    )


def oldest(entries: Any) -> int | None:
    """Where the next page of the story begins."""
    page: list[StoryEntry] = list(entries)
    return page[-1].id if len(page) == STORY_PAGE else None


@blueprint.post("/<case_number:number>/poznamka")
@sign_in_required
def note(number: str) -> ResponseReturnValue:
    """Write a note into the story."""
    case = case_by(number)
    text = request.form.get("text", "").strip()[:4000]
    if text:
        command = AddNote(tenant=tenant_key(), actor=actor(), instance_id=case.id, text=text)
        close_session()
        engine().execute(command)
        flash(_("The note is in the story."))
    return redirect(url_for("cases.story", number=number))


@blueprint.get("/<case_number:number>/diagram")
@sign_in_required
def diagram(number: str) -> ResponseReturnValue:
    """Where it stands and which way it went."""
    case = case_by(number)
    gone = progress.progress(session(), tenant_key(), case.id)
    model = definitions.model_of(session(), tenant_key(), case.definition_id)
    # Boundary events only listen; where nothing is being done, the case stands at what it waits for.
    here = [said(model.nodes[node].name or node, case) for node in gone.active or gone.armed if node in model.nodes]
    label = _("The case stands at: %(steps)s", steps=", ".join(dict.fromkeys(here)) or "–")
    return render_template(
        "work/case_diagram.html",
        **head(case, "diagram"),
        sheets=sheets(case, gone, label),
        label=label,
        size="fit" if request.args.get("size") == "fit" else "",
    )


@blueprint.get("/<case_number:number>/formulare")
@sign_in_required
def forms(number: str) -> ResponseReturnValue:
    """Every form that was sent, as it was sent."""
    case = case_by(number)
    sent = sent_in(session(), tenant_key(), case.id, case.business_key, actor().groups)
    note_sensitive(case.business_key, sent)
    return render_template("work/case_forms.html", **head(case, "forms"), sent=sent)


@blueprint.get("/<case_number:number>/formulare/<submission_id>/zmeny")
@sign_in_required
def changes(number: str, submission_id: str) -> ResponseReturnValue:
    """A form beside the same one sent before it."""
    case = case_by(number)
    found = compared(session(), tenant_key(), case.id, submission_id, actor().groups)
    noted("read-form", "case", case.business_key, submission=submission_id)
    return render_template("work/case_changes.html", **head(case, "forms"), compared=found)


@blueprint.get("/<case_number:number>/dokumenty")
@sign_in_required
def documents(number: str) -> ResponseReturnValue:
    """Every document with its versions, and the files the applicant sent."""
    case = case_by(number)
    others = withheld(session(), tenant_key(), case.id, actor().groups)
    made = [one for one in papers.documents(session(), tenant_key(), case.id) if one.attachment_id not in others]
    files = papers.attachments_of(session(), tenant_key(), instance_id=case.id)
    sent = [file for file in files if file.submitted and file.id not in others]
    return render_template("work/case_documents.html", **head(case, "documents"), made=made, sent=sent)


@blueprint.get("/<case_number:number>/soubory/<attachment_id>")
@sign_in_required
def file(number: str, attachment_id: str) -> Response:
    """A file of the case."""
    case = case_by(number)
    facts = papers.attachment(session(), tenant_key(), attachment_id)
    if facts.instance_id != case.id:
        raise NotFound
    if facts.id in withheld(session(), tenant_key(), case.id, actor().groups):
        raise AnswersOfOthers
    if facts.submitted:
        noted("read-file", "case", case.business_key, file=facts.id)
    answer = Response(papers.content_of(session(), tenant_key(), attachment_id), mimetype=facts.media_type)
    return as_file(answer, facts.filename, inline=facts.media_type in SHOWN)


@blueprint.get("/<case_number:number>/lhuty")
@sign_in_required
def clocks(number: str) -> ResponseReturnValue:
    """Everything the case waits for by the clock, and how each date came about."""
    case = case_by(number)
    found = deadlines(session(), tenant_key(), case.id, now())
    return render_template("work/case_clocks.html", **head(case, "clocks"), clocks=found)


@blueprint.get("/<case_number:number>/penize")
@sign_in_required
def money(number: str) -> ResponseReturnValue:
    """What the case asks to be paid and what has come."""
    case = case_by(number)
    asked = payments.payments(session(), tenant_key(), case.id)
    return render_template("work/case_money.html", **head(case, "money"), asked=asked)


@blueprint.get("/<case_number:number>/lide")
@sign_in_required
def people(number: str) -> ResponseReturnValue:
    """Who has to do with the case, and what it sent and got."""
    case = case_by(number)
    others = withheld(session(), tenant_key(), case.id, actor().groups)
    return render_template(
        "work/case_people.html",
        **head(case, "people"),
        people=participants(session(), tenant_key(), case.id),
        messages=messages(session(), tenant_key(), case.id, case.definition_id),
        withheld=others,
        states=MESSAGE_STATES,
    )
