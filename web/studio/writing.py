"""Letters and mails of an agenda: written in the browser, tried on a story, published when every story comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound, PublishedMeanwhile, StaleProposal
from engine.said import in_language
from integrations.failures import Permanent
from processes.agenda import AgendaRefused
from processes.documents import DOCUMENTS, MESSAGES, template_problems
from processes.scenarios import BadScenario
from web.auth import sign_in_required
from web.db import close_session
from web.digits import whole
from web.errors import sentence as sentence_of
from web.headers import as_file
from web.here import parts
from web.i18n import _, language
from web.proofs import NoProof, Proof, prove
from web.studio import hand
from web.studio.hand import Published
from web.studio.issuing import NotIssued, issue
from web.studio.plain_files import Plain, keep, plain

blueprint = Blueprint("writing", __name__, url_prefix="/studio/<agenda>/texty")

LONGEST = 100_000
PATH = re.compile(r"(documents/[a-z][a-z0-9_]{0,59}(\.en)?\.html|messages/[a-z][a-z0-9_]{0,59}(\.en)?\.md)")
#: What a new text begins with.
NEW_LETTER = """{% extends "letter.html" %}
{% block title %}Nadpis dopisu{% endblock %}
{% block body %}
<p>K žádosti číslo {{ case.number }} …</p>
{% endblock %}
{% block signature %}<p>{{ tenant.name }}</p>{% endblock %}
"""
NEW_MAIL = """# Předmět zprávy {{ case.number }}

Dobrý den,

…
"""
_HEADING = re.compile(r"{% block title %}(.*?){% endblock %}|^# ([^\n]*)", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"{[{%].*?[%}]}")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One text in the list of an agenda."""

    path: str
    title: str
    is_mail: bool


def texts_of(published: Published) -> list[Line]:
    """The letters and mails of an agenda by their headings."""
    lines = [
        Line(path=path, title=heading(path, content.decode("utf-8", "replace")), is_mail=path.startswith(MESSAGES))
        for path, content in published.agenda.files.items()
        if PATH.fullmatch(path)
    ]
    return sorted(lines, key=lambda one: (one.is_mail, one.title.casefold(), one.path))


def heading(path: str, text: str) -> str:
    """What a text is called: its heading without what is filled in, else its name."""
    found = _HEADING.search(text)
    said = _PLACE.sub("…", (found[1] or found[2] or "")).strip() if found else ""
    return said or path.rpartition("/")[2].partition(".")[0]


@blueprint.get("/<path:path>")
@sign_in_required
def page(agenda: str, path: str) -> ResponseReturnValue:
    """The text as it is being changed or published; a new one where there is none of the name."""
    published = there(agenda, path)
    beginning = NEW_MAIL if path.startswith(MESSAGES) else NEW_LETTER
    return shown(published, path, plain(published, path).text or beginning)


@blueprint.post("/<path:path>")
@sign_in_required
def write(agenda: str, path: str) -> ResponseReturnValue:
    """Try the text on a story, print it, or publish it; what was written stays on the page."""
    published = there(agenda, path)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        return shown(published, path, text, _("This is too long."))
    wrong = template_problems({path: text.encode()})
    if wrong:
        line = wrong[0].line
        at = _("Line %(line)s:", line=line) if line else ""
        why = in_language(wrong[0].message, language())
        return shown(published, path, text, " ".join((_("The text can't be read."), at, why)))
    doing = request.form.get("_go", "try")
    if doing not in ("publish", "keep"):
        return tried(published, path, text, doing)
    file = plain(published, path)
    if doing == "keep" or file.by_way_of_changes:
        return kept(file, text)
    return publish(published, path, text)


def kept(file: Plain, text: str) -> ResponseReturnValue:
    """The text among the changes of the agenda, where it is approved and published."""
    try:
        keep(file, text, "write")
    except StaleProposal as error:
        return shown(file.published, file.path, text, sentence_of(error), status=409)
    except PublishedMeanwhile:
        sentence = _("Another version was published meanwhile. Look at it first.")
        return shown(hand.published(file.published.agenda.key), file.path, text, sentence, status=409)
    flash(_("It is kept among the changes of the agenda."))
    return redirect(file.changes, 303)


def tried(published: Published, path: str, text: str, doing: str) -> ResponseReturnValue:
    """The text as a story's case fills it in: beside the editor, or as PDF."""
    close_session()  # Stories may take seconds; nothing is held meanwhile.
    try:
        proof = prove(published.agenda.files, path, text)
        if doing != "pdf":
            return shown(published, path, text, proof=proof)
        printed = Response(parts().outside.pdf.print(proof.html), mimetype="application/pdf")
    except NoProof as missing:
        told = str(missing)
        sentence = _("No story of the agenda writes this text, so there is nothing to show.")
        return shown(published, path, text, _("It doesn't come out: %(why)s", why=told) if told else sentence)
    except (AgendaRefused, BadScenario, Permanent) as error:
        return shown(published, path, text, str(error))
    return as_file(printed, f"{path.rpartition('/')[2]}.pdf", inline=True)


def publish(published: Published, path: str, text: str) -> ResponseReturnValue:
    """Publish the agenda with the text, when its stories come out."""
    files = {**published.agenda.files, path: text.encode()}
    try:
        issue(files, whole(request.form.get("version", "")) or 0)
    except NotIssued as refused:
        details = " ".join(one.message for one in refused.problems[:3])
        return shown(published, path, text, " ".join((str(refused), details)).strip())
    except PublishedMeanwhile:
        sentence = _("Another version was published meanwhile. Look at it first.")
        return shown(hand.published(published.agenda.key), path, text, sentence, status=409)
    flash(_("Published. Cases that run stay on their version."))
    return redirect(url_for("studio.agenda", agenda=published.agenda.key), 303)


def there(agenda: str, path: str) -> Published:
    """The agenda, where an author may write a text of this name. Raises NotFound."""
    hand.require_author()
    if not PATH.fullmatch(path):
        raise NotFound
    return hand.published(agenda)


def shown(
    published: Published, path: str, text: str, message: str = "", *, proof: Proof | None = None, status: int = 422
) -> ResponseReturnValue:
    """The page with the text, and how it came out."""
    content = render_template(
        "studio/writing.html",
        published=published,
        path=path,
        text=text,
        title=heading(path, text),
        message=message,
        proof=proof,
        is_mail=path.startswith(MESSAGES),
        is_new=path not in published.agenda.files,
        file=plain(published, path),
        english=path.endswith((".en.md", ".en.html")),
        folders=(DOCUMENTS, MESSAGES),
    )
    return content, status if message else 200
