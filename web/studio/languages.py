"""Translations side by side: every text of the form, and what is missing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import StaleProposal
from forms.edit.texts import texts, translate
from processes.words import read_words
from web.auth import sign_in_required
from web.i18n import _
from web.studio import hand
from web.studio.asked import version_seen
from web.studio.panel import OTHER
from web.studio.words import KEYWORDS

blueprint = Blueprint("languages", __name__, url_prefix="/studio/<agenda>/formulare/<key>/preklady")


@blueprint.get("")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """All texts, or only those without a translation."""
    return shown(hand.in_hand(agenda, key))


@blueprint.post("")
@sign_in_required
def save(agenda: str, key: str) -> ResponseReturnValue:
    """Save what was typed. Texts that a colleague has changed meanwhile aren't touched."""
    found = hand.in_hand(agenda, key)
    known = {one.pointer: one for one in texts(found.schema, OTHER)}
    said = {
        name.removeprefix("t:"): text
        for name, text in request.form.items()
        if name.startswith("t:") and name.removeprefix("t:") in known
    }
    changed = {pointer: text for pointer, text in said.items() if text.strip() != known[pointer].translation.strip()}
    edited = translate(found.schema, OTHER, changed)
    try:
        hand.save(found, version_seen(), edited.schema, {"edit": "translate"})
    except StaleProposal:
        message = _("A colleague has changed the form meanwhile, so nothing was saved yet. Check it and save again.")
        return shown(hand.in_hand(agenda, key), typed=said, message=message)
    flash(_("The translations are saved."))
    return redirect(url_for("languages.page", agenda=agenda, key=key, chybi=request.args.get("chybi")), 303)


def shown(found: hand.InHand, typed: dict[str, str] | None = None, message: str = "") -> ResponseReturnValue:
    """The page."""
    listed = texts(found.schema, OTHER)
    words = read_words(found.agenda.files, OTHER)
    # What the form doesn't say itself, the words of its agenda may.
    by_words = {one.pointer: words(one.text) for one in listed if words.knows(one.text)}
    missing = [one for one in listed if not one.translation.strip() and one.pointer not in by_words]
    only_missing = request.args.get("chybi") == "1"
    content = render_template(
        "studio/languages.html",
        hand=found,
        texts=missing if only_missing else listed,
        count=len(listed),
        missing=len(missing),
        by_words=by_words,
        only_missing=only_missing,
        typed=typed or {},
        message=message,
        roles=KEYWORDS,
    )
    return content, 409 if message else 200
