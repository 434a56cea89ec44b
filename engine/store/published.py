"""Which records everybody may see now: what the register says is public, for as long as it says."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from engine.store.registers import RecordRow


def is_public(today: date) -> ColumnElement[bool]:
    """Give the condition that a record is public on this day, its last one too."""
    return and_(RecordRow.public.is_(True), or_(RecordRow.public_until.is_(None), RecordRow.public_until >= today))
