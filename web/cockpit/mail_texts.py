"""The texts of mails that the installation itself writes, in the words of the organisation."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.commands import ChangeTenant
from engine.errors import NotFound
from engine.model import ROLE_ADMIN, Json
from processes.documents import RenderedMessage, TemplateRefused
from web.auth import actor, let_in_only
from web.cockpit.room import execute
from web.i18n import _
from web.office_mails import KEPT, own_texts, rendered, supplied
from web.tenancy import tenant, tenant_key

blueprint = Blueprint("mail_texts", __name__, url_prefix="/velin/organizace/dopisy")
blueprint.before_request(let_in_only(ROLE_ADMIN))

NAMES = {
    "notification": lazy_gettext("To a colleague: something concerns them"),
    "digest": lazy_gettext("To a colleague: the day's overview"),
    "substitute_left": lazy_gettext("To a colleague: their substitute has left"),
    "draft_notice": lazy_gettext("To an applicant: a draft will soon be deleted"),
    "draft_notice_owner": lazy_gettext("To whoever signs in: a draft will soon be deleted"),
}
#: Ending of a text's name → its language.
LANGUAGES = {"": lazy_gettext("In Czech"), ".en": lazy_gettext("In English")}
LONGEST = 20_000
#: What the example is about; every value that the texts may use.
EXAMPLE: Mapping[str, Json] = {
    "kind": "delegated",
    "who": "Jana Nováková",
    "what": "Zkontrolovat úplnost",
    "case": {"number": "PRI-2026-0001"},
    "title": "Přihláška",
    "number": "PRI-2026-0001",
    "guest": False,
    "day": "2026-12-01",
    "today": "2026-11-25",
    "overdue": [{"number": "PRI-2026-0001", "name": "Zkontrolovat úplnost", "due_on": "2026-11-24", "url": "/"}],
    "soon": [{"number": "PRI-2026-0002", "name": "Rozhodnout", "due_on": "2026-11-27", "url": "/"}],
    "news": [{"number": "PRI-2026-0003", "who": "Petr Malý", "kind": "mentioned", "url": "/"}],
    "substitutes_left": ["Tomáš Beneš"],
    "substitution_url": "/prace/zastupy",
    "url": "/prace/ukoly",
    "settings_url": "/prace/upozorneni/nastaveni",
}


@blueprint.get("")
def listed() -> ResponseReturnValue:
    """One text in the form, with how its mail looks, and the names of the others."""
    name = request.args.get("text", "notification")
    if name not in supplied():
        raise NotFound
    return _page(name, {**supplied(), **own_texts(tenant())}[name])


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Keep one text, or take ours again; one that can't be written stays in the form."""
    name = request.form.get("name", "")
    if name not in supplied():
        raise NotFound
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        return _page(name, text, _("This is too long."))
    if text and request.form.get("_go") != "ours":
        try:
            example(name, text)
        except TemplateRefused as error:
            return _page(name, text, str(error))
        kept = {**own_texts(tenant()), name: text + "\n"}
    else:
        kept = {each: own for each, own in own_texts(tenant()).items() if each != name}
    execute(ChangeTenant(tenant=tenant_key(), actor=actor(), name=tenant().name, settings={KEPT: kept}))
    flash(_("Saved."))
    return redirect(url_for("mail_texts.listed", text=name), 303)


def example(name: str, text: str) -> RenderedMessage:
    """The mail as it would look. Raises TemplateRefused."""
    stem, _dot, lang = name.partition(".")
    data = {**EXAMPLE, "tenant": tenant().for_templates()}
    return rendered({**supplied(), name: text}, stem, data, lang or "cs")


def _page(name: str, text: str, problem: str = "") -> ResponseReturnValue:
    html = render_template(
        "cockpit/mail_texts.html",
        name=name,
        text=text,
        problem=problem,
        languages=[(name, [f"{stem}{suffix}" for stem in NAMES]) for suffix, name in LANGUAGES.items()],
        titled=_titled,
        own=own_texts(tenant()),
        shown=None if problem else example(name, text),
    )
    return html, 422 if problem else 200


def _titled(name: str) -> str:
    """What a mail is for, whatever language it is in."""
    return str(NAMES[name.partition(".")[0]])
