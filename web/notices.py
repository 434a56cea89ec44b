"""A mail some days before a draft is thrown away, to those who had its link mailed; each once."""

from __future__ import annotations

import structlog

from engine.errors import NotFound
from engine.handlers.notices import Notice, PutNoticeBack, TakeNotices
from engine.model import SYSTEM
from engine.queries.definitions import newest_definition
from engine.store.people import TenantRow
from engine.store.session import TENANT
from integrations.ports import Mail
from web.bootstrap import Parts
from web.outside import Outside
from web.ui.words import date_plain

log = structlog.get_logger(__name__)

#: The beat has no reader whose language it would know; the office's own is Czech.
SUBJECT = "Rozepsané podání brzy smažeme: {title}"
TEXT = """Dobrý den,

{day} smažeme podání „{title}“, které jste začali a neodeslali.

Když v něm chcete pokračovat, otevřete ho odkazem, který jsme vám poslali v dřívější zprávě. \
Jakmile něco uložíte, lhůta začne běžet znovu. Když ho už nepotřebujete, nemusíte dělat nic.

{office}
"""


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
        office = session.get_one(TenantRow, tenant)
        try:
            title = newest_definition(session, tenant, notice.process_key).name
        except NotFound:
            title = notice.process_key
        name, sender = office.name, str(office.settings.get("mail_from") or parts.settings.mail_from)
    facts = {"title": title, "day": date_plain(notice.expires_at), "office": name}
    return Mail(
        to=[notice.email],
        subject=SUBJECT.format(**facts),
        text=TEXT.format(**facts),
        sender=sender,
        sender_name=name,
        key=f"draft-notice:{notice.draft_id}:{notice.expires_at.isoformat()}",
        sent_at=parts.clock.now(),
    )
