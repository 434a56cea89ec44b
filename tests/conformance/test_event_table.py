"""Every kind of event in every place is executed as the standard says, or refused at deployment by name."""

from __future__ import annotations

import pytest

from tests.conformance.event_table import ALLOWED, KINDS, PLACES, comes_right, refused_by

#: Only the schema of BPMN stands in the way of these two: no attribute makes a thrown event parallel.
BY_SCHEMA = {("parallel multiple", "throw"), ("parallel multiple", "end")}


@pytest.mark.parametrize(("kind", "place"), [(k, p) for p in PLACES for k in KINDS if k in ALLOWED[p]])
def test_an_event_does_what_the_standard_says(kind: str, place: str) -> None:
    assert comes_right(kind, place)


@pytest.mark.parametrize(("kind", "place"), [(k, p) for p in PLACES for k in KINDS if k not in ALLOWED[p]])
def test_an_event_where_the_standard_has_none_is_refused_by_name(kind: str, place: str) -> None:
    assert ("xml-schema" if (kind, place) in BY_SCHEMA else "event-kinds") in refused_by(kind, place)
