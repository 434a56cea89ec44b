"""An author edits a decision table in the studio: nothing is lost, clashes are told, colleagues don't overwrite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from engine.dmn.texts import read_texts
from processes.catalogue import load
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KEY = "/studio/membership/rozhodnuti/membership_fee"
#: Opens a text as the editor does and gives it as the editor would save it, with its warnings.
THROUGH = """async (xml) => {
  const box = document.createElement('div');
  const editor = new DmnJS({container: box});
  const {warnings} = await editor.importXML(xml);
  const saved = await editor.saveXML({format: true});
  editor.destroy();
  return [saved.xml, warnings.map((one) => one.message)];
}"""
#: Words of other tools, of ours, and everything that the engine reads besides tables.
STRANGE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:x="https://tool.example/x"
  xmlns:radnice="https://radnice.cz/bpmn/1.0" id="d" name="n" namespace="https://example.cz" x:owner="Jana">
<itemDefinition id="t" name="tKind"><typeRef>string</typeRef><allowedValues id="tv"><text>"a","b"</text></allowedValues>
</itemDefinition>
<decision id="fee" name="Sazba" radnice:source="zákon 565/1990 Sb."><description>Popis.</description>
<extensionElements><radnice:law id="l" paragraph="§ 4"/><x:deep a="1"><x:er b="2">text</x:er></x:deep>
</extensionElements>
<variable id="v" name="fee" typeRef="number"/>
<informationRequirement id="r1"><requiredInput href="#age"/></informationRequirement>
<informationRequirement id="r2"><requiredDecision href="#base"/></informationRequirement>
<decisionTable id="tab" hitPolicy="COLLECT" aggregation="SUM" x:colour="red">
<input id="i" label="Věk"><inputExpression id="ie" typeRef="number"><text>age</text></inputExpression>
<inputValues id="iv"><text>[0..150]</text></inputValues></input>
<output id="o" name="fee" typeRef="number"><outputValues id="ov"><text>1,2</text></outputValues>
<defaultOutputEntry id="od"><text>0</text></defaultOutputEntry></output>
<rule id="r" x:note="kept"><description>dospělí</description><inputEntry id="c1"><description>buňka</description>
<text>&gt;= 18</text></inputEntry><outputEntry id="c2"><text>2</text></outputEntry></rule></decisionTable></decision>
<decision id="base" name="Základ"><literalExpression id="le" typeRef="number"><text>if age &lt; 65 then 2 else 1</text>
</literalExpression></decision>
<inputData id="age" name="age"><variable id="av" name="age" typeRef="number"/></inputData>
<businessKnowledgeModel id="bkm" name="half"><encapsulatedLogic id="el"><formalParameter id="fp" name="n"/>
<literalExpression id="bl"><text>n / 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
</definitions>"""


@pytest.fixture
def author(browser: Browser, town: Town) -> Iterator[Visitor]:
    with desk(browser, town, "autor") as somebody:
        yield somebody


def opens(author: Visitor) -> None:
    """Take the published decision up, or go on with it."""
    author.goes(KEY)
    if author.page.get_by_role("button", name="Upravit", exact=True).count():
        author.presses("Upravit")
    author.page.wait_for_selector("#modeler[data-open]")


def cell(author: Visitor, key: str) -> Locator:
    """A cell of the table."""
    return author.page.locator(f'#platno [data-element-id="{key}"] [role=textbox]')


def writes(author: Visitor, key: str, text: str) -> None:
    """Write into a cell in place of what stands there, and leave it."""
    cell(author, key).click()
    author.page.keyboard.press("Control+a")
    author.page.keyboard.type(text)
    author.page.keyboard.press("Enter")


def saved(author: Visitor) -> None:
    """Wait until everything is kept."""
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("#stav")).to_contain_text("uloženo v")


def kept(author: Visitor) -> str:
    """The proposal as a file."""
    return author.page.request.get(f"{author.town.url}{KEY}.dmn").text()


def test_decisions_opened_and_saved_mean_the_same(author: Visitor) -> None:
    opens(author)
    for agenda in ("membership", "energy", "grants", "vulnerabilities"):
        files = load(agenda).files
        for text in (content.decode() for path, content in files.items() if path.endswith(".dmn")):
            through, warnings = author.page.evaluate(THROUGH, text)
            assert not warnings
            assert read_texts(through.encode()) == read_texts(text.encode())


def test_words_of_other_tools_and_of_ours_stay(author: Visitor) -> None:
    opens(author)
    through, warnings = author.page.evaluate(THROUGH, STRANGE)
    assert not warnings
    assert read_texts(through.encode()) == read_texts(STRANGE.encode())
    for word in (
        *('x:owner="Jana"', 'radnice:source="zákon 565/1990 Sb."', 'paragraph="§ 4"', '<x:er b="2">text</x:er>'),
        *(
            'x:colour="red"',
            'x:note="kept"',
            "<description>buňka</description>",
            'name="tKind"',
            '<text>"a","b"</text>',
        ),
        *("<defaultOutputEntry", "<text>1,2</text>", 'aggregation="SUM"', "<formalParameter", "<text>n / 2</text>"),
    ):
        assert word in through, word


def test_a_clash_of_rules_is_told_shown_and_mended(author: Visitor) -> None:
    opens(author)
    writes(author, "fee_middle_3", "[10000..100000]")
    problem = author.page.locator("#nalezy li", has_text="chyba").first
    expect(problem).to_contain_text("platí najednou pravidla 1, 2")
    author.page.locator(".view", has_text="Nákres rozhodnutí").click()
    expect(author.page.locator("#platno .djs-palette")).to_be_visible()
    problem.get_by_role("button", name="Ukázat").click()
    expect(author.page.locator("#platno .rule-index.is-clashing")).to_have_count(2)
    saved(author)
    assert "[10000..100000]" in kept(author)
    writes(author, "fee_middle_3", "]10000..100000]")
    expect(author.page.locator("#nalezy-pocty")).to_have_text("v pořádku")
    saved(author)
    assert read_texts(kept(author).encode()) == read_texts(load("membership").files["membership_fee.dmn"])
    author.looks("Roční členský příspěvek")


def test_two_authors_of_a_decision_do_not_overwrite_each_other(browser: Browser, town: Town, author: Visitor) -> None:
    opens(author)
    with desk(browser, town, "autor") as other:
        opens(other)
        writes(other, "fee_starter_5", "5001")
        saved(other)
    writes(author, "fee_starter_5", "5002")
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("#stret")).to_be_visible()
    assert "5001" in kept(author)
    author.page.get_by_role("button", name="Platí moje").click()
    saved(author)
    assert "5002" in kept(author)
    writes(author, "fee_starter_5", "5000")
    saved(author)


def test_a_rule_is_added_and_taken_back_by_the_button(author: Visitor) -> None:
    opens(author)
    rows = author.page.locator("#platno .rule-index")
    expect(rows).to_have_count(7)
    author.page.locator("#platno .add-rule").first.click()
    expect(rows).to_have_count(8)
    author.page.locator('[data-do="undo"]').click()
    expect(rows).to_have_count(7)
    saved(author)
    assert len(read_texts(kept(author).encode())[0].rules) == 7


def test_decisions_fit_on_a_phone_and_serve_without_javascript(browser: Browser, town: Town, author: Visitor) -> None:
    opens(author)
    with desk(browser, town, "autor", width=PHONE) as small:
        opens(small)
        small.looks("Roční členský příspěvek")
    with Visitor.comes(browser, town, scripted=False) as plain:
        plain.signs_in("autor")
        plain.goes(KEY)
        assert "inhabitants * 3" in plain.reads()
        assert "Kontrola nic nenašla" in plain.reads()
