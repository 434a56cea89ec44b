"""What differs between two versions of a text, line by line, with the lines around. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: Lines shown around a difference.
AROUND = 2


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a difference; "gap" stands for lines that are left out."""

    kind: Literal["same", "out", "in", "gap"]
    text: str = ""


def difference(before: str, after: str) -> Sequence[Line]:
    """Give the lines that differ and those around them; none where nothing differs."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return list(_lines(matcher, old, new)) if old != new else []


def _lines(matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    end = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            yield Line(kind="gap")
        for tag, begin, end, first, last in group:
            if tag == "equal":
                yield from (Line(kind="same", text=one) for one in old[begin:end])
            else:
                yield from (Line(kind="out", text=one) for one in old[begin:end])
                yield from (Line(kind="in", text=one) for one in new[first:last])
    if end < len(old):
        yield Line(kind="gap")
