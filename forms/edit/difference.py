"""What changed between two versions of a form, field by field, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forms.edit.places import Schema, container_of, data_path, is_field
from forms.edit.tree import Node, every, tree
from forms.pointers import MISSING, get

Json = Any
#: What is told of fields one by one, not of the object that holds them.
_HELD = frozenset(("properties", "required", "allOf", "if", "then", "else", "$defs", "definitions", "x-translations"))
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
    #: Labels of the groups around it.
    within: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Seen:
    node: Node
    within: tuple[str, ...]
    schema: Json
    asked: Json
    order: int


def difference(old: Schema, new: Schema) -> list[Change]:
    """Give the changes in the order of the new form, then what went away."""
    before, after = dict(_fields(old)), dict(_fields(new))
    found = list(_whole(old, new))
    for path, seen in after.items():
        if path not in before:
            found.append(Change(kind=ADDED, label=seen.node.title, within=seen.within))
        elif keywords := tuple(_keywords(before[path], seen)):
            found.append(Change(kind=CHANGED, label=seen.node.title, within=seen.within, keywords=keywords))
    gone = [seen for path, seen in before.items() if path not in after]
    found += [Change(kind=REMOVED, label=seen.node.title, within=seen.within) for seen in gone]
    return [*found, *_moved(before, after)]


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
        holder = container_of(node.pointer)
        asked = get(schema, holder.rpartition("/")[0] + "/if") if holder.endswith(("/then", "/else")) else MISSING
        yield (
            path,
            _Seen(
                node=node,
                within=around[node.pointer],
                schema=get(schema, node.pointer),
                asked=asked,
                order=order,
            ),
        )


def _around(nodes: tuple[Node, ...], within: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in nodes:
        yield node.pointer, within
        yield from _around(node.children, (*within, node.title) if node.title else within)


def _whole(old: Schema, new: Schema) -> Iterator[Change]:
    names = [name for name in {**old, **new} if name not in _HELD]
    changed = tuple(_compared(old, new, names))
    if old.get("x-translations") != new.get("x-translations"):
        changed = (*changed, Keyword(name="x-translations", before=MISSING, after=MISSING))
    if changed:
        yield Change(kind=WHOLE, keywords=changed)


def _keywords(before: _Seen, after: _Seen) -> Iterator[Keyword]:
    old = before.schema if isinstance(before.schema, dict) else {}
    new = after.schema if isinstance(after.schema, dict) else {}
    held = _HELD if after.node.inside is not None else _HELD - {"required"}
    names = [name for name in {**old, **new} if name not in held and not (name == "items" and after.node.inside)]
    yield from _compared(old, new, names)
    if before.node.required != after.node.required:
        yield Keyword(name="required", before=before.node.required, after=after.node.required)
    if before.asked != after.asked:
        yield Keyword(name="if", before=before.asked, after=after.asked)


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
