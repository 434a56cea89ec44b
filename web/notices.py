"""A mail some days before a draft is thrown away, to all who write it; promised by a row, tried until it is sent."""

from __future__ import annotations

from urllib.parse import urlencode

import structlog
from sqlalchemy.orm import Session

from engine.calendar import day_in_prague
from engine.drafting import DraftNotice, PromiseDraftNotices, ReportDraftNotice, TakeDraftNotices
from engine.errors import NotFound
from engine.model import SYSTEM, Variables
from engine.queries.definitions import DefinitionFacts, model_of, newest_definition
from engine.queries.papers import tenants_with_draft_notices
from engine.queries.tasks import task
from engine.store.people import TenantRow
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.ports import Mail
from web.bootstrap import Parts
from web.office_mails import compose
from web.outside import Outside
from web.published import deployment_of, say
from web.tenancy import from_row, seen_at

log = structlog.get_logger(__name__)


def promise_notices(parts: Parts, tenant: str) -> None:
    """Promise the mails of drafts that are nearly over."""
    parts.engine.execute(PromiseDraftNotices(tenant=tenant, actor=SYSTEM, days=parts.settings.draft_notice_days))


def write_notices(parts: Parts, outside: Outside) -> None:
    """Send what is due in all organisations; what can't be sent is tried again, later and later."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        waiting = tenants_with_draft_notices(session, parts.clock.now())
    for tenant in waiting:
        for notice in parts.engine.execute(TakeDraftNotices(tenant=tenant, actor=SYSTEM)):
            try:
                outside.mailer.send(letter(parts, tenant, notice))
            except Exception as error:  # whatever it is, it comes again and the others get theirs
                log.warning("notice of a draft not sent", error=type(error).__name__)
                continue
            parts.engine.execute(ReportDraftNotice(tenant=tenant, actor=SYSTEM, reader_id=notice.reader_id))


def letter(parts: Parts, tenant: str, notice: DraftNotice) -> Mail:
    """The mail, in the reader's language, with a link that works as long as the draft is there."""
    with parts.sessions(info={TENANT: tenant}) as session:
        office = from_row(session.get_one(TenantRow, tenant))
        base = seen_at(parts.settings, office)
        facts = about(session, tenant, notice, base)
    name = "draft_notice" if notice.secret else "draft_notice_owner"
    message = compose(office, name, facts, notice.language)
    return Mail(
        to=[notice.email],
        subject=message.subject,
        text=message.text,
        html=message.html,
        sender=str(office.settings.get("mail_from") or parts.settings.mail_from),
        sender_name=office.name,
        key=f"draft-notice:{notice.reader_id}:{notice.expires_at.isoformat()}",
        sent_at=parts.clock.now(),
    )


def about(session: Session, tenant: str, notice: DraftNotice, base: str) -> Variables:
    """What the mail tells: never what was written."""
    facts: Variables = {"day": day_in_prague(notice.expires_at).isoformat(), "guest": notice.as_guest}
    if notice.task_id:
        known = task(session, tenant, notice.task_id, SYSTEM)
        words = say(session, tenant, deployment_of(session, tenant, known.definition_id), notice.language)
        place = f"prace/ukoly/{known.id}" if notice.owner else f"p/{known.business_key}"
        return {**facts, "title": words(known.name), "number": known.business_key, "url": f"{base}/{place}"}
    try:
        definition = newest_definition(session, tenant, notice.process_key)
    except NotFound:
        return {**facts, "title": notice.process_key, "number": "", "url": base}
    title = say(session, tenant, definition.deployment_id, notice.language)(definition.name)
    return {**facts, "title": title, "number": "", "url": f"{base}/{place_of(session, tenant, notice, definition)}"}


def place_of(session: Session, tenant: str, notice: DraftNotice, definition: DefinitionFacts) -> str:
    """Where the form of a new case is gone on with: by a link, or at the page where staff begins it or copies paper."""
    if notice.secret:
        return f"podani/pokracovat?{urlencode({'p': notice.draft_id, 'k': notice.secret})}"
    nodes = model_of(session, tenant, definition.id).nodes
    starts = [nodes[name].start for name in nodes[definition.process_key].starts]
    page = "novy" if any(start and start.audience == "staff" for start in starts) else "papir"
    return f"prace/{page}/{definition.agenda}/{definition.process_key}?{urlencode({'podani': notice.draft_id})}"
