"""The bell: what the person should know, and how much of it is new."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.desk import ReadNotifications
from engine.queries.notifications import notifications, unread
from web.auth import actor, is_signed_in, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.tenancy import tenant_key

blueprint = Blueprint("bell", __name__, url_prefix="/prace/upozorneni")

HEADLINES = {
    "mentioned": lazy_gettext("named you in a note"),
    "delegated": lazy_gettext("handed you a task"),
    "returned": lazy_gettext("answered the task that you handed over"),
    "substitute-left": lazy_gettext("has left and stands in for you no more. Arrange somebody else"),
}


def unread_count() -> int:
    """How much the person has not read; asked once in a request."""
    if "unread" not in g:
        g.unread = unread(session(), tenant_key(), actor().username) if is_signed_in() else 0
    count: int = g.unread
    return count


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """What the person was told, the newest first."""
    number = request.args.get("page", "1")
    page = int(number) if number.isdigit() and len(number) < 7 else 1
    return render_template(
        "work/bell.html",
        found=notifications(session(), tenant_key(), actor().username, page),
        headlines=HEADLINES,
        address=lambda **changed: url_for("bell.listed", **changed),
    )


@blueprint.post("")
@sign_in_required
def read() -> ResponseReturnValue:
    """Mark as read what the page has shown; what came since stays new."""
    command = ReadNotifications(tenant=tenant_key(), actor=actor(), until=seen(request.form.get("until", "")))
    close_session()
    engine().execute(command)
    return redirect(url_for("bell.listed"), 303)


def seen(text: str) -> datetime:
    """When the page was made, as it says itself."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return moment if moment.tzinfo else now()


def install(app: Flask) -> None:
    app.jinja_env.globals.update(unread_count=unread_count)
