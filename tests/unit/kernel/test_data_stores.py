"""Data associations with data stores: registers that a case reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.errors import ScriptError
from tests.unit.kernel.diagrams import bpmn, event
from tests.unit.kernel.playing import Case

MEMBERS = '<dataStoreReference id="store" name="Členové" radnice:register="members"/>'


class Shelf:
    """One register of members with the towns A and B; refuses a record that is called wrong."""

    def __init__(self) -> None:
        self.saved: list[tuple[str, str | None, dict[str, Any]]] = []

    def read(self, register: str, key: str | None, where: Mapping[str, Any]) -> list[dict[str, Any]]:
        assert register == "members"
        records = [{"id": n, "version": 1, "caption": n, "data": {"name": n, "size": len(n)}} for n in ("A", "BB")]
        if key is not None:
            return [one for one in records if one["id"] == key]
        return [one for one in records if all(one["data"][k] == v for k, v in where.items())]

    def save(self, register: str, key: str | None, data: dict[str, Any]) -> None:
        if data.get("name") == "wrong":
            raise ScriptError("The record does not fit.")
        self.saved.append((register, key, data))


def reading(inside: str = "", attributes: str = "") -> str:
    io = '<ioSpecification><dataInput id="in1" name="towns"/></ioSpecification>'
    ends = "<sourceRef>store</sourceRef><targetRef>in1</targetRef>"
    return f"{io}<dataInputAssociation {attributes}>{ends}{inside}</dataInputAssociation>"


def writing(inside: str = "", attributes: str = "", number: int = 1) -> str:
    io = f'<ioSpecification><dataOutput id="out{number}" name="town"/></ioSpecification>'
    ends = f"<sourceRef>out{number}</sourceRef><targetRef>store</targetRef>"
    return f"{io}<dataOutputAssociation {attributes}>{ends}{inside}</dataOutputAssociation>"


@pytest.mark.parametrize(
    "attributes, inside, found",
    [
        (
            "radnice:where=\"{'size': n}\"",
            "",
            [{"id": "BB", "version": 1, "caption": "BB", "data": {"name": "BB", "size": 2}}],
        ),
        ("radnice:key=\"'A'\"", "<transformation>members['data']['size'] + n</transformation>", 3),
        ("radnice:key=\"'C'\"", "<transformation>members == None</transformation>", True),
        ("", "<transformation>[m['caption'] for m in members]</transformation>", ["A", "BB"]),
    ],
)
def test_a_data_store_gives_the_records_of_its_register(attributes: str, inside: str, found: object) -> None:
    script = "<script>seen = towns</script>"
    case = Case(
        bpmn("start -> script -> end", more=MEMBERS, script=reading(inside, attributes) + script), n=2, stores=Shelf()
    )
    assert case.variables == {"n": 2, "seen": found}


def test_a_data_store_takes_what_an_activity_gives() -> None:
    shelf = Shelf()
    assign = "".join(
        f"<assignment><from>{value}</from><to>{name}</to></assignment>"
        for name, value in (("name", "town"), ("size", "n + 1"))
    )
    flows = "start -> user -> user_2 -> end"
    case = Case(
        bpmn(flows, more=MEMBERS, user=writing(assign, 'radnice:key="town"'), user_2=writing(number=2)),
        n=2,
        stores=shelf,
    )
    case.complete("user", town="A")
    case.complete("user_2", town=[{"name": "X"}, {"name": "Y"}])
    assert shelf.saved == [
        ("members", "A", {"name": "A", "size": 3}),
        ("members", None, {"name": "X"}),
        ("members", None, {"name": "Y"}),
    ]
    assert (case.status, case.variables) == ("completed", {"n": 2})


def test_a_record_that_a_register_refuses_is_an_incident_and_the_rest_is_saved_once() -> None:
    shelf = Shelf()
    case = Case(bpmn("start -> user -> end", more=MEMBERS, user=writing()), stores=shelf)
    case.complete("user", town=[{"name": "X"}, {"name": "wrong"}])
    assert (case.incidents, len(shelf.saved)) == (["user"], 1)
    failed = case.told("incident")[0].activity
    case.do({"do": "change", "data": {"town": [{"name": "X"}, {"name": "Z"}]}, "activity": failed})
    case.do({"do": "retry", "activity": failed})
    assert (case.status, [data["name"] for _, _, data in shelf.saved]) == ("completed", ["X", "Z"])


def test_a_thrown_message_carries_what_a_data_store_holds() -> None:
    thrown = (
        '<dataInput id="in1" name="towns"/>'
        + reading("<transformation>len(members)</transformation>").split("</ioSpecification>")[1]
    )
    case = Case(bpmn("start -> throw -> end", more=MEMBERS, throw=thrown + event("message", "m")), stores=Shelf())
    assert case.told("message")[0].facts["payload"] == {"towns": 2}
