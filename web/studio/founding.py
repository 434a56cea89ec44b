"""A new agenda: founded from an application with a decision, taken from the shelf, or brought as a package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import PublishedMeanwhile
from engine.model import ROLES
from engine.queries import definitions, people
from engine.said import Said
from forms.edit.kinds import slug
from processes import catalogue
from processes.agenda import AgendaRefused, parse_agenda
from processes.catalogue import BadPackage, pack, read_path, unpack
from processes.manifest import choose
from processes.starting import Founding, found
from web.auth import sign_in_required
from web.headers import as_file
from web.here import session
from web.i18n import _, language
from web.said import reason_of
from web.studio import hand
from web.studio.issuing import NotIssued, issue
from web.tenancy import tenant_key

blueprint = Blueprint("founding", __name__, url_prefix="/studio")

#: Bytes of a package; agendas with pictures have some hundred thousand.
MOST_BYTES = 20 * 2**20
LONGEST_TITLE, LONGEST_SUMMARY = 200, 500
#: The choice of a group that isn't there yet.
NEW_GROUP = "+"
_PREFIX = re.compile(r"[A-Z]{2,6}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the author wrote."""

    how: str = "starter"
    title: str = ""
    title_en: str = ""
    summary: str = ""
    group: str = NEW_GROUP
    group_title: str = ""
    prefix: str = ""
    ready: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/nova-agenda")
@sign_in_required
def new() -> ResponseReturnValue:
    """How to begin."""
    hand.require_author()
    return shown(Sheet())


@blueprint.post("/nova-agenda")
@sign_in_required
def create() -> ResponseReturnValue:
    """Begin it: published at once, on the portal only when somebody offers it."""
    hand.require_author()
    sheet = written()
    if sheet.errors:
        return shown(sheet)
    try:
        key = issue(files_of(sheet), 0, stories=sheet.how == "package")
    except BadPackage as error:
        whole = _("The file is not a package of an agenda: a zip with agenda.toml and what belongs to it.")
        return shown(sheet, f"{whole} {reason_of(error)}")
    except NotIssued as refused:
        return shown(sheet, str(refused), refused)
    except PublishedMeanwhile:
        return shown(sheet, _("There is an agenda of this key already. Nothing was changed."), status=409)
    flash(_("The agenda is here. Applicants see it on the portal when you offer it there."))
    return redirect(url_for("studio.agenda", agenda=key), 303)


@blueprint.get("/<agenda>.zip")
@sign_in_required
def package(agenda: str) -> ResponseReturnValue:
    """The published agenda as a package, for another installation or for keeping."""
    hand.require_author()
    published = hand.published(agenda)
    content = Response(pack(published.agenda.files), mimetype="application/zip")
    return as_file(content, f"{agenda}-{published.version}.zip")


def shown(
    sheet: Sheet, message: str = "", refused: NotIssued | None = None, status: int | None = None
) -> ResponseReturnValue:
    """The page, with what is wrong."""
    wrong = bool(message or sheet.errors)
    content = render_template(
        "studio/new_agenda.html",
        sheet=sheet,
        message=message,
        problems=refused.problems if refused else (),
        groups=[*groups(), (NEW_GROUP, _("a new group"))],
        ready=shelf(),
        new_group=NEW_GROUP,
    )
    return content, status or (422 if wrong else 200)


def written() -> Sheet:
    """What was sent, with what is wrong in it."""

    def text(name: str, longest: int = LONGEST_TITLE) -> str:
        return " ".join(request.form.get(name, "").split())[:longest]

    sheet = Sheet(
        how=request.form.get("how", ""),
        title=text("title"),
        title_en=text("title_en"),
        summary=text("summary", LONGEST_SUMMARY),
        group=request.form.get("group", NEW_GROUP),
        group_title=text("group_title"),
        prefix=text("prefix").upper(),
        ready=request.form.get("ready", ""),
    )
    return Sheet(**{**vars(sheet), "errors": errors_of(sheet)})


def errors_of(sheet: Sheet) -> dict[str, str]:
    """Field → what is wrong with it."""
    if sheet.how == "starter":
        return errors_of_starter(sheet)
    if sheet.how == "ready":
        return {} if sheet.ready in dict(shelf()) else {"ready": _("Choose the agenda.")}
    if sheet.how == "package":
        return {} if request.files.get("package") else {"package": _("Choose the file.")}
    return {"how": _("Choose how to begin.")}


def errors_of_starter(sheet: Sheet) -> dict[str, str]:
    """What is wrong with names of an agenda that is founded."""
    errors: dict[str, str] = {}
    if not sheet.title:
        errors["title"] = _("Write what the agenda is called.")
    if sheet.group == NEW_GROUP and not sheet.group_title:
        errors["group_title"] = _("Write what the group is called.")
    elif sheet.group != NEW_GROUP and sheet.group not in dict(groups()):
        errors["group"] = _("Choose whose work it is.")
    if sheet.prefix and not _PREFIX.fullmatch(sheet.prefix):
        errors["prefix"] = _("Two to six letters without accents.")
    return errors


def files_of(sheet: Sheet) -> Mapping[str, bytes]:
    """The files that the author chose to begin with. Raises BadPackage."""
    if sheet.how == "ready":
        return read_path(catalogue.HERE / sheet.ready)
    if sheet.how == "package":
        data = request.files["package"].stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            megabytes = MOST_BYTES // 2**20
            raise BadPackage(Said(f"Je větší než {megabytes} MB.", f"It is larger than {megabytes} MB."))
        return unpack(data)
    own = sheet.group == NEW_GROUP
    named = {one.key: one.title for one in people.groups(session(), tenant_key())}
    taken = {one.agenda for one in definitions.agendas(session(), tenant_key())} | {*catalogue.supplied()}
    key = free(slug(sheet.title), taken, "agenda")
    group = free(slug(sheet.group_title), {*named, *ROLES}, "group") if own else sheet.group
    return found(
        Founding(
            key=key,
            title=in_both(sheet.title, sheet.title_en),
            summary=in_both(sheet.summary, ""),
            group=group,
            group_title={"cs": sheet.group_title} if own else named[sheet.group],
            prefix=sheet.prefix or slug(sheet.title).replace("_", "")[:3].upper().ljust(2, "A"),
        )
    )


def in_both(czech: str, english: str) -> Mapping[str, str]:
    """A text in the languages in which it is said."""
    return {lang: text for lang, text in (("cs", czech), ("en", english)) if text}


def free(wanted: str, taken: Iterable[str], otherwise: str) -> str:
    """A key that nothing has yet."""
    name = wanted[:50].strip("_") or otherwise
    known = set(taken)
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, len(known) + 3))) if one not in known)


def groups() -> list[tuple[str, str]]:
    """The organisation's own groups by name."""
    return [
        (one.key, choose(one.title, language()) or one.key)
        for one in people.groups(session(), tenant_key())
        if one.key not in ROLES
    ]


def shelf() -> list[tuple[str, str]]:
    """The agendas that come with the product and aren't here yet."""
    here = {one.agenda for one in definitions.agendas(session(), tenant_key())}
    return [(key, title_of(key)) for key in catalogue.supplied() if key not in here]


def title_of(key: str) -> str:
    """What a supplied agenda is called."""
    try:
        return choose(parse_agenda(read_path(catalogue.HERE / key)).title, language())
    except (AgendaRefused, BadPackage):
        return key
