"""Papers: drafts under a secret, files kept once, forms word for word, documents in versions."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.commands import AddNote, NewDocument, SaveDraft, StartInstance, StoreAttachment
from engine.drafting import DiscardDraft, PurgeDrafts
from engine.errors import DraftAlreadySent, Invalid, NotAllowed, NotFound, TooMuchKept
from engine.handlers.papers import plain_name, store_documents, submission_hash
from engine.model import SYSTEM, Allowance, Started, SubmittedForm
from engine.queries import papers, story
from engine.store.papers import ContentRow
from tests.integration.casework.office import APPLICANT, SECRETARY, TREASURER, Office

PDF = b"%PDF-1.7 usneseni"


def draft(office: Office, **facts: Any) -> tuple[str, str]:
    return office.engine.execute(SaveDraft(tenant=office.home, actor=APPLICANT, form="application", **facts))


def attach(office: Office, content: bytes = PDF, **facts: Any) -> str:
    return office.engine.execute(
        StoreAttachment(
            tenant=office.home,
            actor=APPLICANT,
            filename=facts.pop("filename", "usnesení.pdf"),
            media_type="application/pdf",
            content=content,
            **facts,
        )
    )


def send(office: Office, draft_id: str | None = None, files: tuple[str, ...] = ()) -> Started:
    return office.engine.execute(
        StartInstance(
            tenant=office.home,
            actor=APPLICANT,
            process_key="fee",
            variables={"amount": 1},
            submission=SubmittedForm(form="application", data={"name": "Říčany", "file": files}, attachments=files),
            draft_id=draft_id,
        )
    )


def resumed(office: Office, draft_id: str, secret: str) -> papers.DraftFacts:
    with office.read() as session:
        return papers.draft_by_secret(session, office.home, draft_id, secret, office.clock.now())


def contents(office: Office) -> int:
    with office.read() as session:
        return session.scalar(select(func.count()).select_from(ContentRow)) or 0


def test_a_draft_is_resumed_only_by_its_secret_and_saving_prolongs_it(office: Office) -> None:
    draft_id, secret = draft(office, process_key="fee", data={"name": "Ř"})
    office.clock.advance(timedelta(days=60))
    assert draft(office, draft_id=draft_id, data={"name": "Říčany"}, step="two") == (draft_id, "")
    office.clock.advance(timedelta(days=60))
    kept = resumed(office, draft_id, secret)
    assert (kept.data, kept.step) == ({"name": "Říčany"}, "two")
    with pytest.raises(NotFound):
        resumed(office, draft_id, secret + "x")
    office.clock.advance(timedelta(days=31))
    with pytest.raises(NotFound):
        resumed(office, draft_id, secret)


def test_strangers_may_leave_only_so_much_unsent_and_sending_makes_room(office: Office) -> None:
    room = Allowance(drafts=2, bytes=len(PDF) + 10, all_drafts=3, all_bytes=2 * len(PDF))

    def begun(origin: str) -> str:
        return draft(office, process_key="fee", data={}, origin=origin, allowance=room)[0]

    def kept(draft_id: str, content: bytes = PDF) -> str:
        return attach(office, content, draft_id=draft_id, allowance=room)

    first, second = begun("one"), begun("one")
    with pytest.raises(TooMuchKept) as refused:
        begun("one")
    assert refused.value.facts == {"what": "drafts", "whose": "address", "most": 2}
    third = begun("two")
    with pytest.raises(TooMuchKept, match="More than may be kept"):
        begun("three")
    kept(first)
    with pytest.raises(TooMuchKept) as refused:
        kept(second, b"x" * 11)
    assert refused.value.facts == {"what": "files", "whose": "address", "most": len(PDF) + 10}
    with pytest.raises(TooMuchKept) as refused:
        kept(third, b"x" * (len(PDF) + 1))
    send(office, first)
    assert draft(office, draft_id=second, data={"name": "Ř"}, allowance=room)[0] == second
    kept(begun("one"), b"x" * 11)
    # What the office itself writes isn't counted.
    draft(office, process_key="fee", data={}, allowance=room)


def test_a_draft_sent_twice_leads_to_one_case(office: Office) -> None:
    draft_id, secret = draft(office, process_key="fee", data={"name": "Říčany"})
    first, second = send(office, draft_id), send(office, draft_id)
    assert first.instance_id == second.instance_id
    assert resumed(office, draft_id, secret).instance_id == first.instance_id
    assert resumed(office, draft_id, secret).data == {}
    with pytest.raises(DraftAlreadySent):
        draft(office, draft_id=draft_id, data={})
    with pytest.raises(DraftAlreadySent):
        office.engine.execute(DiscardDraft(tenant=office.home, actor=APPLICANT, draft_id=draft_id))


def test_a_submission_is_kept_word_for_word_with_a_hash_over_its_files(office: Office) -> None:
    draft_id, _ = draft(office, process_key="fee", data={})
    named, dropped = attach(office, draft_id=draft_id), attach(office, b"other", draft_id=draft_id)
    case = send(office, draft_id, (named,)).instance_id
    with office.read() as session:
        kept = papers.submissions(session, office.home, case)[0]
        assert [one.id for one in papers.attachments_of(session, office.home, instance_id=case)] == [named]
        assert papers.file(session, office.home, named) == ("usnesení.pdf", "application/pdf", PDF)
        assert papers.attachment(session, office.home, named).submitted
        with pytest.raises(NotFound):
            papers.attachment(session, office.home, dropped)
    assert kept.data == {"name": "Říčany", "file": [named]}
    assert kept.sha256 == submission_hash(kept.data, [sha256(PDF).hexdigest()])
    assert contents(office) == 1


def test_the_hash_does_not_depend_on_the_order_of_keys_and_files() -> None:
    assert submission_hash({"a": 1, "b": 2}, ["x", "y"]) == submission_hash({"b": 2, "a": 1}, ["y", "x"])
    assert submission_hash({"a": 1}, []) != submission_hash({"a": 2}, [])


def test_a_file_of_another_case_or_draft_is_refused_and_nothing_is_started(office: Office) -> None:
    foreign_draft, _ = draft(office, process_key="fee", data={})
    foreign = attach(office, draft_id=foreign_draft)
    mine, _ = draft(office, process_key="fee", data={})
    with pytest.raises(NotAllowed):
        send(office, mine, (foreign,))
    with pytest.raises(NotAllowed):
        send(office, files=(foreign,))
    taken = attach(office)
    send(office, files=(taken,))
    with pytest.raises(NotAllowed):
        send(office, files=(taken,))
    with pytest.raises(Invalid):
        send(office, files=("nothing",))
    assert send(office, mine).business_key == "POP-2026-0002"


def test_the_same_content_is_kept_once_and_goes_with_its_last_file(office: Office) -> None:
    first, _ = draft(office, process_key="fee", data={})
    second, _ = draft(office, process_key="fee", data={})
    attach(office, draft_id=first)
    attach(office, draft_id=second)
    assert contents(office) == 1
    for draft_id, left in ((first, 1), (second, 0)):
        office.engine.execute(DiscardDraft(tenant=office.home, actor=APPLICANT, draft_id=draft_id))
        assert contents(office) == left


def test_a_draft_of_a_task_is_one_for_each_person(office: Office) -> None:
    office.start()
    task = office.inbox(SECRETARY).tasks.items[0].id
    save = SaveDraft(tenant=office.home, actor=SECRETARY, task_id=task, form="check", data={"note": 1})
    draft_id, secret = office.engine.execute(save)
    assert secret and office.engine.execute(save) == (draft_id, "")
    with office.read() as session:
        kept = papers.draft_of_task(session, office.home, task, "sekretarka", office.clock.now())
        assert kept and kept.data == {"note": 1}
        assert papers.draft_of_task(session, office.home, task, "hospodar", office.clock.now()) is None
    with pytest.raises(NotFound):
        office.engine.execute(DiscardDraft(tenant=office.home, actor=TREASURER, draft_id=draft_id))
    office.engine.execute(DiscardDraft(tenant=office.home, actor=SECRETARY, draft_id=draft_id))


def test_what_nobody_sent_is_deleted_with_its_files_when_its_time_is_over(office: Office) -> None:
    purge = PurgeDrafts(tenant=office.home, actor=SYSTEM)
    old, _ = draft(office, process_key="fee", data={"name": "Ř"})
    attach(office, b"old", draft_id=old)
    attach(office, b"nobody's")
    office.clock.advance(timedelta(days=89))
    fresh, secret = draft(office, process_key="fee", data={})
    attach(office, b"fresh", draft_id=fresh)
    office.clock.advance(timedelta(days=2))
    assert office.engine.execute(purge) == 1
    assert contents(office) == 1
    assert resumed(office, fresh, secret).id == fresh
    with pytest.raises(NotAllowed):
        office.engine.execute(PurgeDrafts(tenant=office.home, actor=SECRETARY))


def test_a_document_of_the_same_key_is_the_next_version(office: Office) -> None:
    case = office.start().instance_id
    for public in (False, True):
        made = NewDocument(
            key="invoice", title="Faktura", filename="f.pdf", media_type="application/pdf", content=PDF, public=public
        )
        with office.work() as work:
            store_documents(work, work.lock(case), None, [made])
        office.clock.advance(timedelta(minutes=1))
    with office.read() as session:
        found = papers.documents(session, office.home, case)
        assert [(one.version, one.newest, one.public) for one in found] == [(2, True, True), (1, False, False)]
        assert len(papers.documents(session, office.home, case, public_only=True)) == 1
        assert papers.attachment(session, office.home, found[0].attachment_id).public
        assert not papers.attachment(session, office.home, found[0].attachment_id).submitted
        assert papers.file(session, office.home, found[0].id)[2] == PDF
        assert story.story(session, office.home, case)[0].kind == "document"


def test_a_note_is_written_by_the_staff_only(office: Office) -> None:
    case = office.start().instance_id
    office.engine.execute(AddNote(tenant=office.home, actor=SECRETARY, instance_id=case, text="Voláno."))
    with pytest.raises(NotAllowed):
        office.engine.execute(AddNote(tenant=office.home, actor=APPLICANT, instance_id=case, text="x"))
    with pytest.raises(Invalid):
        office.engine.execute(AddNote(tenant=office.home, actor=SECRETARY, instance_id=case, text="  "))
    with office.read() as session:
        assert [(one.text, one.author_name) for one in papers.notes(session, office.home, case)] == [
            ("Voláno.", "Sára Sekretářka")
        ]
        assert story.story_for_applicant(session, office.home, case)[0].kind == "case-started"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\temp\\usnesení.pdf", "usnesení.pdf"),
        ("../../etc/passwd", "passwd"),
        ("\u202efdp.exe\r\n", "fdp.exe"),
        ("...", "soubor"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_file_name_can_not_lead_anywhere(given: str, kept: str) -> None:
    assert plain_name(given) == kept
