"""What people see of our agendas: diagrams that can be read, offers that can be found by their words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest

from processes.catalogue import load, supplied

AGENDAS = [
    *("membership", "grants", "payments", "participatory_budget"),
    *("vulnerabilities", "energy", "services", "budgets"),
]
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
#: They hold what is drawn inside them.
HOLDERS = ("participant", "lane", "subProcess")
Box = tuple[float, float, float, float]


def box(bounds: Element) -> Box:
    x, y, width, height = (float(bounds.get(name, "0")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def over(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return all(one[at] + 1 < other[at + 2] and other[at] + 1 < one[at + 2] for at in (0, 1))


def labels_of(drawing: Element) -> dict[str, Box]:
    drawn = [*drawing.iter(f"{DI}BPMNShape"), *drawing.iter(f"{DI}BPMNEdge")]
    found = ((str(one.get("bpmnElement")), one.find(f"{DI}BPMNLabel/{BOUNDS}")) for one in drawn)
    return {name: box(bounds) for name, bounds in found if bounds is not None}


def crossed(drawing: Element) -> Iterator[tuple[str, str]]:
    """Pairs of a label and an edge that is drawn through it; edges run upright or level."""
    for edge in drawing.iter(f"{DI}BPMNEdge"):
        points = [(float(one.get("x", "0")), float(one.get("y", "0"))) for one in edge.iter(POINT)]
        for (x, y), (to_x, to_y) in pairwise(points):
            line = (min(x, to_x) - 1, min(y, to_y) - 1, max(x, to_x) + 1, max(y, to_y) + 1)
            over_it = (name for name, at in labels_of(drawing).items() if over(at, line))
            yield from ((name, str(edge.get("bpmnElement"))) for name in over_it)


def covered(drawing: Element) -> Iterator[tuple[str, str]]:
    """Pairs of a label and what it lies over."""
    holders = {one.get("id") for one in drawing.iter() if one.tag.rpartition("}")[2] in HOLDERS}
    labels = labels_of(drawing)
    shapes = {
        str(one.get("bpmnElement")): box(bounds)
        for one in drawing.iter(f"{DI}BPMNShape")
        if (bounds := one.find(BOUNDS)) is not None and one.get("bpmnElement") not in holders
    }
    yield from ((one, other) for one, other in combinations(labels, 2) if over(labels[one], labels[other]))
    yield from ((one, other) for one in labels for other in shapes if one != other and over(labels[one], shapes[other]))


@pytest.mark.parametrize("key", AGENDAS)
def test_no_label_lies_over_another_over_a_shape_or_over_an_edge(key: str) -> None:
    files = load(key).files
    drawings = {name: fromstring(text) for name, text in files.items() if name.endswith(".bpmn")}
    found = {name: [*covered(drawing), *crossed(drawing)] for name, drawing in drawings.items()}
    assert {name: pairs for name, pairs in found.items() if pairs} == {}


@pytest.mark.parametrize("key", AGENDAS)
def test_what_is_offered_from_a_register_is_found_by_its_words(key: str) -> None:
    agenda = load(key)
    asked = [one for form in agenda.forms.values() for one in options(form)]
    for one in asked:
        assert one["label"] in agenda.registers[one["register"]]["search"], one


def test_agendas_that_live_together_have_no_register_of_the_same_name() -> None:
    keepers: dict[str, set[str]] = {}
    for name in supplied():
        for key, definition in load(name).registers.items():
            keepers.setdefault(key, set()).add(str(definition.get("owner") or name))
    assert {key: names for key, names in keepers.items() if len(names) > 1} == {}


def options(part: object) -> Iterator[dict[str, str]]:
    """Every `x-options` of a form."""
    if isinstance(part, dict):
        if "x-options" in part:
            yield part["x-options"]
        yield from (one for value in part.values() for one in options(value))
    elif isinstance(part, list):
        yield from (one for value in part for one in options(value))
