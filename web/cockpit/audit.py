"""The audit: who did or read what, when, with which object. For auditors and administrators; to read and take away."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.calendar import PRAGUE
from engine.model import ROLE_ADMIN, ROLE_AUDITOR
from engine.queries import audit
from engine.queries.audit import Sought
from web.auth import let_in_only
from web.digits import LONGEST, whole
from web.headers import as_file
from web.here import session
from web.i18n import _
from web.noting import noted
from web.tenancy import tenant_key
from web.ui import audited
from web.ui.spreadsheet import spreadsheet

blueprint = Blueprint("audit", __name__, url_prefix="/velin/audit")
blueprint.before_request(let_in_only(ROLE_AUDITOR, ROLE_ADMIN))

SHOWN, MOST_TAKEN = 100, 10_000
FIELDS = ("source", "actor", "kind", "object", "since", "until")


@blueprint.get("")
def listed() -> ResponseReturnValue:
    """Entries, the newest first, and where the chain ends."""
    kept = {name: request.args.get(name, "").strip()[:255] for name in FIELDS}
    sought, error = _sought(kept)
    found = audit.search(session(), tenant_key(), sought, SHOWN + 1) if not error else ()
    further = found[SHOWN - 1].id if len(found) > SHOWN else None
    page = render_template(
        "cockpit/audit.html",
        found=found[:SHOWN],
        kept=kept,
        error=error,
        words=audited,
        kinds=audited.choices(kept["kind"]),
        chain=audit.chain(session(), tenant_key()),
        next=_address("", kept, before=str(further)) if further else "",
        download=_address("/zaznamy.csv", kept),
    )
    return page, 422 if error else 200


@blueprint.get("/zaznamy.csv")
def download() -> ResponseReturnValue:
    """The same as a table, at most ten thousand lines; that it was taken is in the audit too."""
    kept = {name: request.args.get(name, "").strip()[:255] for name in FIELDS}
    sought, error = _sought(kept)
    if error:
        return redirect(_address("", kept))
    found = audit.search(session(), tenant_key(), sought, MOST_TAKEN)
    header = (_("Number"), _("When"), _("Who"), _("For whom"), _("What"), _("Object"), _("Key"), _("Details"))
    rows = [
        (
            one.id,
            one.at.astimezone(PRAGUE).isoformat(timespec="seconds"),
            one.actor,
            one.acting_for or "",
            one.kind,
            one.object_kind,
            one.object_id,
            ", ".join(f"{name}: {value}" for name, value in one.facts.items()),
        )
        for one in found
    ]
    noted("exported", "audit", rows=len(rows), narrowed={name: value for name, value in kept.items() if value})
    return as_file(Response(spreadsheet(header, rows), content_type="text/csv; charset=utf-8"), "audit.csv")


def _sought(kept: dict[str, str]) -> tuple[Sought, str]:
    """What is looked for, and what is wrong with it."""
    try:
        since, until = (date.fromisoformat(kept[name]) if kept[name] else None for name in ("since", "until"))
    except ValueError:
        return Sought(), _("A day is written as 2026-03-31.")
    sought = Sought(
        source="history" if kept["source"] == "history" else "event",
        actor=kept["actor"],
        kind=kept["kind"],
        object_id=kept["object"],
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
        before=whole(request.args.get("before", ""), LONGEST),
    )
    return sought, ""


def _address(place: str, kept: dict[str, str], **more: str) -> str:
    words = {name: value for name, value in kept.items() if value} | more
    return f"{blueprint.url_prefix}{place}?{urlencode(words)}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PRAGUE)
