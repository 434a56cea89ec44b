"""Registers of an agenda: what is kept of each record, how lists use it, who may read and write, when a case begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound, StaleProposal
from engine.model import Json
from engine.queries.authoring import can_step, proposal_of
from engine.registers import editing as registers
from forms.edit import EditRefused, document, fields, moving
from forms.edit.choices import Offer, offers
from forms.edit.details import describe, is_required, require
from forms.edit.kinds import kind_of
from forms.edit.places import Schema, is_field, name_at, part
from forms.edit.steps import unique
from forms.edit.texts import translate
from forms.errors import FormSchemaError
from web.auth import sign_in_required
from web.here import session
from web.i18n import _
from web.published import newest
from web.studio import drafts, editing, hand
from web.studio import panel as panels
from web.studio.asked import key_from, title_typed, version_seen
from web.studio.drafts import Draft
from web.studio.hand import Published
from web.studio.lending import lender_of
from web.studio.problems import problems_of
from web.studio.register_settings import Settings, groups_of, read_settings, settings_of
from web.studio.register_words import NEW_FIELDS, USES, FieldLine, is_own, lines_of
from web.studio.rooms import REGISTERS, key_of, path_of, room_of
from web.studio.words import KINDS, beginning, sentence
from web.tenancy import tenant_key

blueprint = Blueprint("keeping", __name__, url_prefix="/studio/<agenda>/registry")


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Why an edit wasn't made, with what the author typed."""

    message: str = ""
    panel: panels.Panel | None = None
    settings: Settings | None = None
    status: int = 422


@blueprint.get("/<key>")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """The register with one of its fields chosen, or as a whole."""
    hand.require_author()
    if proposal_of(session(), tenant_key(), agenda, path_of(key, REGISTERS)) is None:
        return published_page(agenda, key)
    return shown(drafts.in_hand(agenda, key, REGISTERS), request.args.get("pole", ""), Wrong(status=200))


def published_page(agenda: str, key: str) -> ResponseReturnValue:
    """A published register that nobody changes now."""
    published = hand.published(agenda)
    content = published.content(path_of(key, REGISTERS))
    if content is None:
        raise NotFound
    definition = document.read(content)
    return render_template(
        "studio/published_register.html",
        published=published,
        key=key,
        title=drafts.title_of(published, key, content, REGISTERS),
        lines=lines_of(definition),
        uses=USES,
        lender=lender_of(agenda, content),
    )


@blueprint.post("/<key>/uprava")
@sign_in_required
def edit(agenda: str, key: str) -> ResponseReturnValue:
    """Make one edit."""
    draft = drafts.in_hand(agenda, key, REGISTERS)
    place, verb = request.form.get("place", ""), request.form.get("edit", "")
    definition = document.read(draft.data)
    try:
        made, place, label = EDITS[verb](definition, place) if verb in EDITS else refuse()
    except EditRefused as refused:
        return shown(draft, place, Wrong(message=sentence(refused)))
    except NotSaved as wrong:
        return shown(draft, place, wrong.wrong)
    try:
        if made != definition or list(made) != list(definition):
            hand.revise(draft.proposal, version_seen(), document.write(made), {"edit": verb, "label": label})
    except StaleProposal:
        message = _("A colleague has changed it meanwhile; this is how it looks now.")
        return shown(drafts.in_hand(agenda, key, REGISTERS), place, Wrong(message=message, status=409))
    return redirect(url_for("keeping.page", agenda=agenda, key=key, pole=place or None), 303)


class NotSaved(Exception):
    """What was typed can't be taken; the page shows it with what is wrong."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.message)
        self.wrong = wrong


#: What an edit gives: the register, the field that is chosen afterwards, what the step is about.
Made = tuple[dict[str, Json], str, str]


def refuse() -> Made:
    """There is no such edit. Raises EditRefused."""
    raise EditRefused("no-such-edit")


def _add(definition: dict[str, Json], place: str) -> Made:
    """A field after the chosen one, or at the end."""
    kind, label = request.form.get("kind", ""), request.form.get("label", "").strip()
    if kind not in NEW_FIELDS:
        raise EditRefused("no-such-kind")
    if not label:
        raise EditRefused("name-needed")
    after = name_at(place) if is_field(place) else None
    made = fields.add(own_schema(definition), kind, "", after, beginning(kind, label))
    return with_schema(definition, made.schema), made.place, label


def _remove(definition: dict[str, Json], place: str) -> Made:
    """No such field any more: records keep what they have, nobody sees it."""
    schema = own_schema(definition)
    label = label_at(schema, place)
    made = fields.remove(schema, place)
    return registers.without_field(with_schema(definition, made.schema), name_at(place)), "", label


def _move(definition: dict[str, Json], place: str) -> Made:
    """One place up or down."""
    schema = own_schema(definition)
    made = moving.shift(schema, place, request.form.get("way", ""))
    return with_schema(definition, made.schema), made.place, label_at(schema, place)


def _details(definition: dict[str, Json], place: str) -> Made:
    """Everything on the panel of a field at once."""
    schema = own_schema(definition)
    kind = kind_of(part(schema, place))
    typed = panels.read(panel_of(schema, place), place, request.form, editing.names_of(schema))
    if typed.errors:
        first = typed.errors[0]
        raise NotSaved(Wrong(message=f"{first.label}: {first.error}", panel=typed.panel))
    made = describe(schema, place, typed.changes).schema
    if typed.translations:
        made = translate(made, panels.OTHER, dict(typed.translations)).schema
    made = require(made, place, bool(request.form.get("k:required"))).schema
    if request.form.get("o:0:shown"):
        wanted = editing.named_anew(made, place, editing.posted_offers(request.form))
        made = editing.offered(made, place, kind, wanted).schema
    wanted_uses = {use for use in registers.USES if request.form.get(f"u:{use}")}
    done = registers.with_uses(with_schema(definition, made), name_at(place), wanted_uses)
    return done, place, label_at(made, place)


def _whole(definition: dict[str, Json], _place: str) -> Made:
    """What is said of the register as a whole."""
    before = settings_of(definition)
    typed = read_settings(before, request.form, registers.fields_of(definition))
    if typed.errors:
        raise NotSaved(Wrong(message=next(iter(typed.errors.values())), settings=typed))
    return typed.over(definition, before), "", typed.title


EDITS = {"add": _add, "remove": _remove, "move": _move, "details": _details, "whole": _whole}


# --- a new one -------------------------------------------------------------------------------------------------------


@blueprint.get("/novy")
@sign_in_required
def new(agenda: str) -> ResponseReturnValue:
    """What the new register is called."""
    hand.require_author()
    return asked(agenda)


@blueprint.post("/novy")
@sign_in_required
def create(agenda: str) -> ResponseReturnValue:
    """Begin a register with a field for the name of what is kept."""
    hand.require_author()
    published = hand.published(agenda)
    title = title_typed()
    if not title:
        return asked(agenda, _("Write what is kept in it."))
    key = free_key(published, key_from(title, "register"))
    groups = sorted(published.agenda.groups)
    definition: dict[str, Json] = {
        "key": key,
        "title": {"cs": title},
        "schema": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string", "title": _("Name"), "maxLength": 200}},
        },
        "caption": "name",
        "unique": [["name"]],
        "search": ["name"],
        "rights": {"read": groups, "write": groups},
    }
    hand.begin(published, path_of(key, REGISTERS), document.write(definition))
    return redirect(url_for("keeping.page", agenda=agenda, key=key), 303)


def free_key(published: Published, wanted: str) -> str:
    """A key that no register of the organisation has, nor one that is being made."""
    others = newest(session(), tenant_key()).values()
    in_work = drafts.files_in_work(published)
    taken = {key for one in others for key in one.registers} | {
        key_of(path) for path in in_work if room_of(path) == REGISTERS
    }
    return unique(wanted, taken)


def asked(agenda: str, error: str = "") -> ResponseReturnValue:
    """The page that asks how to begin."""
    title = request.form.get("title", "")
    content = render_template("studio/new_register.html", published=hand.published(agenda), title=title, error=error)
    return content, 422 if error else 200


# --- what the page shows ---------------------------------------------------------------------------------------------


def shown(draft: Draft, place: str, wrong: Wrong) -> ResponseReturnValue:
    """The page, as it stands or with what is wrong."""
    try:
        definition = document.read(draft.data)
    except FormSchemaError:
        definition = {}
    schema = definition.get("schema") if is_own(definition) else None
    lines = lines_of(definition)
    chosen = next((one for one in lines if one.place == place), None) if schema else None
    undo, redo = can_step(session(), tenant_key(), draft.proposal)
    problems = problems_of(draft.files, draft.path, draft.published.agenda.key)
    content = render_template(
        "studio/register.html",
        draft=draft,
        lines=lines,
        chosen=chosen,
        own=schema is not None,
        wrong=wrong,
        problems=problems,
        panel=(wrong.panel or panel_of(schema, chosen.place)) if schema and chosen else None,
        offers=offers_at(schema, chosen) if schema and chosen else [],
        required=is_required(schema, chosen.place) if schema and chosen else False,
        uses=USES,
        shows_public=isinstance(definition.get("public"), dict),
        settings=wrong.settings or settings_of(definition),
        groups=groups_of(draft.published.agenda),
        kinds={kind: KINDS[kind] for kind in NEW_FIELDS},
        undo=undo,
        redo=redo,
    )
    return content, wrong.status


def panel_of(schema: Schema, place: str) -> panels.Panel:
    """The controls of a field that mean something in a register."""
    whole = panels.panel(schema, place, kind_of(part(schema, place)))
    limits = tuple(one for one in whole.limits if one.keyword != "default")
    return replace(whole, limits=limits, more=(), messages=())


def offers_at(schema: Schema, chosen: FieldLine) -> list[Offer]:
    """The choices of a field with a row for another one; none where it offers nothing."""
    listed = [one for one in offers(schema, chosen.place)] if chosen.kind in ("choice", "ticks") else []
    return [*listed, Offer(label="")] if chosen.kind in ("choice", "ticks") else []


def own_schema(definition: Mapping[str, Json]) -> Schema:
    """The schema that stands in the register itself. Raises EditRefused where it is kept in another file."""
    if not is_own(definition):
        raise EditRefused("no-such-place")
    schema: Schema = definition["schema"]
    return schema


def with_schema(definition: dict[str, Json], schema: Schema) -> dict[str, Json]:
    """The register with another shape of its records."""
    return {**definition, "schema": schema}


def label_at(schema: Schema, place: str) -> str:
    """What a field is called."""
    title = part(schema, place).get("title")
    return title if isinstance(title, str) and title else name_at(place)
