"""Making cases anonymous and taking single answers out: nothing of the person is left, how it went stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.audit_chain import canonical, verify
from engine.commands import DeleteRecord, SaveRecord
from engine.erasing import AnonymiseCase, EraseAnswers, EraseFields, PlaceHold
from engine.errors import Conflict
from engine.queries import audit
from engine.queries import verification as fits
from engine.store.audit import AuditEventRow
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow
from engine.store.large_values import LargeValueRow
from engine.store.papers import AttachmentRow, SubmissionRow
from engine.store.registers import RecordRow
from engine.store.session import read_sessions
from tests.integration.engine.test_erasing import DANA, Registry, registry
from tests.integration.engine.test_erasing_what_stays import paid
from tests.integration.office import Office

__all__ = ["registry"]

ALL_OF_HERS = ["/name", "/email", "/born", "/street", "/note"]
DOGS = (
    b'{"key": "dogs", "title": {"cs": "Psi", "en": "Dogs"}, "search": ["owner"], "unique": ["chip"],'
    b' "schema": {"type": "object", "properties": {"owner": {"type": "string"}, "chip": {"type": "string"}}}}'
)


def proven(office: Office) -> None:
    """The chain holds, and every case is where its history says."""
    office.engine.seal()
    with read_sessions(office.database, "town")() as session:
        lines = [canonical(record).decode() for record in audit.exported(session, "town", office.clock.now())]
        assert list(fits.verify(session, "town", office.clock.now())) == []
    assert verify(lines).problems == []


def test_an_anonymous_case_keeps_how_it_went_and_nobodys_words(registry: Registry) -> None:
    office = registry.office
    office.add_person("dana", "admin")
    office.engine.seal()
    for case in (registry.case, registry.other):
        office.do(AnonymiseCase, instance_id=case, because="retention")
    assert registry.traces() == {}
    case = office.case(registry.case)
    assert case.business_key and case.ended_at and case.applicant_name == case.title == ""
    assert [row.completed_by for row in office.rows(HumanTaskRow, instance_id=registry.case)] == ["dana"]
    kinds = {row.kind for row in office.rows(HistoryRow, instance_id=registry.case)}
    assert {"task-completed", "case-completed", "case-anonymised"} <= kinds and "note" not in kinds
    assert office.rows(SubmissionRow) == office.rows(AttachmentRow) == office.rows(LargeValueRow) == []
    proven(office)


def test_amounts_stay_without_whose_they_were(registry: Registry) -> None:
    office = registry.office
    paid(office, registry.case)
    with pytest.raises(Conflict, match="law"):
        office.do(AnonymiseCase, instance_id=registry.case, because="retention")
    office.pass_time(timedelta(days=6 * 366))
    rows = office.do(AnonymiseCase, instance_id=registry.case, because="retention")
    assert (rows["payment_request blanked"], rows["bank_order blanked"]) == (1, 1)
    office.do(AnonymiseCase, instance_id=registry.other, because="retention")
    assert registry.traces() == {}


def test_single_answers_go_from_everywhere_and_the_rest_stays(registry: Registry) -> None:
    office = registry.office
    office.engine.seal()
    for case in (registry.case, registry.other):
        office.do(EraseAnswers, instance_id=case, fields=["/born", "/note"], because="retention")
    left = registry.traces()
    assert "1984-05-06" not in left and "rodinný stav" not in left
    assert {"Kvapilová", "kvapilova@example.cz", "Lipová 7"} <= set(left)
    assert office.case(registry.case).applicant_name == "Kvapilová"
    assert all(row.data["street"] == "Lipová 7" for row in office.rows(SubmissionRow))
    proven(office)


def test_what_names_the_answers_elsewhere_is_cleaned_too(registry: Registry) -> None:
    office = registry.office
    for each in (registry.case, registry.other):
        office.do(EraseAnswers, instance_id=each, fields=ALL_OF_HERS, because="retention")
    case = office.case(registry.case)
    assert (case.applicant_name, case.applicant_email) == ("", "")
    # A file that was no answer stays, and who sent it stays told as long as the case.
    left = registry.traces()
    assert set(left["Kvapilová"]) <= {"content", "history", "submission"} and "Lipová 7" not in left
    proven(office)


@pytest.mark.parametrize("command", [AnonymiseCase, EraseAnswers])
def test_what_runs_or_is_held_stays_whole(registry: Registry, command: type) -> None:
    office = registry.office
    what = {"because": "retention"} | ({"fields": ["/born"]} if command is EraseAnswers else {})
    with pytest.raises(Conflict, match="finished"):
        office.do(command, instance_id=office.start().instance_id, **what)
    office.do(PlaceHold, DANA, person="kvapilova@example.cz", reason="kontrola")
    with pytest.raises(Conflict, match="held"):
        office.do(command, instance_id=registry.case, **what)
    assert len(office.rows(InstanceRow)) == 3


def test_the_audit_tells_what_was_taken_out_and_never_what_it_was(registry: Registry) -> None:
    office = registry.office
    office.do(EraseAnswers, instance_id=registry.case, fields=["/born"], because="retention")
    (event,) = office.rows(AuditEventRow, kind="erased")
    assert (event.facts or {})["fields"] == ["/born"] and "1984" not in str(event.facts)


def test_a_field_goes_from_all_versions_of_a_deleted_record(engine_on: Office) -> None:
    engine_on.deploy(files={"registers/dogs.json": DOGS})
    dog = engine_on.do(SaveRecord, register="dogs", data={"owner": "Kvapilová Dana", "chip": "203"})
    engine_on.do(SaveRecord, register="dogs", record_id=dog, data={"owner": "Kvapilová Dana", "chip": "204"})
    with pytest.raises(Conflict, match="in force"):
        engine_on.do(EraseFields, record_id=dog, fields=["owner"], because="retention")
    engine_on.do(DeleteRecord, register="dogs", record_id=dog)
    engine_on.do(EraseFields, record_id=dog, fields=["owner"], because="retention")
    (row,) = engine_on.rows(RecordRow)
    assert row.data == {"chip": "204"}
    found = Registry(engine_on, "", "").traces()
    assert "Kvapilová" not in found
