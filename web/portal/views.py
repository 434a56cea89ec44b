"""The first page, services, and pages about the portal."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from engine.diagram import Model
from engine.model import Variables
from engine.queries.definitions import model_of, newest_definition
from engine.queries.retention import Rule, rules_of
from engine.queries.voting import polls
from processes.agenda import Agenda
from web import periods
from web.here import now, parts, session
from web.i18n import language
from web.pages import public
from web.portal import cards, drafts, registers
from web.published import newest, say
from web.stations import Station, stations
from web.tenancy import tenant_key

blueprint = Blueprint("portal", __name__)

ABOUT = ("pristupnost", "osobni-udaje")
LONGEST_QUERY = 200


def published() -> list[Agenda]:
    """The agendas this office offers."""
    return list(newest(session(), tenant_key()).values())


@blueprint.get("/")
def home() -> ResponseReturnValue:
    offered = cards.cards(published(), language())
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    return render_template(
        "portal/home.html",
        q=query,
        found=cards.search(offered, query) if query else [],
        categories=cards.by_category(offered),
        example=min((card.title.lower() for card in offered), key=len, default=""),
        total=len(offered),
        drafts=[] if query else drafts.begun(offered),
        registers=registers.offered(),
        pages=public(),
        votes=[] if query else polls(session(), tenant_key()),
        now=now(),
    )


@blueprint.get("/sluzby/<agenda>/<process>")
def service(agenda: str, process: str) -> ResponseReturnValue:
    card, model = offered_service(agenda, process)
    parameters = next(one.parameters for one in published() if one.key == agenda)
    return render_template(
        "portal/service.html",
        card=card,
        stations=[spoken(item, parameters) for item in stations(model, process) if not item.aside],
        startable=drafts.start_form(model, process) is not None,
        say=say(session(), tenant_key(), newest_definition(session(), tenant_key(), process).deployment_id, language()),
    )


def offered_service(agenda: str, process: str) -> tuple[cards.Card, Model]:
    """A service by its address and the diagrams behind it; 404 where it isn't offered."""
    offered = cards.cards(published(), language())
    card = next((item for item in offered if (item.agenda, item.process) == (agenda, process)), None)
    if card is None:
        abort(404)
    definition = newest_definition(session(), tenant_key(), process)
    return card, model_of(session(), tenant_key(), definition.id)


def spoken(item: Station, parameters: Variables) -> Station:
    """A station with its deadline in words."""
    return replace(item, due=periods.in_words(item.due, language(), parameters))


@blueprint.get("/o-portalu/<page>")
def about(page: str) -> ResponseReturnValue:
    if page not in ABOUT:
        abort(404)
    return render_template(f"portal/{page}.html", kept=kept(), draft_days=parts().settings.draft_days)


def kept() -> list[tuple[str, Rule]]:
    """How long finished cases of what the office offers are kept, by the titles of agendas."""
    rules = rules_of(session(), tenant_key())
    offered = [one for one in published() if one.services and one.key in rules]
    return sorted(((cards.spoken(one.title, language()), rules[one.key]) for one in offered), key=lambda one: one[0])
