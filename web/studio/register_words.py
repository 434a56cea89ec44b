"""A register in words: its fields as lines, what they are used for, and what differs between two versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext

from engine.model import Json
from engine.registers import editing
from forms.edit.kinds import kind_of
from forms.edit.places import field_at
from web.i18n import _
from web.studio.telling import Said, told
from web.studio.words import Word, kind_name

#: Kinds of fields that an author may add to a register.
NEW_FIELDS = ("text", "long_text", "choice", "ticks", "yes_no", "integer", "number", "money", "date", "email", "phone")
USES: Mapping[str, Word] = {
    editing.COLUMNS: lazy_gettext("Among the first columns of lists"),
    editing.SEARCH: lazy_gettext("Found by words"),
    editing.INDEX: lazy_gettext("Lists can be narrowed and sorted by it"),
    editing.PUBLIC: lazy_gettext("Shown to the public"),
}
_SETTINGS: Mapping[str, Word] = {
    "title": lazy_gettext("Name of the register"),
    "caption": lazy_gettext("What a record is called"),
    "unique": lazy_gettext("What no two records share"),
    "search": USES[editing.SEARCH],
    "index": USES[editing.INDEX],
    "columns": USES[editing.COLUMNS],
    "links": lazy_gettext("Ties to other registers"),
    "rights": lazy_gettext("Who may read and write"),
    "public": USES[editing.PUBLIC],
    "rules": lazy_gettext("Rules that records follow"),
    "watch": lazy_gettext("When a case begins"),
    "rows": lazy_gettext("Rows in time"),
    "label": lazy_gettext("Printed labels"),
    "retention": lazy_gettext("How long records are kept"),
}
LONGEST = 160


@dataclass(frozen=True, kw_only=True)
class FieldLine:
    """One field in the list."""

    place: str
    name: str
    title: str
    kind: str
    kind_name: str
    required: bool
    uses: frozenset[str]
    #: No two records have the same.
    unique: bool


def is_own(definition: Mapping[str, Json]) -> bool:
    """Say whether the register says itself what is kept, not by a reference to another file."""
    schema = definition.get("schema")
    return isinstance(schema, dict) and "$ref" not in schema


def lines_of(definition: Mapping[str, Json]) -> list[FieldLine]:
    """The fields in the order of the schema; none where they are kept in another file."""
    if not is_own(definition):
        return []
    schema = definition["schema"]
    alone = {one if isinstance(one, str) else one[0] for one in definition.get("unique") or () if one and _alone(one)}
    required = schema.get("required") or []
    found = []
    for name, shape in (schema.get("properties") or {}).items():
        kind = kind_of(shape) if isinstance(shape, dict) else "advanced"
        title = shape.get("title") if isinstance(shape, dict) else None
        found.append(
            FieldLine(
                place=field_at("", name),
                name=name,
                title=title if isinstance(title, str) and title else name,
                kind=kind,
                kind_name=kind_name(kind),
                required=name in required,
                uses=editing.uses_of(definition, name),
                unique=name in alone,
            )
        )
    return found


def _alone(key: str | list[str]) -> bool:
    return isinstance(key, str) or len(key) == 1


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Said]:
    """What differs: fields one by one, then what else is said of the register."""
    old, new = before.get("schema"), after.get("schema")
    found = told(old, new) if isinstance(old, dict) and isinstance(new, dict) else []
    for key in dict.fromkeys((*before, *after)):
        if key not in ("schema", "key") and before.get(key) != after.get(key):
            name = str(_SETTINGS.get(key, key))
            was, now = _short(before.get(key)), _short(after.get(key))
            found.append(Said(kind="changed", sentence=_("Changed: %(label)s", label=name), details=[f"{was} → {now}"]))
    return found


def _short(value: Json) -> str:
    if value is None:
        return _("nothing")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
