"""An author draws in the studio: opens, changes, saves, is told what is wrong, mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from engine.reading import read_model
from processes.catalogue import load
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDIO = "/studio/membership"
#: What is offered while an expression is written.
OFFERS = ".offers:not([hidden]) li"
#: Opens a text as the modeller does and gives it as the modeller would save it, with what would be lost.
THROUGH = """async (xml) => {
  const {openDiagram} = await import('/static/modeller/opening.js');
  const {radnice} = await import('/static/modeller/moddle.js');
  const modeler = new BpmnJS({moddleExtensions: {radnice}});
  const lost = await openDiagram(modeler, xml);
  const saved = await modeler.saveXML({format: true});
  modeler.destroy();
  return [saved.xml, lost.map((one) => one.message)];
}"""
#: Words of other tools, a variable where the standard has a reference, a text whose indents count.
STRANGE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="https://tool.example/x"
  xmlns:radnice="https://radnice.cz/bpmn/1.0" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d" targetNamespace="https://example.cz">
<bpmn:message id="m" name="zpráva" itemRef="elsewhere"/>
<bpmn:process id="p" isExecutable="true" x:owner="Jana">
<bpmn:startEvent id="s"><bpmn:extensionElements><x:deep a="1"><x:er b="2">text</x:er></x:deep></bpmn:extensionElements>
</bpmn:startEvent>
<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<bpmn:userTask id="t" name="Hlasovat" x:colour="red"><bpmn:extensionElements>
<radnice:task form="vote" group="board" assignee="member" due="P5WD" prefill="false" x:more="kept"/>
<radnice:public station="Hlasování"/></bpmn:extensionElements>
<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>members</bpmn:loopDataInputRef>
<bpmn:loopDataOutputRef>votes</bpmn:loopDataOutputRef><bpmn:inputDataItem id="i" name="member"/>
<bpmn:outputDataItem id="o" name="vote"/></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
<bpmn:sequenceFlow id="g" sourceRef="t" targetRef="c"/>
<bpmn:scriptTask id="c"><bpmn:script>
if votes:
    result = "a &lt; b"
</bpmn:script></bpmn:scriptTask>
</bpmn:process>
<bpmndi:BPMNDiagram id="x1"><bpmndi:BPMNPlane id="x2" bpmnElement="p"><bpmndi:BPMNShape id="x3" bpmnElement="s">
<dc:Bounds x="100" y="100" width="36" height="36"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""

#: One way or the other, then both are waited for: what an author who mixes the two gateways up draws.
DEADLOCK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="d" targetNamespace="https://example.cz">
<bpmn:process id="stuck" name="Uváznutí" isExecutable="true">
<bpmn:startEvent id="begin">
</bpmn:startEvent>
<bpmn:exclusiveGateway id="split" name="Kudy?" default="down"/>
<bpmn:userTask id="upper" name="Horem"><bpmn:extensionElements><radnice:task group="board"/></bpmn:extensionElements>
</bpmn:userTask>
<bpmn:userTask id="lower" name="Dolem"><bpmn:extensionElements><radnice:task group="board"/></bpmn:extensionElements>
</bpmn:userTask>
<bpmn:parallelGateway id="join" name="Obojí"/><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="to_split" sourceRef="begin" targetRef="split"/>
<bpmn:sequenceFlow id="up" sourceRef="split" targetRef="upper"><bpmn:conditionExpression
  xsi:type="bpmn:tFormalExpression">today &gt; "2026-01-01"</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="down" sourceRef="split" targetRef="lower"/>
<bpmn:sequenceFlow id="from_upper" sourceRef="upper" targetRef="join"/>
<bpmn:sequenceFlow id="from_lower" sourceRef="lower" targetRef="join"/>
<bpmn:sequenceFlow id="to_end" sourceRef="join" targetRef="end"/></bpmn:process>
<bpmndi:BPMNDiagram id="dd"><bpmndi:BPMNPlane id="dp" bpmnElement="stuck">{drawn}</bpmndi:BPMNPlane>
</bpmndi:BPMNDiagram></bpmn:definitions>"""
#: Part → its left upper corner and size; flow → its points.
PLACES = {
    "begin": (100, 202, 36, 36),
    "split": (190, 195, 50, 50),
    "upper": (300, 80, 100, 80),
    "lower": (300, 280, 100, 80),
    "join": (460, 195, 50, 50),
    "end": (570, 202, 36, 36),
}
LINES = {
    "to_split": [(136, 220), (190, 220)],
    "up": [(215, 195), (215, 120), (300, 120)],
    "down": [(215, 245), (215, 320), (300, 320)],
    "from_upper": [(400, 120), (485, 120), (485, 195)],
    "from_lower": [(400, 320), (485, 320), (485, 245)],
    "to_end": [(510, 220), (570, 220)],
}


def drawn(text: str) -> bytes:
    """The diagram with its drawing."""
    shapes = (
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="{y}" width="{width}" '
        f'height="{height}"/></bpmndi:BPMNShape>'
        for name, (x, y, width, height) in PLACES.items()
    )
    edges = (
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</bpmndi:BPMNEdge>"
        for name, points in LINES.items()
    )
    return text.format(drawn="".join((*shapes, *edges))).encode()


@pytest.fixture
def author(browser: Browser, town: Town) -> Iterator[Visitor]:
    with desk(browser, town, "autor") as somebody:
        yield somebody


def opens(author: Visitor, key: str) -> None:
    """Take a published diagram up, or go on with it."""
    author.goes(f"{STUDIO}/diagramy/{key}")
    if author.page.get_by_role("button", name="Upravit").count():
        author.presses("Upravit")
    author.page.wait_for_selector("#modeler[data-open]")


def chooses(author: Visitor, element: str) -> None:
    """Choose a part of the diagram by the list."""
    author.page.select_option("#vyber", element)


def says(author: Visitor, label: str, text: str) -> None:
    """Write into a field of the panel and leave it."""
    field = author.page.locator("#panel").get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def saved(author: Visitor) -> None:
    """Wait until everything is kept."""
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("#stav")).to_contain_text("uloženo v")


def kept(author: Visitor, key: str) -> str:
    """The proposal as a file."""
    return author.page.request.get(f"{author.town.url}{STUDIO}/diagramy/{key}.bpmn").text()


def meaning(content: str | bytes) -> dict[str, Any]:
    """What the engine reads, without places in the file."""
    model = read_model(content.encode() if isinstance(content, str) else content)
    return {
        "nodes": {name: {**asdict(node), "line": None} for name, node in model.nodes.items()},
        "flows": {name: asdict(flow) for name, flow in model.flows.items()},
        "rest": (model.processes, sorted(model.message_flows), [asdict(one) for one in model.participants]),
    }


def test_a_diagram_opened_and_saved_means_the_same(author: Visitor) -> None:
    opens(author, "council_resolution")
    agenda = load("membership")
    texts = [agenda.files[path].decode() for path in agenda.diagrams]
    for text in texts:
        through, lost = author.page.evaluate(THROUGH, text)
        assert not lost
        assert meaning(through) == meaning(text)


def test_words_of_other_tools_and_names_that_refer_to_nothing_stay(author: Visitor) -> None:
    opens(author, "council_resolution")
    through, lost = author.page.evaluate(THROUGH, STRANGE)
    assert not lost
    assert meaning(through) == meaning(STRANGE)
    for word in ('x:owner="Jana"', '<x:er b="2">text</x:er>', 'x:colour="red"', 'x:more="kept"', 'itemRef="elsewhere"'):
        assert word in through


def test_an_author_changes_a_step_is_told_what_is_wrong_and_mends_it(author: Visitor) -> None:
    opens(author, "application_completion")
    task = author.page.locator("#vyber option", has_text="Úkol člověka").first.get_attribute("value") or ""
    chooses(author, task)
    says(author, "Název", "Doplnit, co chybí")
    says(author, "Lhůta", "P5WD")
    expect(author.page.locator(".reads").first).to_contain_text("Kdyby to začalo teď")
    saved(author)
    assert 'name="Doplnit, co chybí"' in kept(author, "application_completion")
    author.page.locator("#panel").get_by_label("O co jde (výraz pro seznam úkolů)").fill("1 +")
    author.page.locator("#panel").get_by_label("O co jde (výraz pro seznam úkolů)").press("Tab")
    problem = author.page.locator("#nalezy li", has_text="chyba").first
    expect(problem).to_contain_text("Doplnit, co chybí")
    expect(author.page.locator(".badge.is-error")).to_have_count(1)
    chooses(author, author.page.locator("#vyber option").first.get_attribute("value") or "")
    problem.get_by_role("button", name="Ukázat").click()
    says(author, "O co jde (výraz pro seznam úkolů)", "")
    expect(author.page.locator("#nalezy-pocty")).not_to_contain_text("chyba")
    saved(author)
    author.looks("Doplnění přihlášky")


def test_a_part_is_said_more_of_by_keyboard_alone_and_ctrl_s_keeps_what_is_being_written(author: Visitor) -> None:
    opens(author, "council_resolution")
    author.page.locator("#vyber").focus()
    author.page.keyboard.press("End")
    task = author.page.locator("#vyber option", has_text="Úkol člověka").first.get_attribute("value") or ""
    chooses(author, task)
    name = author.page.locator("#panel").get_by_label("Název", exact=True)
    name.focus()
    author.page.keyboard.press("Control+a")
    author.page.keyboard.type("Předložit radě")
    author.page.keyboard.press("Tab")
    expect(author.page.locator("#panel").get_by_label("Popis", exact=True)).to_be_focused()
    author.page.keyboard.type("Rada rozhodne na nejbližší schůzi.")
    saved(author)
    told = kept(author, "council_resolution")
    assert 'name="Předložit radě"' in told and "Rada rozhodne na nejbližší schůzi." in told
    expect(author.page.locator("#panel").get_by_label("Popis", exact=True)).to_be_focused()


def test_names_are_offered_while_an_expression_is_written(author: Visitor) -> None:
    opens(author, "membership")
    chooses(author, "write_reasons")
    field = author.page.locator("#panel").get_by_label("O co jde (výraz pro seznam úkolů)")
    with author.page.expect_response("**/promenne"):
        field.focus()
    field.fill("")
    field.press_sequentially("outc")
    offer = author.page.locator(OFFERS, has_text="outcome")
    expect(offer).to_have_attribute("aria-selected", "true")
    expect(offer).to_contain_text("nastaví Zkontrolovat úplnost")
    assert not author.faults()
    field.press("Enter")
    expect(field).to_have_value("outcome")
    field.press_sequentially(" + mon")
    expect(author.page.locator(OFFERS, has_text="money(amount)")).to_contain_text("částka pro dopis")
    field.press("ArrowUp")
    field.press("ArrowDown")
    field.press("Enter")
    field.press_sequentially("fee_estimate")
    expect(field).to_have_value("outcome + money(fee_estimate)")
    field.press("Escape")
    chooses(author, "confirm")
    values = author.page.locator("#panel textarea.code").first
    with author.page.expect_response("**/promenne"):
        values.focus()
    values.press("End")
    values.press_sequentially(" outc")
    expect(author.page.locator(OFFERS)).to_have_count(0)
    author.page.locator('[data-do="undo"]').click()


def test_two_authors_do_not_overwrite_each_other(browser: Browser, town: Town, author: Visitor) -> None:
    opens(author, "end_membership")
    with desk(browser, town, "autor") as other:
        opens(other, "end_membership")
        renames(other, "Jméno od druhého")
        saved(other)
    renames(author, "Jméno od prvního")
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("#stret")).to_be_visible()
    assert "Jméno od druhého" in kept(author, "end_membership")
    author.page.get_by_role("button", name="Platí moje").click()
    saved(author)
    assert "Jméno od prvního" in kept(author, "end_membership")


def renames(author: Visitor, name: str) -> None:
    """Give the first end another name."""
    chooses(author, author.page.locator("#vyber option", has_text="Konec").first.get_attribute("value") or "")
    says(author, "Název", name)


def test_the_modeller_fits_on_a_phone_and_speaks_czech(browser: Browser, town: Town) -> None:
    with desk(browser, town, "autor", width=PHONE) as author:
        opens(author, "council_resolution")
        author.looks("Usnesení zastupitelstva")
        assert author.page.locator('.djs-palette .entry[aria-label="Nový krok"]').count() == 1


def test_a_deadlock_is_told_its_way_is_drawn_and_goes_with_what_mends_it(author: Visitor) -> None:
    author.goes(f"{STUDIO}/diagramy/novy")
    author.page.get_by_label("Jak se postup jmenuje").fill("Uváznutí")
    author.page.get_by_label("Souborem BPMN, jak je").check()
    file = {"name": "stuck.bpmn", "mimeType": "application/xml", "buffer": drawn(DEADLOCK)}
    author.page.set_input_files("#file", files=[file])
    author.presses("Začít kreslit")
    author.page.wait_for_selector("#modeler[data-open]")
    problem = author.page.locator("#nalezy li", has_text="chyba").filter(has_text="Obojí").first
    problem.get_by_role("button", name="Ukázat cestu").click()
    on_the_way = author.page.locator("#modeler .on-path")
    passed = set(on_the_way.evaluate_all("parts => parts.map((one) => one.dataset.elementId)"))
    ways = ({"up", "upper", "from_upper"}, {"down", "lower", "from_lower"})
    assert {"begin", "split"} <= passed
    assert [way <= passed for way in ways].count(True) == 1, "one of the two ways, along which it gets stuck"
    assert not passed & {"to_end", "end"}
    author.looks("Uváznutí")

    mended = drawn(DEADLOCK.replace("parallelGateway", "exclusiveGateway"))
    author.page.locator(".more-ways summary").click()
    author.page.set_input_files("#soubor", files=[{**file, "buffer": mended}])
    author.presses("Vzít soubor")
    author.page.wait_for_selector("#modeler[data-open]")
    expect(author.page.locator("#nalezy-pocty")).not_to_contain_text("chyba")
    expect(author.page.locator("#modeler .on-path")).to_have_count(0)
