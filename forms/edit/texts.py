"""Every text that people read in a form beside its translation, and saying it in another language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forms import texts as all_texts
from forms.edit.places import Edited, Schema
from forms.pointers import MISSING, get, join, put, split

Json = Any


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text of the author."""

    pointer: str
    text: str
    #: The keyword it stands at: title, description, x-messages …
    role: str
    translation: str = ""


def texts(schema: Schema, lang: str) -> list[Text]:
    """Give all texts in the order of the file, with their translations."""
    found = get(schema, join("/x-translations", lang))
    known = found if isinstance(found, dict) else {}
    return [
        Text(pointer=pointer, text=text, role=_role(pointer), translation=_plain(known.get(pointer)))
        for pointer, text in all_texts.texts(schema)
        if text.strip()
    ]


def translate(schema: Schema, lang: str, said: dict[str, str]) -> Edited:
    """Say texts in another language, by pointer; an empty one falls back to the original."""
    for pointer, text in said.items():
        place = join("/x-translations", lang, pointer)
        if text.strip() != _plain(get(schema, place)):
            schema = put(schema, place, text.strip() or MISSING)
    for place in (f"/x-translations/{lang}", "/x-translations"):
        if get(schema, place) == {}:
            schema = put(schema, place, MISSING)
    return Edited(schema=schema, place="")


def _role(pointer: str) -> str:
    *above, last = split(pointer)
    if last == "message":
        return "x-messages"
    return above[-1] if above and above[-1] in ("x-messages", "x-labels") else last


def _plain(text: Json) -> str:
    return text if isinstance(text, str) else ""
