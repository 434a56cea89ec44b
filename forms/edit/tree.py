"""The form as a tree for its author: steps, groups, questions, conditions, in the order in which people meet them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.conditions import opener_of, tested
from forms.edit.alternatives import alternatives
from forms.edit.conditions import ANSWERED, Clause, Condition, read
from forms.edit.kinds import kind_of
from forms.edit.places import Schema, data_path, field_at, properties, required
from forms.edit.rules import RULES, rules
from forms.graph import MAX_DEPTH
from forms.pointers import escape
from forms.words import humanized

Json = Any
#: Kinds of nodes that are no questions.
STEP, SECTION, CONDITION, OTHERWISE, VARIANT, TOGETHER, SHARED = (
    *("step", "section", "condition", "otherwise", "variant", "together", "shared"),
)
#: A question of which each answer has a part of the form of its own.
ALTERNATIVES = "alternatives"
#: What has to hold between answers.
RULE = "rule"


@dataclass(frozen=True, kw_only=True)
class Node:
    """One line of the tree."""

    pointer: str
    kind: str
    name: str = ""
    title: str = ""
    required: bool = False
    children: tuple[Node, ...] = ()
    #: Container into which fields can be put here; None where none can.
    inside: str | None = None
    #: Of a condition that can be said by tests.
    condition: Condition | None = None
    #: Name of the sibling after which a conditional part stands.
    after: str | None = None


def tree(schema: Schema) -> tuple[Node, ...]:
    """Give the lines of the whole form, and after them the parts that it shares."""
    lines = list(_entitled(_ordered(schema, "", 0)))
    steps = schema.get("x-steps")
    if isinstance(steps, list) and steps:
        lines = list(_stepped(steps, lines))
    return (*lines, *_rules(schema, ""), *_shared(schema))


def _rules(part: Schema, place: str) -> Iterator[Node]:
    """Give the rules of an object that stands at a place."""
    for at, rule in enumerate(rules(part)):
        if isinstance(rule, dict):
            yield Node(pointer=f"{place}/{RULES}/{at}", kind=RULE, title=_title({"title": rule.get("message")}))


def _entitled(nodes: Iterator[Node]) -> Iterator[Node]:
    """Give what only narrows an answer asked elsewhere the label it has there."""
    made = tuple(nodes)
    titles: dict[tuple[str, ...], str] = {}
    for node in every(made):
        if node.title and node.name:
            titles.setdefault(data_path(node.pointer), node.title)
    yield from (_with_titles(node, titles) for node in made)


def _with_titles(node: Node, titles: dict[tuple[str, ...], str]) -> Node:
    children = tuple(_with_titles(child, titles) for child in node.children)
    title = node.title or (titles.get(data_path(node.pointer)) or humanized(node.name) if node.name else "")
    return replace(node, title=title, children=children)


def every(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Give all nodes, a parent before what is in it."""
    for node in nodes:
        yield node
        yield from every(node.children)


def find(nodes: tuple[Node, ...], pointer: str) -> Node | None:
    """Give the node of a place."""
    return next((node for node in every(nodes) if node.pointer == pointer), None)


def parent_of(nodes: tuple[Node, ...], pointer: str) -> Node | None:
    """Give the node in which a node stands; None at the top."""
    return next((node for node in every(nodes) if any(child.pointer == pointer for child in node.children)), None)


def siblings_of(nodes: tuple[Node, ...], pointer: str) -> tuple[Node, ...]:
    """Give the nodes among which a node stands, itself with them."""
    parent = parent_of(nodes, pointer)
    return parent.children if parent else nodes


def _ordered(schema: Json, place: str, depth: int) -> Iterator[Node]:
    """Give the fields of a container, each followed by what depends on its answer."""
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        return
    told = {one.listed: one.name for one in alternatives(schema, "") if one.name in properties(schema, "")}
    dependent = list(_dependent(schema, place, depth, told))
    waiting = {id(node): node for node in dependent}
    for name, part in _items(schema.get("properties")):
        node = _field(schema, place, (name, part), depth)
        yield replace(node, kind=ALTERNATIVES) if name in told.values() else node
        opened = [node for node in dependent if node.after == name]
        yield from opened
        for node in opened:
            waiting.pop(id(node))
    yield from waiting.values()


def _field(schema: Schema, place: str, named: tuple[str, Json], depth: int) -> Node:
    name, part = named
    pointer, kind = field_at(place, name), kind_of(part)
    node = Node(
        pointer=pointer,
        kind=kind,
        name=name,
        title=_title(part),
        required=name in required(schema, ""),
    )
    if kind == "group" or (kind == "advanced" and isinstance(part, dict) and _holds(part)):
        own = _rules(part, pointer) if kind == "group" else ()
        return replace(node, inside=pointer, children=(*_ordered(part, pointer, depth + 1), *own))
    items = part.get("items") if isinstance(part, dict) else None
    if kind == "rows" and isinstance(items, dict) and kind_of(items) == "group":
        inside = f"{pointer}/items"
        children = (*_ordered(items, inside, depth + 1), *_rules(items, inside))
        return replace(node, inside=inside, children=children)
    return node


def _holds(part: Schema) -> bool:
    return any(keyword in part for keyword in ("properties", "allOf", "oneOf", "anyOf", "if"))


def _dependent(schema: Schema, place: str, depth: int, told: Mapping[str, str]) -> Iterator[Node]:
    """Give the parts of a container that apply only for some answers, or besides."""
    yield from _branches(schema, place, depth)
    for at, part in _numbered(schema.get("allOf")):
        where = f"{place}/allOf/{at}"
        yield from _branches(part, where, depth)
        name = told.get(f"/allOf/{at}/oneOf")
        if name is not None and part.keys() == {"oneOf"}:
            yield from _variants(part, f"{where}/oneOf", depth, name)
        elif "properties" in part or ("if" not in part and _holds(part)):
            yield _group(part, where, TOGETHER, depth)
    yield from _variants(schema, f"{place}/oneOf", depth, told.get("/oneOf"))
    yield from _variants(schema, f"{place}/anyOf", depth, None)
    yield from _further(schema, place, depth)


def _variants(schema: Schema, listed: str, depth: int, name: str | None) -> Iterator[Node]:
    """Give parts of which one applies; the answer that tells them apart is asked once, before them."""
    for at, part in _numbered(schema.get(listed.rpartition("/")[2])):
        if not _holds(part):
            continue
        node = _group(part, f"{listed}/{at}", VARIANT, depth)
        if name is None:
            yield node
            continue
        asked = tuple(child for child in node.children if child.name != name)
        value = tested(properties(part, "")[name])[0]
        title = node.title or _title(properties(part, "")[name]) or str(value)
        yield replace(node, title=title, children=asked, after=name)


def _further(schema: Schema, place: str, depth: int) -> Iterator[Node]:
    """Give what is asked as soon as another question is answered."""
    for keyword in ("dependentSchemas", "dependencies"):
        for name, part in _items(schema.get(keyword)):
            if isinstance(part, dict) and _holds(part):
                where = f"{place}/{keyword}/{escape(name)}"
                once = Condition(clauses=(Clause(pointer=f"/{escape(name)}", operator=ANSWERED),))
                yield replace(_group(part, where, CONDITION, depth), after=name, condition=once)


def _branches(schema: Schema, place: str, depth: int) -> Iterator[Node]:
    if "if" not in schema:
        return
    opener = opener_of(schema["if"], holds=True)
    for keyword, kind in (("then", CONDITION), ("else", OTHERWISE)):
        part = schema.get(keyword)
        if isinstance(part, dict) and _holds(part):
            node = _group(part, f"{place}/{keyword}", kind, depth)
            yield replace(node, condition=read(schema["if"]), after=opener.name if opener else None)


def _group(part: Schema, place: str, kind: str, depth: int) -> Node:
    children = tuple(_ordered(part, place, depth + 1))
    return Node(pointer=place, kind=kind, title=_title(part), children=children, inside=place)


def _shared(schema: Schema) -> Iterator[Node]:
    for keyword in ("$defs", "definitions"):
        for name, part in _items(schema.get(keyword)):
            if not isinstance(part, dict):
                continue
            pointer = f"/{keyword}/{escape(name)}"
            node = Node(pointer=pointer, kind=SHARED, name=name, title=_title(part))
            inside = _inside(part, pointer)
            children = tuple(_ordered(part if inside == pointer else part["items"], inside, 1)) if inside else ()
            yield from _entitled(iter((replace(node, inside=inside, children=children),)))


def _inside(part: Schema, pointer: str) -> str | None:
    if _holds(part):
        return pointer
    items = part.get("items")
    return f"{pointer}/items" if isinstance(items, dict) and _holds(items) else None


def _stepped(steps: list[Json], lines: list[Node]) -> Iterator[Node]:
    """Put the top fields into their steps; what no step names goes with its opener, else to the last one."""
    by_name = {node.name: node for node in lines if node.kind not in (CONDITION, OTHERWISE, VARIANT, TOGETHER)}
    loose = [node for node in lines if node.name not in by_name or by_name[node.name] is not node]
    named = [list(_names(step)) for step in steps]
    unnamed = [name for name in by_name if not any(name in names for names in named)]
    for at, step in enumerate(steps):
        rest = unnamed if at == len(steps) - 1 else []
        yield _step(step, f"/x-steps/{at}", by_name, loose, rest, last=at == len(steps) - 1)


def _step(step: Json, place: str, by_name: dict[str, Node], loose: list[Node], rest: list[str], *, last: bool) -> Node:
    fields = step.get("fields") if isinstance(step, dict) else None
    children: list[Node] = []
    for at, entry in enumerate(fields if isinstance(fields, list) else []):
        if isinstance(entry, dict):
            inner = tuple(_with_opened((_bare(name) for name in entry.get("fields", [])), by_name, loose))
            where = f"{place}/fields/{at}"
            children.append(Node(pointer=where, kind=SECTION, title=_title(entry), children=inner, inside=where))
        else:
            children += _with_opened([_bare(entry)], by_name, loose)
    children += _with_opened(rest, by_name, loose)
    children += loose if last else []
    return Node(pointer=place, kind=STEP, title=_title(step), children=tuple(children), inside=place)


def _with_opened(names: Any, by_name: dict[str, Node], loose: list[Node]) -> Iterator[Node]:
    for name in names:
        if name in by_name:
            yield by_name[name]
            opened = [node for node in loose if node.after == name]
            yield from opened
            loose[:] = [node for node in loose if node not in opened]


def _names(step: Json) -> Iterator[str]:
    fields = step.get("fields") if isinstance(step, dict) else None
    for entry in fields if isinstance(fields, list) else []:
        inner = entry.get("fields", []) if isinstance(entry, dict) else [entry]
        yield from (_bare(name) for name in inner)


def _bare(name: Json) -> str:
    return str(name).removeprefix("/").replace("~1", "/").replace("~0", "~")


def _title(part: Json) -> str:
    title = part.get("title") if isinstance(part, dict) else None
    if isinstance(title, dict):
        title = title.get("cs") or next(iter(title.values()), "")
    return title if isinstance(title, str) else ""


def _items(value: Json) -> list[tuple[str, Json]]:
    return list(value.items()) if isinstance(value, dict) else []


def _numbered(value: Json) -> list[tuple[int, Schema]]:
    return [(at, part) for at, part in enumerate(value if isinstance(value, list) else []) if isinstance(part, dict)]
