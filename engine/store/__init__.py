"""SQLAlchemy tables and repositories. Plain SQLAlchemy, no web framework."""

from engine.store import (
    answers,
    authoring,
    bank_orders,
    cases,
    definitions,
    desk,
    directory,
    large_values,
    money,
    notifications,
    operations,
    papers,
    people,
    registers,
    signing_in,
    substitutions,
    wording,
)
from engine.store.base import Base

__all__ = [
    "Base",
    "answers",
    "authoring",
    "bank_orders",
    "cases",
    "definitions",
    "desk",
    "directory",
    "large_values",
    "money",
    "notifications",
    "operations",
    "papers",
    "people",
    "registers",
    "signing_in",
    "substitutions",
    "wording",
]
