"""An applicant's own page: their cases in plain words, what is to be done and paid, what they have begun. `/moje`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engine.accounts import ClaimByEmail, ClaimCase
from engine.errors import NotFound
from engine.queries.accounts import AccountFacts, drafts_of_account
from engine.queries.cases import CaseFacts, cases_of_account
from engine.queries.inbox import tasks_of_case
from engine.queries.paging import Page
from engine.queries.papers import documents
from engine.queries.participants import messages
from engine.queries.payments import payments
from web import accounts, tries
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _, language
from web.limits import TRACKING, limiter
from web.line import line, visits
from web.portal import cards, following
from web.portal.drafts import Begun, as_begun
from web.portal.following import found
from web.portal.views import published
from web.published import say
from web.tenancy import tenant_key

blueprint = Blueprint("mine", __name__, url_prefix="/moje")

PAGE_SIZE = 20
LONGEST = 200


class ComeInFirst(Exception):
    """Only whoever is signed in to an account has such a page."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something that was written to the applicant."""

    what: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Card:
    """A case in plain words."""

    number: str
    title: str
    service: str
    started_at: datetime
    ended_at: datetime | None
    #: What happens now, or how it ended.
    state: str
    #: Until when the applicant should do what they are asked; None = nothing is asked.
    yours: str
    due_at: datetime | None
    #: What is to be paid, in haléře, and until when.
    owed: int
    pay_by: date | None
    documents: int
    #: The newest first.
    told: Sequence[Told]


@blueprint.errorhandler(ComeInFirst)
def come_in_first(_error: ComeInFirst) -> ResponseReturnValue:
    """To the sign-in and back."""
    close_session()
    return redirect(url_for("entering.form", next=request.full_path.rstrip("?")))


@blueprint.get("")
def listed() -> ResponseReturnValue:
    """Everything of the account."""
    one = own()
    return shown(one)


@blueprint.post("/pridat")
@limiter.limit(TRACKING)
def add() -> ResponseReturnValue:
    """Add a case by its number and secret, as anybody opens it."""
    one = own()
    number, secret = (request.form.get(name, "").strip()[:LONGEST] for name in ("number", "secret"))
    try:
        case = found(number, secret)
    except NotFound:
        return shown(one, number=number, add=_("The number and the secret don't belong together. Check both."))
    claim(one, case)
    return redirect(url_for("mine.listed"), 303)


@blueprint.post("/pridat/<case_number:number>")
@limiter.limit(TRACKING)
def add_open(number: str) -> ResponseReturnValue:
    """Add a case whose secret this browser has shown."""
    one = own()
    claim(one, following.known(number))
    return redirect(url_for("following.case", number=number), 303)


@blueprint.post("/najit")
@limiter.limit(TRACKING)
def find() -> ResponseReturnValue:
    """Add cases that were sent with the account's e-mail and the name that is typed; guesses are counted."""
    one = own()
    name = request.form.get("name", "").strip()[:LONGEST]
    if not one.email or not name:
        return shown(one, name=name, find=_("Write the name as it stands in the application."))
    if wait := tries.wait_before(f"claim:{one.id}"):
        return shown(one, name=name, find=tries.too_many(wait))
    close_session()
    count = engine().execute(ClaimByEmail(tenant=tenant_key(), actor=ANYONE, account_id=one.id, name=name))
    if not count:
        return shown(one, name=name, find=_("Nothing more was sent with this e-mail and name. Try number and secret."))
    tries.forget(f"claim:{one.id}")
    flash(ngettext("%(num)d application was added.", "%(num)d applications were added.", count))
    return redirect(url_for("mine.listed"), 303)


def own() -> AccountFacts:
    """The account that is signed in. Raises ComeInFirst."""
    if not accounts.ways():
        abort(404)
    one = accounts.account()
    if one is None:
        raise ComeInFirst
    return one


def claim(one: AccountFacts, case: CaseFacts) -> None:
    """Put a case among the account's."""
    close_session()
    engine().execute(ClaimCase(tenant=tenant_key(), actor=ANYONE, account_id=one.id, instance_id=case.id))
    flash(_("%(number)s is among your applications.", number=case.business_key))


def shown(one: AccountFacts, number: str = "", name: str = "", **errors: str) -> ResponseReturnValue:
    """The page; what is wrong stands at its form."""
    asked = request.args.get("strana", "1")
    cases = cases_of_account(session(), tenant_key(), one.id, int(asked) if asked.isdecimal() else 1, PAGE_SIZE)
    html = render_template(
        "portal/mine.html",
        one=one,
        cards=[card_of(case, one) for case in cases.items],
        page=cases,
        drafts=begun(one, cases),
        number=number,
        name=name or str(one.verified.get("name") or ""),
        errors=errors,
    )
    return html, 422 if errors else 200


def begun(one: AccountFacts, cases: Page[CaseFacts]) -> Sequence[Begun]:
    """What the account has begun; only on the first page."""
    if cases.page > 1:
        return ()
    titles = {card.process: card.title for card in cards.cards(published(), language())}
    facts = drafts_of_account(session(), tenant_key(), one.id, now())
    return [as_begun(draft, titles[draft.process_key]) for draft in facts if draft.process_key in titles]


def card_of(case: CaseFacts, one: AccountFacts) -> Card:
    """A case as its applicant sees it."""
    told = say(session(), tenant_key(), case.deployment_id, language())
    open_tasks = tasks_of_case(session(), tenant_key(), case.id, now())
    mine = [task for task in open_tasks if task.audience == "applicant"]
    asked = [one for one in payments(session(), tenant_key(), case.id) if one.state == "open"]
    been = visits(session(), tenant_key(), case, open_tasks)
    stops = line(session(), tenant_key(), case, been, now=now(), lang=language())
    standing = next((stop.station.name for stop in stops if stop.state == "now"), case.process_name)
    sent = messages(session(), tenant_key(), case.id, case.definition_id)
    addresses = {case.applicant_email.lower(), one.email} - {""}
    letters = [each for each in sent if each.sent and each.state == "done" and _is_to(each.to, addresses)]
    return Card(
        number=case.business_key,
        title=case.title or told(case.process_name),
        service=case.agenda_title.get(language()) or case.agenda_title.get("cs", ""),
        started_at=case.started_at,
        ended_at=case.ended_at,
        state=told(standing),
        yours=told(mine[0].name) if mine else "",
        due_at=mine[0].due_at if mine else None,
        owed=sum(each.amount - each.credited for each in asked),
        pay_by=min((each.due_on for each in asked), default=None),
        documents=sum(each.newest for each in documents(session(), tenant_key(), case.id, public_only=True)),
        told=[Told(what=told(each.step), at=each.at) for each in letters],
    )


def _is_to(to: Sequence[str], addresses: set[str]) -> bool:
    return any(one.lower() in addresses for one in to)
