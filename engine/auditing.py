"""The verbs of the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.commands import Command
from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class NoteEvent(Command[None]):
    """Note in the audit that somebody came in, read what is sensitive, took something away.

    `facts` name objects by their keys and never hold what people wrote.
    """

    kind: str
    object_kind: str = ""
    object_id: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)
