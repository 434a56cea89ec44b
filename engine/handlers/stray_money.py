"""Whose work stray money is, where several agendas of an organisation have a process for it.

Money with the symbol of a case belongs to the agenda of that case: it knows why it asked and may send it back. Other
money goes to the agenda that the organisation chose (setting `stray_money`), else to the first process by its key.
"""

from __future__ import annotations

from sqlalchemy import select

from engine.handlers.work import Work
from engine.store.cases import InstanceRow
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow, is_newest
from engine.store.money import PaymentRequestRow
from engine.store.people import TenantRow

MESSAGE, SETTING = "payment.unmatched", "stray_money"


def receivers(work: Work, wanted: PaymentRequestRow | None) -> list[str]:
    """Give the start that takes it as `process#node`; [] where there is no choice."""
    begins = _begins(work)
    if len(begins) < 2:
        return []
    for agenda in (_asked_by(work, wanted), _chosen(work)):
        found = sorted(start for start, owner in begins if owner == agenda)
        if found:
            return found[:1]
    return []


def _begins(work: Work) -> list[tuple[str, str]]:
    """Give (start, agenda) of what begins with stray money."""
    rows = work.session.execute(
        select(ProcessDefinitionRow.process_key, ProcessDefinitionRow.begins_with, DeploymentRow.agenda)
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.tenant == work.tenant, is_newest(work.tenant))
    )
    return [
        (f"{key}#{begin['node']}", agenda)
        for key, begins_with, agenda in rows
        for begin in begins_with
        if begin["kind"] == "message" and begin["name"] == MESSAGE
    ]


def _asked_by(work: Work, wanted: PaymentRequestRow | None) -> str | None:
    if wanted is None:
        return None
    return work.session.scalar(
        select(DeploymentRow.agenda)
        .join(ProcessDefinitionRow, ProcessDefinitionRow.deployment_id == DeploymentRow.id)
        .join(InstanceRow, InstanceRow.definition_id == ProcessDefinitionRow.id)
        .where(InstanceRow.tenant == work.tenant, InstanceRow.id == wanted.instance_id)
    )


def _chosen(work: Work) -> str | None:
    settings = work.session.scalar(select(TenantRow.settings).where(TenantRow.key == work.tenant)) or {}
    chosen = settings.get(SETTING)
    return chosen if isinstance(chosen, str) else None
