"""Tasks: the list, a task opened beside it, and the verbs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import ClaimTask, Command, DelegateTask, ReleaseTask
from engine.errors import DraftChanged, HumanTaskNotOpen, NotFound
from engine.lifecycle import OPEN_TASK
from engine.queries import cases as case_reads
from engine.queries import inbox, papers, people
from engine.queries.story import story
from engine.queries.tasks import TaskFacts
from forms.pointers import element_id
from forms.posted import FileRef
from web.answering import Asked, asked_by, completion, draft_command, new_file, reference
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, now, parts, session
from web.i18n import _
from web.said import said
from web.sight import task_seen
from web.tenancy import tenant_key
from web.ui import form_flow
from web.ui import overtaken as overtaking
from web.ui.filters import text_of
from web.ui.form_flow import Received
from web.ui.seen import Seen, seen_in, told_of_task
from web.ui.uploads import Judged
from web.workplace.inbox import SORT_NAMES, given_in, listed
from web.workplace.sent import note_sensitive, sent_in, withheld
from web.workplace.telling import tell_all

blueprint = Blueprint("tasks", __name__, url_prefix="/prace/ukoly")

TABS = ("form", "sent", "documents", "story")
STORY_LINES = 30


@blueprint.get("")
@sign_in_required
def listed_page() -> ResponseReturnValue:
    """The list alone."""
    found = listed(session(), tenant_key(), actor(), request, now())
    # The list beside an open task asks for itself anew.
    opened_task = request.args.get("open", "")[:64] or None
    return render_template("work/tasks.html", list=found, sorts=SORT_NAMES, open_id=opened_task)


@blueprint.get("/<task_id>")
@sign_in_required
def opened(task_id: str) -> ResponseReturnValue:
    """A task beside its list."""
    return page(task_seen(task_id))


def page(task: TaskFacts, received: Received | None = None) -> tuple[str, int]:
    """The task with its form, as new or as it came back."""
    tab = request.args.get("tab", "form")
    asked = asked_for(task)
    sheet = form_flow.show(asked.sheet, received, "edit" if task.may_complete else "read") if asked else None
    sent = sent_in(session(), tenant_key(), task.instance_id, task.business_key, actor().groups)
    note_sensitive(task.business_key, sent)
    holder = people.person(session(), tenant_key(), task.assignee) if task.assignee else None
    documents = papers.documents(session(), tenant_key(), task.instance_id)
    others = withheld(session(), tenant_key(), task.instance_id, actor().groups) if documents else frozenset()
    html = render_template(
        "work/task.html",
        list=listed(session(), tenant_key(), actor(), request, now()),
        sorts=SORT_NAMES,
        task=task,
        case=case_reads.case(session(), tenant_key(), instance_id=task.instance_id),
        view=sheet,
        draft=asked.draft if asked else None,
        hidden=told_of_task(asked.draft if asked else None, request),
        asked=asked,
        place_of=lambda pointer: "#" + element_id(pointer),
        tab=tab if tab in TABS else "form",
        assignee=holder.name if holder else task.assignee,
        named=names_of(task),
        sent=sent,
        # What the applicant sent last: a clerk decides with it before the eyes.
        latest=next((one for one in sent if not one.facts.submitted_by), None),
        documents=[one for one in documents if one.attachment_id not in others],
        lines=tell_all(story(session(), tenant_key(), task.instance_id, limit=STORY_LINES), task),
        colleagues=colleagues(task),
        why_not=why_not(task, holder.name if holder else task.assignee),
    )
    return html, 422 if received and received.errors else 200


def names_of(task: TaskFacts) -> dict[str, str]:
    """Names of the colleagues that the task speaks of, by username."""
    spoken_of = {task.stands_in_for, task.acting_for, task.returns_to, task.answered_by} - {None}
    found = [people.person(session(), tenant_key(), str(username)) for username in sorted(map(str, spoken_of))]
    return {one.username: one.name for one in found if one}


def why_not(task: TaskFacts, holder: str | None) -> str:
    """Why whoever looks at an open task can only read it, and whose it is; "" where they can do it or are told."""
    if task.may_complete or task.four_eyes or task.state not in OPEN_TASK:
        return ""
    if task.case_status != "running":
        return _("The case is suspended. The task can be done once the case goes on.")
    if task.audience == "applicant":
        return _("This is for the applicant to do; you can read it.")
    if holder:
        return _("%(who)s has the task; you can read it.", who=holder)
    titles = {one.key: one.title for one in people.groups(session(), tenant_key())} if task.group else {}
    if whose := text_of(titles.get(task.group or "")) or task.group:
        return _("The task is for the group %(group)s; you can read it.", group=whose)
    return _("The task is for others to do; you can read it.")


def colleagues(task: TaskFacts) -> list[tuple[str, list[people.PersonFacts]]]:
    """To whom the task may be handed, under headings: first those of its group, then everybody else."""
    if not task.may_delegate:
        return []
    here = [one for one in people.people(session(), tenant_key()) if one.active and one.username != actor().username]
    able = [one for one in here if task.group is not None and task.group in one.groups]
    others = [one for one in here if one not in able]
    return [(name, some) for name, some in ((_("From the group"), able), (_("Other colleagues"), others)) if some]


def asked_for(task: TaskFacts) -> Asked | None:
    """The task's form with what this person has written to it."""
    draft = papers.draft_of_task(session(), tenant_key(), task.id, actor().username, now())

    def link(file: papers.FileFacts) -> str:
        return url_for("cases.file", number=task.business_key, attachment_id=file.id)

    return asked_by(session(), tenant_key(), task, draft, link)


@blueprint.post("/<task_id>")
@sign_in_required
def answer(task_id: str) -> ResponseReturnValue:
    """Take the posted form: come again, save for later, or complete the task and open the next one."""
    task = task_seen(task_id)
    if task.state not in ("open", "claimed"):
        return too_late(task)
    asked = asked_for(task)
    seen = seen_in(request)
    if asked and asked.draft and seen.is_overtaken(asked.draft):
        return overtaken(task, asked)
    received = receive(task, asked, seen) if asked else Received(data={})
    if asked and not received.accepted:
        current = asked_for(task) or asked
        try:
            execute(draft_command(current, task, tenant_key(), actor(), received.data, seen))
        except DraftChanged:
            return overtaken(task, asked_for(task) or asked)
        if overtaking.is_quiet(request):
            return kept_quietly(task, received)
        if received.later:
            flash(_("Saved. The task stays yours to finish."))
            return redirect(url_for("tasks.opened", task_id=task_id, **given_in(request)), 303)
        return page(task, received)
    try:
        execute(completion(task, asked_for(task), received.data, tenant=tenant_key(), actor=actor(), channel="office"))
    except HumanTaskNotOpen:
        return too_late(task_seen(task_id))
    done = {"task": said(task.name, task), "number": task.business_key}
    returned = task.returns_to and task.returns_to != actor().username
    flash(
        _("Answered and given back: %(task)s, %(number)s.", **done)
        if returned
        else _("Done: %(task)s, %(number)s.", **done)
    )
    return to_the_next()


def to_the_next() -> ResponseReturnValue:
    """The next task opens by itself; where there is none, the list."""
    following = inbox.next_task(session(), tenant_key(), actor(), now())
    if following:
        return redirect(url_for("tasks.opened", task_id=following, **given_in(request)), 303)
    return redirect(url_for("tasks.listed_page", **given_in(request)), 303)


def too_late(task: TaskFacts) -> ResponseReturnValue:
    """A second press of the button leads where the first did; whoever was slower than a colleague is told."""
    if task.completed_by != actor().username:
        raise HumanTaskNotOpen
    told = {"task": said(task.name, task), "number": task.business_key}
    flash(_("You have finished it already: %(task)s, %(number)s. Nothing was sent twice.", **told))
    return to_the_next()


def kept_quietly(task: TaskFacts, received: Received) -> ResponseReturnValue:
    """What the script writes beside the form."""
    draft = papers.draft_of_task(session(), tenant_key(), task.id, actor().username, now())
    if draft is None:
        raise NotFound
    return overtaking.saved(draft, received)


def overtaken(task: TaskFacts, asked: Asked) -> ResponseReturnValue:
    """The same person has saved in another window: nothing is written, and what was typed here stays."""
    if asked.draft is None:
        raise NotFound
    if overtaking.is_quiet(request):
        return overtaking.refused(asked.draft)
    html, _status = page(task, overtaking.typed(asked.sheet, request, asked.draft))
    return html, 409


def receive(task: TaskFacts, asked: Asked, seen: Seen) -> Received:
    """Read the post; the first file of a form begins its draft."""

    def keep(upload: Judged) -> FileRef:
        current = asked_for(task) or asked
        draft_id = current.draft.id if current.draft else execute(blank(current))[0]
        stored = execute(new_file(upload, tenant_key(), actor(), draft_id=draft_id))
        return reference(papers.attachment(session(), tenant_key(), stored), lambda file: "")

    def blank(current: Asked) -> Command[Any]:
        return draft_command(current, task, tenant_key(), actor(), current.sheet.data, seen)

    return form_flow.receive(asked.sheet, request, keep, parts().outside)


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)


# --- verbs -----------------------------------------------------------------------------------------------------------


def back_to(task_id: str) -> ResponseReturnValue:
    """The task again, in the same list."""
    return redirect(url_for("tasks.opened", task_id=task_id, **given_in(request)), 303)


@blueprint.post("/<task_id>/vzit")
@sign_in_required
def claim(task_id: str) -> ResponseReturnValue:
    """Take a task for oneself."""
    execute(ClaimTask(tenant=tenant_key(), actor=actor(), task_id=task_id))
    return back_to(task_id)


@blueprint.post("/<task_id>/vratit")
@sign_in_required
def release(task_id: str) -> ResponseReturnValue:
    """Give it back to its group."""
    execute(ReleaseTask(tenant=tenant_key(), actor=actor(), task_id=task_id))
    flash(_("The task is back with its group."))
    return back_to(task_id)


@blueprint.post("/<task_id>/predat")
@sign_in_required
def delegate(task_id: str) -> ResponseReturnValue:
    """Hand it to a colleague."""
    username = request.form.get("username", "").strip()
    if not username:
        flash(_("Choose to whom."))
        return redirect(url_for("tasks.opened", task_id=task_id, **given_in(request)), 303)
    with_draft, returns = request.form.get("with_draft") == "1", request.form.get("returns") == "yes"
    facts: dict[str, Any] = {"username": username, "with_draft": with_draft, "returns": returns}
    execute(DelegateTask(tenant=tenant_key(), actor=actor(), task_id=task_id, **facts))
    flash(_("The task was handed over and will come back.") if returns else _("The task was handed over."))
    return redirect(url_for("tasks.listed_page", **given_in(request)), 303)
