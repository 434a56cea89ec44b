"""What `radnice check` promises to find is found: each with an id, a sentence in both languages, a place and a mend."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.check.bpmn import check_bpmn
from engine.check.rule import all_rules
from engine.check.soundness import MENDS as SOUND_MENDS
from engine.check.soundness import SENTENCES
from engine.check.tables import GAPS, OVERLAPS, REQUIREMENTS, check_dmn
from tests.unit.check.bpmn import line, node
from tests.unit.kernel.diagrams import bpmn
from web.inspection import inspect
from web.mending import MENDS

ROOT = Path(__file__).resolve().parents[3]
#: What is promised → the rule that finds it.
PROMISED = {
    "deadlock, a token left behind, an activity that never runs, unbounded tokens": "soundness",
    "a variable that nothing before can have set": "variables-are-set",
    "a text compared with a number": "types-compared",
    "a gateway that can match nothing": "some-way-out",
    "gaps of a decision table": "decision-gaps",
    "overlaps of a decision table": "decision-overlaps",
    "unknown form, group, register, action, document, message": "names-are-known",
    "unknown register at the end of a link": "register-link",
    "an expression over a field that a register has not": "register-expression",
    "a timer that can't be read": "timers",
    "an escalation or signal that fires too much": "fires-too-much",
    "a task nobody may do, four eyes that can't be met": "somebody-may",
    "two branches that write one variable": "concurrent-writes",
    "an error that nobody catches": "errors-are-caught",
    "a file that can't or mustn't be read": "readable",
    "what can't be executed": "cannot-be-executed",
}
DOCUMENTED = (ROOT / "docs" / "checks.md").read_text()
MANIFEST = b'key = "a"\n[title]\ncs = "A"\n[groups.clerks]\ncs = "X"\n'


def said_in_inspection() -> set[str]:
    """Ids of the rules about the parts of an agenda that are no diagrams."""
    texts = [(ROOT / "web" / f"{name}.py").read_text() for name in ("inspection", "inspected_pages")]
    return {rule for text in texts for rule in re.findall(r'Problem\("(?:error|warning|hint)", "([a-z-]+)"', text)}


def test_every_promise_has_its_rule_in_the_documentation() -> None:
    missing = {promise: rule for promise, rule in PROMISED.items() if f"| `{rule}` |" not in DOCUMENTED}
    assert missing == {}


def test_every_rule_has_sentences_and_says_how_to_mend_it_in_both_languages() -> None:
    rules = [*all_rules(), GAPS, OVERLAPS, REQUIREMENTS]
    told = [sentence for rule in rules for sentence in [rule.mend, *rule.sentences.values()]]
    told += [*SENTENCES.values(), *SOUND_MENDS.values(), *MENDS.values()]
    assert [pair for pair in told if not (pair[0] and pair[1] and pair[0] != pair[1])] == []
    assert SENTENCES.keys() <= SOUND_MENDS.keys()
    assert said_in_inspection() <= MENDS.keys()


@pytest.mark.parametrize("lang", ["cs", "en"])
def test_what_only_the_reader_refuses_says_how_to_mend_it_too(lang: str) -> None:
    problems = check_bpmn(line(("c", node("choreographyTask", "c"))), lang=lang)
    assert problems and all(problem.mend for problem in problems)
    broken = [*check_bpmn(b"<x", lang=lang), *check_dmn(b"<x", lang=lang)]
    assert [(p.rule, bool(p.mend)) for p in broken] == [("readable", True)] * 2


def agenda(**registers: object) -> dict[str, bytes]:
    files = {f"registers/{key}.json": json.dumps(value).encode() for key, value in registers.items()}
    return files | {"agenda.toml": MANIFEST, "p.bpmn": bpmn("start -> end")}


def register(key: str, to: str) -> dict[str, object]:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    return {
        "key": key,
        "schema": schema,
        "rights": {"read": ["clerks"], "write": ["clerks"]},
        "links": {"of": {"to": to, "title": {"cs": "vazba"}}},
    }


@pytest.mark.parametrize(("lang", "words"), [("cs", "registr nemá"), ("en", "the register has not")])
def test_an_expression_over_a_field_that_is_not_kept_is_an_error_at_its_place(lang: str, words: str) -> None:
    files = agenda(dogs=register("dogs", "dogs") | {"caption": "nickname + breed"})
    found = [p for p in inspect(files, lang) if p.rule == "register-expression"]
    assert [(one.severity, one.element) for one in found] == [("error", "/caption")] * 2
    assert all(words in one.message and one.mend for one in found)
    (torn,) = [
        p for p in inspect(agenda(dogs=register("dogs", "dogs") | {"caption": "1 +"}), lang) if "expression" in p.rule
    ]
    assert torn.element == "/caption"


@pytest.mark.parametrize(("lang", "words"), [("cs", "agenda nemá"), ("en", "the agenda has not")])
def test_a_link_to_a_register_that_is_not_there_is_an_error_at_its_place(lang: str, words: str) -> None:
    (found,) = [p for p in inspect(agenda(dogs=register("dogs", "owners")), lang) if p.rule == "register-link"]
    assert (found.severity, found.element, found.file) == ("error", "/links/of", "registers/dogs.json")
    assert "owners" in found.message and words in found.message and found.mend
    whole = agenda(dogs=register("dogs", "owners"), owners=register("owners", "dogs"))
    assert [p for p in inspect(whole, lang) if p.rule.startswith("register")] == []


def test_every_problem_of_a_poor_agenda_can_be_mended() -> None:
    files = agenda(dogs=register("dogs", "dogs") | {"index": ["nothing"]}) | {
        "pages/x.toml": b"[",
        "documents/letter.html": b"{% if %}",
        "messages/m.md": b"no subject",
        "scenarios/s.yaml": b"- {",
        "words.en.toml": b"[",
        "forms/f.json": b'{"type": "text"}',
    }
    problems = inspect(files, "cs")
    assert {"register", "template", "form-schema", "words", "scenario"} <= {p.rule for p in problems}
    assert [p for p in problems if p.severity == "error" and not p.mend] == []
