"""A mail some days before a draft is thrown away, to those who had its link mailed; each once."""

from __future__ import annotations

import structlog

from engine.calendar import day_in_prague
from engine.errors import NotFound
from engine.handlers.notices import Notice, PutNoticeBack, TakeNotices
from engine.model import SYSTEM
from engine.queries.definitions import newest_definition
from engine.store.people import TenantRow
from engine.store.session import TENANT
from integrations.ports import Mail
from web.bootstrap import Parts
from web.office_mails import compose
from web.outside import Outside
from web.tenancy import from_row

log = structlog.get_logger(__name__)


def write_notices(parts: Parts, outside: Outside, tenant: str) -> None:
    """Write to all whose draft is nearly over; what can't be sent is tried with the next beat."""
    taking = TakeNotices(tenant=tenant, actor=SYSTEM, days=parts.settings.draft_notice_days)
    for notice in parts.engine.execute(taking):
        try:
            outside.mailer.send(letter(parts, tenant, notice))
        except Exception as error:  # whatever it is, the next beat tries again and the others get theirs
            log.warning("notice of a draft not sent", error=type(error).__name__)
            parts.engine.execute(PutNoticeBack(tenant=tenant, actor=SYSTEM, draft_id=notice.draft_id))


def letter(parts: Parts, tenant: str, notice: Notice) -> Mail:
    """The mail. It has no link: only its hash is kept, and the person has it in an earlier mail."""
    with parts.sessions(info={TENANT: tenant}) as session:
        office = from_row(session.get_one(TenantRow, tenant))
        try:
            title = newest_definition(session, tenant, notice.process_key).name
        except NotFound:
            title = notice.process_key
    facts = {"title": title, "day": day_in_prague(notice.expires_at).isoformat()}
    # The beat has no reader whose language it would know; the office's own is Czech.
    message = compose(office, "draft_notice", facts, "cs")
    return Mail(
        to=[notice.email],
        subject=message.subject,
        text=message.text,
        html=message.html,
        sender=str(office.settings.get("mail_from") or parts.settings.mail_from),
        sender_name=office.name,
        key=f"draft-notice:{notice.draft_id}:{notice.expires_at.isoformat()}",
        sent_at=parts.clock.now(),
    )
