"""The studio's first page and an agenda's page: what there is to change, and what is being changed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.queries.authoring import ProposalFacts, content_of, open_proposals
from engine.queries.definitions import agendas, definitions
from engine.reading.layout import read_layout
from forms.edit import document
from web.auth import sign_in_required
from web.here import session
from web.i18n import language
from web.published import agenda_of, say
from web.studio import hand
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
    return render_template("studio/home.html", agendas=found, read=read, proposals=proposals, key_of=key_of)


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
    in_work = {key_of(one): one for one in open_proposals(session(), tenant_key(), published.agenda.key)}
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
    """What a form being changed is called now."""
    schema = document.read(content_of(session(), tenant_key(), proposal.id, proposal.head))
    return hand.title_in(schema, deployment_id) or key_of(proposal)


def key_of(proposal: ProposalFacts) -> str:
    """The key of the form that a proposal is about."""
    return proposal.path.removeprefix("forms/").removesuffix(".json")


def diagrams_of(published: hand.Published) -> list[tuple[str, Sheet]]:
    """The drawings of an agenda's diagrams, by the names of their processes."""
    words = say(session(), tenant_key(), published.deployment_id, language())
    names: dict[str, list[str]] = {}
    for one in definitions(session(), tenant_key()):
        if one.deployment_id == published.deployment_id:
            names.setdefault(one.path, []).append(words(one.name))
    files = published.agenda.files
    return [
        (", ".join(names.get(path, [path])), draw(named(read_layout(files[path]), words)))
        for path in published.agenda.diagrams
    ]
