"""What each connector does. A runner gets evaluated parameters and the gathered context, never a session."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from engine.commands import NewDocument
from engine.model import Json, Variables
from integrations.contracts_register import REFUSED, ContractsRegister, publication, read_answer
from integrations.databox import running as databox
from integrations.databox.shape import DataBox
from integrations.failures import BusinessError, Permanent
from integrations.gateway import running
from integrations.gateway.shape import Gateway
from integrations.http_calls import Calls
from integrations.nuclei import read_scan
from integrations.ports import CompanyRegister, File, JobContext, Mail, Mailer, PdfPrinter, Submission
from integrations.spreadsheets import XLSX, workbook
from integrations.table_rows import read_or_tell, read_table
from integrations.webhook import Caller

HTML = "text/html"
PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an action gave back."""

    result: Json
    documents: Sequence[NewDocument] = ()


Runner = Callable[[Variables, JobContext], Done]


@dataclass(frozen=True, kw_only=True)
class Systems:
    """Other systems that an installation may be connected to; None = it is not."""

    webhook: Caller | None = None
    #: None: contracts are published by hand.
    contracts: ContractsRegister | None = None
    #: None: nobody pays by card here.
    gateway: Gateway | None = None
    http: Calls | None = None
    databox: DataBox | None = None


ALONE = Systems()


def make_runners(
    *, mailer: Mailer, pdf: PdfPrinter, companies: CompanyRegister, systems: Systems = ALONE
) -> Mapping[str, Runner]:
    """Give the runners of all connectors over these adapters."""
    webhook, http, gateway, box = systems.webhook, systems.http, systems.gateway, systems.databox
    return {
        "mail.send": partial(send_mail, mailer),
        "document.render": partial(render_document, pdf),
        "submission.render": partial(render_submission, pdf),
        "ares.lookup": partial(look_up, companies),
        "scan.read": read_results,
        "webhook.post": partial(call_webhook, webhook),
        "http.get": partial(ask_system, http),
        "http.send": partial(tell_system, http),
        "databox.send": partial(send_data_message, box),
        "databox.standing": lambda parameters, context: Done(result=databox.standing(box, parameters, context)),
        "table.render": render_table,
        "table.read": read_rows,
        "gateway.create": lambda parameters, context: Done(result=running.create(gateway, parameters, context)),
        "gateway.status": lambda parameters, _context: Done(result=running.status(gateway, parameters)),
        "gateway.refund": lambda parameters, _context: Done(result=running.refund(gateway, parameters)),
        "contracts_register.publish": partial(publish_contract, systems.contracts),
    }


def send_mail(mailer: Mailer, parameters: Variables, context: JobContext) -> Done:
    """Send a message of the agenda, or a subject and text in Markdown."""
    data = context.data | parameters.get("data", {})
    if "template" in parameters:
        message = context.templates.message(parameters["template"], data)
    else:
        message = context.templates.mail(parameters["subject"], parameters["text"], data)
    to = parameters["to"] if isinstance(parameters["to"], list) else [parameters["to"]]
    mail = Mail(
        to=list(dict.fromkeys(one.strip() for one in to)),
        subject=message.subject,
        text=message.text,
        html=message.html,
        sender=context.sender,
        sender_name=context.sender_name,
        attachments=[_attached(context, each) for each in parameters.get("attach", []) if each],
        key=context.key,
        sent_at=context.now,
    )
    return Done(result={"message_id": mailer.send(mail), "to": list(mail.to)})


def render_document(pdf: PdfPrinter, parameters: Variables, context: JobContext) -> Done:
    """Make a document of the agenda's template; without a title given it has the page's own."""
    name, given = parameters["template"], parameters.get("title")
    data = context.data | parameters.get("data", {}) | ({"title": given} if given else {})
    page = context.templates.document(name, data)
    facts = {"key": parameters.get("key") or name, "title": given or page_title(page) or name}
    return _document(pdf, page, parameters | facts, context)


def render_submission(pdf: PdfPrinter, parameters: Variables, context: JobContext) -> Done:
    """Make a copy of exactly what was sent, with number, time and hash."""
    submission = context.submission
    if submission is None:
        raise Permanent("The case has no submission to make a copy of.")
    title = parameters.get("title") or submission.title or "Podání"
    page = context.templates.submission(context.data | _submitted(submission) | {"title": title})
    return _document(pdf, page, parameters | {"key": parameters.get("key") or "submission", "title": title}, context)


def look_up(companies: CompanyRegister, parameters: Variables, _context: JobContext) -> Done:
    """Ask ARES about an IČO."""
    company = companies.find(parameters["ico"])
    extra = {"recorded": company.recorded, "dissolved": company.dissolved_on is not None}
    return Done(result={**company.answer, **extra})


def read_rows(parameters: Variables, context: JobContext) -> Done:
    """Read a CSV table whole, or refuse it; with `tell` say why it can't be read."""
    read = read_or_tell if parameters.get("tell") else read_table
    content = _attached(context, parameters["attach"][0]).content
    return Done(result=asdict(read(content, parameters.get("columns", []), parameters.get("at_least"))))


def read_results(parameters: Variables, context: JobContext) -> Done:
    """Read a file of a scanner's results."""
    return Done(result=read_scan(_attached(context, parameters["attach"][0]).content).as_json())


def call_webhook(webhook: Caller | None, parameters: Variables, context: JobContext) -> Done:
    """Tell another system."""
    if webhook is None:
        raise Permanent("This installation has no webhooks allowed.")
    return Done(result={"status": webhook.post(parameters["url"], parameters["data"], context.key, context.now)})


def ask_system(http: Calls | None, parameters: Variables, context: JobContext) -> Done:
    """Ask another system; nothing changes there, so it may be asked again."""
    return _called(http, "GET", parameters, context, {})


def tell_system(http: Calls | None, parameters: Variables, context: JobContext) -> Done:
    """Send to another system; the job's key tells it a repeated call."""
    sent = {"once": context.key} | ({"body": parameters["body"]} if "body" in parameters else {})
    return _called(http, parameters.get("method", "POST"), parameters, context, sent)


def _called(http: Calls | None, method: str, parameters: Variables, context: JobContext, sent: Variables) -> Done:
    if http is None:
        raise Permanent("This installation calls no other systems.")
    given = {"query": parameters.get("query"), "with_key": parameters.get("key")}
    return Done(result=asdict(http.call(context.tenant, method, parameters["url"], **given, **sent)))


def send_data_message(box: DataBox | None, parameters: Variables, context: JobContext) -> Done:
    """Send a data message with documents of the case."""
    files = [_attached(context, each) for each in parameters["attach"] if each]
    return Done(result=databox.send(box, parameters, context, files))


def render_table(parameters: Variables, context: JobContext) -> Done:
    """Make an XLSX document of rows of the case."""
    content = workbook(parameters["title"], parameters["columns"], parameters["rows"])
    document = NewDocument(
        key=parameters["key"],
        title=parameters["title"],
        filename=f"{_wanted_name(parameters, context)}.xlsx",
        media_type=XLSX,
        content=content,
        public=parameters.get("public", False),
    )
    return Done(result=_facts_of(document), documents=[document])


def publish_contract(contracts: ContractsRegister | None, parameters: Variables, context: JobContext) -> Done:
    """Send a contract to the register; without a connection a person is to publish it."""
    if contracts is None:
        raise BusinessError(REFUSED, "This installation is not connected to the register of contracts.")
    files = [_attached(context, each) for each in parameters["attach"] if each]
    message = publication(parameters["contract"], [file.filename for file in files])
    answer = read_answer(contracts.publish(message, files, context.key, context.tenant))
    return Done(
        result={
            "contract_id": answer.contract_id,
            "version_id": answer.version_id,
            "link": answer.link,
            "published_at": answer.published_at,
        }
    )


def _submitted(submission: Submission) -> Variables:
    facts = {
        "sha256": submission.sha256,
        "submitted_at": submission.submitted_at.isoformat(),
        "submitter_name": submission.submitter_name,
    }
    return {"submission": facts, "sections": list(submission.sections)}


def _document(pdf: PdfPrinter, page: str, parameters: Variables, context: JobContext) -> Done:
    """Print the page; where no PDF can be made here, the page itself is the document and the case goes on."""
    reason = pdf.unavailable()
    content = page.encode("utf-8") if reason else pdf.print(page)
    media_type, ending = (HTML, "html") if reason else (PDF, "pdf")
    document = NewDocument(
        key=parameters["key"],
        title=parameters["title"],
        filename=f"{_wanted_name(parameters, context)}.{ending}",
        media_type=media_type,
        content=content,
        public=parameters.get("public", False),
    )
    return Done(result=_facts_of(document), documents=[document])


def _wanted_name(parameters: Variables, context: JobContext) -> str:
    number = context.data.get("case", {}).get("number") or ""
    return file_stem(parameters.get("filename") or "-".join(filter(None, [number, parameters["key"]])))


def _facts_of(document: NewDocument) -> Variables:
    return {
        "sha256": hashlib.sha256(document.content).hexdigest(),
        "filename": document.filename,
        "media_type": document.media_type,
    }


def page_title(page: str) -> str:
    """Give the title of an HTML page as plain text."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", found[1])).split()) if found else ""


def file_stem(text: str) -> str:
    """Give a file's name without its ending and without what file systems don't stand."""
    stem = re.sub(r"\.(pdf|html?|xlsx)$", "", text, flags=re.IGNORECASE)
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:150] or "dokument"


def _attached(context: JobContext, each: Json) -> File:
    wanted = each.get("document") if isinstance(each, dict) else each
    file = context.files.get(str(wanted))
    if file is None:
        raise Permanent("A document that should be attached is not in the case.")
    return file


def attached_ids(parameters: Variables) -> list[str]:
    """Give the ids of the documents that parameters want attached; a document's own result may stand for its id."""
    wanted = parameters.get("attach")
    items = wanted if isinstance(wanted, list) else []
    ids = [each.get("document") if isinstance(each, dict) else each for each in items]
    return [each for each in ids if isinstance(each, str) and each]
