"""Which column of a table goes to which field of a register: by what was chosen last time, by key, title or alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.registers.definitions import Register
from forms.compile import Form
from forms.naming import fold
from forms.words import text_of

#: Other titles under which a field comes in tables, in its schema.
ALIASES = "x-aliases"


def matched(
    kept: Register, form: Form, titles: Sequence[str], remembered: Mapping[str, str], allowed: Sequence[str]
) -> dict[str, str]:
    """Give for each title the field it goes to, "" for nowhere; a field is taken once, by the first that has it."""
    known: dict[str, str] = {}
    for name in allowed:
        for word in _called(kept, form, name):
            known.setdefault(_plain(word), name)
    taken: set[str] = set()
    found = {}
    for title in titles:
        wanted = remembered[title] if title in remembered else known.get(_plain(title), "")
        name = wanted if wanted in allowed and wanted not in taken else ""
        taken.add(name)
        found[title] = name
    return found


def _called(kept: Register, form: Form, name: str) -> Iterator[str]:
    shape = kept.schema["properties"][name]
    yield name
    for lang in {form.language, "cs", "en", *form.schema.get("x-translations", {})}:
        yield text_of(form, form.root["properties"][name], "title", lang) or name
    yield from (str(one) for one in shape.get(ALIASES) or ())


def _plain(title: str) -> str:
    return "".join(sign for sign in fold(title) if sign.isalnum())
