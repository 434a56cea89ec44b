"""What is said of a text that can't be read or failed: in both languages, with the place."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.check import check_bpmn
from engine.errors import ScriptError
from engine.expressions import evaluate_value, in_both, problem_in
from engine.expressions.wrong import open_bracket
from engine.said import Said, in_language, said_by
from tests.unit.check.bpmn import split


def czech(text: str) -> str:
    why = problem_in(text)
    assert isinstance(why, Said)
    return in_language(why, "cs")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a +", "řádek 1, sloupec 4: výraz končí dřív, než má: něco za ním chybí"),
        ("sum_of([1, 2]", "řádek 1, sloupec 14: závorka ( (řádek 1, sloupec 7) není zavřená"),
        ("x = {\n  'a': 1,\n", "řádek 2, sloupec 10: závorka { (řádek 1, sloupec 5) není zavřená"),
        ("a = [1, 2))", "řádek 1, sloupec 10: závorka ) tu nemá co zavřít"),
        ("if x:\ny = 1", "řádek 2, sloupec 1: řádek po dvojtečce má být odsazený"),
        ("  a = 1\n    b = 2 +", "řádek 2, sloupec 3: řádek je odsazený jinak, než má být"),
        ("if x\n  y = 1", "řádek 1, sloupec 5: chybí dvojtečka"),
        ("if a = 1:\n  b = 2", "řádek 1, sloupec 6: znak = tu stát nemůže; rovnost se píše =="),
        ("a && b", "řádek 1, sloupec 4: znak & tu nic neznamená; pište and"),
        ("„a“ == b", 'řádek 1, sloupec 1: znak „ tu nic neznamená; pište "'),
        ("'abc", "řádek 1, sloupec 1: text nemá uvozovku na konci"),
        ("a is None", "řádek 1, sloupec 3: slovo is tu nic neznamená; pište =="),
        ("import os", "řádek 1, sloupec 1: slovo import tu nic neznamená"),
        ("return 5", "řádek 1, sloupec 1: return smí stát jen uvnitř funkce"),
        ("1 if a", "řádek 1, sloupec 7: za if chybí else a jiná hodnota"),
        ("fee total", "řádek 1, sloupec 5: před „total“ chybí znaménko, čárka nebo nový řádek"),
        ("1 +* 2", "řádek 1, sloupec 4: „*“ tu stát nemůže"),
        ("x = 01", "řádek 1, sloupec 5: číslo 01 začíná nulou"),
        # Margins and empty lines of the file around it don't move the place.
        ("\n\n    x = 1\n    y = (2 +* 3)\n", "řádek 4, sloupec 13: „*“ tu stát nemůže"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    assert czech(text) == said
    assert str(problem_in(text)).startswith(said.split(":")[0].replace("řádek", "line").replace("sloupec", "column"))


def test_the_guarded_process_says_it_in_both_languages_too() -> None:
    # Whatever may spin is parsed there.
    assert czech("def f():\n  return f()\nf() +") == "řádek 3, sloupec 6: výraz končí dřív, než má: něco za ním chybí"


@given(st.text(alphabet=string.ascii_lowercase + "()[]{}:=+*'\"#,. \n", max_size=40))
def test_anything_is_either_read_or_told_in_czech(text: str) -> None:
    why = problem_in(text)
    assert why is None or (isinstance(why, Said) and why.czech != str(why))


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("f('(', [1", (1, 10), ("[", 1, 8)),
        ("a = 1  # (", (1, 11), None),
        ('"""(\n(""" + (', (2, 9), ("(", 2, 8)),
        (r"'\'(' + {", (1, 10), ("{", 1, 9)),
        ("()[]{}", (1, 7), None),
    ],
)
def test_brackets_in_texts_and_comments_are_none(
    text: str, place: tuple[int, int], found: tuple[str, int, int] | None
) -> None:
    assert open_bracket(text, *place) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fee + 1", "nic se nejmenuje fee"),
        ("1 + 'x'", "celé číslo a text nejde spojit znaménkem +"),
        ("1 < 'x'", "celé číslo a text nejde porovnat"),
        ("[1][5]", "seznam nemá položku číslo 5 (počítá se od 0)"),
        ("{}['k']", 'klíč "k" tu není'),
        ("1 // 0", "dělí se nulou"),
        ("x = 1\ny = fees", "nic se nejmenuje fees (řádek 2)"),
    ],
)
def test_what_failed_while_it_ran_is_said_in_czech_also_when_it_was_kept_in_english(text: str, said: str) -> None:
    with pytest.raises(ScriptError) as failed:
        evaluate_value(text, {})
    sentence = said_by(failed.value)
    assert in_language(sentence, "cs").startswith(said)
    assert in_language(in_both(str(sentence)), "cs") == in_language(sentence, "cs")


def test_the_check_of_a_diagram_says_it_in_the_language_asked_for() -> None:
    content = split(("a", "x > (1"), ("b", None))
    for lang, part in (("cs", "není zavřená"), ("en", "isn't closed")):
        (found,) = (p for p in check_bpmn(content, lang=lang) if p.rule == "texts-can-be-read")
        assert part in found.message
