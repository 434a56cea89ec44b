"""Answers that are surely right, said at once: most forms ask plain questions, and most answers to them are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema.protocols import Validator

from forms.checker import ALONE, PLAIN
from forms.patterns import MAX_TEXT

Json = Any
#: Says whether a value meets what a keyword means.
Test = tuple[Callable[[Any, Json], bool], Any]

#: What no text may hold.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: What a plain form may say of its answers together: nothing of it can be wrong where each is one of its questions.
_TOGETHER = frozenset({"type", "properties", "required", "additionalProperties"})
_RULES = "x-rules"


@dataclass(frozen=True)
class PlainForm:
    """A form in which every answer is judged by itself."""

    required: frozenset[str]
    questions: Mapping[str, Sequence[Test]]

    def is_right(self, data: Json) -> bool:
        """Say whether answers are surely right; what isn't sure is left to the whole validation."""
        if type(data) is not dict or not self.required <= data.keys():
            return False
        for name, value in data.items():
            tests = self.questions.get(name)
            if tests is None or not _is_plain(value):
                return False
            for holds, meant in tests:
                if not holds(meant, value):
                    return False
        return True


def plain_form(checker: Validator, root: Mapping[str, Any]) -> PlainForm | None:
    """Make a plain form of a followed schema; None where something in it looks at more than one answer."""
    required, properties = root.get("required", []), root.get("properties", {})
    strange = [keyword for keyword in root if keyword in checker.VALIDATORS and keyword not in _TOGETHER]
    if strange or _RULES in root or root.get("type", "object") != "object" or not isinstance(required, list):
        return None
    questions = {}
    for name, question in properties.items():
        tests = _tests(checker, question)
        if tests is None:
            return None
        questions[name] = tests
    return PlainForm(frozenset(required), questions)


def _tests(checker: Validator, question: Any) -> list[Test] | None:
    if not isinstance(question, dict) or _RULES in question:
        return None
    judging = {keyword: meant for keyword, meant in question.items() if keyword in checker.VALIDATORS}
    if judging.keys() - ALONE:
        return None
    return [(PLAIN.get(keyword) or _by_draft(checker, question, keyword), meant) for keyword, meant in judging.items()]


def _by_draft(checker: Validator, question: Any, keyword: str) -> Callable[[Any, Json], bool]:
    check = checker.VALIDATORS[keyword]
    return lambda meant, value: next(iter(check(checker, meant, value, question) or ()), None) is None


def _is_plain(value: Json) -> bool:
    """Say whether a value has no parts and, as a text, nothing to be refused whatever the form asks."""
    if type(value) is str:
        # What can be printed is never forbidden; a text of several lines has to be looked through.
        return 0 < len(value) <= MAX_TEXT and (value.isprintable() or not FORBIDDEN.search(value))
    return type(value) in (bool, int, float)
