"""A schema with its references followed: one graph of plain dicts, in which a recursive reference is a cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urljoin

from forms.errors import FormSchemaError
from forms.pointers import MISSING, escape, get

Schema = dict[str, Any]

LIBRARY = "library:"
#: Deeper nesting than any form has; keeps recursion far from Python's limit.
MAX_DEPTH = 60
MAX_NODES = 20_000
#: Schemas that apply to one value; references to parts that refer twice each double with every step.
MAX_IN_PLACE = 3_000

_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_SINGLES = (
    *("items", "additionalItems", "additionalProperties", "not", "if", "then", "else"),
    *("contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"),
)
_DROPPED = ("$id", "id", "$schema", "$anchor", "$defs", "definitions")
#: Keywords that apply a schema to the same value again.
_IN_PLACE = ("not", "if", "then", "else")


class Graph:
    """The followed schema: `root`, and where each of its dicts came from."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        library: Mapping[str, Mapping[str, Any]],
        *,
        old: bool,
        ignored: frozenset[str] = frozenset(),
    ) -> None:
        #: Keywords of other drafts than the schema's.
        self._ignored = ignored
        #: Up to draft 7 what stands beside a reference doesn't count, except for words.
        self._old = old
        self._documents: dict[str, Mapping[str, Any]] = {"": schema, **{LIBRARY + key: s for key, s in library.items()}}
        #: Names of parts of the file, by `$id` and `$anchor`.
        self._named = dict(_names(schema, "", ""))
        self._base = _base_of(schema)
        self._followed: dict[tuple[str, str], Any] = {}
        self._origins: dict[int, tuple[str, str]] = {}
        #: Pointers and sentences about what isn't right and yet can be asked.
        #: Pointer, the reference, what is said of it.
        self.warnings: list[tuple[str, str, str]] = []
        self.root = self._follow("", "", 0)
        _refuse_endless(self.root)

    def understands(self, keyword: str) -> bool:
        """Whether a keyword means something in the draft in which the schema is written."""
        return keyword not in self._ignored

    def origin(self, schema: Schema) -> tuple[Mapping[str, Any], str]:
        """Give the document in which this part stands and its pointer there."""
        document, pointer = self._origins.get(id(schema), ("", "/?"))
        return self._documents[document], pointer

    def adopt(self, made: Schema, like: Schema) -> Schema:
        """Remember a dict made of others as coming from the place of one of them."""
        self._origins[id(made)] = self._origins.get(id(like), ("", "/?"))
        return made

    def every(self) -> Iterator[Schema]:
        """Give every schema that can be reached, once."""
        return schemas(self.root)

    def _follow(self, document: str, pointer: str, depth: int) -> Any:
        place = (document, pointer)
        if place in self._followed:
            return self._followed[place]
        raw = get(self._documents[document], pointer)
        if not isinstance(raw, dict):
            return {} if raw is MISSING else raw
        if depth > MAX_DEPTH or len(self._followed) > MAX_NODES:
            raise FormSchemaError(
                "Schéma je na formulář příliš hluboké nebo velké.",
                "The schema is too deep or too large for a form.",
                pointer,
            )
        if raw.keys() <= {"$ref", "$comment"} and isinstance(raw.get("$ref"), str):
            self._followed[place] = self._follow(*self._locate(raw["$ref"], place), depth + 1)
            return self._followed[place]
        made: Schema = {}
        self._followed[place] = made
        self._origins[id(made)] = place
        made.update(self._copy(raw, place, depth))
        return made

    def _copy(self, raw: Schema, place: tuple[str, str], depth: int) -> Schema:
        document, pointer = place
        made: Schema = {}
        words_only = self._old and "$ref" in raw
        for keyword, value in raw.items():
            if (
                keyword in _DROPPED
                or keyword in self._ignored
                or keyword == "$ref"
                or (words_only and not _is_word(keyword))
            ):
                continue
            made[keyword] = self._value(keyword, value, (document, f"{pointer}/{escape(keyword)}"), depth)
        if isinstance(raw.get("$ref"), str):
            target = self._follow(*self._locate(raw["$ref"], place), depth + 1)
            made["allOf"] = [*made.get("allOf", []), target]
        return made

    def _value(self, keyword: str, value: Any, place: tuple[str, str], depth: int) -> Any:
        document, pointer = place
        if keyword in _MAPS and isinstance(value, dict):
            return {name: self._follow(document, f"{pointer}/{escape(name)}", depth + 1) for name in value}
        if keyword in _LISTS and isinstance(value, list):
            return [self._follow(document, f"{pointer}/{index}", depth + 1) for index in range(len(value))]
        if keyword in _SINGLES and isinstance(value, dict):
            return self._follow(document, pointer, depth + 1)
        if keyword in ("$dynamicRef", "$recursiveRef"):
            raise FormSchemaError(
                f"{keyword} do profilu formulářů nepatří.", f"{keyword} is not part of the forms' profile.", pointer
            )
        return value

    def _locate(self, reference: str, place: tuple[str, str]) -> tuple[str, str]:
        document, pointer = place
        target, _, fragment = reference.partition("#")
        part = ""
        if target.startswith(LIBRARY):
            document = target
        elif target:
            # An address is only a name here: a part of this file may have it, nothing is ever fetched.
            document, part = "", self._named.get(urljoin(self._base, target), "?")
        if part == "?" or document not in self._documents:
            raise FormSchemaError(
                f"Odkaz {reference} vede ven ze souboru; odkázat se dá jen na #/… a library:….",
                f"The reference {reference} leads outside the file; only #/… and library:… can be referred to.",
                pointer,
            )
        found = unquote(fragment)
        if found and not found.startswith("/"):
            found = self._anchor(document, found)
        found = part + found
        if not isinstance(get(self._documents[document], found), dict | bool):
            said = f"The reference {reference} leads nowhere; anything can be answered here."
            self.warnings.append((pointer, reference, said))
        return document, found

    def _anchor(self, document: str, name: str) -> str:
        named = self._named if not document else dict(_names(self._documents[document], "", ""))
        return named.get("#" + name, "/?")


def _is_word(keyword: str) -> bool:
    return keyword in ("title", "description", "default", "examples", "readOnly") or keyword.startswith("x-")


def _base_of(schema: Any) -> str:
    """Give the address by which a schema calls itself, without an anchor."""
    named = (schema.get("$id") or schema.get("id")) if isinstance(schema, Mapping) else None
    return named.partition("#")[0] if isinstance(named, str) else ""


def _names(schema: Any, pointer: str, base: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Give the names of a schema and its parts, addresses and `#anchors`, with their pointers."""
    if depth > MAX_DEPTH or not isinstance(schema, Mapping):
        return
    base = urljoin(base, _base_of(schema))
    if _base_of(schema):
        yield base, pointer
    for keyword in ("$anchor", "$id", "id"):
        named = schema.get(keyword)
        if isinstance(named, str) and (keyword == "$anchor" or named.startswith("#")):
            yield "#" + named.removeprefix("#"), pointer
    for part, place in _raw_parts(schema, pointer):
        yield from _names(part, place, base, depth + 1)


def _raw_parts(schema: Mapping[str, Any], pointer: str) -> Iterator[tuple[Any, str]]:
    """Give the parts of a schema as it is written, with their pointers."""
    for keyword, value in schema.items():
        place = f"{pointer}/{escape(keyword)}"
        if keyword in _MAPS and isinstance(value, Mapping):
            yield from ((part, f"{place}/{escape(name)}") for name, part in value.items())
        elif keyword in _LISTS and isinstance(value, list):
            yield from ((part, f"{place}/{index}") for index, part in enumerate(value))
        elif keyword in _SINGLES:
            yield value, place


def _refuse_endless(root: Any) -> None:
    """Refuse schemas that apply themselves to the same value for ever, or many thousand parts to it."""
    counts: dict[int, int] = {}
    for schema in schemas(root):
        _count(schema, [], counts)


def _count(schema: Schema, path: list[int], counts: dict[int, int]) -> int:
    """Count the schemas that apply at one place because of this one, through every reference."""
    if id(schema) in path:
        raise FormSchemaError(
            "Odkaz vede zpět sám na sebe, aniž by vedl do dat.",
            "A reference leads back to itself without going into the data.",
        )
    if id(schema) not in counts:
        counts[id(schema)] = 1 + sum(_count(part, [*path, id(schema)], counts) for part in in_place(schema))
    if counts[id(schema)] > MAX_IN_PLACE:
        raise FormSchemaError(
            "Na jednom místě platí příliš mnoho schémat; formulář by se mohl počítat věčně.",
            "Too many schemas apply at one place; the form could take for ever.",
        )
    return counts[id(schema)]


def in_place(schema: Schema) -> Iterator[Schema]:
    """Give the schemas that apply to the same value as this one."""
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from (part for part in schema.get(keyword, ()) if isinstance(part, dict))
    for keyword in _IN_PLACE:
        if isinstance(schema.get(keyword), dict):
            yield schema[keyword]
    for keyword in ("dependentSchemas", "dependencies"):
        yield from (part for part in schema.get(keyword, {}).values() if isinstance(part, dict))


def properties_in_place(root: Schema) -> Iterator[tuple[str, Any]]:
    """Give the properties that a schema describes, those of its conditions and alternatives too, with their schemas."""
    seen: set[int] = set()
    waiting = [root]
    for schema in waiting:
        if id(schema) not in seen:
            seen.add(id(schema))
            yield from schema.get("properties", {}).items()
            waiting.extend(in_place(schema))


def schemas(root: Any) -> Iterator[Schema]:
    """Give every schema of the graph once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        schema = waiting.pop()
        if isinstance(schema, dict) and id(schema) not in seen:
            seen.add(id(schema))
            yield schema
            waiting.extend(_parts(schema))


def _parts(schema: Schema) -> Iterator[Any]:
    for keyword in _MAPS:
        if isinstance(schema.get(keyword), dict):
            yield from schema[keyword].values()
    for keyword in _LISTS:
        if isinstance(schema.get(keyword), list):
            yield from schema[keyword]
    for keyword in _SINGLES:
        yield schema.get(keyword)
