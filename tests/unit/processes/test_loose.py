"""Diagrams without a manifest as an agenda of their own."""

from __future__ import annotations

import pytest

from processes.agenda import parse_agenda
from processes.loose import as_agenda, key_of
from tests.integration.diagrams import chain, diagram, end, start

ALONE = diagram(start(), end(), chain("s", "e"), process="Ask_us")


def test_a_diagram_alone_is_named_after_its_process_and_its_forms_lie_in_their_folder() -> None:
    agenda = parse_agenda(as_agenda({"ask.bpmn": ALONE, "question.json": b'{"type": "object"}', "fee.dmn": b""}))
    assert (agenda.key, agenda.title["cs"]) == ("diagram_ask_us", "Ask_us")
    assert list(agenda.forms) == ["question"] and agenda.diagrams == ["ask.bpmn"] and agenda.decisions == ["fee.dmn"]


def test_what_has_a_manifest_or_no_diagram_stays_as_it_is() -> None:
    whole = {"agenda.toml": b"", "ask.bpmn": ALONE}
    assert as_agenda(whole) == whole
    assert as_agenda({"question.json": b"{}"}) == {"question.json": b"{}"}


def test_a_diagram_that_can_not_be_read_is_named_after_its_file() -> None:
    assert parse_agenda(as_agenda({"Žádost 2.bpmn": b"<x"})).key == "diagram_zadost_2"


def test_a_name_full_of_quotes_and_marks_is_still_a_title() -> None:
    name = 'a "b" \\ \x7f ě'
    odd = ALONE.replace(b'name="Ask_us"', f'name="{name.replace(chr(34), "&quot;")}"'.encode())
    assert parse_agenda(as_agenda({"a.bpmn": odd})).title["cs"] == 'a "b" \\  ě'


@pytest.mark.parametrize(
    ("process", "key"), [("Process_1", "diagram_process_1"), ("_", "diagram"), ("ř" * 80, "diagram_" + "r" * 55)]
)
def test_a_key_is_made_of_small_letters_digits_and_underscores(process: str, key: str) -> None:
    assert key_of(process) == key
