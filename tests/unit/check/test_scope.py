"""Which variables are offered at a place of a diagram."""

from __future__ import annotations

import pytest

from engine.check import variables_at
from processes.catalogue import load

FILES = load("membership").files


def at(element: str) -> dict[str, str]:
    """The variables at an element of the membership's diagram."""
    found = variables_at(FILES, "membership.bpmn", element)
    assert found is not None
    return found


def test_a_form_is_known_after_its_task_and_not_before() -> None:
    assert at("write_reasons")["outcome"] == "check"
    assert "outcome" not in at("confirm")


def test_what_every_case_has_is_there_everywhere_and_names_of_scripts_only_are_not() -> None:
    for element in ("confirm", "write_reasons", "judge"):
        names = at(element)
        assert names["today"] == ""
        assert "parameters" in names
        assert not [name for name in names if name.startswith("_")]


def test_a_condition_sees_what_its_source_sets() -> None:
    text = FILES["membership.bpmn"].decode()
    flow = text.split('sourceRef="check"')[0].rpartition('id="')[2].partition('"')[0]
    assert at(flow)["outcome"] == "check"


@pytest.mark.parametrize("element", ["", "nothing", "membership_collaboration"])
def test_a_place_that_is_none_has_no_variables(element: str) -> None:
    assert variables_at(FILES, "membership.bpmn", element) is None


def test_a_file_that_cannot_be_read_has_no_variables() -> None:
    assert variables_at({**FILES, "membership.bpmn": b"<a"}, "membership.bpmn", "check") is None
