"""What a register's JSON says: shape of a record, its caption, unique keys, searching, rights, the public part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from engine.errors import Invalid
from engine.model import ROLE_ADMIN, ROLE_AUDITOR, Actor, Json, Variables
from engine.registers.rules import RecordRule, read_rules
from engine.registers.series import Series, read_series
from engine.registers.watching import Watch, read_watches
from engine.said import Said

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, kw_only=True)
class FieldRights:
    """Groups that may read and write one field; None = whoever may read or write the record."""

    read: frozenset[str] | None = None
    write: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """Records of another register that a record is tied to, such as buildings of a supply point."""

    name: str
    #: Key of the other register.
    to: str
    title: Mapping[str, str] = field(default_factory=dict)
    many: bool = True
    #: JSON Schema of what each tie says, such as its share.
    data: Mapping[str, Json] = field(default_factory=dict)
    #: Name of a number → what that of all ties of one record may come to, such as shares to 100.
    most_together: Mapping[str, float] = field(default_factory=dict)

    @property
    def schema(self) -> Mapping[str, Json]:
        """The shape of what a tie says; a bare word in `data` is the type of that field."""
        properties = {name: {"type": kind} if isinstance(kind, str) else kind for name, kind in self.data.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register as its agenda describes it."""

    key: str
    title: Mapping[str, str]
    schema: Mapping[str, Json]
    #: Starlark over the record's fields; "" = the first searched field.
    caption: str = ""
    unique: tuple[tuple[str, ...], ...] = ()
    search: tuple[str, ...] = ()
    #: Fields that lists are narrowed, counted and sorted by; choices are so without being named.
    index: tuple[str, ...] = ()
    #: Fields that a list shows first.
    columns: tuple[str, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    fields: Mapping[str, FieldRights] = field(default_factory=dict)
    #: None: nothing of it is public.
    public_fields: tuple[str, ...] | None = None
    #: Starlark over the record's fields: this record is public; "" = every record is.
    public_where: str = ""
    #: Starlark over the record's fields: the last day on which it is public; "" or no day = for ever.
    public_until: str = ""
    #: Public fields with the latitude and the longitude of the thing; None: it is nowhere in particular.
    position: tuple[str, str] | None = None
    #: Public field with pictures, `[{"file", "alt"}]`; "" = there are none.
    pictures: str = ""
    #: What must hold of a record whoever writes it.
    rules: tuple[RecordRule, ...] = ()
    #: How the public part is described as open data; None: it isn't open data.
    open_data: Mapping[str, Json] | None = None
    watch: tuple[Watch, ...] = ()
    #: Of a register of rows in time under records of another one.
    series: Series | None = None
    #: Template and sheet of its printed labels.
    label: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        """Fields that lists are narrowed and sorted by, in the schema's order."""
        shapes = self.schema.get("properties", {})
        return tuple(name for name, shape in shapes.items() if name in self.index or is_choice(shape))

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """Names of the fields in the schema's order."""
        return tuple(self.schema.get("properties", {}))

    def may_read(self, actor: Actor) -> bool:
        """Say whether a person may read records at all."""
        return _is_in(actor, self.read | self.write | {ROLE_AUDITOR})

    def may_write(self, actor: Actor) -> bool:
        """Say whether a person may write records at all."""
        return _is_in(actor, self.write)

    def readable(self, actor: Actor, data: Variables) -> Variables:
        """Leave out the fields that this person may not read."""
        return {name: value for name, value in data.items() if _shows(self._of(name).read, actor)}

    def writable(self, actor: Actor, name: str) -> bool:
        """Say whether a person who may write records may write this field."""
        return _allows(self._of(name).write, actor)

    def problems(self, data: Variables) -> list[str]:
        """Say what is wrong with a record: `/path: sentence`."""
        # An empty registry: a `$ref` never makes the validator fetch anything.
        validator = Draft202012Validator(self.schema, registry=Registry())
        try:
            found = sorted(validator.iter_errors(data), key=lambda error: [str(part) for part in error.absolute_path])
        except Unresolvable as error:
            raise Invalid(
                f"The schema of the register {self.key!r} refers to {error.ref}, which is not in it."
            ) from error
        return [f"/{'/'.join(str(part) for part in error.absolute_path)}: {error.message}" for error in found]

    def _of(self, name: str) -> FieldRights:
        return self.fields.get(name, FieldRights())


def is_choice(shape: Json) -> bool:
    """Say whether a field has few values that a list may offer."""
    if not isinstance(shape, Mapping):
        return False
    offered = shape.get("oneOf") or ()
    # `x-facet`: a text that few records differ in, such as the year of a programme.
    return (
        bool(shape.get("x-facet"))
        or shape.get("type") == "boolean"
        or "enum" in shape
        or any("const" in one for one in offered)
    )


def read_register(definition: Mapping[str, Json]) -> Register:
    """Read the JSON of `registers/<key>.json`; checking its schema takes long, so what was read is remembered."""
    return _read(json.dumps(definition))


@lru_cache(maxsize=200)
def _read(text: str) -> Register:
    return _register(json.loads(text))


def _register(definition: Mapping[str, Json]) -> Register:
    """Read the JSON of `registers/<key>.json`. Raises Invalid naming the place."""
    key = definition.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        czech = f"Klíč registru {key!r} smí mít jen malá písmena, číslice a podtržítka."
        raise Invalid(Said(czech, f"The register's key {key!r} is not made of small letters, digits and underscores."))
    schema = definition.get("schema")
    if not isinstance(schema, Mapping):
        raise Invalid(
            Said(f"Registr {key} nemá schéma záznamů.", f"The register {key!r} has no schema of its records.")
        )
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        czech = f"Schéma registru {key} není JSON Schema: {error.message}"
        raise Invalid(Said(czech, f"The schema of the register {key!r} is not JSON Schema: {error.message}")) from error
    rights, public = definition.get("rights") or {}, definition.get("public")
    register = Register(
        key=key,
        title=definition.get("title") or {},
        schema=schema,
        caption=definition.get("caption") or "",
        unique=tuple(tuple([names] if isinstance(names, str) else names) for names in definition.get("unique") or ()),
        search=tuple(definition.get("search") or ()),
        index=tuple(definition.get("index") or ()),
        columns=tuple(definition.get("columns") or ()),
        links={name: _link(name, link) for name, link in (definition.get("links") or {}).items()},
        read=frozenset(rights.get("read") or ()),
        write=frozenset(rights.get("write") or ()),
        fields={name: _field_rights(groups) for name, groups in (rights.get("fields") or {}).items()},
        public_fields=None if public is None else tuple(public.get("fields") or ()),
        public_where="" if public is None else str(public.get("where") or ""),
        public_until="" if public is None else str(public.get("until") or ""),
        position=_position(public or {}),
        pictures=str((public or {}).get("pictures") or ""),
        rules=read_rules(definition.get("rules") or ()),
        open_data=_open_data(public),
        watch=read_watches(definition.get("watch") or (), tuple(schema.get("properties", {}))),
        series=read_series(definition, tuple(schema.get("properties", {}))),
        label=definition.get("label") or {},
    )
    _only_known_fields(register)
    return register


def _only_known_fields(register: Register) -> None:
    named = {name for names in register.unique for name in names} | set(register.search) | set(register.fields)
    named |= set(register.index) | set(register.columns)
    named |= {name for rule in register.rules for name in (rule.at, rule.as_of) if name}
    shown = {*(register.position or ()), *([register.pictures] if register.pictures else [])}
    if hidden := sorted(shown - set(register.public_fields or ())):
        listed = ", ".join(hidden)
        czech = f"Registr {register.key} ukazuje na mapě nebo jako obrázky pole, která nejsou veřejná: {listed}."
        english = f"The register {register.key!r} shows on a map or as pictures fields that are not public: {listed}."
        raise Invalid(Said(czech, english))
    unknown = sorted((named | set(register.public_fields or ())) - set(register.properties))
    if unknown:
        listed = ", ".join(unknown)
        czech = f"Registr {register.key} jmenuje pole, která jeho schéma nemá: {listed}."
        raise Invalid(Said(czech, f"The register {register.key!r} names fields its schema does not have: {listed}."))


def _position(public: Mapping[str, Json]) -> tuple[str, str] | None:
    told = public.get("position")
    return (told["lat"], told["lon"]) if isinstance(told, Mapping) else None


def _open_data(public: Mapping[str, Json] | None) -> Mapping[str, Json] | None:
    told = (public or {}).get("open_data")
    return told if isinstance(told, Mapping) else {} if told else None


def _link(name: str, link: Mapping[str, Json]) -> Link:
    return Link(
        name=name,
        to=link["to"],
        title=link.get("title") or {},
        many=link.get("many", True),
        data=link.get("data") or {},
        most_together=link.get("mostTogether") or {},
    )


def _field_rights(groups: Mapping[str, Json]) -> FieldRights:
    read, write = groups.get("read"), groups.get("write")
    return FieldRights(
        read=None if read is None else frozenset(read), write=None if write is None else frozenset(write)
    )


def _is_in(actor: Actor, groups: frozenset[str]) -> bool:
    return actor.kind == "system" or ROLE_ADMIN in actor.groups or bool(groups & actor.groups)


def _shows(groups: frozenset[str] | None, actor: Actor) -> bool:
    return ROLE_AUDITOR in actor.groups or _allows(groups, actor)


def _allows(groups: frozenset[str] | None, actor: Actor) -> bool:
    return groups is None or _is_in(actor, groups)
