"""What changed between two versions of a form, field by field, for people."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.edit import alternatives
from forms.edit.branches import ELSE, side_of
from forms.edit.places import Schema, container_of, data_path, is_field
from forms.edit.rules import RULES
from forms.edit.tree import RULE, VARIANT, Node, every, tree
from forms.pointers import MISSING, get

Json = Any
#: What is told of fields one by one, not of the object that holds them.
_HELD = frozenset(("properties", "required", "allOf", "if", "then", "else", "$defs", "definitions", "x-translations"))
_HELD |= {RULES}
#: What a change is about, where it is no field.
FIELD, ALTERNATIVE, RULE_ACROSS = "field", "variant", "rule"
ADDED, REMOVED, CHANGED, MOVED, WHOLE = "added", "removed", "changed", "moved", "whole"


@dataclass(frozen=True, kw_only=True)
class Keyword:
    """One keyword before and after; MISSING where it isn't there."""

    name: str
    before: Json
    after: Json


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference: a field that came, went, moved or changed, or the form as a whole."""

    kind: str
    label: str = ""
    #: FIELD, ALTERNATIVE or RULE_ACROSS.
    what: str = FIELD
    #: Labels of the groups around it.
    within: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    #: Names through which the object is reached in which its pointers begin.
    container: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Seen:
    node: Node
    within: tuple[str, ...]
    schema: Json
    asked: Json
    #: On which side of a condition it stands: "then", "else" or "".
    side: str
    order: int


def difference(old: Schema, new: Schema) -> list[Change]:
    """Give the changes in the order of the new form, then what went away."""
    before, after = dict(_fields(old)), dict(_fields(new))
    found = list(_whole(old, new))
    for path, seen in after.items():
        if path not in before:
            found.append(Change(kind=ADDED, label=seen.node.title, within=seen.within))
        elif keywords := tuple(_keywords(before[path], seen)):
            container = data_path(container_of(seen.node.pointer))
            found.append(
                Change(kind=CHANGED, label=seen.node.title, within=seen.within, keywords=keywords, container=container)
            )
    gone = [seen for path, seen in before.items() if path not in after]
    found += [Change(kind=REMOVED, label=seen.node.title, within=seen.within) for seen in gone]
    return [*found, *_parts(_alternatives(old), _alternatives(new)), *_rules(old, new), *_moved(before, after)]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """An alternative or a rule: what it is called, and the keywords that people are told of."""

    what: str
    label: str
    within: tuple[str, ...]
    said: Schema
    container: tuple[str, ...] = ()


def _alternatives(schema: Schema) -> dict[Hashable, _Part]:
    """Give the alternatives by the answer that tells them apart and its value."""
    nodes = tree(schema)
    around = dict(_around(nodes, ()))
    found: dict[Hashable, _Part] = {}
    for node in every(nodes):
        told = alternatives.variant_of(schema, node.pointer) if node.kind == VARIANT else None
        if told is not None:
            value = told.values[int(node.pointer.rpartition("/")[2])]
            key = (*data_path(told.listed), told.name, repr(value))
            within = around[node.pointer]
            found[key] = _Part(what=ALTERNATIVE, label=node.title, within=within, said={"title": node.title})
    return found


def _rules(old: Schema, new: Schema) -> Iterator[Change]:
    """Tell rules apart by their sentence, else by what they check; the same ones are no change."""
    before, after = _listed_rules(old), _listed_rules(new)
    left = [one for one in before if one not in after]
    came = [one for one in after if one not in before]
    pairs: dict[Hashable, _Part] = {}
    for at, one in enumerate(came):
        known = next((was for was in left if was.within == one.within and _alike(was.said, one.said)), None)
        if known is not None:
            left.remove(known)
            pairs[at] = known
    rest = {f"-{at}": one for at, one in enumerate(left)}
    yield from _parts({**pairs, **rest}, dict(enumerate(came)))


def _alike(one: Schema, other: Schema) -> bool:
    return any(one[name] == other[name] for name in ("message", "check"))


def _listed_rules(schema: Schema) -> list[_Part]:
    nodes = tree(schema)
    around = dict(_around(nodes, ()))
    rules = [(node, get(schema, node.pointer)) for node in every(nodes) if node.kind == RULE]
    return [
        _Part(
            what=RULE_ACROSS,
            label=node.title,
            within=around[node.pointer],
            said={name: rule.get(name) for name in ("message", "check", "at")},
            container=data_path(node.pointer),
        )
        for node, rule in rules
    ]


def _parts(before: Mapping[Any, _Part], after: Mapping[Any, _Part]) -> Iterator[Change]:
    for key, one in after.items():
        was = before.get(key)
        if was is None:
            yield Change(kind=ADDED, what=one.what, label=one.label, within=one.within)
        elif was.said != one.said:
            keywords = tuple(_compared(was.said, one.said, list(one.said)))
            yield Change(
                kind=CHANGED,
                what=one.what,
                label=one.label,
                within=one.within,
                keywords=keywords,
                container=one.container,
            )
    for key, one in before.items():
        if key not in after:
            yield Change(kind=REMOVED, what=one.what, label=one.label, within=one.within)


def _fields(schema: Schema) -> Iterator[tuple[tuple[str, ...], _Seen]]:
    nodes = tree(schema)
    around = dict(_around(nodes, ()))
    seen: set[tuple[str, ...]] = set()
    for order, node in enumerate(every(nodes)):
        if not is_field(node.pointer):
            continue
        # The same answer may be asked in several branches; each is told by its own place then.
        path = data_path(node.pointer)
        path = path if path not in seen else (node.pointer,)
        seen.add(path)
        branch, side = side_of(container_of(node.pointer))
        asked = get(schema, branch + "/if") if side else MISSING
        yield (
            path,
            _Seen(
                node=node,
                within=around[node.pointer],
                schema=get(schema, node.pointer),
                asked=asked,
                side=side,
                order=order,
            ),
        )


def _around(nodes: tuple[Node, ...], within: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in nodes:
        yield node.pointer, within
        yield from _around(node.children, (*within, node.title) if node.title else within)


def _whole(old: Schema, new: Schema) -> Iterator[Change]:
    held = _held(old, new)
    names = [name for name in {**old, **new} if name not in held]
    changed = tuple(_compared(old, new, names))
    if old.get("x-translations") != new.get("x-translations"):
        changed = (*changed, Keyword(name="x-translations", before=MISSING, after=MISSING))
    if changed:
        yield Change(kind=WHOLE, keywords=changed)


def _keywords(before: _Seen, after: _Seen) -> Iterator[Keyword]:
    old = before.schema if isinstance(before.schema, dict) else {}
    new = after.schema if isinstance(after.schema, dict) else {}
    held = _held(old, new) if after.node.inside is not None else _HELD - {"required"}
    held = held if after.node.kind == "group" else held - {RULES}
    names = [name for name in {**old, **new} if name not in held and not (name == "items" and after.node.inside)]
    yield from _compared(old, new, names)
    if before.node.required != after.node.required:
        yield Keyword(name="required", before=before.node.required, after=after.node.required)
    if before.asked != after.asked:
        yield Keyword(name="if", before=before.asked, after=after.asked)
    if (before.side == ELSE) != (after.side == ELSE):
        yield Keyword(name="else", before=before.side == ELSE, after=after.side == ELSE)


def _held(old: Schema, new: Schema) -> frozenset[str]:
    """Give what isn't told of the object: of alternatives each one is told."""
    told = any(one.listed == "/oneOf" for part in (old, new) for one in alternatives.alternatives(part, ""))
    return _HELD | {"oneOf"} if told else _HELD


def _compared(old: Schema, new: Schema, names: list[str]) -> Iterator[Keyword]:
    for name in names:
        before, after = old.get(name, MISSING), new.get(name, MISSING)
        if before != after or isinstance(before, bool) != isinstance(after, bool):
            yield Keyword(name=name, before=before, after=after)


def _moved(before: dict[tuple[str, ...], _Seen], after: dict[tuple[str, ...], _Seen]) -> Iterator[Change]:
    """Tell the fields that stand elsewhere among those that both versions have: as few as explain the order."""
    both = [path for path in after if path in before]
    kept = _longest_rising([before[path].order for path in both])
    for at, path in enumerate(both):
        if at not in kept:
            yield Change(kind=MOVED, label=after[path].node.title, within=after[path].within)


def _longest_rising(numbers: list[int]) -> set[int]:
    """Give the places of a longest rising run: what did not have to move."""
    best: list[tuple[int, int]] = []
    for at, number in enumerate(numbers):
        lower = [(best[i][0], i) for i in range(at) if numbers[i] < number]
        length, previous = max(lower, default=(0, -1))
        best.append((length + 1, previous))
    kept: set[int] = set()
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while at >= 0:
        kept.add(at)
        at = best[at][1]
    return kept
