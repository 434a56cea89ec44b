"""Agendas between organisations: what others offer, what taking it over would change here, what we offer."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.diagram import Problem
from engine.errors import Conflict, EngineError, NotFound, PublishedMeanwhile
from engine.model import Json
from engine.offering import OfferAgenda, TakeOver, WithdrawOffer
from engine.queries import definitions, offering
from engine.queries.offering import OfferFacts, TakenFacts
from engine.reading.difference import differences as diagrams_differ
from processes.agenda import parse_agenda
from processes.catalogue import to_command
from processes.merging import Piece, compared, merged
from web.auth import actor, let_in_only
from web.here import session
from web.i18n import _, language
from web.inspection import inspect
from web.noting import noted
from web.published import agenda_of
from web.studio import comparing, hand, telling
from web.studio.problems import begun_elsewhere
from web.tenancy import tenant_key

blueprint = Blueprint("sharing", __name__, url_prefix="/studio/nabidky")
blueprint.before_request(let_in_only("author", "admin"))

#: Lines of a difference that are shown.
MOST_LINES = 60


@dataclass(frozen=True, kw_only=True)
class Told:
    """One file that isn't the same on both sides, and what differs, in words where there are any."""

    path: str
    #: theirs, mine or both
    state: str
    sentences: Sequence[str] = ()
    #: A difference line by line, of texts that aren't told otherwise.
    lines: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An offer beside what one has."""

    offer: OfferFacts
    #: Id of the own newest deployment, "" where there is none.
    seen: str
    version: int | None
    #: Whence the own one came, if from anywhere.
    had: TakenFacts | None
    pieces: Sequence[Piece]


@blueprint.get("")
def listed() -> ResponseReturnValue:
    """What others offer, and what we offer."""
    key = tenant_key()
    return render_template(
        "studio/offers.html",
        offers=offering.offers(session(), key),
        own=offering.own_offers(session(), key),
        taken=offering.taken(session(), key),
        agendas=definitions.agendas(session(), key),
    )


@blueprint.post("/nabidnout")
def offer() -> ResponseReturnValue:
    """Offer the newest version of an agenda."""
    agenda = request.form.get("agenda", "")
    hand.published(agenda)
    note = request.form.get("note", "").strip()[: hand.LONGEST_NOTE]
    hand.execute(OfferAgenda(tenant=tenant_key(), actor=actor(), agenda=agenda, note=note))
    flash(_("It is offered to all organisations here, as it is now."))
    return redirect(url_for("sharing.listed"), 303)


@blueprint.post("/<offer_id>/stahnout")
def withdraw(offer_id: str) -> ResponseReturnValue:
    """Offer it no more."""
    hand.execute(WithdrawOffer(tenant=tenant_key(), actor=actor(), offer_id=offer_id))
    flash(_("It is offered no more. Whoever has taken it keeps it."))
    return redirect(url_for("sharing.listed"), 303)


@blueprint.get("/<offer_id>")
def one(offer_id: str) -> ResponseReturnValue:
    """What is offered, and what would change here."""
    return _page(_compared(offer_id))


@blueprint.post("/<offer_id>/prevzit")
def take(offer_id: str) -> ResponseReturnValue:
    """Check it and publish it here, with own changes where they were chosen."""
    found = _compared(offer_id)
    taking = request.form.getlist("theirs")
    files = merged(found.pieces, taking)
    problems = inspect(files, language(), elsewhere=begun_elsewhere)
    if any(each.severity == "error" for each in problems):
        return _page(found, _("Together they have errors, so nothing was taken over."), 422, problems, taking)
    if request.form.get("seen", "") != found.seen:
        return _page(found, _("Another version was published here meanwhile. Look at it first."), 409)
    deploy = to_command(parse_agenda(files), files, tenant_key(), actor())
    facts = {"tenant": tenant_key(), "actor": actor(), "agenda": found.offer.agenda, "offer_id": offer_id}
    noted("agenda-taken", "agenda", found.offer.agenda, by_offer=offer_id, **_whence(found.offer))
    try:
        deployed = hand.execute(TakeOver(**facts, deploy=deploy, seen=found.seen))  # type: ignore[arg-type]
    except PublishedMeanwhile:
        return _page(_compared(offer_id), _("Another version was published here meanwhile. Look at it first."), 409)
    except Conflict:
        return _page(found, _("This is offered no more."), 409)
    flash(_("Taken over as version %(number)s. Cases that run stay on theirs.", number=deployed.version))
    return redirect(url_for("studio.agenda", agenda=found.offer.agenda), 303)


def _whence(offered: OfferFacts) -> dict[str, Json]:
    return {"from": offered.offered_by, "version": offered.version, "hash": offered.content_hash}


def _compared(offer_id: str) -> Comparison:
    offered = offering.offer(session(), offer_id)
    own = offered.offered_by == tenant_key()
    if own or offered.withdrawn:
        raise NotFound
    mine = next((one for one in definitions.agendas(session(), tenant_key()) if one.agenda == offered.agenda), None)
    had = offering.taken(session(), tenant_key()).get(offered.agenda)
    return Comparison(
        offer=offered,
        seen=mine.deployment_id if mine else "",
        version=mine.version if mine else None,
        had=had,
        pieces=compared(
            offering.files_offered(session(), had.offer.id) if had else {},
            agenda_of(session(), tenant_key(), mine.deployment_id).files if mine else {},
            offering.files_offered(session(), offer_id),
        ),
    )


def _page(
    found: Comparison,
    message: str = "",
    status: int = 200,
    problems: Sequence[Problem] = (),
    taking: Collection[str] = (),
) -> ResponseReturnValue:
    told = [_told(piece) for piece in found.pieces if piece.state != "same"]
    html = render_template(
        "studio/offer_of_others.html",
        found=found,
        message=message,
        errors=[one for one in problems if one.severity == "error"],
        taking=taking,
        told={state: [one for one in told if one.state == state] for state in ("theirs", "both", "mine")},
    )
    return html, status


def _told(piece: Piece) -> Told:
    """From mine to theirs; what only I have changed is told from theirs to mine."""
    before, after = (piece.theirs, piece.mine) if piece.state == "mine" else (piece.mine, piece.theirs)
    if before is None:
        return Told(path=piece.path, state=piece.state, sentences=[_("new file")])
    if after is None:
        return Told(path=piece.path, state=piece.state, sentences=[_("the file is gone")])
    sentences = _in_words(piece.path, before, after)
    return Told(
        path=piece.path, state=piece.state, sentences=sentences, lines=() if sentences else _lines(before, after)
    )


def _in_words(path: str, before: bytes, after: bytes) -> list[str]:
    if path.endswith(".bpmn"):
        return _of_diagram(before, after)
    if path.endswith(".dmn"):
        return _of_decisions(before, after)
    if path.startswith("forms/"):
        try:
            return [one.sentence for one in telling.told(json.loads(before), json.loads(after))]
        except (ValueError, TypeError, AttributeError, KeyError):
            return []
    return []


def _of_diagram(before: bytes, after: bytes) -> list[str]:
    try:
        found = diagrams_differ(before, after)
    except (EngineError, ValueError):
        return []
    words = {"added": _("Added:"), "changed": _("Changed:"), "removed": _("Removed:")}
    said = [(word, [one.name for one in found if one.state == state]) for state, word in words.items()]
    told = [f"{word} {'; '.join(names)}" for word, names in said if names]
    return told or [_("It does the same; only its drawing may differ.")]


def _of_decisions(before: bytes, after: bytes) -> list[str]:
    words = {"added": _("added"), "removed": _("removed"), "changed": _("changed"), "moved": _("moved")}
    told = []
    for one in comparing.decisions(before, after):
        rules = [
            f"{words[rule.state]} {rule.number_after or rule.number_before}"
            for rule in one.rules
            if rule.state in words
        ]
        told.append(f"{one.now.name}: {words[one.state]}" + (f" ({_('rules')}: {', '.join(rules)})" if rules else ""))
    return told or [_("It decides the same; only its drawing may differ.")]


def _lines(before: bytes, after: bytes) -> list[str]:
    try:
        texts = before.decode().splitlines(), after.decode().splitlines()
    except UnicodeDecodeError:
        return []
    told = [
        line for line in difflib.unified_diff(*texts, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))
    ]
    return told[:MOST_LINES]
