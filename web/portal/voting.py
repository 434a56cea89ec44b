"""Votes for the public: the ballot, the receipt, the result and everything that whoever counts again needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, json, render_template, request
from flask.typing import ResponseReturnValue

from engine.errors import EngineError, Invalid, NotFound
from engine.queries.voting import PollFacts, poll, polls, published_file, running, turnout, where_is
from engine.voting.commands import AskForCode, BadBallot, CastBallot, NoSuchCode, VotedAlready, VoteIsOver
from forms.formats import is_right
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, now, parts, session
from web.i18n import _, language
from web.limits import PUBLIC_POST, limiter
from web.places import seen_of_options
from web.portal.registers import download
from web.tenancy import tenant_key
from web.ui import ballots

blueprint = Blueprint("voting", __name__, url_prefix="/hlasovani")

#: A whole school votes from one address; a code has sixty bits, so trying them leads nowhere.
VOTING = "60 per minute;3000 per day"
#: Letters with a code asked for from one address.
ASKING = "10 per minute;60 per hour"
LONGEST = 200


def key() -> bytes:
    """The key of the installation."""
    return parts().settings.signing_key().encode()


@blueprint.get("")
def listed() -> ResponseReturnValue:
    return render_template("portal/votes.html", votes=polls(session(), tenant_key()), now=now())


@blueprint.get("/<vote>")
def ballot(vote: str) -> ResponseReturnValue:
    one = poll(session(), tenant_key(), vote)
    return page(one, {}) if one.result is None else outcome(one)


@blueprint.post("/<vote>")
@limiter.limit(VOTING)
def cast(vote: str) -> ResponseReturnValue:
    """Put the ballot in. The receipt is shown once and kept nowhere."""
    one = poll(session(), tenant_key(), vote)
    marks, code = ballots.marked(one.paper, request.form), request.form.get("code", "").strip()[:LONGEST]
    faults = one.paper.faults(marks)
    errors = [(fault.option or "code", ballots.sentence(fault, one.paper)) for fault in faults]
    if not code:
        errors.append(("code", _("Write the code.")))
    if errors:
        return page(one, marks, errors=errors, code=code, faults=faults)
    tenant = tenant_key()
    close_session()
    try:
        receipt = engine().execute(CastBallot(tenant=tenant, actor=ANYONE, poll=vote, code=code, marks=marks))
    except EngineError as error:
        if (said := _refused(error)) is None:
            raise
        one = poll(session(), tenant, vote)
        return page(one, marks, errors=[("code", said)], code=code, status=409 if _is_conflict(error) else 422)
    response = Response(render_template("portal/voted.html", vote=one, receipt=receipt))
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_conflict(error: EngineError) -> bool:
    return isinstance(error, VotedAlready | VoteIsOver)


def _refused(error: EngineError) -> str | None:
    if isinstance(error, NoSuchCode):
        return _("This code is not valid. Copy it once more from the letter or e-mail.")
    if isinstance(error, VotedAlready):
        return _("Somebody has voted with this code already, on the web or on paper. Each person has one vote.")
    if isinstance(error, VoteIsOver):
        return _("Votes are not taken just now. Look when the vote begins and ends.")
    if isinstance(error, BadBallot):
        return _("The ballot has changed meanwhile. Look at it again.")
    return None


def page(
    one: PollFacts,
    marks: Mapping[str, int],
    *,
    errors: Sequence[tuple[str, str]] = (),
    code: str = "",
    faults: Sequence[Any] = (),
    status: int = 0,
    **more: Any,
) -> ResponseReturnValue:
    """The ballot as it was marked; errors never lose it."""
    shown = running(session(), tenant_key(), one, key()) if one.show_running and one.state == "open" else None
    html = render_template(
        "portal/vote.html",
        vote=one,
        lines=ballots.lines(one.paper, marks, faults),
        how=ballots.how(one.paper),
        seen=seen_of_options(one.paper.options),
        is_open=one.is_open(now()),
        begins=one.opens_at > now(),
        errors=errors,
        code=code,
        turnout=turnout(session(), tenant_key(), one),
        running=ballots.votes_chart(one.paper, shown) if shown else None,
        **more,
    )
    return html, status or (422 if errors else 200)


@blueprint.post("/<vote>/kod")
@limiter.limit(ASKING)
def ask_for_code(vote: str) -> ResponseReturnValue:
    """The same answer to everybody, whether they have voted or not."""
    one = poll(session(), tenant_key(), vote)
    email = request.form.get("email", "").strip()[:LONGEST]
    if not is_right("email", email):
        return page(one, {}, errors=[("email", _("Write an e-mail address, such as jana@example.cz."))])
    close_session()
    asked = AskForCode(tenant=tenant_key(), actor=ANYONE, poll=vote, email=email, language=language())
    try:
        engine().execute(asked)
    except (Invalid, VoteIsOver) as error:
        said = _refused(error) or _("This vote sends codes in letters.")
        return page(poll(session(), tenant_key(), vote), {}, errors=[("email", said)])
    return page(poll(session(), tenant_key(), vote), {}, promised=email)


@blueprint.get("/<vote>/potvrzenka")
@limiter.limit(PUBLIC_POST)
def receipt(vote: str) -> ResponseReturnValue:
    one = poll(session(), tenant_key(), vote)
    typed = request.args.get("r", "").strip()[:LONGEST]
    found = where_is(session(), tenant_key(), one, typed, key()) if typed else None
    return render_template("portal/receipt.html", vote=one, typed=typed, found=found)


def outcome(one: PollFacts) -> ResponseReturnValue:
    """The result, with everything that proves it."""
    if one.result is None:
        raise NotFound
    return render_template(
        "portal/vote_result.html",
        vote=one,
        result=one.result,
        rows=ballots.rows(one.paper, one.result),
        chart=ballots.votes_chart(one.paper, one.result),
        turnout=turnout(session(), tenant_key(), one),
        classes=[(money, one.result.classes[at]) for at, money in enumerate(one.paper.classes)],
    )


@blueprint.get("/<vote>/data.json")
def as_json(vote: str) -> ResponseReturnValue:
    file = published_file(session(), tenant_key(), vote)
    return download(json.dumps(file, ensure_ascii=False, indent=1), "application/json", f"{vote}.json")


@blueprint.get("/<vote>/listky.csv")
def as_csv(vote: str) -> ResponseReturnValue:
    """Ballots for a spreadsheet: how often each was there, and what it gave to whom."""
    file = published_file(session(), tenant_key(), vote)
    names = [one["id"] for one in file["options"]]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["times", *names])
    writer.writerows([one["times"], *(one["marks"].get(name, 0) for name in names)] for one in file["ballots"])
    return download(text.getvalue(), "text/csv; charset=utf-8", f"{vote}-listky.csv")
