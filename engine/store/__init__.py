"""SQLAlchemy tables and repositories. Plain SQLAlchemy, no web framework."""

from engine.store import cases, definitions, money, papers, people, registers
from engine.store.base import Base

__all__ = ["Base", "cases", "definitions", "money", "papers", "people", "registers"]
