"""An agenda's own texts in another language: `words.<lang>.toml` beside the diagrams says each Czech text anew. Pure.

A text that is put together at run time has its changing parts in braces: `"Příspěvek {year}" = "Fee for {year}"`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

#: The language that agendas are written in.
HOME = "cs"
_PART = re.compile(r"\{(\w+)\}")
_LONGEST = 2_000


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an agenda says in one language; a text without a translation stays as it is."""

    texts: Mapping[str, str] = field(default_factory=dict)
    #: Texts with changing parts: what they look like → how they are said.
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()

    def __call__(self, text: str) -> str:
        """Say a text; word by word, so that what is missing stays Czech."""
        if text in self.texts:
            return self.texts[text]
        return self._by_pattern(text) if len(text) <= _LONGEST else text

    def knows(self, text: str) -> bool:
        """Whether the text is translated."""
        return text in self.texts or any(pattern.fullmatch(text) for pattern, _ in self.patterns)

    def _by_pattern(self, text: str) -> str:
        for pattern, said in self.patterns:
            if found := pattern.fullmatch(text):
                # Parts are said as well; a list, piece by piece.
                parts = {name: ", ".join(map(self, part.split(", "))) for name, part in found.groupdict().items()}
                return _PART.sub(lambda place, parts=parts: parts.get(place[1], place[0]), said)  # type: ignore[misc]
        return text


def read_words(files: Mapping[str, bytes], lang: str) -> Words:
    """Read the words of a language; none where the file is missing or damaged (`radnice check` tells that)."""
    try:
        read = tomllib.loads(files.get(path_of(lang), b"").decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return Words()
    texts = {text: said for text, said in read.items() if isinstance(said, str)}
    patterns = [(_pattern(text), said) for text, said in texts.items() if _PART.search(text)]
    # The longest text says the most about what it fits.
    patterns.sort(key=lambda one: -len(one[0].pattern))
    return Words(texts=texts, patterns=tuple(patterns))


def path_of(lang: str) -> str:
    """Where the words of a language lie in an agenda."""
    return f"words.{lang}.toml"


def languages(files: Mapping[str, bytes]) -> list[str]:
    """The languages that an agenda brings words of, besides its own."""
    found = (re.fullmatch(r"words\.([a-z]{2})\.toml", path) for path in files)
    return sorted(name[1] for name in found if name and name[1] != HOME)


def _pattern(text: str) -> re.Pattern[str]:
    written: list[str] = []
    seen: set[str] = set()
    at = 0
    for place in _PART.finditer(text):
        name = place[1]
        written += [re.escape(text[at : place.start()]), f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"]
        seen.add(name)
        at = place.end()
    return re.compile("".join(written) + re.escape(text[at:]), re.DOTALL)
