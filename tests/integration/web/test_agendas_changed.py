"""Ready agendas changed in the studio as an office would, exported, and run in another installation that takes them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from engine.commands import AddPerson, AppendRows, SaveRecord, StartInstance
from engine.model import SYSTEM, Actor, SubmittedForm
from processes.agenda import Agenda, parse_agenda
from processes.catalogue import unpack
from processes.scenarios.reading import as_json
from tests.integration.web.desk import QUICK, Desk, open_desk
from tests.integration.web.test_studio import VERSION, edit, form
from web.demo import people_in

NEW = "/studio/nova-agenda"


def changed(desk: Desk, agenda: str, key: str, label: str) -> bytes:
    """An author takes a ready agenda, adds a question to one of its forms, publishes it and downloads the whole."""
    desk.sign_in("autor")
    assert desk.post(NEW, {"how": "ready", "ready": agenda}).status_code == 303
    page = f"/studio/{agenda}/formulare/{key}"
    desk.post(f"{page}/otevrit", {}, f"{page}/zverejneny")
    assert edit(desk, "add", "", page, label=label, kind="text").status_code == 303
    version = VERSION.search(desk.get(f"{page}/zverejnit"))
    assert version
    assert desk.post(f"{page}/zverejnit", {"version": version[1]}).status_code == 303
    assert label in {one.get("title") for one in form(desk, page)["properties"].values()}
    return desk.client.get(f"/studio/{agenda}.zip").data


def takes(desk: Desk, package: bytes) -> Agenda:
    """Another installation takes the package, whose stories are played before; its people begin to work there."""
    agenda = parse_agenda(unpack(package))
    desk.sign_in("autor")
    answer = desk.post(NEW, {"how": "package", "package": (io.BytesIO(package), "agenda.zip")})
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"/studio/{agenda.key}"), answer.text[:2000]
    for person in people_in([agenda]):
        facts = {"username": person["username"], "name": person["name"], "groups": person["groups"]}
        hashed = QUICK.hash(person["username"])
        desk.stage.engine.execute(AddPerson(tenant=desk.stage.tenant, actor=SYSTEM, password_hash=hashed, **facts))
    return agenda


def task_of(desk: Desk, username: str, title: str) -> str:
    """The page of an open task of somebody's group, who signs in for it."""
    desk.sign_in(username)
    page = desk.get("/prace/ukoly?view=groups")
    (task,) = set(re.findall(r'data-task="(\w+)"', page))
    assert title in page
    return f"/prace/ukoly/{task}"


def field_of(page: str, label: str) -> str:
    """Name of the control that asks a question."""
    found = re.search(rf'<label[^>]*for="([^"]+)"[^>]*>\s*{label}', page)
    assert found, label
    control = re.search(rf'<(?:input|textarea)[^>]*id="{re.escape(found[1])}"[^>]*>', page)
    assert control
    name = re.search(r'name="([^"]+)"', control[0])
    assert name
    return name[1]


def answers(desk: Desk, task: str, said: Mapping[str, str]) -> None:
    answer = desk.fill(task, said)
    assert answer.status_code == 303, answer.text[:3000]


@pytest.fixture
def elsewhere() -> Any:
    """Another installation, which has never heard of the agenda."""
    with open_desk() as other:
        other.begin()
        yield other


def test_energy_with_a_new_question_runs_where_it_was_taken(desk: Desk, elsewhere: Desk) -> None:
    takes(elsewhere, changed(desk, "energy", "reading_check", "Kdo to zjistil"))
    tenant, execute = elsewhere.stage.tenant, elsewhere.stage.engine.execute
    meter = {"serial": "E-1", "kind": "electricity", "place": "Škola", "state": "active"}
    execute(SaveRecord(tenant=tenant, actor=SYSTEM, register="meters", data=meter))
    rows = [{"meter": "E-1", "at": at, "counter": value} for at, value in (("2026-04-01", 100), ("2026-05-01", 50))]
    execute(AppendRows(tenant=tenant, actor=SYSTEM, register="readings", rows=rows))
    elsewhere.tell_time("2026-06-01T12:00:00+02:00")
    task = task_of(elsewhere, "energetik", "Rozhodnout o odečtu")
    name = field_of(elsewhere.get(task), "Kdo to zjistil")
    answers(elsewhere, task, {"/verdict": "refused", name: "školník"})
    assert "školník" in elsewhere.get(f"{task}?tab=sent")


def test_a_participatory_budget_with_a_new_question_runs_where_it_was_taken(desk: Desk, elsewhere: Desk) -> None:
    agenda = takes(elsewhere, changed(desk, "participatory_budget", "call_approval", "Předkladatel"))
    call = as_call(agenda)
    coordinator = Actor(kind="person", username="koordinatorka", name="K", groups=frozenset({"coordinator"}))
    elsewhere.stage.engine.execute(
        StartInstance(
            tenant=elsewhere.stage.tenant,
            actor=coordinator,
            process_key="pb_call",
            variables=call,
            submission=SubmittedForm(form="call", data=call),
        )
    )
    task = task_of(elsewhere, "radni", "Schválit výzvu")
    name = field_of(elsewhere.get(task), "Předkladatel")
    answers(elsewhere, task, {"/approval": "yes", "/resolution": "12/2026", name: "starosta"})
    assert "Participativní rozpočet 2027" in elsewhere.get("/registry/pb_calls")


def as_call(agenda: Agenda) -> dict[str, Any]:
    """A call whose days are still to come."""
    told: dict[str, Any] = as_json(yaml.safe_load(agenda.text("scenarios/_forms.yaml") or ""))["vyzva"]
    days = {name: value.replace("2026", "2027") for name, value in told.items() if name.endswith(("_from", "_to"))}
    return {**told, **days, "call_title": "Participativní rozpočet 2027", "year": 2027}
