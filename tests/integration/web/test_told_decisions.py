"""What a decision table decided stands in the story in the agenda's words, not in those of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from engine.model import SYSTEM
from engine.store.definitions import ProcessDefinitionRow
from processes.catalogue import load, to_command
from tests.integration.web.desk import Desk
from web.i18n import COOKIE
from web.workplace.deciding import decided


@dataclass(frozen=True)
class Case:
    definition_id: str


def told(desk: Desk, agenda: str, process: str, facts: dict[str, Any], lang: str = "cs") -> str:
    """The sentences about a decision of a case of a process, as the page has them."""
    files, tenant = load(agenda), desk.stage.tenant
    desk.stage.engine.execute(to_command(files, files.files, tenant, SYSTEM))
    with desk.stage.sessions() as session:
        newest = select(ProcessDefinitionRow.id).filter_by(tenant=tenant, process_key=process)
        case = Case(definition_id=str(session.scalars(newest).first()))
    with desk.app.test_request_context("/", headers={"Cookie": f"{COOKIE}={lang}"}):
        desk.app.preprocess_request()
        return "; ".join(decided(facts, case)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("agenda", "process", "facts", "said"),
    [
        (
            "energy",
            "renewal",
            {"ref": "renewal_strategy", "inputs": {"Komodita": "electricity"}, "outputs": {"strategy": "tender"}},
            "Komodita: elektřina; Výsledek: Postup: Poptat dodavatele",
        ),
        (
            "vulnerabilities",
            "finding",
            {"ref": "remedy_terms", "inputs": {"Závažnost": "high"}, "outputs": {"period": "P30D", "approver": "head"}},
            "Závažnost: vysoká; Výsledek: Lhůta: 30 dní; Kdo přijímá riziko: Tajemník",
        ),
        (
            "grants",
            "grant_round",
            {
                "ref": "approval_authority",
                "inputs": {"Dne": "2026-09-27"},
                "outputs": {"body": "council", "limit": "50000.00"},
            },
            "Dne: 27. 9. 2026; Výsledek: Orgán: rada; Orgán rozhoduje do: 50 000,00",
        ),
    ],
)
def test_values_are_called_as_forms_registers_and_groups_of_the_agenda_call_them(
    desk: Desk, agenda: str, process: str, facts: dict[str, Any], said: str
) -> None:
    assert said in told(desk, agenda, process, facts)


def test_a_reason_that_a_table_gives_is_said_in_the_language_of_the_page(desk: Desk) -> None:
    facts = {"ref": "renewal_strategy", "inputs": {}, "outputs": {"why": "malý objem stačí poptat"}}
    assert "Why: a small volume: to ask is enough" in told(desk, "energy", "renewal", facts, "en")
