"""A record tied to another one: found by its words, chosen, with what the tie says."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Invalid, NotFound
from engine.queries import registers as reads
from engine.queries.links import Tie, ties_of
from engine.queries.record_lists import Asked, listed, staff_view
from engine.queries.registers import RecordFacts
from engine.registering import LinkRecords, UnlinkRecords
from engine.registers.definitions import Link, Register
from forms.validate import FieldError
from web.auth import actor, sign_in_required
from web.here import session
from web.i18n import _, language
from web.published import form_of_link
from web.record_lists import LONGEST_QUERY
from web.tenancy import tenant_key
from web.ui import form_flow, words
from web.ui.form_flow import Received, Sheet
from web.workplace.records import execute, receive, writable

blueprint = Blueprint("record_links", __name__, url_prefix="/prace/registry/<key>/<record_id>/vazby/<name>")

#: Records that are offered.
OFFERED = 12
OTHER = "_other"


@blueprint.route("", methods=["GET", "POST"])
@sign_in_required
def pick(key: str, record_id: str, name: str) -> ResponseReturnValue:
    """Choose a record and say what the tie says; or change what one says."""
    kept = writable(key)
    link = link_of(kept, name)
    record = reads.record(session(), tenant_key(), key, record_id, actor())
    tied = {one.other_id: one for one in tied_now(kept, record_id, name)}
    chosen = request.form.get(OTHER, "") or request.args.get("druhy", "")
    present = tied.get(chosen)
    sheet = Sheet(form=form_of_link(session(), tenant_key(), kept, link), data=present.data if present else {})
    received, wrong = None, ""
    if request.method == "POST":
        received = receive(sheet)
        wrong = "" if chosen else _("Choose the record first.")
        if received.accepted and not wrong:
            try:
                return tie(key, record_id, name, chosen, received)
            except Invalid as error:
                received = Received(
                    data=received.data, errors=[FieldError(pointer="", keyword="x", message=why(error))]
                )
    html = render_template(
        "work/record_link.html",
        register=kept,
        record=record,
        link=link,
        name=name,
        view=form_flow.show(sheet, received),
        present=present,
        chosen=chosen,
        q=request.args.get("q", "").strip()[:LONGEST_QUERY],
        found=[] if present else offered(link, set(tied)),
        wrong=wrong,
        other=reads.register(session(), tenant_key(), link.to),
    )
    return html, 422 if wrong or (received and received.errors) else 200


def why(error: Invalid) -> str:
    """Why the records can't be tied so."""
    if error.facts.get("code") == "too-much-together":
        total, most = (words.number(str(error.facts[name]), language()) for name in ("total", "most"))
        return _(
            "All ties of the record would come to %(total)s together; %(most)s is the most.", total=total, most=most
        )
    if error.facts.get("code") == "one-only":
        return _("The record is tied already and can be tied only once.")
    return _("What the tie says can't be accepted.")


def tie(key: str, record_id: str, name: str, other_id: str, received: Received) -> ResponseReturnValue:
    """Tie and show the record. Raises Invalid."""
    command = LinkRecords(
        tenant=tenant_key(),
        actor=actor(),
        register=key,
        record_id=record_id,
        name=name,
        other_id=other_id,
        data=received.data,
    )
    execute(command)
    flash(_("The records are tied."))
    return redirect(url_for("records.detail", key=key, record_id=record_id), 303)


@blueprint.post("/zrusit")
@sign_in_required
def untie(key: str, record_id: str, name: str) -> ResponseReturnValue:
    """Untie two records."""
    writable(key)
    other_id = request.form.get(OTHER, "")
    command = UnlinkRecords(
        tenant=tenant_key(), actor=actor(), register=key, record_id=record_id, name=name, other_id=other_id
    )
    execute(command)
    flash(_("The records are not tied any more. Their history remembers it."))
    return redirect(url_for("records.detail", key=key, record_id=record_id), 303)


def link_of(kept: Register, name: str) -> Link:
    """A link of the register. Raises NotFound."""
    if name not in kept.links:
        raise NotFound
    return kept.links[name]


def tied_now(kept: Register, record_id: str, name: str) -> Sequence[Tie]:
    """The present ties of a record by a link."""
    found = ties_of(session(), tenant_key(), kept, record_id, actor())
    return next((one.now for one in found if one.link.name == name and not one.backwards), ())


def offered(link: Link, tied: set[str]) -> list[RecordFacts]:
    """Records of the other register that have the words; those that are tied already aside. Raises NotAllowed."""
    view = staff_view(session(), tenant_key(), link.to, actor())
    words = request.args.get("q", "").strip()[:LONGEST_QUERY] if view.searchable else ""
    found = listed(session(), view, Asked(q=words, size=OFFERED + len(tied))).items
    return [one for one in found if one.id not in tied][:OFFERED]
