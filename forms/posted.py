"""What a browser posts, sorted by place.

Names of controls are JSON Pointers. Beside a control there may be a hidden marker named by its pointer and "~": it says
that the control was on the page, and what stood there when that can't be seen from the control (an empty text, list or
object, an unticked box, spaces around a text, the order of ticked boxes). Buttons have names that begin with "~".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.errors import PostTooLarge
from forms.pointers import MISSING, pointer_of, split

Json = Any
Pairs = Sequence[tuple[str, str]]

MAX_PAIRS = 60_000
MAX_NAME = 2_000
MAX_DEPTH = 40
_EMPTY: Mapping[str, Json] = {'""': "", "{}": {}, "[]": [], "null": None, "false": False, "off": False}


@dataclass(frozen=True, kw_only=True)
class FileRef:
    """An uploaded file, kept elsewhere; its id is the answer."""

    id: str
    name: str = ""
    size: int = 0
    url: str = ""
    #: Fingerprint of the content; "" when it isn't known.
    sha256: str = ""

    def size_text(self, lang: str) -> str:
        """Give the size for reading: 210 kB, 1,2 MB; "" when it isn't known."""
        if self.size < 1_000_000:
            return f"{max(1, round(self.size / 1000))}\u00a0kB" if self.size else ""
        text = f"{self.size / 1_000_000:.1f}"
        return f"{text.replace('.', ',') if lang == 'cs' else text}\u00a0MB"


@dataclass
class Place:
    """What was posted at one pointer and below it."""

    values: list[str] = field(default_factory=list)
    files: list[FileRef] = field(default_factory=list)
    marker: str | None = None
    below: dict[str, Place] = field(default_factory=dict)
    #: Posted as POINTER~/OTHER: what is said about another form's fields.
    about: dict[str, str] = field(default_factory=dict)

    @property
    def is_bare(self) -> bool:
        """Nothing was posted here: the control was not on the page."""
        return self.marker is None and not (self.values or self.files or self.below or self.about)

    @property
    def empty(self) -> Json:
        """What an unfilled control stands for: mostly nothing, sometimes an empty value that was there before."""
        return _EMPTY.get(self.marker or "", MISSING)

    @property
    def is_answered(self) -> bool:
        """Somebody filled something in, here or below; or an empty value stood here before."""
        stood = self.marker == " " or (self.marker != "off" and self.empty is not MISSING)
        if self.files or stood or any(value.strip() for value in self.values):
            return True
        return any(self.about.values()) or any(place.is_answered for place in self.below.values())

    def at(self, token: str) -> Place:
        """Give what was posted under a token."""
        return self.below.get(token, NOTHING)


NOTHING = Place()


def sorted_by_place(pairs: Pairs, files: Mapping[str, Sequence[FileRef]]) -> Place:
    """Sort posted pairs and uploads into a tree. Raises PostTooLarge."""
    if len(pairs) > MAX_PAIRS:
        raise PostTooLarge("The post has more fields than a form can have.")
    root = Place()
    for name, value in pairs:
        if name.startswith("/"):
            _plant(root, name, value)
    for name, uploads in files.items():
        if name.startswith("/"):
            _place(root, name).files.extend(uploads)
    return root


def _plant(root: Place, name: str, value: str) -> None:
    at, is_about, about = name.partition("~/")
    if is_about:
        _place(root, at).about["/" + pointer_of(about)] = value
    elif name.endswith("~"):
        _place(root, name[:-1]).marker = value
    else:
        _place(root, name).values.append(value)


def _place(root: Place, name: str) -> Place:
    tokens = split(pointer_of(name))
    if len(name) > MAX_NAME or len(tokens) > MAX_DEPTH:
        raise PostTooLarge("The name of a posted field is too long or too deep.")
    place = root
    for token in tokens:
        place = place.below.setdefault(token, Place())
    return place


def on_page(pairs: Pairs) -> set[str]:
    """Give the pointers of the controls that the posted page had."""
    return {pointer_of(name.partition("~/")[0].removesuffix("~")) for name, _ in pairs if name.startswith("/")}
