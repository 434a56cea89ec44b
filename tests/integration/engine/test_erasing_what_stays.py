"""What erasing leaves: records in force, what a hold names however it is reached, and papers of money that moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.commands import DeleteRecord, SaveRecord
from engine.erasing import EraseCase, EraseRecord, LiftHold, PlaceHold, Subject
from engine.errors import Conflict
from engine.ids import new_id
from engine.queries import personal
from engine.store.bank_orders import BankOrderRow
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow, TransactionRow
from engine.store.registers import RecordRow, RecordVersionRow
from engine.store.session import read_sessions
from tests.integration.engine.test_erasing import DANA, STEPS, begun
from tests.integration.office import Office

MEMBERS = (
    b'{"key": "members", "title": {"cs": "Clenove", "en": "Members"}, '
    b'"schema": {"type": "object", "properties": {"email": {"type": "string"}}}}'
)
HERS = "kvapilova@example.cz"


@pytest.fixture
def office(engine_on: Office) -> Office:
    engine_on.deploy(STEPS, files={"registers/members.json": MEMBERS})
    return engine_on


def record(office: Office, email: str = HERS) -> str:
    return office.do(SaveRecord, register="members", data={"email": email})


def erased(office: Office, record_id: str) -> bool:
    office.do(EraseRecord, record_id=record_id, because="x")
    return not office.rows(RecordRow, id=record_id) and not office.rows(RecordVersionRow, record_id=record_id)


def known(office: Office) -> personal.Known:
    with read_sessions(office.database, "town")() as session:
        return personal.known_of(session, "town", Subject(email=HERS), office.clock.now().date())


def test_a_record_in_force_stays_until_it_is_deleted_from_its_register(office: Office) -> None:
    member = record(office)
    assert [one.why_kept for one in known(office).records] == ["live"]
    with pytest.raises(Conflict, match="in force"):
        office.do(EraseRecord, record_id=member, because="x")
    assert office.rows(RecordRow, id=member)
    office.do(DeleteRecord, register="members", record_id=member)
    assert erased(office, member)


def test_a_held_person_holds_every_record_that_names_or_has_named_them(office: Office) -> None:
    member = record(office)
    office.do(SaveRecord, register="members", record_id=member, data={"email": "somebody.else@example.cz"})
    office.do(DeleteRecord, register="members", record_id=member)
    hold = office.do(PlaceHold, DANA, person=HERS.upper(), reason="kontrola")
    with pytest.raises(Conflict, match="held"):
        office.do(EraseRecord, record_id=member, because="x")
    office.do(LiftHold, DANA, hold_id=hold, reason="skončilo")
    assert erased(office, member)


def test_a_held_person_holds_cases_of_others_that_name_them(office: Office) -> None:
    case = begun(office, "Jiný", "j@example.cz", "smlouva.txt")
    other = begun(office, "Další", "d@example.cz", "jiná.txt")
    office.do(PlaceHold, DANA, person="j@example.cz", reason="kontrola")
    with Session(office.everything) as session, session.begin():
        # Whoever applied is another one by now; the form still names the held person.
        session.get_one(InstanceRow, case).applicant_email = "novy@example.cz"
    with pytest.raises(Conflict, match="held"):
        office.do(EraseCase, instance_id=case, because="x")
    office.do(EraseCase, instance_id=other, because="x")


def paid(office: Office, case: str, **facts: Any) -> None:
    """Money came for the case, and half of it went back."""
    now = office.clock.now()
    money = {"amount": 762_000, "currency": "CZK", "variable_symbol": "2600000099"}
    with Session(office.everything) as session, session.begin():
        request = PaymentRequestRow(
            id=new_id(),
            tenant="town",
            instance_id=case,
            account="1/0800",
            purpose="Příspěvek Kvapilová",
            due_on=date(2026, 4, 1),
            state="paid",
            created_at=now,
            paid_at=now,
            **money,
        )
        session.add(request)
        session.flush()
        movement = TransactionRow(
            id=new_id(),
            tenant="town",
            account="1/0800",
            key="1",
            booked_on=now.date(),
            counter_account="2/0800",
            counter_name="Kvapilová",
            state="matched",
            payment_request_id=request.id,
            instance_id=case,
            **money,
        )
        session.add(movement)
        session.flush()
        session.add(
            BankOrderRow(
                id=new_id(),
                tenant="town",
                instance_id=case,
                account="1/0800",
                counter_account="2/0800",
                counter_name="Kvapilová",
                amount=381_000,
                due_on=now.date(),
                state="sent",
                prepared_at=now,
                sent_at=now,
                refund_of=movement.id,
            )
        )


def test_papers_of_money_are_kept_five_years_after_the_year_in_which_it_moved(office: Office) -> None:
    case = begun(office, "Kvapilová", HERS, "smlouva.txt")
    paid(office, case)
    assert [one.why_kept for one in known(office).cases] == ["books"]
    office.pass_time(timedelta(days=5 * 365))
    with pytest.raises(Conflict, match="law"):
        office.do(EraseCase, instance_id=case, because="x")
    office.pass_time(timedelta(days=366))
    rows = office.do(EraseCase, instance_id=case, because="retention")
    assert (rows["payment_request"], rows["bank_order"]) == (1, 1)
    # The movement on the account is the office's: it stays, without whose it was.
    (movement,) = office.rows(TransactionRow)
    assert (movement.amount, movement.counter_name, movement.instance_id) == (762_000, "", None)
