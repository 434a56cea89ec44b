"""Deadlines of a case: how each came about, and what a clerk may do with a named period, saying why."""

from __future__ import annotations

from datetime import date
from typing import Literal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.commands import ChangeDeadline
from engine.errors import Invalid, NotFound
from engine.queries.deadlines import deadlines
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.tenancy import tenant_key
from web.workplace.cases import case_by, head

blueprint = Blueprint("clocks", __name__, url_prefix="/prace/pripady")

Change = Literal["stop", "resume", "prolong"]
#: Word in the address → the change.
CHANGES: dict[str, Change] = {"zastavit": "stop", "obnovit": "resume", "prodlouzit": "prolong"}
DONE = {
    "stop": lazy_gettext("The period stands."),
    "resume": lazy_gettext("The period goes on."),
    "prolong": lazy_gettext("The period is prolonged."),
}
LONGEST_REASON = 1000


def page(number: str, key: str = "", change: str = "", error: str = "") -> ResponseReturnValue:
    """The deadlines, with what was wrong with a change that has just been sent."""
    case = case_by(number)
    html = render_template(
        "work/case_clocks.html",
        **head(case, "clocks"),
        clocks=deadlines(session(), tenant_key(), case.id, now()),
        wrong={"key": key, "change": change, "error": error},
        given=request.form,
    )
    return html, 422 if error else 200


@blueprint.post("/<case_number:number>/lhuty/<key>/<change>")
@sign_in_required
def change(number: str, key: str, change: str) -> ResponseReturnValue:
    """Stop, resume or prolong a period."""
    case = case_by(number)
    if change not in CHANGES:
        raise NotFound
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        return page(number, key, change, _("Say why; it stays with the deadline."))
    until = day(request.form.get("until", ""))
    if CHANGES[change] == "prolong" and until is None:
        return page(number, key, change, _("Write the new last day."))
    command = ChangeDeadline(
        tenant=tenant_key(),
        actor=actor(),
        instance_id=case.id,
        key=key,
        change=CHANGES[change],
        reason=reason,
        until=until,
    )
    close_session()
    try:
        engine().execute(command)
    except Invalid:
        return page(number, key, change, _("The new last day has to be later than the deadline now."))
    flash(str(DONE[CHANGES[change]]))
    return redirect(url_for("cases.clocks", number=number), 303)


def day(text: str) -> date | None:
    """A day as browsers send it; None where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
