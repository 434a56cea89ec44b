"""The studio's first page and an agenda's page: what there is to change, and what is being changed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.queries.authoring import ProposalFacts, content_of, open_proposals
from engine.queries.definitions import agendas
from engine.reading.layout import read_layout
from forms.edit import document
from web.auth import sign_in_required
from web.here import session
from web.i18n import language
from web.published import agenda_of, say
from web.studio import drafts, hand
from web.tenancy import tenant_key
from web.ui.diagram import Sheet, draw, named

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """One form in the list of an agenda."""

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
    return render_template("studio/home.html", agendas=found, read=read, proposals=proposals, address_of=address_of)


@blueprint.get("/<agenda>")
@sign_in_required
def agenda(agenda: str) -> ResponseReturnValue:
    """The forms, diagrams and decisions of an agenda."""
    hand.require_author()
    published = hand.published(agenda)
    return render_template(
        "studio/agenda.html",
        published=published,
        agenda=published.agenda,
        forms=forms_of(published),
        diagrams=diagrams_of(published),
    )


def forms_of(published: hand.Published) -> list[FormLine]:
    """Published forms and new ones, by their headings."""
    forms, deployment = published.agenda.forms, published.deployment_id
    proposals = open_proposals(session(), tenant_key(), published.agenda.key)
    in_work = {key_of(one): one for one in proposals if one.path.startswith("forms/")}
    lines = [
        FormLine(
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
    if proposal.path.endswith(".bpmn"):
        page, key = "releasing.page" if review else "modelling.page", drafts.key_of(proposal.path)
    elif proposal.path.startswith("forms/"):
        page, key = "publishing.page" if review else "builder.page", key_of(proposal)
    else:
        return url_for("studio.agenda", agenda=proposal.agenda)
    return url_for(page, agenda=proposal.agenda, key=key)


@dataclass(frozen=True, kw_only=True)
class DiagramLine:
    """One diagram in the list of an agenda."""

    key: str
    title: str
    drawing: Sheet
    published: bool
    proposal: ProposalFacts | None


def diagrams_of(published: hand.Published) -> list[DiagramLine]:
    """Published diagrams and new ones, as they are being changed."""
    in_work = {one.path: one for one in open_proposals(session(), tenant_key(), published.agenda.key)}
    files = drafts.files_in_work(published)
    words = say(session(), tenant_key(), published.deployment_id, language())
    return [
        DiagramLine(
            key=drafts.key_of(path),
            title=drafts.titles_in(files[path], words) or path,
            drawing=draw(named(read_layout(files[path]), words)),
            published=path in published.agenda.files,
            proposal=in_work.get(path),
        )
        for path in sorted(files)
        if path.endswith(".bpmn") and "/" not in path
    ]
