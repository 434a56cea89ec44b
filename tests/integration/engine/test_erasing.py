"""Erasing: nothing of the person is left anywhere, what is held stays, and the audit still holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from engine.audit_chain import canonical, verify
from engine.commands import AddNote, StartInstance, StoreAttachment
from engine.erasing import AskErasure, DecideErasure, EraseCase, LiftHold, PlaceHold, Subject
from engine.errors import Conflict, NotAllowed
from engine.model import SYSTEM, Actor, Applicant, SubmittedForm
from engine.queries import audit, personal, retention
from engine.store.audit import AuditEventRow
from engine.store.cases import InstanceRow
from engine.store.personal import ErasureRow
from engine.store.session import read_sessions
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import Office

STEPS = diagram(start(), user("a"), end(), chain("s", "a", "e"))
MANIFEST = b'key = "agenda"\n[retention]\ncase = "P2Y"\n'
DANA = Actor(kind="person", username="dana", name="Dana", groups=frozenset({"admin"}))
IVAN = Actor(kind="person", username="ivan", name="Ivan", groups=frozenset({"admin"}))
#: Everything by which somebody could be told; each stands somewhere in the case.
TRACES = ("Kvapilová", "kvapilova@example.cz", "1984-05-06", "Lipová 7", "rodinný stav", "smlouva-kvapil.txt")
PERSON = Subject(email="Kvapilova@example.cz")


@dataclass
class Registry:
    """An office with a finished case of one person and one of another."""

    office: Office
    case: str
    other: str

    def traces(self) -> dict[str, list[str]]:
        """Where something of the person is found, in any column of any table there is."""
        found: dict[str, list[str]] = {}
        with self.office.everything.connect() as connection:
            looked = inspect(connection)
            for table in looked.get_table_names():
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).mappings().all()
                for trace in TRACES:
                    if any(trace in spelled(value) for row in rows for value in row.values()):
                        found.setdefault(trace, []).append(table)
        return found


def spelled(value: object) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, (dict, list)):
        return canonical(value).decode()
    # SQLite keeps JSON as text, in which letters may be escaped.
    return str(value).encode().decode("unicode_escape", "replace") + str(value)


@pytest.fixture
def registry(engine_on: Office) -> Iterator[Registry]:
    engine_on.deploy(STEPS, files={"agenda.toml": MANIFEST})
    hers = begun(engine_on, "Kvapilová", "kvapilova@example.cz", "smlouva-kvapil.txt")
    yield Registry(engine_on, hers, begun(engine_on, "Jiný", "j@example.cz", "smlouva.txt"))


def begun(office: Office, name: str, email: str, filename: str) -> str:
    data = {"name": name, "email": email, "born": "1984-05-06", "street": "Lipová 7"}
    file = office.do(StoreAttachment, filename=filename, media_type="text/plain", content=name.encode())
    form = SubmittedForm(form="application", data=data, channel="portal", attachments=[file])
    facts = {"process_key": "p", "variables": data | {"note": "rodinný stav " * 2_000}}
    command = StartInstance(
        tenant="town", actor=SYSTEM, submission=form, applicant=Applicant(name=name, email=email), **facts
    )
    case = office.engine.execute(command).instance_id
    office.do(AddNote, DANA, instance_id=case, text=f"{name} bydlí v ulici Lipová 7")
    office.complete("a", data, by=DANA, case=case)
    return case


def erased_alone(registry: Registry) -> None:
    registry.office.do(EraseCase, instance_id=registry.other, because="retention")
    registry.office.do(EraseCase, instance_id=registry.case, because="retention")


def test_nothing_of_the_person_is_left_in_any_column_of_any_table(registry: Registry) -> None:
    assert set(registry.traces()) == set(TRACES)
    registry.office.engine.seal()
    erased_alone(registry)
    assert registry.traces() == {}
    assert registry.office.rows(InstanceRow) == []


def test_another_ones_case_stays_whole(registry: Registry) -> None:
    registry.office.do(EraseCase, instance_id=registry.case, because="retention")
    assert [row.id for row in registry.office.rows(InstanceRow)] == [registry.other]
    assert "Kvapilová" not in registry.traces()


def test_the_chain_holds_and_proves_what_has_gone(registry: Registry) -> None:
    registry.office.engine.seal()
    erased_alone(registry)
    registry.office.engine.seal()
    with read_sessions(registry.office.database, "town")() as session:
        lines = [canonical(record).decode() for record in audit.exported(session, "town", registry.office.clock.now())]
    found = verify(lines)
    assert found.problems == []
    assert found.erased > 0
    proofs = [row.facts or {} for row in registry.office.rows(AuditEventRow, kind="erased")]
    assert all(proof["rows"]["history"] and proof["papers"] for proof in proofs)
    without = [line for line in lines if '"kind":"erased"' not in line]
    assert verify(without).problems


def test_a_case_that_runs_or_is_held_is_never_erased(registry: Registry) -> None:
    office = registry.office
    running = office.start().instance_id
    with pytest.raises(Conflict):
        office.do(EraseCase, instance_id=running, because="retention")
    number = office.case(registry.case).business_key
    on_case = office.do(PlaceHold, DANA, case_number=number, reason="soudní spor")
    on_person = office.do(PlaceHold, DANA, person="KVAPILOVA@example.cz", reason="kontrola")
    for hold in (on_case, on_person):
        with pytest.raises(Conflict, match="held"):
            office.do(EraseCase, instance_id=registry.case, because="retention")
        office.do(LiftHold, DANA, hold_id=hold, reason="skončilo")
    office.do(EraseCase, instance_id=registry.case, because="retention")


def test_retention_names_what_is_due_and_what_is_held(registry: Registry) -> None:
    office = registry.office

    def due() -> tuple[list[str], list[str]]:
        with read_sessions(office.database, "town")() as session:
            found = retention.overdue(session, "town", office.clock.now())
        return [one.id for one in found.cases], [one.id for one in found.held]

    office.pass_time(timedelta(days=729))
    assert due() == ([], [])
    office.pass_time(timedelta(days=3))
    assert sorted(due()[0]) == sorted([registry.case, registry.other])
    office.do(PlaceHold, DANA, person="kvapilova@example.cz", reason="kontrola")
    assert due() == ([registry.other], [registry.case])


def test_a_person_is_found_by_mail_number_or_name_with_birth_date(registry: Registry) -> None:
    with read_sessions(registry.office.database, "town")() as session:
        for subject in (PERSON, Subject(name="kvapilová", born="1984-05-06")):
            assert [
                one.id for one in personal.known_of(session, "town", subject, registry.office.clock.now().date()).cases
            ] == [registry.case]
        for subject in (
            Subject(email="x@example.cz"),
            Subject(name="Kvapilová", born="1984-05-07"),
            Subject(ico="12345679"),
        ):
            assert personal.known_of(session, "town", subject, registry.office.clock.now().date()).cases == []


def test_whoever_asked_for_an_erasure_does_not_agree_to_it(registry: Registry) -> None:
    office = registry.office
    asked = office.do(AskErasure, DANA, subject=PERSON, reason="žádost")
    with pytest.raises(NotAllowed):
        office.do(DecideErasure, DANA, erasure_id=asked, agreed=True)
    office.do(DecideErasure, IVAN, erasure_id=asked, agreed=True)
    with pytest.raises(Conflict):
        office.do(DecideErasure, IVAN, erasure_id=asked, agreed=True)
    assert office.rows(ErasureRow)[0].state == "agreed"


def test_a_refused_erasure_forgets_whose_it_was(registry: Registry) -> None:
    office = registry.office
    asked = office.do(AskErasure, DANA, subject=PERSON, reason="žádost paní Kvapilové")
    office.do(DecideErasure, DANA, erasure_id=asked, agreed=False)
    (row,) = office.rows(ErasureRow)
    assert (row.state, row.subject, row.reason) == ("refused", None, "")
