"""What is due by the periods of agendas, forms and registers: to be erased, anonymous, taken out; and what stays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from engine.calendar import after
from engine.model import Json
from engine.queries.personal import OwnCase, OwnRecord, cases_where, records_where
from engine.store.cases import InstanceRow
from engine.store.definitions import DeploymentFileRow, DeploymentRow, ProcessDefinitionRow
from engine.store.personal import EVERYTHING, CaseRetentionRow
from engine.store.registers import RecordRow, RegisterRow
from engine.store.searching import field_is

_MANIFEST = "agenda.toml"
#: Keyword of a form's or register's field: how long after the end of the case, or of the record, it is kept.
KEPT_FOR = "x-retention"
#: Years, months or days; what can't be read keeps everything.
PERIOD = re.compile(r"P(?!$)(\d{1,3}Y)?(\d{1,3}M)?(\d{1,5}D)?")
How = Literal["delete", "anonymise"]
#: Agenda → place of an answer, `/person/phone` → its period.
Answers = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How long finished cases of an agenda are kept, and what becomes of them then."""

    period: str
    how: How = "delete"


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What a run of retention would do, and what it would leave because it is held or in the books."""

    #: To be deleted whole.
    cases: Sequence[OwnCase] = ()
    #: To be made anonymous.
    anonymous: Sequence[OwnCase] = ()
    #: Single answers to be taken out, with their places.
    answers: Sequence[tuple[OwnCase, Sequence[str]]] = ()
    held: Sequence[OwnCase] = ()
    records: Sequence[OwnRecord] = ()
    #: Single fields to be taken out of deleted records.
    fields: Sequence[tuple[OwnRecord, Sequence[str]]] = ()
    held_records: Sequence[OwnRecord] = ()
    #: Rules by agenda, as it says them; agendas that say none are kept for ever.
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many cases and records would be touched."""
        return sum(map(len, (self.cases, self.anonymous, self.answers, self.records, self.fields)))


def overdue(session: Session, tenant: str, now: datetime, kept: Answers | None = None) -> Overdue:
    """Give what is due, at most MOST of each kind by each rule; the rest comes with the next run."""
    rules = rules_of(session, tenant)
    by_how: dict[How, list[OwnCase]] = {"delete": [], "anonymise": []}
    for agenda, rule in rules.items():
        due = _ended_before(tenant, agenda, after(now, f"-{rule.period}"))
        found = cases_where(session, tenant, and_(due, ~_without(EVERYTHING)), now.date())
        by_how[rule.how] += found
    whole = {one.id for found in by_how.values() for one in found}
    answers = [each for each in _answers(session, tenant, now, kept or {}) if each[0].id not in whole]
    records, fields = _records(session, tenant, now)
    old = {one.id: one for one in [*records, *(each for each, _ in fields)]}
    touched = {one.id: one for found in by_how.values() for one in found} | {one.id: one for one, _ in answers}
    return Overdue(
        cases=[one for one in by_how["delete"] if not one.why_kept],
        anonymous=[one for one in by_how["anonymise"] if not one.why_kept],
        answers=[each for each in answers if not each[0].why_kept],
        held=[one for one in touched.values() if one.why_kept],
        records=[one for one in records if not one.why_kept],
        fields=[each for each in fields if not each[0].why_kept],
        held_records=[one for one in old.values() if one.why_kept],
        rules=rules,
    )


def _answers(session: Session, tenant: str, now: datetime, kept: Answers) -> list[tuple[OwnCase, Sequence[str]]]:
    """Give cases with answers that are due, all due ones of a case together."""
    cases: dict[str, OwnCase] = {}
    places: dict[str, list[str]] = {}
    for agenda, periods in kept.items():
        for place, period in periods.items():
            due = _ended_before(tenant, agenda, after(now, f"-{period}"))
            condition = and_(due, ~_without(place), ~_without(EVERYTHING))
            for one in cases_where(session, tenant, condition, now.date()):
                cases[one.id] = one
                places.setdefault(one.id, []).append(place)
    return [(one, places[one.id]) for one in cases.values()]


def _ended_before(tenant: str, agenda: str, moment: datetime) -> ColumnElement[bool]:
    published = select(ProcessDefinitionRow.id).join(
        DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id
    )
    of_agenda = published.where(DeploymentRow.tenant == tenant, DeploymentRow.agenda == agenda)
    return and_(InstanceRow.definition_id.in_(of_agenda), InstanceRow.ended_at <= moment)


def _without(what: str) -> ColumnElement[bool]:
    """Of InstanceRow: this was taken out already."""
    return exists().where(CaseRetentionRow.instance_id == InstanceRow.id, CaseRetentionRow.what == what)


def _records(
    session: Session, tenant: str, now: datetime
) -> tuple[list[OwnRecord], list[tuple[OwnRecord, Sequence[str]]]]:
    """Give records whose time is over, and others of which single fields are. Only what was deleted from a register."""
    records: list[OwnRecord] = []
    fields: list[tuple[OwnRecord, Sequence[str]]] = []
    for register in session.scalars(select(RegisterRow).where(RegisterRow.tenant == tenant)):
        deleted = and_(RecordRow.register == register.key, RecordRow.state == "deleted")
        period = str(register.definition.get("retention") or "")
        if PERIOD.fullmatch(period):
            records += records_where(session, tenant, and_(deleted, RecordRow.changed_at <= after(now, f"-{period}")))
        whole, found, names = {one.id for one in records}, dict[str, OwnRecord](), dict[str, list[str]]()
        for name, kept in _kept_fields(register.definition).items():
            old = and_(deleted, RecordRow.changed_at <= after(now, f"-{kept}"))
            for one in records_where(session, tenant, and_(old, ~field_is(session, RecordRow.data, name, None))):
                found[one.id] = one
                names.setdefault(one.id, []).append(name)
        fields += [(one, names[one.id]) for one in found.values() if one.id not in whole]
    return records, fields


def _kept_fields(definition: Mapping[str, Json]) -> dict[str, str]:
    schema = definition.get("schema")
    properties = schema.get("properties") if isinstance(schema, dict) else None
    said = properties if isinstance(properties, dict) else {}
    found = {name: str(shape.get(KEPT_FOR) or "") for name, shape in said.items() if isinstance(shape, dict)}
    return {name: period for name, period in found.items() if PERIOD.fullmatch(period)}


def rules_of(session: Session, tenant: str) -> Mapping[str, Rule]:
    """Give how long finished cases are kept, by agenda, as the newest version says it."""
    newest = (
        select(DeploymentRow.agenda, func.max(DeploymentRow.version).label("version"))
        .where(DeploymentRow.tenant == tenant)
        .group_by(DeploymentRow.agenda)
        .subquery()
    )
    query = (
        select(DeploymentRow.agenda, DeploymentFileRow.content)
        .join(newest, and_(newest.c.agenda == DeploymentRow.agenda, newest.c.version == DeploymentRow.version))
        .join(DeploymentFileRow, DeploymentFileRow.deployment_id == DeploymentRow.id)
        .where(DeploymentRow.tenant == tenant, DeploymentFileRow.path == _MANIFEST)
    )
    found = {agenda: _rule(content) for agenda, content in session.execute(query)}
    return {agenda: rule for agenda, rule in found.items() if rule is not None}


def _rule(manifest: bytes) -> Rule | None:
    try:
        said = tomllib.loads(manifest.decode()).get("retention", {})
        period, how = str(said.get("case", "")), said.get("how", "delete")
    except (ValueError, AttributeError):
        return None
    if not PERIOD.fullmatch(period) or how not in ("delete", "anonymise"):
        return None
    return Rule(period=period, how=how)
