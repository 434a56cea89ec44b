"""Expressions that ask registers: each question once, within what the answerer allows."""

from __future__ import annotations

import json

import pytest

from engine.errors import ScriptError
from engine.expressions import evaluate_asking, evaluate_value, lookups_in
from engine.model import Json

PRICES = [{"kind": "small", "amount": 500}, {"kind": "big", "amount": 900}]


class Office:
    """Answers from a list and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known: dict[str, Json] = {}

    def answer(self, question: str) -> Json:
        self.asked.append(question)
        if len(self.asked) > 10:
            raise ScriptError("too many questions")
        function, _register, what = json.loads(question)
        if function == "get":
            return next((one for one in PRICES if one["kind"] == what), None)
        return [one for one in PRICES if all(one.get(name) == value for name, value in what.items())]

    def __call__(self, text: str, **variables: Json) -> Json:
        return evaluate_asking(text, variables, self.known, self.answer)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("get('prices', kind)['amount'] * 2", 1000),
        ("get('prices', 'huge')", None),
        ("find('prices', kind='big')[0]['amount']", 900),
        ("len(find('prices', {'kind': kind}))", 1),
        ("sum_of(find('prices'), 'amount')", 1400),
        ("[get('prices', one)['amount'] for one in ['small', 'big', 'small']]", [500, 900, 500]),
        ("kind", "small"),
    ],
)
def test_a_text_gets_what_registers_answer(text: str, value: Json) -> None:
    assert Office()(text, kind="small") == value


def test_the_same_question_is_asked_once_for_all_texts() -> None:
    office = Office()
    assert office("get('prices', 'small')['amount'] + get('prices', 'small')['amount']") == 1000
    assert office("get('prices', 'small')['kind']") == "small"
    assert len(office.asked) == 1


def test_a_text_that_never_stops_asking_is_ended_by_who_answers() -> None:
    with pytest.raises(ScriptError, match="too many questions"):
        Office()("[get('prices', n) for n in range(1000)]")


@pytest.mark.parametrize("text", ["find('prices')", "get('prices', 1)", "[get][0]('prices', 1)"])
def test_without_somebody_to_answer_nothing_can_be_asked(text: str) -> None:
    with pytest.raises(ScriptError):
        evaluate_value(text, {})


@pytest.mark.parametrize(
    "text", ["find()", "find('prices', 3)", "get('prices')", "find('prices', [1])", "find({}, {}, 1)"]
)
def test_a_question_asked_wrongly_is_an_error_of_the_text(text: str) -> None:
    with pytest.raises(ScriptError):
        Office()(text)


def test_what_a_text_asks_is_read_without_running_it() -> None:
    text = "get('a', x)['p'] + find('b', {'q': 1}, r=2)[0]['s'] + sum_of(find(c), 't') + get('d', 1).get('u', 0)"
    found = [(one.register, one.fields) for one in lookups_in(text)]
    assert sorted(found, key=str) == sorted([("a", ("p",)), ("b", ("r", "q")), (None, ("t",)), ("d", ("u",))], key=str)
    assert lookups_in("get('a', ") == []
