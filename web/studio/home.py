"""The studio's first page and an agenda's page: what there is to change, and what is being changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.dmn.texts import DecisionText
from engine.queries import offering
from engine.queries.authoring import ProposalFacts, content_of, open_proposals
from engine.queries.definitions import agendas
from engine.reading.layout import read_layout
from forms.edit import document
from forms.errors import FormSchemaError
from processes.agenda import Agenda
from web.auth import sign_in_required
from web.here import session
from web.i18n import language
from web.published import agenda_of, say
from web.studio import drafts, hand, rooms
from web.studio.lending import lender_of
from web.studio.register_words import lines_of
from web.studio.serving import public_processes
from web.studio.writing import texts_of
from web.tenancy import tenant_key
from web.ui.diagram import Sheet, draw, named

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One file in the list of an agenda."""

    key: str
    title: str
    published: bool
    proposal: ProposalFacts | None


@blueprint.get("")
@sign_in_required
def home() -> ResponseReturnValue:
    """All agendas, and what is in hand."""
    hand.require_author()
    found = agendas(session(), tenant_key())
    read = {one.agenda: agenda_of(session(), tenant_key(), one.deployment_id) for one in found}
    newest = {one.agenda: one.deployment_id for one in found}
    proposals = [(one, title_of(one, newest[one.agenda])) for one in open_proposals(session(), tenant_key())]
    return render_template(
        "studio/home.html",
        agendas=found,
        read=read,
        proposals=proposals,
        address_of=address_of,
        newer=offering.newer(session(), tenant_key()),
    )


@blueprint.get("/<agenda>")
@sign_in_required
def agenda(agenda: str) -> ResponseReturnValue:
    """The forms, diagrams, decisions, registers and texts of an agenda."""
    hand.require_author()
    published = hand.published(agenda)
    files = files_of(published)
    return render_template(
        "studio/agenda.html",
        published=published,
        agenda=published.agenda,
        forms=forms_of(published),
        diagrams=files.diagrams,
        decisions=files.decisions,
        registers=files.registers,
        offered=public_processes(published),
        texts=texts_of(published),
        in_work=len(open_proposals(session(), tenant_key(), agenda)),
    )


def forms_of(published: hand.Published) -> list[FileLine]:
    """Published forms and new ones, by their headings."""
    forms, deployment = published.agenda.forms, published.deployment_id
    proposals = open_proposals(session(), tenant_key(), published.agenda.key)
    in_work = {key_of(one): one for one in proposals if one.path.startswith("forms/")}
    lines = [
        FileLine(
            key=key,
            title=title_of(in_work[key], deployment)
            if key in in_work
            else hand.title_in(forms[key], deployment) or key,
            published=key in forms,
            proposal=in_work.get(key),
        )
        for key in sorted({*forms, *in_work})
    ]
    return sorted(lines, key=lambda line: line.title.casefold())


def title_of(proposal: ProposalFacts, deployment_id: str) -> str:
    """What a file being changed is called now."""
    if not proposal.path.startswith("forms/"):
        return proposal.path
    schema = document.read(content_of(session(), tenant_key(), proposal.id, proposal.head))
    return hand.title_in(schema, deployment_id) or key_of(proposal)


def key_of(proposal: ProposalFacts) -> str:
    """The key of the form that a proposal is about."""
    return proposal.path.removeprefix("forms/").removesuffix(".json")


def address_of(proposal: ProposalFacts) -> str:
    """The page on which a proposal is gone on with."""
    review = proposal.state == "review"
    if proposal.path.startswith("forms/"):
        page = "publishing.page" if review else "builder.page"
        return url_for(page, agenda=proposal.agenda, key=key_of(proposal))
    room = rooms.room_of(proposal.path)
    if room is None:
        return url_for("changing.page", agenda=proposal.agenda)
    if review:
        return url_for("releasing.page", agenda=proposal.agenda, key=rooms.key_of(proposal.path), room=room)
    return rooms.page_of(proposal.agenda, proposal.path) or ""


@dataclass(frozen=True, kw_only=True)
class DiagramLine(FileLine):
    """One diagram."""

    drawing: Sheet


@dataclass(frozen=True, kw_only=True)
class DecisionLine(FileLine):
    """One file of decisions."""

    decisions: list[DecisionText]


@dataclass(frozen=True, kw_only=True)
class RegisterLine(FileLine):
    """One register."""

    fields: int
    #: The agenda that owns it, where this one only leans on it.
    lender: Agenda | None


@dataclass(frozen=True, kw_only=True)
class Files:
    """Published files of an agenda and new ones, as they are being changed."""

    diagrams: list[DiagramLine]
    decisions: list[DecisionLine]
    registers: list[RegisterLine]


def files_of(published: hand.Published) -> Files:
    """Give the files that have rooms of their own; registers by their names, the others by their keys."""
    agenda = published.agenda
    in_work = {one.path: one for one in open_proposals(session(), tenant_key(), agenda.key)}
    words = say(session(), tenant_key(), published.deployment_id, language())
    found = Files(diagrams=[], decisions=[], registers=[])
    for path, content in sorted(drafts.files_in_work(published).items()):
        room, key = rooms.room_of(path), rooms.key_of(path)
        line: dict[str, Any] = {"key": key, "published": path in agenda.files, "proposal": in_work.get(path)}
        if room == rooms.DIAGRAMS:
            drawing = draw(named(read_layout(content), words))
            found.diagrams.append(DiagramLine(title=drafts.titles_in(content, words) or path, drawing=drawing, **line))
        elif room == rooms.DECISIONS:
            title, told = drafts.title_of(published, key, content, room), drafts.told_in(published, content)
            found.decisions.append(DecisionLine(title=title, decisions=told, **line))
        elif room == rooms.REGISTERS:
            title, lender = drafts.title_of(published, key, content, room), lender_of(agenda.key, content)
            found.registers.append(RegisterLine(title=title, fields=fields_in(content), lender=lender, **line))
    found.registers.sort(key=lambda one: one.title.casefold())
    return found


def fields_in(content: bytes) -> int:
    """How many fields a register says that it has."""
    try:
        return len(lines_of(document.read(content)))
    except FormSchemaError:
        return 0
