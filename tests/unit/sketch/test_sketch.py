"""A drawn diagram becomes one that passes the check and runs, and every change is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from engine.check import Surroundings, check_agenda, check_bpmn
from engine.headless import RunResult, run
from engine.reading import read_model
from engine.reading.layout import Bounds, read_layout
from engine.reading.xml import parse_xml
from engine.sketch import Sketch, sketch
from engine.sketch.words import SENTENCES
from forms.compile import compile_form
from tests.unit.check.bpmn import file, flow, formal, line, node, process, split

DRAWN = sorted((Path(__file__).parent / "drawn").glob("*.bpmn"))
TIMER = "<timerEventDefinition>{}</timerEventDefinition>"


def made(content: bytes, lang: str = "en") -> Sketch:
    """Sketch a diagram; it must pass the check."""
    result = sketch(content, name="x", lang=lang)
    assert result.content is not None, result.todo
    assert [p for p in check_bpmn(result.content, lang="en") if p.severity == "error"] == []
    return result


def played(result: Sketch, **answers: object) -> RunResult:
    """Run a sketch with what people answer, by activity."""
    return run(result.content or b"", answers={name: {"data": data} for name, data in answers.items()})


def told(result: Sketch, element: str | None) -> str:
    """Give all that was told of an element."""
    return " ".join(t.message for t in result.todo if t.element == element)


def drawn(name: str) -> bytes:
    return (Path(__file__).parent / "drawn" / f"{name}.bpmn").read_bytes()


# --- everything that people draw -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_what_trainees_draw_passes_the_check_and_runs_to_its_end(path: Path) -> None:
    assert played(made(path.read_bytes())).status == "completed"


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_ids_stay_and_nothing_stands_on_anything_else(path: Path) -> None:
    before, after = parse_xml(path.read_bytes()), made(path.read_bytes())
    root = parse_xml(after.content or b"")
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    nodes = {e.get("id") for e in before.iter("{*}task", "{*}userTask", "{*}startEvent", "{*}exclusiveGateway")}
    assert {i for i in nodes if i and " " not in i} <= ids
    layout = read_layout(after.content or b"")
    boxes = [s for s in layout.shapes if s.kind not in ("participant", "lane", "boundaryEvent") and not s.expanded]
    assert [(one.id, other.id) for one in boxes for other in boxes if one.id < other.id and over(one, other)] == []


def over(one: object, other: object) -> bool:
    a: Bounds = one.bounds  # type: ignore[attr-defined]
    b: Bounds = other.bounds  # type: ignore[attr-defined]
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_every_flow_is_drawn_from_its_source_to_its_target(path: Path) -> None:
    content = made(path.read_bytes()).content or b""
    model, layout = read_model(content), read_layout(content)
    places = {s.id: s.bounds for s in layout.shapes}
    edges = {e.id: e.points for e in layout.edges}
    for line_ in model.flows.values():
        if line_.source in places and line_.target in places:
            points = edges[line_.id]
            assert touches(points[0], places[line_.source]), line_.id
            assert touches(points[-1], places[line_.target]), line_.id


def touches(point: tuple[float, float], box: Bounds, by: float = 2) -> bool:
    return box.x - by <= point[0] <= box.right + by and box.y - by <= point[1] <= box.bottom + by


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_the_forms_can_be_asked_and_the_sketch_makes_an_agenda(path: Path) -> None:
    result = made(path.read_bytes())
    for schema in result.forms.values():
        compile_form(schema)
    tasks = [n.human for n in read_model(result.content or b"").nodes.values() if n.human is not None]
    groups = sorted({human.group or "" for human in tasks})
    starts = [n.start.group or "" for n in read_model(result.content or b"").nodes.values() if n.start is not None]
    manifest = "".join(f'[groups.{g}]\ncs = "x"\nen = "x"\n' for g in sorted({*groups, *starts}))
    files = {"agenda.toml": f'key = "x"\n{manifest}'.encode(), "x.bpmn": result.content or b""}
    files |= {f"forms/{name}.json": json.dumps(schema).encode() for name, schema in result.forms.items()}
    assert [p for p in check_agenda(files, Surroundings(connectors={})) if p.severity == "error"] == []


def test_a_second_sketch_changes_nothing_more() -> None:
    for path in DRAWN:
        first = made(path.read_bytes())
        again = made(first.content or b"")
        assert again.todo == [], path.stem
        assert again.content == first.content


# --- choices ---------------------------------------------------------------------------------------------------------


def test_a_person_chooses_where_no_condition_says() -> None:
    result = made(split(("yes", None), ("no", None)))
    assert "A person decides" in told(result, "g")
    assert played(result, ask_g={"choice_g": "g_no"}).trace[-3:] == ["no", "j", "e"]
    assert played(result, ask_g={"choice_g": "g_yes"}).trace[-3:] == ["yes", "j", "e"]


def test_the_choice_is_asked_in_the_task_before_the_gateway() -> None:
    result = made(drawn("camunda7_leave"))
    assert played(result, approve={"choice_g": "ano"}).trace[:4] == ["s", "approve", "g", "book"]
    assert "tell" in played(result, approve={"choice_g": "ne"}).trace
    assert "${approved == true}" in told(result, "yes")
    assert b"V p" in (sketch(drawn("camunda7_leave")).content or b"")


def test_several_ways_of_an_inclusive_gateway_can_be_chosen_at_once() -> None:
    result = made(drawn("camunda8_invoice"))
    both = played(result, risk={"choice_g": ["vysoka_castka", "chybi_podklady"]})
    assert {"a", "b"} <= set(both.trace)
    assert "b" not in played(result, risk={"choice_g": ["vysoka_castka"]}).trace


def test_a_loop_ends_when_nobody_answers() -> None:
    assert played(made(drawn("ring"))).status == "completed"
    assert played(made(drawn("task_as_gateway")), a={"choice_a": "schvaleno"}).trace == ["s", "a", "c", "e"]


def test_a_condition_that_the_diagram_can_decide_stays() -> None:
    script = node("scriptTask", "c", "<script>x = 2</script>", 'scriptFormat="text/starlark"')
    ways = [flow("g", "a", "x > 1"), flow("g", "b"), flow("a", "e"), flow("b", "e")]
    ends = [node("startEvent", "s"), node("endEvent", "e"), node("exclusiveGateway", "g", "", 'default="g-b"')]
    tasks = [node("userTask", "a"), node("userTask", "b")]
    result = made(file(process(*ends, script, *tasks, flow("s", "c"), flow("c", "g"), *ways)))
    assert told(result, "g") == ""
    assert "a" in played(result).trace


# --- work and time ---------------------------------------------------------------------------------------------------


def test_a_timer_in_words_asks_for_a_date() -> None:
    words = formal("timeDuration", "until the snow melts")
    result = made(line(("t", node("intermediateCatchEvent", "t", TIMER.format(words)))))
    assert "until the snow melts" in told(result, "t")
    assert "date_t" in result.forms["x_enter_until_the_snow_melts"]["properties"]
    assert played(result, ask_t={"date_t": "2026-03-01"}).status == "completed"


def test_a_timer_that_can_be_read_stays() -> None:
    result = made(line(("t", node("intermediateCatchEvent", "t", TIMER.format("<timeDuration>P3D</timeDuration>")))))
    assert told(result, "t") == ""
    assert b">P3D<" in (result.content or b"")


def test_what_no_system_can_do_is_done_by_a_person() -> None:
    model = read_model(made(drawn("repetitions")).content or b"")
    assert model.nodes["calc"].kind == "userTask"
    assert "items.sum" in model.nodes["calc"].documentation
    result = made(drawn("repetitions"))
    assert played(result, ask_each={"count_each": 3}).trace.count("each") == 3


def test_a_group_comes_from_the_tool_the_lane_or_the_pool() -> None:
    nodes = read_model(made(drawn("camunda7_leave")).content or b"").nodes
    assert nodes["approve"].human and nodes["approve"].human.group == "vedeni"
    nodes = read_model(made(drawn("black_box")).content or b"").nodes
    assert nodes["check"].human and nodes["check"].human.group == "podatelna"
    assert nodes["done"].human and nodes["done"].human.group == "odbor_dopravy"


def test_flows_that_lead_nowhere_are_told() -> None:
    result = made(drawn("dangling"))
    assert "f2" in told(result, "dangling")
    assert "f3" in told(result, "dangling")


def test_foreign_parts_are_kept_in_the_extensions() -> None:
    root = parse_xml(made(drawn("broken_ids")).content or b"")
    assert root.find(".//{*}extensionElements/{http://example.org/x}meta") is not None


# --- refusals and words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"<x/>", b"<!DOCTYPE x><x/>", file("<message id='m'/>"), file(process())])
def test_what_draws_nothing_is_refused_with_the_reason(content: bytes) -> None:
    result = sketch(content, lang="cs")
    assert not result.ok
    assert result.todo


def test_every_change_is_told_in_both_languages() -> None:
    assert all(czech and english and czech != english for czech, english in SENTENCES.values())
    czech, english = sketch(drawn("waiting"), lang="cs"), sketch(drawn("waiting"), lang="en")
    assert [t.element for t in czech.todo] == [t.element for t in english.todo]
    assert not {t.message for t in czech.todo} & {t.message for t in english.todo}


def test_the_file_stays_one_that_xml_tools_read() -> None:
    for path in DRAWN:
        root = etree.fromstring(made(path.read_bytes()).content or b"")
        drawn_ids = [e.get("bpmnElement") for e in root.iter("{*}BPMNShape", "{*}BPMNEdge")]
        assert len(drawn_ids) == len(set(drawn_ids)), path.stem
        assert set(drawn_ids) <= {e.get("id") for e in root.iter()}, path.stem


def test_a_step_of_a_drawing_does_not_wait_for_data_that_nobody_fills() -> None:
    data = '<dataObject id="d"/><dataObjectReference id="r" name="plan" dataObjectRef="d"/>'
    needs = (
        '<ioSpecification><dataInput id="i" name="scheme"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet>'
        "<outputSet/></ioSpecification><dataInputAssociation><sourceRef>r</sourceRef><targetRef>i</targetRef>"
        "</dataInputAssociation>"
    )
    nodes = node("startEvent", "s"), node("userTask", "t", needs), node("endEvent", "e")
    source = file(process(data, *nodes, flow("s", "t"), flow("t", "e")))
    assert run(source).status == "waiting"
    result = made(source)
    assert (played(result).status, "optionalInputRefs" in told(result, "t")) == ("completed", True)
