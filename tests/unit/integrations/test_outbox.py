from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.model import ClaimedJob, JobOutcome
from integrations.connectors import file_stem, make_runners, page_title
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.fakes import CompaniesInMemory, PlainPdf, RememberingMailer
from integrations.outbox import deliver
from integrations.ports import Company, File, JobContext, Submission
from integrations.registry import CONNECTORS
from processes.documents import Renderer

FILES = {
    "documents/letter.html": b'{% extends "letter.html" %}{% block title %}Dopis & spol.{% endblock %}',
    "documents/broken.html": b"{{ nobody }}",
    "messages/hello.md": "# Ahoj {{ name }}\n\nTělo {{ extra|default('') }}".encode(),
}
CONTEXT = JobContext(
    key="i1:a7",
    now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    data={"name": "Rokytnice", "case": {"number": "PRI-2026-0001"}, "tenant": {"name": "OM"}, "today": "2026-11-23"},
    templates=Renderer(files=FILES),
    files={"doc1": File(filename="a.pdf", media_type="application/pdf", content=b"%PDF")},
    sender="urad@example.cz",
    sender_name="Úřad",
)


class World:
    def __init__(self) -> None:
        self.mailer, self.pdf, self.companies = RememberingMailer(), PlainPdf(), CompaniesInMemory()

    def deliver(self, connector: str, context: JobContext = CONTEXT, **parameters: object) -> JobOutcome:
        job = ClaimedJob(
            id="j1",
            tenant="t",
            key=context.key,
            instance_id="i1",
            node="n",
            activity="a7",
            connector=connector,
            parameters=parameters,
            attempt=1,
        )
        runners = make_runners(mailer=self.mailer, pdf=self.pdf, companies=self.companies)
        return deliver(job, context, runners)


def test_a_message_of_the_agenda_is_sent_with_its_attachments() -> None:
    world = World()
    outcome = world.deliver(
        "mail.send", to=["a@b.cz", "a@b.cz"], template="hello", attach=[{"document": "doc1"}, None], data={"extra": "x"}
    )
    assert outcome.kind == "done"
    (mail,) = world.mailer.sent
    assert (mail.subject, mail.text, mail.to) == ("Ahoj Rokytnice", "Tělo x", ["a@b.cz"])
    assert [file.filename for file in mail.attachments] == ["a.pdf"]
    assert outcome.result["message_id"].endswith("@example.cz>")


def test_a_mail_delivered_twice_is_recognised_by_its_message_id() -> None:
    world = World()
    first = world.deliver("mail.send", to="a@b.cz", template="hello")
    second = world.deliver(
        "mail.send", replace(CONTEXT, now=datetime(2027, 1, 1, tzinfo=UTC)), to="a@b.cz", template="hello"
    )
    assert first.result == second.result
    assert len(world.mailer.sent) == 1


def test_a_plain_subject_and_text_need_no_template() -> None:
    world = World()
    world.deliver("mail.send", to="a@b.cz", subject="Předmět\r\nBcc: zlo@zlo.cz", text="**Tělo**")
    assert (world.mailer.sent[0].subject, world.mailer.sent[0].text) == ("Předmět Bcc: zlo@zlo.cz", "Tělo")


@pytest.mark.parametrize(
    ("failure", "kind", "code", "retry"),
    [
        (Temporary("Later."), "failed", None, True),
        (Permanent("Never."), "failed", None, False),
        (BusinessError("mail.refused", "No."), "error", "mail.refused", True),
    ],
)
def test_every_failure_has_its_outcome(failure: Exception, kind: str, code: str | None, retry: bool) -> None:
    world = World()
    world.mailer.failures = [failure]  # type: ignore[list-item]
    outcome = world.deliver("mail.send", to="a@b.cz", template="hello")
    assert (outcome.kind, outcome.code, outcome.retry, outcome.message) == (kind, code, retry, str(failure))


@pytest.mark.parametrize(
    ("connector", "parameters"),
    [
        ("mail.send", {}),
        ("mail.send", {"to": "a@b.cz"}),
        ("mail.send", {"to": "a@b.cz", "template": "hello", "subject": "s", "text": "t"}),
        ("mail.send", {"to": [], "template": "hello"}),
        ("mail.send", {"to": "a@b.cz", "template": "../../etc/passwd"}),
        ("mail.send", {"to": "a@b.cz", "template": "hello", "cc": "x"}),
        ("mail.send", {"to": "a@b.cz", "template": "hello", "attach": ["of another case"]}),
        ("document.render", {"template": "nobody"}),
        ("document.render", {"template": "broken"}),
        ("submission.render", {}),
        ("webhook.post", {"url": "https://a.cz", "data": {}}),
        ("teleport", {}),
    ],
)
def test_what_can_never_succeed_is_not_tried_again(connector: str, parameters: dict[str, object]) -> None:
    outcome = World().deliver(connector, **parameters)
    assert (outcome.kind, outcome.retry) == ("failed", False)
    assert "a@b.cz" not in outcome.message


def test_an_address_that_is_none_is_a_business_error() -> None:
    assert World().deliver("mail.send", to="nikdo", template="hello").code == "mail.refused"


def test_a_document_takes_its_title_and_name_from_the_page_and_the_case() -> None:
    outcome = World().deliver("document.render", template="letter", public=True)
    (document,) = outcome.documents
    assert (document.title, document.key, document.public) == ("Dopis & spol.", "letter", True)
    assert (document.filename, document.media_type) == ("PRI-2026-0001-letter.pdf", "application/pdf")
    assert outcome.result["filename"] == document.filename


def test_where_no_pdf_can_be_made_the_page_is_the_document_and_the_case_goes_on() -> None:
    world = World()
    world.pdf.reason = "Pango is missing."
    outcome = world.deliver("document.render", template="letter", title="Dopis", filename="Můj dopis.pdf")
    (document,) = outcome.documents
    assert (outcome.kind, document.media_type, document.filename) == ("done", "text/html", "Můj-dopis.html")
    assert document.content.startswith(b"<!DOCTYPE html>")


def test_a_submission_is_printed_with_its_hash() -> None:
    submission = Submission(
        form="application",
        title="Přihláška",
        sections=[],
        sha256="ab" * 32,
        submitted_at=CONTEXT.now,
    )
    outcome = World().deliver("submission.render", replace(CONTEXT, submission=submission))
    (document,) = outcome.documents
    assert (document.title, document.key) == ("Přihláška", "submission")
    assert ("ab" * 32).encode() in document.content


def test_a_company_is_told_in_the_words_of_the_register() -> None:
    world = World()
    company = Company(ico="05129061", name="OM", answer={"ico": "05129061", "obchodniJmeno": "OM"}, recorded=True)
    world.companies = CompaniesInMemory({"05129061": company})
    assert world.deliver("ares.lookup", ico="05129061").result == {
        "ico": "05129061",
        "obchodniJmeno": "OM",
        "recorded": True,
        "dissolved": False,
    }
    assert world.deliver("ares.lookup", ico="00000001").code == "ares.not-found"


def test_a_fault_of_ours_tells_the_incident_only_its_kind() -> None:
    world = World()
    world.mailer.failures = [RuntimeError("the password is hunter2")]  # type: ignore[list-item]
    outcome = world.deliver("mail.send", to="a@b.cz", template="hello")
    assert (outcome.kind, outcome.retry) == ("failed", True)
    assert "hunter2" not in outcome.message


def test_every_declared_connector_can_be_run() -> None:
    runners = make_runners(mailer=RememberingMailer(), pdf=PlainPdf(), companies=CompaniesInMemory())
    assert runners.keys() == CONNECTORS.keys()
    assert all({"cs", "en"} <= connector.title.keys() for connector in CONNECTORS.values())


def test_file_names_lose_what_no_file_system_stands() -> None:
    assert file_stem("../../etc/passwd") == "etc-passwd"
    assert file_stem("Návrh usnesení č. 1.pdf") == "Návrh-usnesení-č.-1"
    assert file_stem("///") == "dokument"


def test_a_page_without_a_title_has_none() -> None:
    assert page_title("<p>x</p>") == ""
    assert page_title("<title>a <b>b</b>\n&amp; c</title>") == "a b & c"
