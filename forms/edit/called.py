"""What answers and their values are called in a form, so that people are told of them by labels, not by names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forms.edit.places import Schema, data_path, is_field
from forms.edit.tree import every, tree
from forms.pointers import get, split

Json = Any
#: Names through which an answer is reached; "*" stands for a row.
Path = tuple[str, ...]
ROW = "*"


@dataclass(frozen=True, kw_only=True)
class Called:
    """Labels of answers, and of the values that they are chosen from."""

    labels: Mapping[Path, str] = field(default_factory=dict)
    #: The values as they are written in Python, which tells 1 from "1" and from true.
    values: Mapping[Path, Mapping[str, str]] = field(default_factory=dict)
    #: The object in which pointers begin.
    container: Path = ()

    def inside(self, container: Path) -> Called:
        """Give the same for pointers that begin in an object of the form."""
        return replace(self, container=container)

    def answer(self, pointer: str) -> str:
        """Give what an answer is called, groups around it first; its name where it has no label."""
        path = self._path(pointer)
        shown = range(len(self.container) if path[: len(self.container)] == self.container else 0, len(path))
        return " › ".join(self.labels.get(path[: at + 1]) or path[at] for at in shown if path[at] != ROW)

    def column(self, pointer: str, name: str) -> str:
        """Give what an answer of the rows of a group is called, after the group."""
        return f"{self.answer(pointer)} › {self.labels.get((*self._path(pointer), ROW, name)) or name}"

    def value(self, pointer: str, value: Json) -> str | None:
        """Give what a value of an answer is called; None where it is not chosen from a list."""
        return self.values.get(self._path(pointer), {}).get(repr(value))

    def _path(self, pointer: str) -> Path:
        names = tuple(split(pointer))
        near = (*self.container, *names)
        return near if near in self.labels or names not in self.labels else names


def called(schema: Schema) -> Called:
    """Read the labels of a form."""
    fields = [node for node in every(tree(schema)) if is_field(node.pointer)]
    labels = {data_path(node.pointer): node.title for node in fields if node.title}
    values = {data_path(node.pointer): dict(_values(get(schema, node.pointer))) for node in fields}
    return Called(labels=labels, values=values)


def _values(shape: Json) -> Iterator[tuple[str, str]]:
    items = shape.get("items") if isinstance(shape, dict) else None
    for one in (shape, items):
        listed = one.get("oneOf") if isinstance(one, dict) else None
        for choice in listed if isinstance(listed, list) else ():
            if isinstance(choice, dict) and "const" in choice and isinstance(choice.get("title"), str):
                yield repr(choice["const"]), choice["title"]
