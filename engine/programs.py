"""The commands by which the same request of a program, sent twice, happens once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands import Command
from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a program was answered to a request with an Idempotency-Key."""

    #: None: another request with this key is being answered, or its answer was lost.
    status: int | None
    body: Json
    #: It has changed something.
    carried_out: bool = False


@dataclass(frozen=True, kw_only=True)
class BeginAnswer(Command[Answer | None]):
    """Take an Idempotency-Key; gives the earlier answer, or None when the request is new and may be done."""

    key: str
    #: SHA-256 over method, path and body; the key with another request is refused as Invalid.
    request_hash: str


@dataclass(frozen=True, kw_only=True)
class FinishAnswer(Command[None]):
    """Keep the answer for the key; `status` None gives the key back, for a request that failed and changed nothing."""

    key: str
    status: int | None
    body: Json = None
