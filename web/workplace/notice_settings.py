"""What of the notifications comes by mail, and the address of the person's calendar."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.commands import Command
from engine.desk import ChooseNoticeMails, CloseCalendar, MailChoice, OpenCalendar
from engine.errors import Invalid
from engine.queries.desk import desk
from engine.queries.people import person
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, session
from web.i18n import _
from web.tenancy import tenant_key

blueprint = Blueprint("notice_settings", __name__, url_prefix="/prace/upozorneni/nastaveni")

CHOICES: Mapping[MailChoice, tuple[str, str]] = {
    "none": (lazy_gettext("Not by mail"), lazy_gettext("You find everything in Notifications.")),
    "at_once": (lazy_gettext("Each at once"), lazy_gettext("When somebody names you or hands you a task.")),
    "daily": (
        lazy_gettext("Once a day"),
        lazy_gettext(
            "On working days after seven: what is new, what is overdue and what ends within three working days."
        ),
    ),
}
#: In the cookie until the page has shown it, once.
NEW_TOKEN = "calendar"  # noqa: S105


@blueprint.get("")
@sign_in_required
def form() -> ResponseReturnValue:
    """The settings; a calendar's new address is shown this once."""
    return page({}, cookie.pop(NEW_TOKEN, ""))


@blueprint.post("")
@sign_in_required
def choose() -> ResponseReturnValue:
    """Take the choice."""
    chosen = cast(MailChoice, request.form.get("mail", ""))
    try:
        execute(ChooseNoticeMails(tenant=tenant_key(), actor=actor(), mail=chosen))
    except Invalid as error:
        if error.facts["reason"] == "address":
            return page({"mail": _("There is no e-mail address of yours here. Ask the administrator to add it.")})
        return page({"mail": _("Choose one of the three.")})
    flash(_("Saved."))
    return redirect(url_for("notice_settings.form"), 303)


@blueprint.post("/kalendar")
@sign_in_required
def open_calendar() -> ResponseReturnValue:
    """Draw a new address of the calendar."""
    token = secrets.token_urlsafe(32)
    execute(OpenCalendar(tenant=tenant_key(), actor=actor(), token_hash=hash_of(token)))
    cookie[NEW_TOKEN] = token
    return redirect(url_for("notice_settings.form") + "#kalendar", 303)


@blueprint.post("/kalendar/zrusit")
@sign_in_required
def close_calendar() -> ResponseReturnValue:
    """Let the address work no more."""
    execute(CloseCalendar(tenant=tenant_key(), actor=actor()))
    flash(_("The address of the calendar no longer works."))
    return redirect(url_for("notice_settings.form"), 303)


def page(errors: Mapping[str, str], token: str = "") -> ResponseReturnValue:
    """The page as new or as it came back."""
    own = desk(session(), tenant_key(), actor().username)
    facts = person(session(), tenant_key(), actor().username)
    html = render_template(
        "work/notice_settings.html",
        desk=own,
        chosen=request.form.get("mail", own.mail) if errors else own.mail,
        choices=CHOICES,
        email=facts.email if facts else "",
        address=url_for("calendar_feed.feed", token=token, _external=True) if token else "",
        errors=errors,
    )
    return html, 422 if errors else 200


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def execute(command: Command[Any]) -> None:
    """Execute with no read transaction open."""
    close_session()
    engine().execute(command)
