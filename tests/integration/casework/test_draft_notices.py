"""Whose drafts are nearly over: who is told, at which address, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.commands import AddPerson, CompleteHumanTask, SaveDraft
from engine.drafting import AddressDraft, DraftNotice, PromiseDraftNotices, ReportDraftNotice, TakeDraftNotices
from engine.model import SYSTEM, Actor
from tests.integration.casework.office import APPLICANT, SECRETARY, Office

PAVEL = Actor(kind="person", username="pavel", name="Pavel", groups=frozenset({"secretariat"}))
NEARLY = timedelta(days=84)


def taken(office: Office) -> Sequence[DraftNotice]:
    office.engine.execute(PromiseDraftNotices(tenant=office.home, actor=SYSTEM, days=7))
    return office.engine.execute(TakeDraftNotices(tenant=office.home, actor=SYSTEM))


def staffed(office: Office) -> None:
    groups = ("secretariat",)
    person = {"username": "pavel", "name": "Pavel", "email": "pavel@office.example", "groups": groups}
    office.engine.execute(AddPerson(tenant=office.home, actor=SYSTEM, **person))


def task_of(office: Office, instance_id: str) -> str:
    return next(one.id for one in office.inbox(SECRETARY).tasks.items if one.instance_id == instance_id)


def test_the_owner_of_a_task_is_told_and_nobody_once_the_task_is_done(office: Office) -> None:
    staffed(office)
    open_one, done_one = (task_of(office, office.start().instance_id) for _ in range(2))
    for task_id in (open_one, done_one):
        office.engine.execute(SaveDraft(tenant=office.home, actor=PAVEL, task_id=task_id, form="x", data={"a": 1}))
    office.engine.execute(CompleteHumanTask(tenant=office.home, actor=SECRETARY, task_id=done_one, data={}))
    office.clock.advance(NEARLY)
    (notice,) = taken(office)
    assert (notice.email, notice.task_id, notice.owner, notice.secret) == (
        "pavel@office.example",
        open_one,
        "pavel",
        "",
    )
    office.engine.execute(ReportDraftNotice(tenant=office.home, actor=SYSTEM, reader_id=notice.reader_id))
    office.clock.advance(timedelta(days=1))
    assert taken(office) == []


def test_an_address_is_kept_once_and_every_mail_has_a_secret_of_its_own(office: Office) -> None:
    saving = SaveDraft(tenant=office.home, actor=APPLICANT, process_key="fee", form="application")
    drafts = [office.engine.execute(saving)[0] for _ in range(2)]
    for draft_id in drafts:
        for language in ("cs", "en"):
            addressed = {"draft_id": draft_id, "email": "a@obec.example", "language": language}
            office.engine.execute(AddressDraft(tenant=office.home, actor=APPLICANT, **addressed))
    office.clock.advance(NEARLY)
    notices = taken(office)
    assert sorted(one.draft_id for one in notices) == sorted(drafts)
    assert {one.language for one in notices} == {"en"}
    assert len({one.secret for one in notices}) == 2
    assert taken(office) == []
    office.clock.advance(timedelta(minutes=3))
    again = taken(office)
    assert len(again) == 2
    assert not {one.secret for one in again} & {one.secret for one in notices}


def test_a_draft_that_is_over_meanwhile_is_told_of_no_more(office: Office) -> None:
    saving = SaveDraft(tenant=office.home, actor=APPLICANT, process_key="fee", form="application")
    draft_id, _secret = office.engine.execute(saving)
    office.engine.execute(AddressDraft(tenant=office.home, actor=APPLICANT, draft_id=draft_id, email="a@obec.example"))
    office.clock.advance(NEARLY)
    office.engine.execute(PromiseDraftNotices(tenant=office.home, actor=SYSTEM, days=7))
    office.clock.advance(timedelta(days=7))
    assert office.engine.execute(TakeDraftNotices(tenant=office.home, actor=SYSTEM)) == []
