"""Several tasks at once: taken, handed over, finished where they ask nothing. Each is a command of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext

from engine.commands import ClaimTask, Command, CompleteHumanTask, DelegateTask
from engine.errors import (
    EngineError,
    HumanTaskNotOpen,
    HumanTaskTaken,
    InstanceNotRunning,
    Invalid,
    NotAllowed,
    NotFound,
)
from engine.queries.inbox import task_ids
from engine.queries.tasks import task as task_of
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _, language
from web.tenancy import tenant_key
from web.ui.words import number
from web.workplace.inbox import given_in, wanted_of

blueprint = Blueprint("bulk", __name__, url_prefix="/prace/ukoly")

#: Tasks at once: each is a transaction of its own, and somebody waits for them. More are refused before any is done.
MOST = 1_000


class HasForm(Invalid):
    """A task with a form is finished one by one."""


#: Engine error class → why such tasks stay as they were. The nearest class in the order of inheritance counts.
STAYING: dict[type[EngineError], str] = {
    HasForm: lazy_gettext("with a form, which is filled in one by one"),
    HumanTaskTaken: lazy_gettext("taken by somebody else"),
    HumanTaskNotOpen: lazy_gettext("finished already"),
    InstanceNotRunning: lazy_gettext("in a case that is suspended or has ended"),
    NotAllowed: lazy_gettext("not yours to do"),
    NotFound: lazy_gettext("no longer here"),
    EngineError: lazy_gettext("refused"),
}


def finish(task_id: str) -> Command[Any]:
    """The command that finishes a task; one with a form has to be read first."""
    if task_of(session(), tenant_key(), task_id, actor()).form is not None:
        raise HasForm
    return CompleteHumanTask(tenant=tenant_key(), actor=actor(), task_id=task_id)


def take(task_id: str) -> Command[Any]:
    """The command that takes a task."""
    return ClaimTask(tenant=tenant_key(), actor=actor(), task_id=task_id)


def hand_over(task_id: str) -> Command[Any]:
    """The command that hands a task to the chosen colleague."""
    username = request.form.get("username", "").strip()
    return DelegateTask(tenant=tenant_key(), actor=actor(), task_id=task_id, username=username)


ACTS: dict[str, Callable[[str], Command[Any]]] = {"claim": take, "delegate": hand_over, "complete": finish}


@blueprint.post("/hromadne")
@sign_in_required
def act() -> ResponseReturnValue:
    """Do it to each of the chosen tasks; one that refuses doesn't stop the rest."""
    make = ACTS.get(request.form.get("do", ""))
    if make is None:
        raise NotFound
    chosen = chosen_tasks()
    back = redirect(url_for("tasks.listed_page", **given_in(request)), 303)
    if not chosen:
        flash(_("Choose at least one task."))
        return back
    if len(chosen) > MOST:
        flash(
            _(
                "Nothing was done: at most %(most)s tasks can be chosen at once. Narrow the list.",
                most=number(MOST, language()),
            )
        )
        return back
    if make is hand_over and not request.form.get("username", "").strip():
        flash(_("Choose to whom."))
        return back
    refused = Counter(filter(None, (_refusal(make, task_id) for task_id in chosen)))
    flash(said(len(chosen) - refused.total(), refused))
    return back


def chosen_tasks() -> list[str]:
    """What was ticked, or everything that the list has; one more than may be where there is more."""
    if not request.form.get("all"):
        return list(dict.fromkeys(request.form.getlist("task")))
    wanted = wanted_of(given_in(request), "mine", now())
    return list(task_ids(session(), tenant_key(), actor(), wanted, now(), MOST + 1))


def _refusal(make: Callable[[str], Command[Any]], task_id: str) -> str:
    """Do it to one task; say why it stays as it was, "" where it is done."""
    try:
        command = make(task_id)
        close_session()
        engine().execute(command)
    except EngineError as error:
        return str(next(STAYING[each] for each in type(error).__mro__ if each in STAYING))
    return ""


def said(done: int, refused: Mapping[str, int]) -> str:
    """What came of it, in one or two sentences; of what stays, why, the most frequent reason first."""
    told = ngettext("Done with %(num)d task.", "Done with %(num)d tasks.", done)
    if not refused:
        return str(told)
    often = sorted(refused.items(), key=lambda each: -each[1])
    why = ", ".join(f"{reason} ({number(count, language())})" for reason, count in often)
    left = ngettext(
        "%(num)d task stays as it was: %(why)s.",
        "%(num)d tasks stay as they were: %(why)s.",
        sum(refused.values()),
        why=why if len(often) > 1 else often[0][0],
    )
    return f"{told} {left}" if done else str(left)
