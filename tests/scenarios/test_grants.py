"""What the tables of the grants agenda decide; its stories are played by test_other_agendas."""

from __future__ import annotations

import pytest

from engine.dmn import evaluate, read_decisions
from processes import catalogue

AGENDA = catalogue.load("grants")


@pytest.mark.parametrize(
    ("kind", "amount", "has_council", "body"),
    [
        ("dotace", "0.01", True, "council"),
        ("dotace", "45000.00", True, "council"),
        ("dotace", "50000.00", True, "council"),
        ("dotace", "50000.01", True, "assembly"),
        ("dotace", "50001.00", True, "assembly"),
        ("dotace", "50000.00", False, "mayor"),
        ("dotace", "50001.00", False, "assembly"),
        ("dar", "20000.00", True, "council"),
        ("dar", "20001.00", True, "assembly"),
        ("dar", "20000.00", False, "mayor"),
        ("loan", "1.00", True, "assembly"),
    ],
)
def test_the_dated_table_names_the_body(kind: str, amount: str, has_council: bool, body: str) -> None:
    decisions = read_decisions(AGENDA.files["approval_authority.dmn"])
    given = {"body_kind": kind, "item": {"decides_on": amount}, "has_council": has_council, "decided_on": "2026-06-01"}
    assert evaluate(decisions, "approval_authority", given).outputs["body"] == body


@pytest.mark.parametrize(
    ("amount", "orp", "voluntarily", "register", "board"),
    [
        ("50000.00", True, True, False, False),
        ("50001.00", True, False, True, True),
        ("50001.00", False, False, False, True),
        ("50001.00", False, True, True, True),
    ],
)
def test_the_table_says_where_a_contract_is_published(
    amount: str, orp: bool, voluntarily: bool, register: bool, board: bool
) -> None:
    decisions = read_decisions(AGENDA.files["publication_duties.dmn"])
    given = {"published_amount": amount, "is_orp": orp, "publishes_voluntarily": voluntarily}
    assert evaluate(decisions, "publication_duties", given).outputs == {"register": register, "board": board}
