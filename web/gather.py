"""What a job may know of its case: read in one session, which is closed before the outside world is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from engine import kernel
from engine.calendar import day_in_prague
from engine.errors import HumanTaskNotOpen, NotFound
from engine.model import ClaimedJob, Json, Variables
from engine.queries import cases, definitions, papers
from engine.queries.cases import CaseFacts
from engine.store.cases import InstanceRow
from engine.store.large_values import ReadValues
from engine.store.people import TenantRow
from engine.store.session import TENANT
from integrations.connectors import attached_ids
from integrations.declaring import Need
from integrations.ports import File, JobContext, Submission
from integrations.qr import payment_qr
from integrations.registry import CONNECTORS
from processes.documents import Renderer
from web.settings import Settings
from web.submitted import sections_of, title_of
from web.tenancy import Tenant, from_row, seen_at
from web.tracking import tracking_url


def gather(sessions: sessionmaker[Session], settings: Settings, job: ClaimedJob, now: datetime) -> JobContext:
    """Read what the job's connector needs. Raises NotFound where the case has gone."""
    connector = CONNECTORS.get(job.connector)
    needs = connector.needs if connector else frozenset()
    with sessions(info={TENANT: job.tenant}) as session:
        case = cases.case(session, job.tenant, instance_id=job.instance_id)
        office = _office(session, job.tenant)
        tenant = office.for_templates()
        link = tracking_url(settings, seen_at(settings, office), case.business_key, case.id)
        templates = _templates(session, case, job.tenant) if Need.TEMPLATES in needs else {}
        return JobContext(
            key=job.key,
            tenant=job.tenant,
            now=now,
            data=_data(session, job, case, tenant, link) | {"today": day_in_prague(now).isoformat()},
            templates=Renderer(files=templates, functions={"payment_qr": payment_qr}, lang=language_of(job, case)),
            files=_files(session, job) if Need.FILES in needs else {},
            submission=_submission(session, job, language_of(job, case)) if Need.SUBMISSION in needs else None,
            sender=str(tenant.get("mail_from") or settings.mail_from),
            sender_name=str(tenant["name"]),
        )


def language_of(job: ClaimedJob, case: CaseFacts) -> str:
    """Give the language of what a job writes: the one its author asks for, else the applicant's."""
    return str(job.parameters.get("language") or case.language)


def _data(session: Session, job: ClaimedJob, case: CaseFacts, tenant: Mapping[str, Json], link: str) -> Variables:
    """Give what templates see: the variables the job sees, the case with the link that opens it, the tenant."""
    seen = _variables(session, job, case.definition_id)
    told = seen.get("case") if isinstance(seen.get("case"), dict) else {}
    facts = {
        "number": case.business_key,
        "title": case.title,
        "started_on": day_in_prague(case.started_at).isoformat(),
        "applicant_name": case.applicant_name,
        "applicant_email": case.applicant_email,
        "url": link,
        "tracking_url": link,
    }
    return seen | {"case": {**(told or {}), **facts}, "tenant": tenant}


def _variables(session: Session, job: ClaimedJob, definition_id: str) -> Variables:
    state = session.get_one(InstanceRow, job.instance_id).state
    model = definitions.model_of(session, job.tenant, definition_id)
    large = ReadValues(session, job.tenant, job.instance_id)
    try:
        return dict(kernel.visible(model, state, job.activity, large))
    except HumanTaskNotOpen:
        return kernel.variables(state, large)


def _office(session: Session, key: str) -> Tenant:
    row = session.get(TenantRow, key)
    if row is None:
        raise NotFound
    return from_row(row)


def _templates(session: Session, case: CaseFacts, tenant: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for folder in ("documents/", "messages/"):
        found |= definitions.files_of(session, tenant, case.deployment_id, folder)
    return found


def _files(session: Session, job: ClaimedJob) -> dict[str, File]:
    """Give the files to attach: documents by id or by key (the newest), else files of this very case."""
    documents = papers.documents(session, job.tenant, job.instance_id)
    known = {one.key: one.attachment_id for one in documents if one.newest}
    known |= {one.id: one.attachment_id for one in documents}
    wanted = {name: known.get(name, name) for name in attached_ids(job.parameters)}
    rows = papers.attachments(session, job.tenant, list(wanted.values()))
    files = {
        row.id: File(
            filename=row.filename,
            media_type=row.media_type,
            content=papers.content_of(session, job.tenant, row.id),
        )
        for row in rows
        if row.instance_id == job.instance_id
    }
    return {name: files[attachment] for name, attachment in wanted.items() if attachment in files}


def _submission(session: Session, job: ClaimedJob, lang: str) -> Submission | None:
    """Give the last form that was sent in the case."""
    sent = next(iter(papers.submissions(session, job.tenant, job.instance_id)), None)
    if sent is None:
        return None
    return Submission(
        form=sent.form,
        title=title_of(session, job.tenant, sent, lang),
        sections=sections_of(session, job.tenant, job.instance_id, sent, lang),
        sha256=sent.sha256,
        submitted_at=sent.submitted_at,
        submitter_name=sent.submitter_name,
    )
