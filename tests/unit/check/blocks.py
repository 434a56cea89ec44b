"""Processes made of blocks that fit, hence sound by construction; and one block that doesn't fit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, pairwise
from typing import Any

from hypothesis import strategies as st

from engine.check.soundness import soundness_problems
from engine.diagram import Problem
from engine.reading import read_model
from tests.unit.check.bpmn import file, flow, formal, node, process

#: task, or (kind, blocks)
Block = Any
SPLITS = {"xor": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway"}

BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just("task"),
    lambda inner: st.tuples(
        st.sampled_from(["sequence", "xor", "and", "or", "loop", "sub", "timer"]),
        st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=7,
)


class Drawing:
    """Turns a block into BPMN."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.parts: list[str] = []

    def name(self, letter: str) -> str:
        """Give a fresh id."""
        return f"{letter}{next(self.numbers)}"

    def flow(self, source: str, target: str, condition: str | None = None) -> str:
        """Draw a flow and give its id."""
        identifier = self.name("f")
        self.parts.append(flow(source, target, condition, identifier))
        return identifier

    def draw(self, block: Block) -> tuple[str, str]:
        """Draw a block; gives where it begins and ends."""
        if block == "task":
            task = self.name("t")
            self.parts.append(node("userTask", task))
            return task, task
        kind, inner = block
        return getattr(self, kind if kind not in SPLITS else "split")(inner, kind)

    def sequence(self, inner: list[Block], kind: str) -> tuple[str, str]:
        ends = [self.draw(block) for block in inner]
        for one, other in pairwise(ends):
            self.flow(one[1], other[0])
        return ends[0][0], ends[-1][1]

    def split(self, inner: list[Block], kind: str, join: str | None = None) -> tuple[str, str]:
        fork, end = self.name("g"), self.name("j")
        flows = []
        for number, block in enumerate(inner):
            first, last = self.draw(block)
            conditional = kind != "and" and number
            flows.append(self.flow(fork, first, f"x == {number}" if conditional else None))
            self.flow(last, end)
        self.parts.append(node(SPLITS[kind], fork, "", "" if kind == "and" else f'default="{flows[0]}"'))
        self.parts.append(node(SPLITS[join or kind], end))
        return fork, end

    def misfit(self, inner: list[Block], kind: str) -> tuple[str, str]:
        """An exclusive split with a parallel join."""
        return self.split(inner, "xor", "and")

    def loop(self, inner: list[Block], kind: str) -> tuple[str, str]:
        merge, fork = self.name("m"), self.name("g")
        first, last = self.sequence(inner, kind)
        after = self.name("t")
        self.parts.append(node("userTask", after))
        self.flow(merge, first)
        self.flow(last, fork)
        out = self.flow(fork, after)
        self.flow(fork, merge, "again")
        self.parts += [node("exclusiveGateway", merge), node("exclusiveGateway", fork, "", f'default="{out}"')]
        return merge, after

    def sub(self, inner: list[Block], kind: str) -> tuple[str, str]:
        outer, self.parts = self.parts, []
        body = self.closed(inner)
        self.parts = outer
        name = self.name("sub")
        self.parts.append(node("subProcess", name, body))
        return name, name

    def timer(self, inner: list[Block], kind: str) -> tuple[str, str]:
        """A sub-process with an interrupting timer at its boundary, whose way joins again."""
        name, _ = self.sub(inner, kind)
        event, merge, late = self.name("b"), self.name("m"), self.name("t")
        inside = f"<timerEventDefinition>{formal('timeDuration', 'P1D')}</timerEventDefinition>"
        self.parts += [node("boundaryEvent", event, inside, f'attachedToRef="{name}"'), node("userTask", late)]
        self.parts.append(node("exclusiveGateway", merge))
        self.flow(event, late)
        self.flow(late, merge)
        self.flow(name, merge)
        return name, merge

    def closed(self, inner: list[Block]) -> str:
        """Draw blocks one after another between a start and an end."""
        start, end = self.name("s"), self.name("e")
        first, last = self.sequence(inner, "sequence")
        self.parts += [node("startEvent", start), node("endEvent", end)]
        self.flow(start, first)
        self.flow(last, end)
        return "".join(self.parts)


def problems_of(*blocks: Block) -> Iterator[Problem]:
    """Explore a process of blocks."""
    return soundness_problems(read_model(file(process(Drawing().closed(list(blocks))))), "en", most=4_000)
