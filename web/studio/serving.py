"""What of an agenda stands on the portal: a card for each process that an applicant may begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import EngineError, NotFound, PublishedMeanwhile, StaleProposal
from engine.reading import read_model
from processes.agenda import MANIFEST, Service
from processes.manifest import Texts
from processes.starting import offered, withdrawn
from web.auth import sign_in_required
from web.digits import whole
from web.errors import sentence as sentence_of
from web.here import session
from web.i18n import _, language
from web.published import say
from web.studio import hand
from web.studio.hand import Published
from web.studio.issuing import NotIssued, issue
from web.studio.plain_files import Plain, as_it_would_be, keep, plain
from web.tenancy import tenant_key

blueprint = Blueprint("serving", __name__, url_prefix="/studio/<agenda>/portal/<process>")

#: Texts of a card and how long they may be.
LONGEST = {"title": 120, "summary": 300, "category": 80, "duration": 200, "outcome": 300, "button": 40}
OBLIGATORY = ("title", "summary")
LANGUAGES = ("cs", "en")


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A process that applicants may begin, and its card where it has one."""

    process: str
    name: str
    #: The name in the language of the page.
    said: str
    service: Service | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the author wrote of a card: text by `title.cs`."""

    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


def public_processes(published: Published) -> list[Offered]:
    """Every process of an agenda that begins with a form for applicants, by its diagram."""
    agenda = published.agenda
    cards = {one.process: one for one in agenda.services}
    words = say(session(), tenant_key(), published.deployment_id, language())
    found = []
    for path in agenda.diagrams:
        try:
            model = read_model(agenda.files[path])
        except EngineError:
            continue
        for process in model.processes:
            starts = (model.nodes[one].start for one in model.nodes[process].starts)
            if any(start is not None and start.audience == "public" for start in starts):
                name = model.nodes[process].name
                found.append(Offered(process=process, name=name, said=words(name), service=cards.get(process)))
    return found


def process_in(published: Published, process: str) -> Offered:
    """The process by its key. Raises NotFound."""
    found = next((one for one in public_processes(published) if one.process == process), None)
    if found is None:
        raise NotFound
    return found


@blueprint.get("")
@sign_in_required
def page(agenda: str, process: str) -> ResponseReturnValue:
    """The card as it is, or to be written."""
    hand.require_author()
    work = manifest_in_hand(agenda)
    return shown(work, process_in(as_it_would_be(work), process))


@blueprint.post("")
@sign_in_required
def offer(agenda: str, process: str) -> ResponseReturnValue:
    """Put the card on the portal: a new version of the agenda that differs in nothing else."""
    hand.require_author()
    work = manifest_in_hand(agenda)
    chosen = process_in(as_it_would_be(work), process)
    card = written()
    if card.errors:
        return shown(work, chosen, card)
    icon = chosen.service.icon if chosen.service else "file"
    manifest = offered(work.text, process, texts_of(card), icon)
    return issued(work, chosen, manifest, card, _("It is on the portal."))


@blueprint.post("/stahnout")
@sign_in_required
def withdraw(agenda: str, process: str) -> ResponseReturnValue:
    """Take the card away; cases that run go on."""
    hand.require_author()
    work = manifest_in_hand(agenda)
    chosen = process_in(as_it_would_be(work), process)
    manifest = withdrawn(work.text, process)
    return issued(work, chosen, manifest, None, _("It is no longer on the portal; cases that run go on."))


def issued(work: Plain, chosen: Offered, manifest: str, card: Card | None, done: str) -> ResponseReturnValue:
    """Publish the agenda with another manifest over the version that the page showed, or keep it to be approved."""
    try:
        if work.by_way_of_changes:
            keep(work, manifest, "card")
            flash(_("It is kept among the changes of the agenda."))
            return redirect(work.changes, 303)
        files = {**work.published.agenda.files, MANIFEST: manifest.encode()}
        issue(files, whole(request.form.get("version", "")) or 0, stories=False)
    except NotIssued as refused:
        return shown(work, chosen, card, str(refused))
    except StaleProposal as error:
        return shown(work, chosen, card, sentence_of(error), 409)
    except PublishedMeanwhile:
        sentence = _("Another version was published meanwhile. Look at it first.")
        return shown(manifest_in_hand(work.published.agenda.key), chosen, card, sentence, 409)
    flash(done)
    return redirect(url_for("studio.agenda", agenda=work.published.agenda.key), 303)


def manifest_in_hand(agenda: str) -> Plain:
    """The agenda's manifest as it is being changed or published."""
    return plain(hand.published(agenda), MANIFEST)


def shown(
    work: Plain, chosen: Offered, card: Card | None = None, message: str = "", status: int = 422
) -> ResponseReturnValue:
    """The page of a card."""
    content = render_template(
        "studio/card.html",
        published=work.published,
        file=work,
        chosen=chosen,
        card=card or Card(texts=said_by(chosen)),
        message=message,
        longest=LONGEST,
        languages=LANGUAGES,
    )
    return content, status if message or (card and card.errors) else 200


def said_by(chosen: Offered) -> dict[str, str]:
    """What the card says now; the process's name where there is none."""
    service = chosen.service
    if service is None:
        return {"title.cs": chosen.name}
    texts: Mapping[str, Texts] = {name: getattr(service, name) for name in LONGEST}
    return {f"{name}.{lang}": said for name, by_lang in texts.items() for lang, said in by_lang.items()}


def written() -> Card:
    """What was sent, with what is missing."""
    texts = {
        f"{name}.{lang}": " ".join(request.form.get(f"{name}.{lang}", "").split())[:longest]
        for name, longest in LONGEST.items()
        for lang in LANGUAGES
    }
    errors = {f"{name}.cs": _("Write it in Czech.") for name in OBLIGATORY if not texts[f"{name}.cs"]}
    errors |= {
        f"{name}.cs": _("Write it in Czech too.") for name in LONGEST if texts[f"{name}.en"] and not texts[f"{name}.cs"]
    }
    return Card(texts=texts, errors=errors)


def texts_of(card: Card) -> dict[str, Texts]:
    """The card's texts by name; an empty one is taken away."""
    return {
        name: {lang: card.texts[f"{name}.{lang}"] for lang in LANGUAGES if card.texts[f"{name}.{lang}"]}
        for name in LONGEST
    }
