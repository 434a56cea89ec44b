"""What of the office a part of a form may speak of: registers of the agenda, groups of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext

from engine.errors import Invalid
from engine.model import Json
from engine.registers.definitions import read_register
from engine.registers.shape import definition_in
from forms.edit.places import Schema
from forms.words import humanized
from processes.agenda import Agenda
from web.i18n import _, language
from web.studio.items import Item
from web.studio.words import Word


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register of which a form may ask."""

    key: str
    title: str
    #: Name → label of the fields that are public.
    fields: Mapping[str, str]


def registers_of(agenda: Agenda) -> list[Register]:
    """Give the registers of an agenda of which something is public; one that can't be read is left to its check."""
    found = []
    for key in sorted(agenda.registers):
        try:
            kept = read_register(definition_in(f"registers/{key}.json", agenda.files))
        except Invalid:
            continue
        if kept.public_fields:
            members = kept.schema.get("properties", {})
            labels = {name: _label(members.get(name), name) for name in kept.public_fields}
            title = kept.title.get(language()) or next(iter(kept.title.values()), key)
            found.append(Register(key=key, title=title, fields=labels))
    return found


def _label(member: Json, name: str) -> str:
    title = member.get("title") if isinstance(member, dict) else None
    return title if isinstance(title, str) else humanized(name)


def options_items(own: Schema, registers: Sequence[Register]) -> tuple[Item, ...]:
    """Give the controls for choosing an answer from a register."""
    if not registers:
        return ()
    chosen = own.get("x-options")
    key = chosen.get("register") if isinstance(chosen, dict) else None
    register = next((one for one in registers if one.key == key), None)
    offered = {"": _("is written freely"), **{one.key: one.title for one in registers}}
    which = Item(
        keyword="x-options/register",
        label=lazy_gettext("Where the answer comes from"),
        control="pick",
        options=offered,
        hint=_OFFERED,
    )
    if register is None:
        return (which,)
    return (
        which,
        Item(
            keyword="x-options/label", label=lazy_gettext("What people read"), control="pick", options=register.fields
        ),
        Item(keyword="x-options/value", label=lazy_gettext("What is stored"), control="pick", options=register.fields),
    )


_OFFERED: Word = lazy_gettext("From a register only what is public of it is offered.")


def with_options(register: Register) -> dict[str, Json]:
    """Give what a question says that has just begun to choose from a register."""
    names = list(register.fields)
    return {"register": register.key, "value": names[0], "label": names[min(1, len(names) - 1)]}


def sensitive_item(own: Schema, groups: Mapping[str, str]) -> Item:
    """Give the control that says who may read an answer."""
    options: dict[str, Word] = {
        "": _("everybody who works on the case"),
        "true": _("personal data: hidden in masked views"),
    }
    options |= {f"groups:{key}": _("only %(group)s", group=title) for key, title in groups.items()}
    now = _sensitive(own.get("x-sensitive"))
    if now.startswith("groups:"):
        names = [groups.get(key, key) for key in now.removeprefix("groups:").split(",")]
        options.setdefault(now, _("only %(group)s", group=", ".join(names)))
    return Item(
        keyword="x-sensitive",
        label=lazy_gettext("Who may read the answer"),
        control="pick",
        options=options,
        shown=_sensitive,
        stored=_stored,
    )


def _sensitive(value: Json) -> str:
    if value is True:
        return "true"
    groups = value.get("groups") if isinstance(value, dict) and value.keys() == {"groups"} else None
    plain = isinstance(groups, list) and all(isinstance(one, str) and one and "," not in one for one in groups)
    return "groups:" + ",".join(groups) if plain and groups else "" if value in (None, False) else "?"


def _stored(text: str) -> Json:
    return True if text == "true" else {"groups": text.removeprefix("groups:").split(",")}
