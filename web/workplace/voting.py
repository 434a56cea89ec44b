"""Votes at the office: codes for letters, people who vote on paper, sheets out of their envelopes. Never a tally."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command
from engine.errors import EngineError, NotAllowed
from engine.queries import cases
from engine.queries.voting import PollFacts, poll, polls, sheets, turnout
from engine.voting.commands import (
    BadBallot,
    EnterSheet,
    IssueCodes,
    IssuedCode,
    MarkPaperVoter,
    NoSuchCode,
    ReplaceCode,
    VotedAlready,
    VoteIsOver,
)
from integrations.failures import Failure
from web import vote_letters
from web.auth import actor, sign_in_required
from web.db import close_session
from web.digits import whole
from web.headers import as_file
from web.here import engine, now, parts, session
from web.i18n import _, language
from web.noting import noted
from web.paper import PDF
from web.sight import case_seen
from web.tenancy import address_here, tenant, tenant_key
from web.ui import ballots, words
from web.workplace import rolls

blueprint = Blueprint("office_voting", __name__, url_prefix="/prace/hlasovani")

MOST_CODES = 100_000


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Votes of the person's agendas."""
    seen = [one for one in polls(session(), tenant_key()) if _may_read(one)]
    return render_template("work/votes.html", votes=seen, now=now())


@blueprint.get("/<vote>")
@sign_in_required
def detail(vote: str) -> ResponseReturnValue:
    """How far a vote is, and what the office does in it."""
    return page(_seen(vote))


@blueprint.post("/<vote>/kody")
@sign_in_required
def issue(vote: str) -> ResponseReturnValue:
    """Make codes; they are in this file and nowhere else."""
    one, who, tenant = _writable(vote), actor(), tenant_key()
    count = whole(request.form.get("count", ""), MOST_CODES) or 0
    try:
        roll, printed = rolls.sent(), request.form.get("as") == "letters"
    except rolls.RollRefused as error:
        return page(one, {"count": str(error)})
    references = list(roll)
    if not count and not references:
        return page(one, {"count": _("Write how many codes you want, or choose a file with numbers of a roll.")})
    if printed and (problem := _unprintable(count + len(references))):
        return page(one, {"count": problem})
    print_letters = _printer(one, roll) if printed else None
    close_session()
    try:
        issued = engine().execute(IssueCodes(tenant=tenant, actor=who, poll=vote, references=references, count=count))
    except EngineError as error:
        return _told(vote, "count", error)
    noted("exported", "vote-codes", vote, rows=len(issued), format="pdf" if print_letters else "csv")
    response = _letters(vote, print_letters, issued) if print_letters and issued else None
    response = response or _table(vote, issued)
    response.headers["Cache-Control"] = "no-store"
    return response


def _unprintable(count: int) -> str:
    """Why letters can't be made; asked before codes are, for they are told once."""
    if count > vote_letters.MOST:
        return _("So many letters are not made at once, %(most)s at most. Take the table.", most=vote_letters.MOST)
    return _("PDF can't be made here just now.") if parts().outside.pdf.unavailable() else ""


def _printer(one: PollFacts, roll: dict[str, list[str]]) -> Callable[[Sequence[IssuedCode]], bytes]:
    """What makes letters of codes, with everything else of them read from the database already."""
    office, lang = tenant(), language()
    contacts = [office.address, " · ".join(each for each in (office.phone, office.email) if each)]
    vote = vote_letters.Vote(
        title=one.title,
        how=ballots.how(one.paper),
        window=f"{words.moment_cz(one.opens_at, lang)} – {words.moment_cz(one.last_moment, lang)}",
        link=f"{address_here()}{url_for('voting.ballot', vote=one.key)}",
        office=office.name,
        contacts=[each for each in contacts if each],
    )

    def made(issued: Sequence[IssuedCode]) -> bytes:
        letters = [
            vote_letters.Letter(code=each.code, reference=each.reference, address=roll.get(each.reference, ()))
            for each in issued
        ]
        return parts().outside.pdf.print(vote_letters.pages(vote, letters, lang))

    return made


def _letters(
    vote: str, print_letters: Callable[[Sequence[IssuedCode]], bytes], issued: Sequence[IssuedCode]
) -> Response | None:
    """The letters; None where they could not be made, for the codes must not be lost with them."""
    try:
        content = print_letters(issued)
    except Failure:
        return None
    return as_file(Response(content, mimetype=PDF), f"{vote}-dopisy.pdf")


def _table(vote: str, issued: Sequence[IssuedCode]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_("number of the roll"), _("code")])
    writer.writerows([each.reference, each.code] for each in issued)
    response = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    return as_file(response, f"{vote}-kody.csv")


@blueprint.post("/<vote>/nahradni-kod")
@sign_in_required
def replace(vote: str) -> ResponseReturnValue:
    """Another code for somebody whose letter was lost; it is shown once."""
    _writable(vote)
    reference = request.form.get("reference", "").strip()[: rolls.LONGEST]
    command = ReplaceCode(tenant=tenant_key(), actor=actor(), poll=vote, reference=reference)
    return _done(
        vote, "reference", command, lambda made: _("The new code is %(code)s. Hand it over now.", code=made.code)
    )


@blueprint.post("/<vote>/papir")
@sign_in_required
def mark(vote: str) -> ResponseReturnValue:
    """Note that somebody votes on paper."""
    _writable(vote)
    voter = request.form.get("voter", "").strip()[: rolls.LONGEST]
    command = MarkPaperVoter(tenant=tenant_key(), actor=actor(), poll=vote, voter=voter)
    return _done(vote, "voter", command, lambda _made: _("Noted. The person can't vote on the web any more."))


@blueprint.post("/<vote>/listek")
@sign_in_required
def enter(vote: str) -> ResponseReturnValue:
    """Enter a sheet by the number stamped on it."""
    one = _writable(vote)
    number = whole(request.form.get("number", ""), 10_000_000)
    marks = ballots.marked(one.paper, request.form)
    if not number:
        return page(one, {"number": _("Write the number stamped on the sheet.")}, marks)
    said = {
        "first": _("Entered. A colleague has to enter the same sheet, too."),
        "counted": _("The sheet is in the box."),
        "differs": _(
            "The two entries of this sheet differ, so neither counts. Look at it together and enter it twice."
        ),
    }
    command = EnterSheet(tenant=tenant_key(), actor=actor(), poll=vote, number=number, marks=marks)
    return _done(vote, "number", command, lambda state: said[str(state)], marks)


def page(
    one: PollFacts, errors: dict[str, str] | None = None, marks: dict[str, int] | None = None
) -> ResponseReturnValue:
    """The page of a vote; what was marked stays."""
    html = render_template(
        "work/vote.html",
        vote=one,
        case=cases.case(session(), tenant_key(), instance_id=one.instance_id),
        turnout=turnout(session(), tenant_key(), one),
        sheets=sheets(session(), tenant_key(), one),
        lines=ballots.lines(one.paper, marks or {}),
        how=ballots.how(one.paper),
        is_open=one.is_open(now()),
        may_write=one.state == "open" and cases.is_writable(session(), tenant_key(), one.instance_id, actor()),
        errors=errors or {},
    )
    return html, 422 if errors else 200


def _done(
    vote: str, field: str, command: Command[Any], said: Callable[[Any], str], marks: dict[str, int] | None = None
) -> ResponseReturnValue:
    close_session()
    try:
        made = engine().execute(command)
    except EngineError as error:
        return _told(vote, field, error, marks)
    flash(said(made))
    return redirect(url_for("office_voting.detail", vote=vote), 303)


def _told(vote: str, field: str, error: EngineError, marks: dict[str, int] | None = None) -> ResponseReturnValue:
    """The page with what was wrong; who may not do it at all gets the page of refusals."""
    one = poll(session(), tenant_key(), vote)
    if isinstance(error, NotAllowed) and error.facts.get("code") != "same-person":
        raise error
    return page(one, {field: _sentence(one, error)}, marks)


def _sentence(one: PollFacts, error: EngineError) -> str:
    if isinstance(error, BadBallot):
        return ballots.sentence(error.faults[0], one.paper)
    by_kind = {
        NoSuchCode: _("Nobody may vote with this code or number."),
        VotedAlready: _("This person has voted already, on the web or on paper."),
        VoteIsOver: _("The vote is over, nothing can be entered any more."),
        NotAllowed: _("Another person has to enter this sheet the second time."),
    }
    by_code = {
        "nobody-marked": _("There are as many sheets as people who vote on paper. Mark the person first."),
        "sheet-counted": _("The sheet of this number is in the box already."),
        "no-codes": _("This vote sends codes by e-mail; there are no letters."),
        "too-many": _("That is too many codes at once."),
        "wrong-key": _("The key of the installation has changed since the vote began. Tell your administrator."),
    }
    found = by_kind.get(type(error)) or by_code.get(str(error.facts.get("code")))
    return found or _("This can't be done now.")


def _writable(vote: str) -> PollFacts:
    """The same for whoever may do something in it. Raises NotAllowed."""
    one = _seen(vote)
    if not cases.is_writable(session(), tenant_key(), one.instance_id, actor()):
        raise NotAllowed
    return one


def _may_read(one: PollFacts) -> bool:
    return cases.is_readable(session(), tenant_key(), one.instance_id, actor())


def _seen(vote: str) -> PollFacts:
    """A vote of an agenda in which the person works. Raises NotFound, AgendaOfOthers."""
    one = poll(session(), tenant_key(), vote)
    case_seen(instance_id=one.instance_id)
    return one
