"""Personal data: one person's data found, taken away, erased by two; holds; what retention will erase."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command
from engine.erasing import AskErasure, DecideErasure, LiftHold, PlaceHold, Subject
from engine.errors import Invalid, NotAllowed, NotFound
from engine.model import ROLE_ADMIN
from engine.queries import audit, cases, papers, personal, retention
from engine.queries.accounts import AccountFacts, case_ids, drafts_of_account, links_of
from engine.queries.audit import Sought
from engine.queries.definitions import agendas
from engine.queries.sessions import sessions_of
from engine.signing_in import Holder
from web.auth import actor, let_in_only
from web.db import close_session
from web.erasing import carry_out, keep_no_longer
from web.headers import as_file
from web.here import engine, now, parts, session
from web.i18n import _
from web.noting import noted
from web.retention import kept_answers
from web.tenancy import tenant_key
from web.ui.filters import text_of

blueprint = Blueprint("personal", __name__, url_prefix="/velin/osobni-udaje")
blueprint.before_request(let_in_only(ROLE_ADMIN))

IN_MEMORY = 8 * 1024 * 1024
PIECE = 256 * 1024
LONGEST = 2_000
#: Protocols of the last runs that are shown.
MOST_RUNS = 10


@blueprint.get("")
def overview() -> ResponseReturnValue:
    """Wishes to be decided, holds, and what the next run would erase."""
    return _page()


@blueprint.post("")
def find() -> ResponseReturnValue:
    """Where a person is found. Posted, so that no address keeps whom somebody looked for."""
    subject = _subject()
    try:
        known = personal.known_of(session(), tenant_key(), subject, now().date())
    except Invalid:
        return _page(subject, error=_("Write an e-mail, a company number, or a name with the date of birth.")), 422
    noted("person-looked-up", "person", facts_of=_named(subject), cases=[one.number for one in known.cases])
    return _page(subject, known)


@blueprint.post("/vyvoz.zip")
def export() -> ResponseReturnValue:
    """Everything of a person as a zip: JSON and files."""
    subject = _subject()
    try:
        known = personal.known_of(session(), tenant_key(), subject, now().date())
    except Invalid:
        return _page(subject, error=_("Write an e-mail, a company number, or a name with the date of birth.")), 422
    cases_taken = [one.number for one in known.cases]
    noted("exported", "person", facts_of=_named(subject), cases=cases_taken, records=len(known.records))
    answer = Response(_pieces(_packed(known)), mimetype="application/zip")
    return as_file(answer, "osobni-udaje.zip")


@blueprint.post("/vymaz")
def ask() -> ResponseReturnValue:
    """Ask that everything of a person be erased."""
    subject, reason = _subject(), _reason()
    try:
        known = personal.known_of(session(), tenant_key(), subject, now().date())
    except Invalid:
        return _page(subject, error=_("Write an e-mail, a company number, or a name with the date of birth.")), 422
    if not reason:
        return _page(subject, known, error=_("Write the reason.")), 422
    _execute(AskErasure(tenant=tenant_key(), actor=actor(), subject=subject, reason=reason))
    flash(_("Noted. Somebody else of the administrators has to agree."))
    return redirect(url_for("personal.overview"), 303)


@blueprint.post("/vymaz/<erasure_id>/souhlas")
def agree(erasure_id: str) -> ResponseReturnValue:
    """Agree and erase at once."""
    row = _wish(erasure_id)
    subject = Subject(**(row.subject or {}))
    if row.asked_by == actor().username:
        raise NotAllowed(_("Somebody else than who asked has to agree."))
    _execute(DecideErasure(tenant=tenant_key(), actor=actor(), erasure_id=erasure_id, agreed=True))
    carry_out(parts(), tenant_key(), erasure_id, subject)
    flash(_("Erased; the protocol is below."))
    return redirect(url_for("personal.overview"), 303)


@blueprint.post("/vymaz/<erasure_id>/nesouhlas")
def refuse(erasure_id: str) -> ResponseReturnValue:
    """Refuse."""
    _wish(erasure_id)
    _execute(DecideErasure(tenant=tenant_key(), actor=actor(), erasure_id=erasure_id, agreed=False))
    flash(_("Refused; nothing was erased."))
    return redirect(url_for("personal.overview"), 303)


@blueprint.post("/zadrzeni")
def hold() -> ResponseReturnValue:
    """Hold a case or a person."""
    number, person = request.form.get("number", "").strip()[:100], request.form.get("person", "").strip()[:255]
    try:
        _execute(PlaceHold(tenant=tenant_key(), actor=actor(), case_number=number, person=person, reason=_reason()))
    except NotFound:
        return _page(error=_("There is no case of this number.")), 422
    except Invalid:
        return _page(error=_("Write the number of a case, an e-mail or a company number, and the reason.")), 422
    flash(_("It is held; nothing of it will be erased."))
    return redirect(url_for("personal.overview"), 303)


@blueprint.post("/zadrzeni/<hold_id>/konec")
def lift(hold_id: str) -> ResponseReturnValue:
    """End a hold."""
    if not any(one.id == hold_id for one in personal.holds(session(), tenant_key())):
        raise NotFound
    try:
        _execute(LiftHold(tenant=tenant_key(), actor=actor(), hold_id=hold_id, reason=_reason()))
    except Invalid:
        return _page(error=_("Write the reason.")), 422
    flash(_("It isn't held any more."))
    return redirect(url_for("personal.overview"), 303)


@blueprint.post("/beh")
def run() -> ResponseReturnValue:
    """Do now what the night would do."""
    key, who = tenant_key(), actor()
    close_session()
    protocol = keep_no_longer(parts(), key, who)
    flash(
        _("Done; the protocol is below.") if "rows" in protocol else _("Nothing is past its time; nothing was erased.")
    )
    return redirect(url_for("personal.overview"), 303)


def _page(subject: Subject | None = None, known: personal.Known | None = None, error: str = "") -> str:
    key = tenant_key()
    held = personal.holds(session(), key)
    return render_template(
        "cockpit/personal.html",
        subject=subject or Subject(),
        known=known,
        error=error,
        overdue=retention.overdue(session(), key, now(), kept_answers(session(), key)),
        titles={one.agenda: text_of(one.title) for one in agendas(session(), key)},
        runs=audit.search(session(), key, Sought(kind="retention-run"), MOST_RUNS),
        holds=held,
        wishes=personal.erasures(session(), key),
        numbers=personal.numbers(session(), key, [one.instance_id for one in held if one.instance_id]),
    )


def _subject() -> Subject:
    given = {name: request.form.get(name, "").strip()[:255] for name in ("email", "ico", "name", "born")}
    return Subject(**given)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST]


def _named(subject: Subject) -> list[str]:
    """By what somebody was looked for; never the words themselves."""
    return [name for name, value in asdict(subject).items() if value]


def _wish(erasure_id: str) -> Any:
    found = next((one for one in personal.erasures(session(), tenant_key()) if one.id == erasure_id), None)
    if found is None:
        raise NotFound
    return found


def _execute(command: Command[Any]) -> Any:
    close_session()
    return engine().execute(command)


def _packed(known: personal.Known) -> IO[bytes]:
    """JSON of every case and record, files beside."""
    packed: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 – closed when the answer is sent.
    key = tenant_key()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in known.cases:
            folder = one.number.replace("/", "_")
            told = {
                "number": one.number,
                "title": one.title,
                "status": one.status,
                "ended_at": one.ended_at,
                "variables": cases.variables(session(), key, one.id),
                "forms": [asdict(each) for each in papers.submissions(session(), key, one.id)],
            }
            archive.writestr(f"{folder}/case.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
            for file in papers.attachments_of(session(), key, instance_id=one.id):
                archive.writestr(f"{folder}/{file.id}-{file.filename}", papers.content_of(session(), key, file.id))
        accounts = [_told_of(each) for each in known.accounts]
        archive.writestr("accounts.json", json.dumps(accounts, ensure_ascii=False, indent=1, default=str))
        records = [asdict(each) for each in known.records]
        archive.writestr("records.json", json.dumps(records, ensure_ascii=False, indent=1))
    packed.seek(0)
    return packed


def _told_of(one: AccountFacts) -> dict[str, Any]:
    """An account with its sessions, links, cases and what it has begun; no secret is among it."""
    key = tenant_key()
    ids = case_ids(session(), key, one.id)
    return {
        **asdict(one),
        "sessions": [asdict(each) for each in sessions_of(session(), key, Holder(kind="account", id=one.id), now())],
        "links": [asdict(each) for each in links_of(session(), key, one.email)],
        "cases": sorted(personal.numbers(session(), key, ids).values()),
        "drafts": [asdict(each) for each in drafts_of_account(session(), key, one.id, now())],
    }


def _pieces(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while piece := packed.read(PIECE):
            yield piece
