"""Telling people of the staff what concerns them, in the transaction in which it happens."""

from __future__ import annotations

import re

from sqlalchemy import func, select, update

from engine.desk import ReadNotifications
from engine.entitled import STAFF
from engine.errors import NotAllowed
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.cases import InstanceRow
from engine.store.desk import DeskRow
from engine.store.notifications import NotificationRow
from engine.store.people import PersonRow

#: `@jana`, not the middle of an e-mail address.
_NAMED = re.compile(r"(?<![\w.@-])@([\w][\w.-]*)")
_MOST_NAMED = 20
_LONGEST = 300


def notify(
    work: Work, username: str, kind: str, instance: InstanceRow | None, *, task_id: str | None = None, text: str = ""
) -> None:
    """Tell a person something; nobody is told what they did themselves."""
    if username == work.actor.username:
        return
    work.session.add(
        NotificationRow(
            id=new_id(),
            tenant=work.tenant,
            username=username,
            kind=kind,
            instance_id=instance.id if instance is not None else None,
            task_id=task_id,
            text=text[:_LONGEST],
            by_name=work.actor.name or work.actor.username,
            at=work.now,
            mail_at=work.now if _wants_mail_at_once(work, username) else None,
            mail_attempts=0,
        )
    )


def _wants_mail_at_once(work: Work, username: str) -> bool:
    chosen = select(DeskRow.mail).filter_by(tenant=work.tenant, username=username)
    return work.session.scalar(chosen) == "at_once"


def notify_named(work: Work, instance: InstanceRow, text: str) -> None:
    """Tell everybody who is named in a note, each once."""
    named = {name.rstrip(".-").casefold() for name in _NAMED.findall(text)}
    if not named or len(named) > _MOST_NAMED:
        return
    found = select(PersonRow.username).where(PersonRow.tenant == work.tenant, PersonRow.active)
    for username in work.session.scalars(found.where(func.lower(PersonRow.username).in_(sorted(named)))).all():
        notify(work, username, "mentioned", instance, text=text)


@handles(ReadNotifications)
def read_notifications(work: Work, command: ReadNotifications) -> None:
    """Mark everything told to the actor until a moment as read."""
    if work.actor.kind not in STAFF:
        raise NotAllowed
    work.session.execute(
        update(NotificationRow)
        .where(NotificationRow.tenant == work.tenant, NotificationRow.username == work.actor.username)
        .where(NotificationRow.read_at.is_(None), NotificationRow.at <= command.until)
        .values(read_at=work.now)
    )
