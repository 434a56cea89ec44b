"""One thing of every kind that an address can name, all of the first organisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from engine.authoring import OpenProposal
from engine.banking import SendBankOrders
from engine.commands import AppendRows, CorrelateMessage, Deploy, ReportJob
from engine.desk import BeginBatch, OpenCalendar
from engine.erasing import AskErasure, PlaceHold, Subject
from engine.handlers.undelivered import SetMessageAside
from engine.ids import new_id
from engine.model import Actor, JobOutcome, RowPhoto
from engine.offering import OfferAgenda
from engine.registering import BeginImport
from engine.signing_in import BeginSession, Holder
from engine.store.bank_orders import BankOrderRow
from engine.store.base import Base
from engine.store.breakers import BreakerRow
from engine.store.cases import IncidentRow, JobRow, KeptMessageRow
from engine.store.money import PaymentRequestRow
from engine.store.papers import AttachmentRow, DocumentRow, SubmissionRow
from engine.store.people import PersonRow
from engine.store.registers import RecordWatchRow
from engine.store.voting import PollRow
from engine.store.wall import everybodys
from engine.voting.envelopes import PollKey
from tests.integration.web.desk import Desk
from web.workplace.notice_settings import hash_of

CALENDAR, SYMBOL = "calendar-of-member", "2026000001"
#: Being changed in the studio: a form, a diagram and a decision.
FORM, DIAGRAM, DECISION = "meeting", "membership", "membership_fee"
#: A register of rows in time, and what stands in addresses of such ones.
ROWS = "town_counts"
OF_ROWS = ("<key>/rows", "<key>/totals", "/radky/", "/foto/", "/klice", "/stitky.pdf")


def everything(desk: Desk, case: str, record: str, do: Callable[..., Any]) -> dict[str, str]:
    """Let there be one of each; gives ids by the names that addresses give them."""
    made = {**_money(desk, case, do), **_troubles(desk, case, record, do), **_papers(desk, case), **_vote(desk, case)}
    made |= _rows(desk, record, do)
    made["offer_id"] = do(OfferAgenda, agenda="membership")
    hold = do(PlaceHold, case_number="", person="nekdo@example.org", reason="zkouška")
    wish = do(AskErasure, subject=Subject(email="nekdo@example.org"), reason="zkouška")
    member_self = Actor(kind="person", username="member")
    do(OpenCalendar, actor=member_self, token_hash=hash_of(CALENDAR))
    made["batch_id"] = do(BeginBatch, actor=member_self, act="claim", task_ids=["x"], given={})
    with desk.stage.sessions() as session:
        member = session.scalars(
            select(PersonRow.id).where(PersonRow.username == "member", PersonRow.tenant == desk.stage.tenant)
        ).first()
    begun = {"holder": Holder(kind="person", id=str(member)), "way": "password"}
    which = do(BeginSession, actor=Actor(kind="person", username="member"), **begun)
    table = "IČO;Název\n00271632;Jičín\n".encode()
    brought = do(BeginImport, register="members", filename="t.csv", content=table, columns={"IČO": "ico"})
    for path in (f"forms/{FORM}.json", f"{DIAGRAM}.bpmn", f"{DECISION}.dmn", "registers/members.json"):
        do(OpenProposal, agenda="membership", path=path, content=desk.agenda.files[path].decode())
    return {**made, "hold_id": hold, "erasure_id": wish, "token": CALENDAR, "which": which, "import_id": brought}


def _put(desk: Desk, row: type[Base], **words: Any) -> str:
    made = new_id()
    with everybodys(desk.stage.parts.database).begin() as connection:
        connection.execute(insert(row).values(id=made, tenant=desk.stage.tenant, **words))
    return made


def _money(desk: Desk, case: str, do: Callable[..., Any]) -> dict[str, str]:
    now, account = desk.stage.clock.now(), desk.stage.account
    due = {"instance_id": case, "account": account, "due_on": now.date(), "currency": "CZK", "amount": 100}
    asked = {"variable_symbol": SYMBOL, "purpose": "Poplatek", "state": "open", "created_at": now}
    _put(desk, PaymentRequestRow, **due, **asked)
    order = _put(desk, BankOrderRow, **due, prepared_at=now, state="prepared", counter_account="19-2000145399/0800")
    return {"symbol": SYMBOL, "batch": do(SendBankOrders, orders=[order]).batch}


def _vote(desk: Desk, case: str) -> dict[str, str]:
    now, settings = desk.stage.clock.now(), desk.stage.parts.settings
    made = {"key": "pr-2026", "title": "Hlasování", "instance_id": case, "rules": {}, "admission": "codes"}
    paper = {
        "options": [{"id": "a", "title": "Lípy", "group": "g"}],
        "classes": [{"key": "g", "title": "", "budget": 1}],
    }
    how = {"show_running": False, "two_entries": True, "state": "open", "commitment": "", "sealed_secret": b""}
    when = {"opens_at": now, "closes_at": now + timedelta(days=20)}
    poll = _put(desk, PollRow, **made, **paper, **how, **when, key_check="")
    check = PollKey(settings.signing_key().encode(), desk.stage.tenant, poll).check
    with everybodys(desk.stage.parts.database).begin() as connection:
        connection.execute(update(PollRow).where(PollRow.id == poll).values(key_check=check))
    return {"vote": "pr-2026"}


def _troubles(desk: Desk, case: str, record: str, do: Callable[..., Any]) -> dict[str, str]:
    do(CorrelateMessage, name="nobody.waits")
    with desk.stage.sessions() as session:
        kept = session.scalars(select(KeptMessageRow.id).where(KeptMessageRow.name == "nobody.waits")).one()
        job = session.scalars(select(JobRow).where(JobRow.connector == "mail.send")).first()
        assert job is not None
        job.state, job_id = "running", job.id
        session.commit()
    do(SetMessageAside, row_id=kept, problem="It failed.")
    do(ReportJob, job_id=job_id, outcome=JobOutcome(kind="failed", message="No.", retry=False))
    occasion = {"watch": "x", "counted_by": record, "occasion": "1", "period": "", "problem": "It failed."}
    watch = _put(desk, RecordWatchRow, register="members", record_id=record, due_at=desk.stage.clock.now(), **occasion)
    away = {"connector": "mail.send", "target": "", "state": "open", "failures": 3, "rounds": 1, "cause": "busy"}
    times = {"opened_at": desk.stage.clock.now(), "next_at": desk.stage.clock.now()}
    breaker = _put(desk, BreakerRow, **away, **times, message="The mail server does not take mail now.")
    with desk.stage.sessions() as session:
        stuck = session.scalars(select(IncidentRow.id)).one()
    return {"row_id": kept, "watch_id": watch, "breaker_id": breaker, "incident_id": stuck}


def _papers(desk: Desk, case: str) -> dict[str, str]:
    with desk.stage.sessions() as session:
        file = session.scalars(select(AttachmentRow.id).where(AttachmentRow.instance_id == case)).first()
        sent = session.scalars(select(SubmissionRow.id).where(SubmissionRow.instance_id == case)).first()
    facts = {"key": "letter", "title": "Dopis", "version": 1, "public": True, "created_at": desk.stage.clock.now()}
    document = _put(desk, DocumentRow, instance_id=case, attachment_id=file, **facts)
    return {"document_id": document, "submission_id": str(sent)}


def _rows(desk: Desk, record: str, do: Callable[..., Any]) -> dict[str, str]:
    """A register of rows in time under the members, one of them with a picture."""
    text = {"type": "string"}
    shape = {"type": "object", "properties": {"ico": text, "at": text, "count": {"type": "number"}}}
    kept = {
        "key": ROWS,
        "schema": shape,
        "series": True,
        "rows": {
            "under": "members",
            "by": "ico",
            "time": "at",
            "value": "count",
            "inbox": {"set": "kind"},
            "label": {"photo": True},
        },
        "rights": {"read": ["secretariat"], "write": ["secretariat"]},
    }
    manifest = 'key = "rows"\ntitle = {cs = "Řádky"}\n[groups.secretariat]\ncs = "Sekretariát"\n'
    files = {"agenda.toml": manifest.encode(), f"registers/{ROWS}.json": json.dumps(kept).encode()}
    do(Deploy, agenda="rows", title={"cs": "Řádky"}, files=files)
    sent = [{"ico": record, "at": "2026-05-01", "count": 1}]
    photos = {0: RowPhoto(media_type="image/png", content=b"x")}
    (fate,) = do(AppendRows, register=ROWS, rows=sent, photos=photos)
    return {"photo_id": fate.row_id}


def key_of(rule: str) -> str:
    """What `<key>` means in an address: a register, a form, a diagram."""
    kinds = {"/formulare/": FORM, "/diagramy/": DIAGRAM, "/rozhodnuti/": DECISION} | dict.fromkeys(OF_ROWS, ROWS)
    return next((key for part, key in kinds.items() if part in rule), "members")
