"""Reading an agenda's folder: everything wrong is said at once, in a sentence."""

from __future__ import annotations

import pytest

from processes.agenda import AgendaRefused, parse_agenda
from processes.manifest import choose

GOOD = """
key = "parking"
numbering = "PARK-{year}-{n:03}"
title_expression = "name"
[title]
cs = "Parkování"
en = "Parking"
[groups.transport]
cs = "Odbor dopravy"
[parameters]
fee = 500
[[services]]
process = "permit"
title.cs = "Parkovací karta"
summary.cs = "Pro obyvatele zóny."
needs.cs = ["občanský průkaz"]
"""


def agenda_with(manifest: str = GOOD, **files: bytes) -> dict[str, bytes]:
    return {"agenda.toml": manifest.encode(), **{name.replace("__", "/"): content for name, content in files.items()}}


def problems_of(files: dict[str, bytes], lang: str = "en") -> list[str]:
    with pytest.raises(AgendaRefused) as refused:
        parse_agenda(files, lang)
    return [problem.message for problem in refused.value.problems]


def test_a_good_manifest_becomes_an_agenda() -> None:
    agenda = parse_agenda(agenda_with() | {"forms/permit.json": b'{"title": "Karta"}', "a.bpmn": b"", "b.dmn": b""})
    assert (agenda.key, agenda.numbering, agenda.title_expression) == ("parking", "PARK-{year}-{n:03}", "name")
    assert agenda.parameters == {"fee": 500}
    assert agenda.groups == {"transport": {"cs": "Odbor dopravy"}}
    assert agenda.forms == {"permit": {"title": "Karta"}}
    assert agenda.services[0].needs == {"cs": ["občanský průkaz"]}
    assert (agenda.diagrams, agenda.decisions) == (["a.bpmn"], ["b.dmn"])


def test_a_folder_without_manifest_is_refused() -> None:
    assert problems_of({}) == ["The file agenda.toml is missing."]
    assert problems_of({}, "cs") == ["Chybí soubor agenda.toml."]


def test_a_manifest_that_is_not_toml_says_where() -> None:
    assert "line 1" in problems_of(agenda_with("key = "))[0] or "can't be read" in problems_of(agenda_with("key = "))[0]


def test_everything_wrong_is_said_at_once() -> None:
    manifest = 'key = "Big"\nnumbering = "X"\ngroups = 3\n[[services]]\ntitle.cs = "x"\n'
    messages = problems_of(agenda_with(manifest) | {"forms/a.json": b"{", "registers/b.json": b"[]"})
    assert len(messages) == 7
    assert any("numbering" in message for message in messages)
    assert any("forms/a.json" in message for message in messages)
    assert any("registers/b.json" in message for message in messages)


@pytest.mark.parametrize("numbering", ["{year}", "A-{n}-{month}", "{n:z}", "{0}-{n}"])
def test_a_numbering_that_cannot_count_is_refused(numbering: str) -> None:
    assert len(problems_of(agenda_with(GOOD.replace("PARK-{year}-{n:03}", numbering)))) == 1


def test_a_text_without_translation_is_czech() -> None:
    assert choose({"cs": "Karta", "en": "Card"}, "en") == "Card"
    assert choose({"cs": "Karta"}, "en") == "Karta"
    assert choose({}, "en") == ""
