"""How the organisation's directory is reached, and how its last nightly run went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import DirectorySettings
from engine.store.directory import DirectoryRow


@dataclass(frozen=True, kw_only=True)
class DirectoryFacts:
    """The directory of one organisation."""

    settings: DirectorySettings = field(default_factory=DirectorySettings)
    synced_at: datetime | None = None
    #: What the last run did → usernames.
    report: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problem: str = ""


def directory(session: Session, tenant: str) -> DirectoryFacts:
    """The directory as it is set; switched off where nobody set it."""
    row = session.scalar(select(DirectoryRow).where(DirectoryRow.tenant == tenant))
    if row is None:
        return DirectoryFacts()
    settings = DirectorySettings.read(row.settings)
    return DirectoryFacts(settings=settings, synced_at=row.synced_at, report=row.report, problem=row.problem)
