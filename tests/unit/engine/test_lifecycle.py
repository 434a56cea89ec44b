"""The tables of states."""

from __future__ import annotations

import pytest

from engine import lifecycle
from engine.errors import Conflict, HumanTaskNotOpen
from engine.lifecycle import Lifecycle, step

ALL = [getattr(lifecycle, name) for name in dir(lifecycle) if name.isupper() and not name.startswith("OPEN_")]


@pytest.mark.parametrize("table", ALL)
def test_every_way_leads_to_a_state_of_the_table(table: Lifecycle) -> None:
    assert all(following <= table.keys() for following in table.values())


def test_a_step_that_is_not_in_the_table_is_refused() -> None:
    assert step(lifecycle.HUMAN_TASK, "open", "claimed") == "claimed"
    with pytest.raises(HumanTaskNotOpen):
        step(lifecycle.HUMAN_TASK, "completed", "claimed", HumanTaskNotOpen)
    with pytest.raises(Conflict):
        step(lifecycle.INSTANCE, "terminated", "running")
