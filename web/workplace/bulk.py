"""Several tasks at once: taken, handed over, finished where they ask nothing. Each is a command of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engine.commands import ClaimTask, Command, CompleteHumanTask, DelegateTask
from engine.errors import EngineError, Invalid, NotFound
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


def finish(task_id: str) -> Command[Any]:
    """The command that finishes a task; one with a form has to be read first."""
    if task_of(session(), tenant_key(), task_id, actor()).form is not None:
        raise Invalid("A task with a form is finished one by one.")
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
    done = sum(_done(make, task_id) for task_id in chosen)
    flash(said(done, len(chosen) - done))
    return back


def chosen_tasks() -> list[str]:
    """What was ticked, or everything that the list has; one more than may be where there is more."""
    if not request.form.get("all"):
        return list(dict.fromkeys(request.form.getlist("task")))
    wanted = wanted_of(given_in(request), "mine", now())
    return list(task_ids(session(), tenant_key(), actor(), wanted, now(), MOST + 1))


def _done(make: Callable[[str], Command[Any]], task_id: str) -> bool:
    try:
        command = make(task_id)
        close_session()
        engine().execute(command)
    except EngineError:
        return False
    return True


def said(done: int, refused: int) -> str:
    """What came of it, in one or two sentences."""
    told = ngettext("Done with %(num)d task.", "Done with %(num)d tasks.", done)
    if not refused:
        return str(told)
    left = ngettext(
        "%(num)d task stays as it was: it has a form, somebody else has it, or it is not yours to do.",
        "%(num)d tasks stay as they were: they have forms, somebody else has them, or they are not yours to do.",
        refused,
    )
    return f"{told} {left}" if done else str(left)
