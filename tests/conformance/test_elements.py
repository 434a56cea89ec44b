"""What docs/bpmn.md promises is what the tests show."""

from __future__ import annotations

import pytest

from engine.diagram import FLOW_NODES
from tests.conformance.elements import ELEMENTS, PAGE, names_of_tests, shown, written


def test_the_page_of_supported_elements_is_up_to_date() -> None:
    text = PAGE.read_text()
    assert text == written(text), "run python -m tests.conformance.elements"


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_element_is_shown_by_a_test(element: str) -> None:
    assert shown(element, names_of_tests())


def test_every_node_that_the_kernel_runs_is_on_the_page() -> None:
    words = PAGE.read_text().lower().replace("-", "").replace(" ", "")
    kinds = {kind.removesuffix("Event").removesuffix("Task").removesuffix("Gateway").lower() for kind in FLOW_NODES}
    assert [kind for kind in sorted(kinds) if kind not in words] == []
