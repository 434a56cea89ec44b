"""How a rule is written: a generator of findings, with its sentences in Czech and English."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, Literal, TypeVar

from engine.diagram import Problem
from engine.model import Json
from engine.said import in_language

Severity = Literal["error", "warning", "hint"]
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Found:
    """Something a rule found: which of its sentences, at which element, with what to put into it."""

    sentence: str
    element: str | None
    facts: dict[str, Json] = field(default_factory=dict)
    #: Another severity than the rule's.
    severity: Severity | None = None
    #: Ids of what it is about together, to be marked.
    path: tuple[str, ...] = ()


def found(sentence: str, element: str | None, **facts: Json) -> Found:
    """Make a finding."""
    return Found(sentence, element, facts)


Finder = Callable[[S], Iterable[Found]]


@dataclass(frozen=True)
class Rule(Generic[S]):
    """A rule over one kind of subject."""

    id: str
    severity: Severity
    #: Sentence's name → (Czech, English).
    sentences: dict[str, tuple[str, str]]
    #: How to mend it: (Czech, English).
    mend: tuple[str, str]
    find: Finder[S]

    def problems(self, subject: S, lang: str) -> Iterator[Problem]:
        """Give what the rule finds, in a language."""
        for one in self.find(subject):
            czech, english = self.sentences[one.sentence]
            text = (english if lang == "en" else czech).format(
                **{name: _told(fact, lang) for name, fact in one.facts.items()}
            )
            mend = self.mend[1] if lang == "en" else self.mend[0]
            yield Problem(one.severity or self.severity, self.id, one.element, text, path=one.path, mend=mend)


def _told(fact: Json, lang: str) -> Json:
    return in_language(fact, lang) if isinstance(fact, str) else fact


RULES: list[Rule[Json]] = []


def rule(
    identifier: str, severity: Severity = "error", *, mend: tuple[str, str], **sentences: tuple[str, str]
) -> Callable[[Finder[S]], Finder[S]]:
    """Register a rule; `mend` and the `sentences` by name are (Czech, English)."""

    def register(find: Finder[S]) -> Finder[S]:
        RULES.append(Rule(identifier, severity, sentences, mend, find))
        return find

    return register


@cache
def all_rules() -> tuple[Rule[Json], ...]:
    """Give every rule of engine.check.rules, in the order of their files."""
    package = importlib.import_module("engine.check.rules")
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"engine.check.rules.{module}")
    return tuple(RULES)
