"""Beginning: a new form from nothing, from a ready one or from a file, and taking up a published one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.queries.authoring import proposal_of
from forms.compile import compile_form
from forms.edit import document
from forms.edit.kinds import slug
from forms.edit.steps import unique
from forms.errors import FormError
from forms.view import view
from web.auth import sign_in_required
from web.headers import as_file
from web.here import session
from web.i18n import _, language
from web.published import form_of, newest
from web.said import reason_of
from web.studio import hand
from web.studio.asked import title_typed, version_seen
from web.tenancy import tenant_key

blueprint = Blueprint("opening", __name__, url_prefix="/studio/<agenda>/formulare")

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MOST_BYTES = 2 * 2**20


@blueprint.get("/novy")
@sign_in_required
def new(agenda: str) -> ResponseReturnValue:
    """How to begin."""
    hand.require_author()
    return asked(agenda)


@blueprint.post("/novy")
@sign_in_required
def create(agenda: str) -> ResponseReturnValue:
    """Begin a form."""
    hand.require_author()
    title, how = title_typed(), request.form.get("how", "empty")
    if not title and how != "file":
        return asked(agenda, title_error=_("Write what the form is called."))
    try:
        schema = beginning(how, title)
        form_title = schema.get("title")
        name = title or (form_title if isinstance(form_title, str) else "") or _("Form")
        compile_form(schema)
    except FormError as error:
        return asked(agenda, error=_("The file can't be used as a form: %(why)s", why=reason_of(error)))
    published = hand.published(agenda)
    key = free_key(published, slug(name))
    hand.begin(published, hand.path_of(key), document.write(schema), "import" if how == "file" else "begin")
    return redirect(url_for("builder.page", agenda=agenda, key=key), 303)


def asked(agenda: str, title_error: str = "", error: str = "") -> ResponseReturnValue:
    """The page that asks how to begin."""
    content = render_template(
        "studio/new.html",
        published=hand.published(agenda),
        ready=ready_forms(),
        title=request.form.get("title", ""),
        how=request.form.get("how", "empty"),
        title_error=title_error,
        error=error,
    )
    return content, 422 if error or title_error else 200


def ready_forms() -> list[tuple[str, str]]:
    """Published forms of all agendas to begin from: their address and heading."""
    return [
        (
            f"{one.key}/{key}",
            f"{hand.title_in(schema, deployment) or key} ({one.title.get(language()) or one.title['cs']})",
        )
        for deployment, one in newest(session(), tenant_key()).items()
        for key, schema in one.forms.items()
    ]


def beginning(how: str, title: str) -> dict[str, object]:
    """The schema a form begins with. Raises FormError."""
    if how == "file":
        return uploaded(title)
    if how == "ready":
        wanted_agenda, _sep, key = request.form.get("ready", "").partition("/")
        schema = next(
            (one.forms.get(key) for one in newest(session(), tenant_key()).values() if one.key == wanted_agenda), None
        )
        if schema is None:
            raise FormError(_("Choose the form to begin from."))
        return {**schema, "title": title}
    return {"$schema": DRAFT, "title": title, "type": "object", "properties": {}}


def uploaded(title: str) -> dict[str, object]:
    """The schema in a file. Raises FormError."""
    upload = request.files.get("file")
    content = upload.stream.read(MOST_BYTES + 1) if upload and upload.filename else b""
    if not content:
        raise FormError(_("Choose the file."))
    if len(content) > MOST_BYTES:
        raise FormError(_("The file is larger than 2 MB."))
    schema = document.read(content)
    return {**schema, "title": title} if title else schema


def free_key(published: hand.Published, wanted: str) -> str:
    """A key that no form of the agenda has."""
    key = wanted if hand.KEY.fullmatch(wanted) else f"form_{wanted}"[:60]
    taken = set(published.agenda.forms)
    while proposal_of(session(), tenant_key(), published.agenda.key, hand.path_of(unique(key, taken))):
        taken.add(unique(key, taken))
    return unique(key, taken)


@blueprint.get("/<key>/zverejneny")
@sign_in_required
def published_form(agenda: str, key: str) -> ResponseReturnValue:
    """A published form that nobody changes now."""
    hand.require_author()
    published = hand.published(agenda)
    schema = published.agenda.forms.get(key)
    if schema is None:
        raise NotFound
    try:
        shown = view(form_of(session(), tenant_key(), published.deployment_id, key), {}, lang=language())
    except FormError:
        shown = None
    proposal = proposal_of(session(), tenant_key(), agenda, hand.path_of(key))
    return render_template(
        "studio/published.html",
        published=published,
        key=key,
        title=hand.title_in(schema, published.deployment_id) or key,
        view=shown,
        proposal=proposal,
    )


@blueprint.post("/<key>/otevrit")
@sign_in_required
def take_up(agenda: str, key: str) -> ResponseReturnValue:
    """Begin to change a published form."""
    hand.require_author()
    published = hand.published(agenda)
    content = published.content(hand.path_of(key))
    if content is None:
        raise NotFound
    hand.begin(published, hand.path_of(key), content.decode("utf-8-sig"))
    return redirect(url_for("builder.page", agenda=agenda, key=key), 303)


@blueprint.get("/<key>.json")
@sign_in_required
def export(agenda: str, key: str) -> ResponseReturnValue:
    """The form as a file: as it is being changed, else as it is published."""
    hand.require_author()
    if proposal_of(session(), tenant_key(), agenda, hand.path_of(key)):
        content = document.write(hand.in_hand(agenda, key).schema)
    else:
        found = hand.published(agenda).content(hand.path_of(key))
        if found is None:
            raise NotFound
        content = found.decode("utf-8-sig")
    return as_file(Response(content, mimetype="application/schema+json"), f"{key}.json")


@blueprint.post("/<key>/nahrat")
@sign_in_required
def replace(agenda: str, key: str) -> ResponseReturnValue:
    """Take another file in place of the form; the step can be taken back."""
    found = hand.in_hand(agenda, key)
    try:
        schema = uploaded("")
        compile_form(schema)
    except FormError as error:
        flash(_("The file can't be used as a form: %(why)s", why=reason_of(error)))
        return redirect(url_for("versions.page", agenda=agenda, key=key), 303)
    hand.save(found, version_seen(), schema, {"edit": "import"})
    return redirect(url_for("builder.page", agenda=agenda, key=key), 303)


@blueprint.post("/<key>/zahodit")
@sign_in_required
def discard(agenda: str, key: str) -> ResponseReturnValue:
    """Throw the changes away."""
    found = hand.in_hand(agenda, key)
    hand.throw_away(found.proposal)
    return redirect(url_for("studio.agenda", agenda=agenda), 303)
