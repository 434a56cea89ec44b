"""Whatever a broken drawing is: the sketch passes the check and runs, or says why not. Nothing is raised."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.check import check_bpmn
from engine.diagram import FLOW_NODES
from engine.headless import run
from engine.reading.xml import BPMN
from engine.sketch import sketch

DRAWN = [path.read_bytes() for path in sorted((Path(__file__).parent / "drawn").glob("*.bpmn"))]
KINDS = sorted(FLOW_NODES)
INSIDE = [
    *("messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition"),
    *("conditionalEventDefinition", "compensateEventDefinition", "linkEventDefinition", "terminateEventDefinition"),
    *("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"),
]
ATTRIBUTES = ["isForCompensation", "triggeredByEvent", "instantiate", "cancelActivity", "startQuantity", "default"]
VALUES = ["", "true", "false", "0", "abc", "${x}", "1 2", "č"]


def broken(content: bytes, seed: int) -> bytes:
    """Change a drawing at some places."""
    root, dice = etree.fromstring(content), random.Random(seed)
    for _ in range(dice.randint(1, 4)):
        elements = [e for e in root.iter(BPMN + "*") if e is not root]
        nodes = [e for e in elements if e.tag in {BPMN + kind for kind in KINDS}]
        if nodes:
            dice.choice(CHANGES)(dice, elements, nodes)
    return etree.tostring(root)


def remove(dice: random.Random, elements: list, nodes: list) -> None:
    one = dice.choice(elements)
    one.getparent().remove(one)


def lead_elsewhere(dice: random.Random, elements: list, nodes: list) -> None:
    dice.choice(elements).set(
        dice.choice(["sourceRef", "targetRef", "attachedToRef"]), dice.choice(nodes).get("id", "")
    )


def name_twice(dice: random.Random, elements: list, nodes: list) -> None:
    dice.choice(elements).set("id", dice.choice(nodes).get("id", ""))


def lose_name(dice: random.Random, elements: list, nodes: list) -> None:
    one = dice.choice(elements)
    if one.attrib:
        del one.attrib[dice.choice(sorted(one.attrib))]


def turn(dice: random.Random, elements: list, nodes: list) -> None:
    dice.choice(nodes).tag = BPMN + dice.choice(KINDS)


def put_inside(dice: random.Random, elements: list, nodes: list) -> None:
    etree.SubElement(dice.choice(nodes), BPMN + dice.choice(INSIDE))


def set_something(dice: random.Random, elements: list, nodes: list) -> None:
    dice.choice(nodes).set(dice.choice(ATTRIBUTES), dice.choice(VALUES))


def join(dice: random.Random, elements: list, nodes: list) -> None:
    one, other = dice.choice(nodes), dice.choice(nodes)
    ends = {"sourceRef": one.get("id", ""), "targetRef": other.get("id", "")}
    etree.SubElement(one.getparent(), BPMN + "sequenceFlow", {"id": f"new{dice.randrange(10**6)}", **ends})


CHANGES = [remove, lead_elsewhere, name_twice, lose_name, turn, put_inside, set_something, join]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(DRAWN), st.integers(0, 10**6))
def test_a_broken_drawing_runs_or_is_refused_with_a_reason(content: bytes, seed: int) -> None:
    result = sketch(broken(content, seed), lang="en")
    assert result.ok or result.todo
    if result.content is not None:
        assert [p for p in check_bpmn(result.content, lang="en") if p.severity == "error"] == []
        assert run(result.content, max_steps=3_000).status != "refused"
