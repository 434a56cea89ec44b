"""Why a story doesn't come out is said in both languages, and a story can be told with parameters of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml

from engine.said import in_language, said_by
from processes.scenarios.failing import CZECH, THINGS, CaseState, Failed, StepKey, differ, steps
from processes.scenarios.pinning import pinned

ROOT = Path(__file__).parents[3]
FILES = [
    *sorted((ROOT / "processes/scenarios").glob("*.py")),
    *(ROOT / "web" / name for name in ("stage.py", "demo.py", "volumes/stages.py")),
]


def said(function: str, argument: int = 0) -> Iterator[str]:
    """Sentences with which stories fail, as the code has them."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                yield ast.literal_eval(node.args[argument]) if isinstance(node.args[argument], ast.Constant) else ""


def names(sentence: str) -> set[str | None]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}


def test_every_sentence_is_there_in_czech_with_the_same_facts() -> None:
    sentences = {one for one in said("Failed") if one}
    assert sentences
    assert sentences - CZECH.keys() == set()
    assert {one for one in said("_same") if one} - THINGS.keys() == set()
    assert [english for english, czech in CZECH.items() if names(english) != names(czech)] == []


def test_a_story_says_what_it_missed_in_the_language_of_the_page() -> None:
    failed = Failed("No mail with „{text}“ came in its turn. Mails: {mails}.", text="Vítejte", mails="")
    assert str(failed) == "No mail with „Vítejte“ came in its turn. Mails: nothing."
    assert in_language(said_by(failed), "cs") == "E-mail „Vítejte“ nepřišel, kdy měl. E-maily: nic."
    other = differ("the deadline {key}", "running", "met", key="{decision}")
    assert str(other) == "the deadline {decision} should be 'met' and is 'running'."
    assert in_language(said_by(other), "cs") == "Nesedí lhůta {decision}: má být 'met', je 'running'."


STORY = """# Who pays in time.
title: Zaplatí včas
starts: 2026-02-02 10:00   # a Monday
{own}process: membership
steps:
  - start: application
"""


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("", {"due": "P14D", "fee": 5}),
        ("parameters: {fee: 7, quorum: 2}\n", {"due": "P14D", "fee": 7, "quorum": 2}),
        ("parameters:\n  fee: 7\n  # said by the board\n  quorum: 2\n", {"due": "P14D", "fee": 7, "quorum": 2}),
    ],
)
def test_a_story_is_told_with_values_and_keeps_what_it_says_itself(own: str, expected: dict[str, object]) -> None:
    text = pinned(STORY.format(own=own), {"due": "P14D", "fee": 5})
    read = yaml.safe_load(text)
    assert read.pop("parameters") == expected
    assert read == yaml.safe_load(STORY.format(own=""))
    assert "# Who pays in time." in text and "# a Monday" in text


def test_a_story_calls_steps_by_their_names_and_says_states_in_words() -> None:
    names = {"check": "Posoudit přihlášku", "pay": "Zaplatit"}
    failed = differ("open tasks", steps(["check", "nameless"]), steps(["pay"]))
    assert str(failed) == "open tasks should be pay and is check, nameless."
    assert failed.said(names).czech == "Nesedí otevřené úkoly: má být „Zaplatit“, je „Posoudit přihlášku“, nameless."
    assert differ("open tasks", steps([]), steps(["pay"])).said(names).czech.endswith("je nic.")
    facts = {"node": StepKey("check"), "person": "Jana", "others": steps(["pay"])}
    closed = Failed("{node} is not open for {person}; open: {others}.", **facts)
    assert closed.said(names) == "„Posoudit přihlášku“ is not open for Jana; open: „Zaplatit“."
    assert (
        differ("the status", CaseState("running"), CaseState("completed")).said({}).czech
        == "Nesedí stav: má být dokončený, je běží."
    )
