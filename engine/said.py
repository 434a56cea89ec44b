"""Sentences in both languages: made where something is wrong, chosen where it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class Said(str):
    """An English sentence that knows how it is said in Czech."""

    __slots__ = ("czech",)
    czech: str

    def __new__(cls, czech: str, english: str) -> Self:
        """Make it of both."""
        said = super().__new__(cls, english)
        said.czech = czech
        return said


def in_language(sentence: str, lang: str) -> str:
    """Give a sentence in a language; one that was only ever written in one of them as it is."""
    return sentence.czech if isinstance(sentence, Said) and lang == "cs" else str(sentence)


def together(sentences: Iterable[str]) -> Said:
    """Give several sentences as one text."""
    listed = list(sentences)
    return Said(" ".join(in_language(one, "cs") for one in listed), " ".join(listed))


def placed(place: str, sentence: str) -> Said:
    """Give a sentence after the place that it is about."""
    return Said(f"{place}: {in_language(sentence, 'cs')}", f"{place}: {sentence}")


def said_by(error: Exception) -> str:
    """Give the sentence of an error as it was made, in both languages where it was."""
    sentence = error.args[0] if error.args else ""
    return sentence if isinstance(sentence, str) else str(error)
