"""Incidents that the kernel doesn't know of: what went wrong around a case, for a person to look at."""

from __future__ import annotations

from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.cases import IncidentRow, InstanceRow


def open_incident(
    work: Work,
    instance: InstanceRow,
    message: str,
    *,
    node: str,
    activity: str | None = None,
    job_id: str | None = None,
) -> None:
    """Write it down, and into the case's story."""
    work.session.add(
        IncidentRow(
            id=new_id(),
            tenant=work.tenant,
            instance_id=instance.id,
            node=node,
            activity=activity,
            job_id=job_id,
            message=message,
            state="open",
            opened_at=work.now,
        )
    )
    work.tell(instance, "incident", node, activity, message=message)
