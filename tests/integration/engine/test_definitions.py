"""Publishing agendas."""

from __future__ import annotations

import pytest

from engine.commands import Deploy
from engine.errors import EngineError, Invalid, NotAllowed
from engine.model import SYSTEM, Deployed
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow
from engine.store.people import GroupRow
from tests.integration.diagrams import chain, diagram, end, message, messages, start, user
from tests.integration.office import JANA, Office

ONE = diagram(start(), user("a"), end(), chain("s", "a", "e"))
OTHER = diagram(start(), user("b"), end(), chain("s", "b", "e"))


def publish(office: Office, files: dict[str, bytes], agenda: str = "agenda", **facts: object) -> Deployed:
    return office.do(Deploy, agenda=agenda, title={"cs": "x"}, files=files, **facts)


def test_the_same_content_is_the_same_version(engine_on: Office) -> None:
    first, again, changed = (publish(engine_on, {"p.bpmn": content}) for content in (ONE, ONE, OTHER))
    assert (first.version, first.changed) == (1, True)
    assert (again.deployment_id, again.changed) == (first.deployment_id, False)
    assert (changed.version, changed.changed, changed.process_keys) == (2, True, ["p"])


def test_what_cannot_be_read_is_refused_and_leaves_nothing(engine_on: Office) -> None:
    with pytest.raises(EngineError):
        publish(engine_on, {"p.bpmn": b"<nothing"})
    assert not engine_on.rows(DeploymentRow)


def test_two_diagrams_with_one_id_are_refused(engine_on: Office) -> None:
    with pytest.raises(Invalid):
        publish(engine_on, {"p.bpmn": ONE, "q.bpmn": ONE})


def test_a_process_belongs_to_one_agenda(engine_on: Office) -> None:
    publish(engine_on, {"p.bpmn": ONE})
    with pytest.raises(Invalid):
        publish(engine_on, {"p.bpmn": ONE}, agenda="another")


def test_only_authors_publish(engine_on: Office) -> None:
    with pytest.raises(NotAllowed):
        engine_on.do(Deploy, JANA, agenda="x", title={}, files={"p.bpmn": ONE})


def test_what_a_process_begins_with_is_known(engine_on: Office) -> None:
    body = diagram(start(inner=message("paid")), end(), chain("s", "e"), head=messages("paid"))
    publish(engine_on, {"p.bpmn": body})
    (row,) = engine_on.rows(ProcessDefinitionRow)
    assert row.begins_with == [{"kind": "message", "name": "paid", "node": "s"}]


def test_groups_come_with_the_agenda(engine_on: Office) -> None:
    publish(engine_on, {"p.bpmn": ONE}, groups={"board": {"cs": "Výbor", "en": "Board"}})
    publish(engine_on, {"p.bpmn": OTHER}, groups={"board": {"cs": "Rada", "en": "Council"}})
    (row,) = engine_on.rows(GroupRow)
    assert row.title == {"cs": "Rada", "en": "Council"}


def test_tenants_do_not_see_each_others_agendas(engine_on: Office) -> None:
    publish(engine_on, {"p.bpmn": ONE})
    engine_on.add_tenant("village")
    deployed = engine_on.engine.execute(
        Deploy(tenant="village", actor=SYSTEM, agenda="agenda", title={}, files={"p.bpmn": ONE})
    )
    assert (deployed.version, deployed.changed) == (1, True)
