"""Mails to people of the staff: what they were told at once, or once a day with what waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy.orm import Session

from engine.calendar import PRAGUE, add_working_days, day_in_prague
from engine.desk import Digest, NoticeMail, ReportDigest, ReportNoticeMail, TakeDigests, TakeNoticeMails
from engine.model import SYSTEM, Json, Variables
from engine.queries.desk import own_tasks
from engine.queries.inbox import TaskItem
from engine.queries.notifications import NotificationFacts, news, notification
from engine.queries.people import tenants
from engine.store.people import PersonRow, TenantRow
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.ports import Mail, Mailer
from web.auth import actor_of, find_person
from web.bootstrap import Parts
from web.office_mails import compose
from web.published import deployment_of, say
from web.tenancy import from_row, seen_at

#: The hour of Prague from which the day's mails go out.
MORNING_HOUR = 7
#: A deadline that the day's mail tells of ends within so many working days.
SOON_DAYS = 3
#: Tasks that the day's mail names under each heading.
MOST_TASKS = 30

#: What somebody is told that belongs to no case.
SUBSTITUTE_LEFT = "substitute-left"

log = structlog.get_logger(__name__)


def write_to_staff(parts: Parts, mailer: Mailer) -> None:
    """Send what is to be sent now in every organisation; what fails in one doesn't keep the others from it."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        keys = [one.key for one in tenants(session)]
    morning = parts.clock.now().astimezone(PRAGUE).hour >= MORNING_HOUR
    for key in keys:
        try:
            for one in parts.engine.execute(TakeNoticeMails(tenant=key, actor=SYSTEM)):
                _send_notice(parts, mailer, key, one)
            for digest in parts.engine.execute(TakeDigests(tenant=key, actor=SYSTEM)) if morning else ():
                _send_digest(parts, mailer, key, digest)
        except Exception as error:
            log.error("mails to the staff did not go out", tenant=key, exc_info=error)


def _send_notice(parts: Parts, mailer: Mailer, tenant: str, one: NoticeMail) -> None:
    with parts.sessions(info={TENANT: tenant}) as session:
        person = find_person(session, tenant, one.username)
        told = notification(session, tenant, one.id)
        # Whoever has read it in the meantime, or has left, needs no mail.
        wanted = person is not None and person.email and told is not None and told.read_at is None
        mail = _notice(parts, session, person, told) if wanted and person and told else None
    sent = mail is None or _went_out(mailer, mail, tenant)
    parts.engine.execute(ReportNoticeMail(tenant=tenant, actor=SYSTEM, notification_id=one.id, sent=sent))


def _send_digest(parts: Parts, mailer: Mailer, tenant: str, digest: Digest) -> None:
    with parts.sessions(info={TENANT: tenant}) as session:
        person = find_person(session, tenant, digest.username)
        mail = _overview(parts, session, person, digest) if person is not None and person.email else None
    sent = mail is None or _went_out(mailer, mail, tenant)
    parts.engine.execute(ReportDigest(tenant=tenant, actor=SYSTEM, digest=digest, sent=sent))


def _notice(parts: Parts, session: Session, person: PersonRow, told: NotificationFacts) -> Mail:
    if told.kind == SUBSTITUTE_LEFT:
        left: dict[str, Json] = {"who": told.text, "url": f"{_address(parts, session, person.tenant)}/prace/zastupy"}
        return _mail(parts, session, person, "substitute_left", left, f"notification:{told.id}")
    facts = _of_notification(_address(parts, session, person.tenant), told)
    lang = person.language or "cs"
    what = _named(session, person.tenant, told.text, told.definition_id, lang) if told.task_id else ""
    data = {**facts, "what": what, "case": {"number": told.business_key}}
    return _mail(parts, session, person, "notification", data, f"notification:{told.id}")


def _overview(parts: Parts, session: Session, person: PersonRow, digest: Digest) -> Mail | None:
    """The day's mail; None where there is nothing to tell."""
    now = parts.clock.now()
    today = day_in_prague(now)
    own = own_tasks(session, person.tenant, actor_of(session, person, now), now)
    last = add_working_days(today, SOON_DAYS)
    overdue = [one for one in own if one.overdue]
    soon = [one for one in own if one.due_at and not one.overdue and day_in_prague(one.due_at) <= last]
    told = news(session, person.tenant, person.username, digest.since, digest.until)
    if not (overdue or soon or told):
        return None
    address = _address(parts, session, person.tenant)
    data: dict[str, Json] = {
        "today": today.isoformat(),
        "overdue": list(_of_tasks(address, session, person, overdue)),
        "soon": list(_of_tasks(address, session, person, soon)),
        "news": [_of_notification(address, one) for one in told if one.kind != SUBSTITUTE_LEFT],
        "substitutes_left": [one.text for one in told if one.kind == SUBSTITUTE_LEFT],
        "substitution_url": f"{address}/prace/zastupy",
        "url": f"{address}/prace/ukoly",
    }
    return _mail(parts, session, person, "digest", data, f"digest:{person.id}:{today.isoformat()}")


def _of_notification(address: str, told: NotificationFacts) -> dict[str, Json]:
    """What a mail says of it: never what somebody wrote, nor whose case it is. That stays behind the sign-in."""
    place = f"ukoly/{told.task_id}" if told.task_id else f"pripady/{told.business_key}"
    return {
        "kind": told.kind,
        "who": told.by_name,
        "number": told.business_key,
        "url": f"{address}/prace/{place}",
    }


def _of_tasks(address: str, session: Session, person: PersonRow, tasks: Sequence[TaskItem]) -> Iterator[Json]:
    for task in tasks[:MOST_TASKS]:
        yield {
            "number": task.business_key,
            "name": _named(session, person.tenant, task.name, task.definition_id, person.language or "cs"),
            "due_on": day_in_prague(task.due_at).isoformat() if task.due_at else "",
            "url": f"{address}/prace/ukoly/{task.id}",
        }


def _address(parts: Parts, session: Session, tenant: str) -> str:
    return seen_at(parts.settings, from_row(session.get_one(TenantRow, tenant)))


def _named(session: Session, tenant: str, text: str, definition_id: str, lang: str) -> str:
    return say(session, tenant, deployment_of(session, tenant, definition_id), lang)(text)


def _mail(parts: Parts, session: Session, person: PersonRow, name: str, data: Variables, key: str) -> Mail:
    office = from_row(session.get_one(TenantRow, person.tenant))
    seen = {**data, "settings_url": f"{seen_at(parts.settings, office)}/prace/upozorneni/nastaveni"}
    message = compose(office, name, seen, person.language or "cs")
    return Mail(
        to=[person.email],
        subject=message.subject,
        text=message.text,
        html=message.html,
        sender=str(office.settings.get("mail_from") or parts.settings.mail_from),
        sender_name=office.name,
        key=key,
        sent_at=parts.clock.now(),
    )


def _went_out(mailer: Mailer, mail: Mail, tenant: str) -> bool:
    try:
        mailer.send(mail)
    except Exception as error:  # whatever it is, it is tried again and the others get theirs
        log.warning("a mail to the staff was not sent", tenant=tenant, error=type(error).__name__)
        return False
    return True
