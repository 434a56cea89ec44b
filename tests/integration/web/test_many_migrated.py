"""Two hundred cases go on with another version in one go: a verdict for each, drafts kept, some refused."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from sqlalchemy import select

from engine.commands import CompleteHumanTask, Deploy, SaveDraft, StartInstance
from engine.interventions import RehearseMigration, UndoOperation
from engine.model import SYSTEM, Actor
from engine.store.base import Base
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow
from engine.store.operations import OperationRow
from engine.store.papers import DraftRow
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.web.desk import Desk

CASES, STUCK, DRAFTS = 200, 40, 25
PAGE = "/velin/prechod/many?from=1&to=2"
AGENDA = 'key = "many"\n[title]\ncs = "Mnoho"\n[groups.secretariat]\ncs = "Sekretariát"\n'.encode()
FORM = b'{"type": "object", "title": "F", "properties": {"n": {"type": "integer", "title": "N"}}}'
PLAN = {"from": "1", "to": "2", "map.first": "renamed"}


def version(first: str, second: str) -> bytes:
    nodes = (user(first, 'group="secretariat" form="f"'), user(second, 'group="secretariat"'))
    return diagram(start(), *nodes, end(), chain("s", first, second, "e"), process="many")


def deployed(desk: Desk, content: bytes) -> None:
    command = Deploy(
        tenant=desk.stage.tenant,
        actor=SYSTEM,
        agenda="many",
        title={"cs": "Mnoho"},
        files={"many.bpmn": content, "agenda.toml": AGENDA, "forms/f.json": FORM},
        groups={"secretariat": {"cs": "Sekretariát"}},
        numbering="M-{n:04}",
    )
    desk.stage.engine.execute(command)


def rows(desk: Desk, kind: type[Base]) -> list[Base]:
    with desk.stage.sessions() as session:
        return list(session.scalars(select(kind)))


@pytest.fixture
def many(desk: Desk) -> Desk:
    """160 cases at the first step, 25 of them with a draft, and 40 at a step that the new version has no place for."""
    desk.past = None
    tenant, engine = desk.stage.tenant, desk.stage.engine
    jana = Actor(kind="person", username="jana", name="Jana", groups=frozenset({"secretariat"}))
    deployed(desk, version("first", "second"))
    for number in range(CASES):
        case = engine.execute(StartInstance(tenant=tenant, actor=SYSTEM, process_key="many")).instance_id
        if number < STUCK + DRAFTS:
            (task,) = (t for t in rows(desk, HumanTaskRow) if t.instance_id == case)
            if number < STUCK:
                engine.execute(CompleteHumanTask(tenant=tenant, actor=jana, task_id=task.id, data={}))
            else:
                engine.execute(SaveDraft(tenant=tenant, actor=jana, task_id=task.id, form="f", data={"n": number}))
    deployed(desk, version("renamed", "other"))
    desk.sign_in("spravce")
    return desk


def versions(desk: Desk) -> Counter[int]:
    return Counter(case.version for case in rows(desk, InstanceRow) if case.process_key == "many")


def test_two_hundred_cases_are_rehearsed_and_carried_over_and_those_without_a_place_stay(many: Desk) -> None:
    tasks = {t.id for t in rows(many, HumanTaskRow) if t.state == "open" and t.node == "first"}
    drafts = {(d.task_id, json.dumps(d.data)) for d in rows(many, DraftRow)}
    assert (len(tasks), len(drafts)) == (CASES - STUCK, DRAFTS)
    rehearsal = many.post(PAGE, PLAN | {"step": "rehearse"}).get_data(as_text=True)
    assert "160 případů může jít dál" in rehearsal
    told = set(re.findall(r"M-\d{4}", rehearsal))
    assert len(told) == CASES
    assert rehearsal.count("second: Verze takový krok nemá") == STUCK
    assert versions(many) == {1: CASES}

    answer = many.post(PAGE, PLAN | {"step": "run", "reason": "Nová vyhláška."})
    assert answer.status_code == 303
    log = many.get(answer.location)
    assert versions(many) == {2: CASES - STUCK, 1: STUCK}
    assert {t.id for t in rows(many, HumanTaskRow) if t.state == "open" and t.node == "renamed"} == tasks
    assert {(d.task_id, json.dumps(d.data)) for d in rows(many, DraftRow)} == drafts
    operations = [o for o in rows(many, OperationRow) if o.kind == "migrate"]
    assert Counter((o.state, o.reason) for o in operations) == {
        ("done", "Nová vyhláška."): CASES - STUCK,
        ("refused", "Nová vyhláška."): STUCK,
    }
    # All of them were done in the same moment, so any may stand on the first page.
    listed = set(re.findall(r"M-\d{4}", log))
    assert listed and listed <= told
    story = [h for h in rows(many, HistoryRow) if h.kind == "case-migrated"]
    assert {h.facts["reason"] for h in story} == {"Nová vyhláška."}
    assert len({h.instance_id for h in story}) == CASES - STUCK


def test_a_rehearsal_of_two_hundred_is_one_command_and_one_of_them_is_taken_back(many: Desk) -> None:
    ids = [case.id for case in rows(many, InstanceRow) if case.process_key == "many"]
    operator = Actor(kind="person", username="spravce", name="Správce", groups=frozenset({"operator"}))
    command = RehearseMigration(
        tenant=many.stage.tenant, actor=operator, instance_ids=ids, version=2, mapping={"first": "renamed"}
    )
    verdicts = many.stage.engine.execute(command)
    assert Counter(one.kind for one in verdicts) == {"ok-with-changes": CASES - STUCK, "not-possible": STUCK}
    assert sum(one.drafts_kept for one in verdicts) == DRAFTS
    assert sum(one.tasks_kept for one in verdicts) == CASES - STUCK
    many.post(PAGE, PLAN | {"step": "run", "reason": "x"})
    operation = next(o for o in rows(many, OperationRow) if o.kind == "migrate" and o.state == "done")
    undo = UndoOperation(tenant=many.stage.tenant, actor=operator, operation_id=operation.id, reason="a mistake")
    many.stage.engine.execute(undo)
    assert versions(many) == {2: CASES - STUCK - 1, 1: STUCK + 1}
