"""Drafts as they stand in the database, and new versions of the form they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.commands import Deploy
from engine.model import SYSTEM
from engine.queries.definitions import files_of, newest_definition
from engine.store.papers import DraftRow
from tests.integration.conftest import ALL
from web.bootstrap import Parts

TENANT = "otevrenamesta"


def saved(parts: Parts, draft_id: str) -> Mapping[str, Any]:
    with parts.sessions(info=ALL) as session:
        return session.scalars(select(DraftRow).where(DraftRow.id == draft_id)).one().data


def publish(parts: Parts, change: Any) -> None:
    """Publish the agenda with its application form changed."""
    with parts.sessions(info=ALL) as session:
        known = newest_definition(session, TENANT, "membership")
        files = dict(files_of(session, TENANT, known.deployment_id))
    name = "forms/application.json"
    schema = json.loads(files[name])
    change(schema)
    files[name] = json.dumps(schema, ensure_ascii=False).encode()
    parts.engine.execute(
        Deploy(tenant=TENANT, actor=SYSTEM, agenda=known.agenda, title={"cs": "Členství"}, files=files)
    )
