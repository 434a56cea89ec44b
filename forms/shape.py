"""What is known of one place in the form for the present answer: plain facts, put together by `forms.shaping`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from forms.conditions import Opener
from forms.graph import Schema

Json = Any


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the answers on offer; the title comes from `source` and its translations."""

    value: Json
    title: str
    source: Schema


@dataclass(frozen=True, kw_only=True)
class Member:
    """A property of an object as it stands for this answer."""

    name: str
    schema: Schema
    required: bool
    opener: Opener | None = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Everything known about one place: its keywords joined, choices, properties."""

    keywords: Schema
    #: The schema each keyword came from, for translations.
    sources: dict[str, Schema]
    types: frozenset[str]
    choices: tuple[Choice, ...]
    members: tuple[Member, ...]
    #: Names that must be there, also of properties that nothing describes.
    required: frozenset[str]
    nullable: bool

    def without_parts(self) -> Shape:
        """Give the shape of the same place for a value that has no parts, where it may be such."""
        return replace(self, types=self.types - {"object", "array"}, members=())

    def get(self, keyword: str, default: Any = None) -> Any:
        """Give the value of a keyword."""
        return self.keywords.get(keyword, default)

    @property
    def keeps_rows(self) -> bool:
        """Whether its rows are those that came: none is added, none taken out."""
        return self.keywords.get("x-rows-kept") is True

    def limit(self, keyword: str, default: int = 0) -> int:
        """Give a count such as minItems; JSON Schema lets 2.0 be one too."""
        value = self.keywords.get(keyword)
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else default
