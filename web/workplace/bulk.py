"""Several tasks at once: taken, handed over, finished where they ask nothing. Each is a command of its own.

A few are done while the person waits. More are left to a worker, and a page of their own tells how far they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext

from engine.desk import BatchAct, BeginBatch, StopBatch
from engine.errors import EngineError, NotFound
from engine.queries.batches import batch
from engine.queries.inbox import task_ids
from web.auth import actor, sign_in_required
from web.batches import ACTS, name_of
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _, language
from web.tenancy import tenant_key
from web.ui.words import number
from web.workplace.inbox import given_in, wanted_of

blueprint = Blueprint("bulk", __name__, url_prefix="/prace/ukoly")

#: Tasks at once; more are refused before any is done.
MOST = 1_000
#: So many are done while the person waits.
AT_ONCE = 20

#: Name of a refusal → why such tasks stay as they were.
STAYING = {
    "HasForm": lazy_gettext("with a form, which is filled in one by one"),
    "HumanTaskTaken": lazy_gettext("taken by somebody else"),
    "HumanTaskNotOpen": lazy_gettext("finished already"),
    "InstanceNotRunning": lazy_gettext("in a case that is suspended or has ended"),
    "NotAllowed": lazy_gettext("not yours to do"),
    "NotFound": lazy_gettext("no longer here"),
    "EngineError": lazy_gettext("refused"),
}
#: What is done, while it is being done.
DOING = {
    "claim": lazy_gettext("Tasks are being taken"),
    "delegate": lazy_gettext("Tasks are being handed over"),
    "complete": lazy_gettext("Tasks are being finished"),
}


@blueprint.post("/hromadne")
@sign_in_required
def act() -> ResponseReturnValue:
    """Do it to each of the chosen tasks; one that refuses doesn't stop the rest."""
    doing, recipient = request.form.get("do", ""), request.form.get("username", "").strip()[:150]
    if doing not in ACTS:
        raise NotFound
    chosen = chosen_tasks()
    back = redirect(url_for("tasks.listed_page", **given_in(request)), 303)
    if problem := wrong_with(chosen, doing, recipient):
        flash(problem)
        return back
    if len(chosen) > AT_ONCE:
        return redirect(url_for("bulk.progress", batch_id=begin(chosen, doing, recipient)), 303)
    refused = Counter(filter(None, (_refusal(doing, task_id, recipient) for task_id in chosen)))
    flash(said(len(chosen) - refused.total(), refused))
    return back


def wrong_with(chosen: list[str], doing: str, recipient: str) -> str:
    """Why nothing can be done; "" where it can."""
    if not chosen:
        return _("Choose at least one task.")
    if len(chosen) > MOST:
        return _(
            "Nothing was done: at most %(most)s tasks can be chosen at once. Narrow the list.",
            most=number(MOST, language()),
        )
    return _("Choose to whom.") if doing == "delegate" and not recipient else ""


def chosen_tasks() -> list[str]:
    """What was ticked, or everything that the list has; one more than may be where there is more."""
    if not request.form.get("all"):
        return list(dict.fromkeys(request.form.getlist("task")))
    wanted = wanted_of(given_in(request), "mine", now())
    return list(task_ids(session(), tenant_key(), actor(), wanted, now(), MOST + 1))


def begin(chosen: list[str], doing: str, recipient: str) -> str:
    """Leave it to a worker; gives the id of the batch."""
    command = BeginBatch(
        tenant=tenant_key(),
        actor=actor(),
        act=cast(BatchAct, doing),
        task_ids=[task_id[:32] for task_id in chosen],
        recipient=recipient,
        given=given_in(request),
    )
    close_session()
    return engine().execute(command)


@blueprint.get("/hromadne/<batch_id>")
@sign_in_required
def progress(batch_id: str) -> ResponseReturnValue:
    """How far it is; the page asks again by itself until it is finished."""
    one = batch(session(), tenant_key(), batch_id, actor())
    return render_template(
        "work/batch.html",
        one=one,
        doing=DOING[one.act],
        told=said(one.done, one.refused) if one.turns else "",
        rest=one.total - one.turns,
    )


@blueprint.post("/hromadne/<batch_id>/zastavit")
@sign_in_required
def stop(batch_id: str) -> ResponseReturnValue:
    """Leave the rest as it is."""
    command = StopBatch(tenant=tenant_key(), actor=actor(), batch_id=batch_id)
    close_session()
    engine().execute(command)
    return redirect(url_for("bulk.progress", batch_id=batch_id), 303)


def _refusal(doing: str, task_id: str, recipient: str) -> str:
    """Do it to one task; give the name of what refused it, "" where it is done."""
    try:
        command = ACTS[doing](session(), actor(), tenant_key(), task_id, recipient)
        close_session()
        engine().execute(command)
    except EngineError as error:
        return name_of(error)
    return ""


def said(done: int, refused: Mapping[str, int]) -> str:
    """What came of it, in one or two sentences; of what stays, why, the most frequent reason first."""
    told = ngettext("Done with %(num)d task.", "Done with %(num)d tasks.", done)
    if not refused:
        return str(told)
    often = sorted(refused.items(), key=lambda each: -each[1])
    why = ", ".join(f"{STAYING[reason]} ({number(count, language())})" for reason, count in often)
    left = ngettext(
        "%(num)d task stays as it was: %(why)s.",
        "%(num)d tasks stay as they were: %(why)s.",
        sum(refused.values()),
        why=why if len(often) > 1 else str(STAYING[often[0][0]]),
    )
    return f"{told} {left}" if done else str(left)
