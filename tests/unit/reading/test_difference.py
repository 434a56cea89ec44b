"""What differs between two versions of a diagram."""

from __future__ import annotations

import pytest

from engine.errors import UnreadableModel
from engine.reading.difference import differences
from processes.catalogue import load

DRAWN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  id="d" targetNamespace="https://example.cz">
<process id="p" isExecutable="true"><startEvent id="s"/>
<sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<userTask id="t" name="Posoudit"><documentation>Text.</documentation><extensionElements>
<radnice:task form="check" group="board"/><radnice:connector name="mail.send">
<radnice:parameter name="to" value="a"/></radnice:connector></extensionElements></userTask>
<sequenceFlow id="g" sourceRef="t" targetRef="e"><conditionExpression>ok</conditionExpression></sequenceFlow>
<endEvent id="e" name="Hotovo"/></process>
<bpmndi:BPMNDiagram id="x"><bpmndi:BPMNPlane id="y" bpmnElement="p">
<bpmndi:BPMNShape id="t_s" bpmnElement="t"><dc:Bounds x="200" y="100" width="100" height="80"/></bpmndi:BPMNShape>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"""


def told(after: str, before: str = DRAWN) -> list[tuple[str, str, list[tuple[str, str | None, str | None]]]]:
    """Each change with its facts."""
    found = differences(before.encode(), after.encode())
    return [(one.state, one.element, [(fact.key, fact.before, fact.after) for fact in one.facts]) for one in found]


def test_the_same_diagram_written_otherwise_does_not_differ() -> None:
    assert told(DRAWN) == []
    prefixed = DRAWN.replace("<userTask", '<b:userTask xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"')
    prefixed = prefixed.replace("</userTask>", "</b:userTask>").replace('group="board"', ' group = "board" ')
    assert told(prefixed) == []
    assert told(DRAWN.replace('<endEvent id="e"', '<endEvent id="e" isForCompensation="false"')) == []


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ('name="Posoudit"', 'name="Schválit"', ("t", "name", "Posoudit", "Schválit")),
        ('group="board"', 'group="council"', ("t", "task@group", "board", "council")),
        ('value="a"', 'value="b"', ("t", "connector/parameter[to]@value", "a", "b")),
        (">Text.<", ">Jiný.<", ("t", "documentation", "Text.", "Jiný.")),
        (">ok<", ">not ok<", ("g", "conditionExpression", "ok", "not ok")),
        ('sourceRef="t" targetRef="e"', 'sourceRef="t" targetRef="t"', ("g", "targetRef", "Hotovo", "Posoudit")),
        (' form="check"', "", ("t", "task@form", "check", None)),
    ],
)
def test_what_is_said_of_an_element_is_told(was: str, now: str, expected: tuple[str, str, str, str | None]) -> None:
    assert was in DRAWN
    element, *fact = expected
    assert told(DRAWN.replace(was, now)) == [("changed", element, [tuple(fact)])]


def test_elements_come_go_become_others_and_move() -> None:
    more = DRAWN.replace("</process>", '<endEvent id="n" name="Konec"/></process>')
    assert told(more) == [("added", "n", [])]
    assert told(DRAWN, more) == [("removed", "n", [])]
    assert told(DRAWN.replace('x="200"', 'x="260"')) == [("moved", "t", [])]
    assert told(DRAWN.replace('x="200"', 'x="200.4"')) == []
    other = DRAWN.replace("<userTask", "<manualTask").replace("</userTask>", "</manualTask>")
    assert told(other) == [("changed", "t", [("kind", "userTask", "manualTask")])]


def test_a_changed_element_that_moved_too_is_told_as_changed() -> None:
    both = DRAWN.replace('x="200"', 'x="260"').replace("Posoudit", "Schválit")
    assert [one[0] for one in told(both)] == ["changed"]


def test_ready_diagrams_do_not_differ_from_themselves_and_harmful_ones_are_refused() -> None:
    agenda = load("membership")
    for path in agenda.diagrams:
        assert differences(agenda.files[path], agenda.files[path]) == []
    with pytest.raises(UnreadableModel):
        differences(b"<!DOCTYPE a []><a/>", DRAWN.encode())
