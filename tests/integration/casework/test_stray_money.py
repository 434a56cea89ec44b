"""Stray money where two agendas have a process for it: it goes to the one that asked, else to the chosen one."""

from __future__ import annotations

import pytest

from engine.commands import ChangeTenant, CompleteHumanTask, Deploy, StartInstance
from engine.model import SYSTEM, Applicant
from engine.queries import payments
from tests.integration.casework.agenda import FEE, MONEY
from tests.integration.casework.office import SECRETARY, TREASURER, Office, payment

#: The same two processes under other keys, as a second agenda; `a…` comes before, `z…` behind those of `fees`.
OTHERS = {"a_portal": ("a_fee", "a_unmatched"), "z_portal": ("z_fee", "z_unmatched")}


@pytest.fixture(params=sorted(OTHERS))
def portal(request: pytest.FixtureRequest, office: Office) -> str:
    fee, unmatched = OTHERS[request.param]
    files = {
        "fee.bpmn": FEE.replace('process id="fee"', f'process id="{fee}"').encode(),
        "money.bpmn": MONEY.replace('process id="unmatched"', f'process id="{unmatched}"').encode(),
    }
    title = {"cs": "Portál", "en": "Portal"}
    groups = {"treasurer": title, "secretariat": title}
    office.engine.execute(
        Deploy(tenant=office.home, actor=SYSTEM, agenda=request.param, title=title, files=files, groups=groups)
    )
    return str(request.param)


def symbol_of(office: Office, process: str) -> str:
    """A case of the process asks for money; gives the symbol."""
    started = office.engine.execute(
        StartInstance(
            tenant=office.home,
            actor=SYSTEM,
            process_key=process,
            variables={"amount": 762_000},
            applicant=Applicant(name="Obec", email="obec@example.cz"),
        )
    )
    task = next(one for one in office.inbox(SECRETARY).tasks.items if one.instance_id == started.instance_id)
    office.engine.execute(CompleteHumanTask(tenant=office.home, actor=SECRETARY, task_id=task.id, data={}))
    with office.read() as session:
        return payments.payments(session, office.home, started.instance_id)[0].variable_symbol


def begun(office: Office) -> list[str]:
    """Processes whose task for the treasurer is open."""
    return [task.process_key for task in office.inbox(TREASURER, view="all").tasks.items if task.node == "decide"]


def choose(office: Office, agenda: str | None) -> None:
    office.engine.execute(
        ChangeTenant(tenant=office.home, actor=SYSTEM, name="Město", settings={"stray_money": agenda})
    )


def test_money_with_the_symbol_of_a_case_goes_to_its_agenda(office: Office, portal: str) -> None:
    fee, unmatched = OTHERS[portal]
    ours, theirs = symbol_of(office, "fee"), symbol_of(office, fee)
    choose(office, portal)
    office.bring(payment(ours, 100, key="A"), number="A")
    assert begun(office) == ["unmatched"]
    office.bring(payment(theirs, 100, key="B"), number="B")
    assert sorted(begun(office)) == sorted(["unmatched", unmatched])


def test_other_money_goes_to_the_agenda_that_was_chosen(office: Office, portal: str) -> None:
    _fee, unmatched = OTHERS[portal]
    for agenda, expected in ((portal, unmatched), ("fees", "unmatched")):
        choose(office, agenda)
        before = begun(office)
        office.bring(payment("77", 100, key=agenda), number=agenda)
        assert sorted(begun(office)) == sorted([*before, expected])


@pytest.mark.parametrize("chosen", [None, "nothing"])
def test_without_a_choice_the_first_by_its_key_takes_it(office: Office, portal: str, chosen: str | None) -> None:
    choose(office, chosen)
    office.bring(payment("77", 100, key="A"), number="A")
    assert begun(office) == [min("unmatched", OTHERS[portal][1])]
