"""Keeping the words by which cases are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.commands import Command


@dataclass(frozen=True, kw_only=True)
class Worded:
    """The words of a case as it was at this entry of its history."""

    words: Sequence[str]
    upto: int


@dataclass(frozen=True, kw_only=True)
class KeepWords(Command[int]):
    """Keep the words of cases, by their ids; gives how many cases were still there."""

    cases: Mapping[str, Worded]
