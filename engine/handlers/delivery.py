"""Bringing one message to the case that waits for it, or beginning a case with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, select

from engine.errors import Conflict
from engine.handlers.cases import begin_untold, begun_by, open_case
from engine.handlers.incidents import open_incident
from engine.handlers.movement import attempt
from engine.handlers.work import Work
from engine.model import Applicant, Variables
from engine.store.cases import InstanceRow, MessageWaitRow
from engine.store.locking import wait_now
from engine.store.matching import hashes_heard

#: Cases that one question asks for.
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it is delivered."""

    name: str
    correlation: Variables
    payload: Variables
    #: Nodes at the other end of message flows, where the diagram draws some.
    targets: list[str] = field(default_factory=list)
    #: Only this case, only this wait of it.
    instance_id: str | None = None
    wait: str | None = None


Look = Callable[[InstanceRow, MessageWaitRow], None]


def deliver(work: Work, letter: Letter, before: Look | None = None) -> str | None:
    """Give the letter to the first case that takes it, or begin one with it; gives the case's id.

    `before` looks at the receiver first and may refuse.
    """
    for instance_id, wait_id in _candidates(work, letter):
        instance, wait = work.lock(instance_id), wait_now(work.session, work.tenant, wait_id)
        if wait is None or instance.status != "running":
            continue
        if before:
            before(instance, wait)
        if hand_over(work, instance, wait, letter):
            return instance.id
    return None if letter.instance_id or letter.wait else _begin_by(work, letter)


def hand_over(work: Work, instance: InstanceRow, wait: MessageWaitRow, letter: Letter) -> bool:
    """Let a locked case take a letter; False when the kernel refuses it."""
    # Whoever names the wait itself needn't know what it is correlated by.
    correlation = wait.correlation if letter.wait else letter.correlation
    facts = {"name": wait.name, "correlation": correlation, "payload": letter.payload}
    told = len(work.story.entries)
    work.tell(instance, "message-received", wait.node, name=wait.name, payload=letter.payload)
    try:
        problem = attempt(work, instance, {"do": "message", "wait": wait.wait} | facts)
    except Conflict:
        del work.story.entries[told:]
        return False
    if problem:
        # Delivered, or it would come again with every beat; the story keeps what was in it.
        open_incident(work, instance, problem, node=wait.node)
    return True


def _begin_by(work: Work, letter: Letter) -> str | None:
    facts = {"payload": letter.payload, "correlation": letter.correlation}
    for definition, node in begun_by(work, "message", letter.name, letter.targets):
        instance, _secret = open_case(work, definition, Applicant())
        begin_untold(work, instance, definition, {"at": node, "name": letter.name} | facts)
        return instance.id
    return None


def _candidates(work: Work, letter: Letter) -> Iterator[tuple[str, str]]:
    """Give cases and their waits that hear the letter: the wait that names most keys first, then the oldest case."""
    if letter.wait:
        # A wait that was named is meant whatever its correlation says.
        yield from _oldest_first(work, letter, MessageWaitRow.wait == letter.wait)
        return
    # One question for each hash: asked for several at once, PostgreSQL may read all waits of this name.
    for hashed in hashes_heard(letter.correlation):
        yield from _oldest_first(work, letter, MessageWaitRow.correlation_hash == hashed)


def _oldest_first(work: Work, letter: Letter, meant: ColumnElement[bool]) -> Sequence[tuple[str, str]]:
    query = select(MessageWaitRow.instance_id, MessageWaitRow.id).where(*_hears(work, letter), meant)
    waits = [(instance_id, wait_id) for instance_id, wait_id in work.session.execute(query)]
    if len(waits) < 2:
        return waits
    # Not joined: without statistics PostgreSQL goes through all running cases, and for each through all waits.
    started = _started(work, [instance_id for instance_id, _ in waits])
    return sorted((one for one in waits if one[0] in started), key=lambda one: (started[one[0]], one[0]))


def _started(work: Work, instance_ids: Sequence[str]) -> dict[str, datetime]:
    """Give when cases began that are running."""
    found: dict[str, datetime] = {}
    for at in range(0, len(instance_ids), _AT_ONCE):
        some = InstanceRow.id.in_(instance_ids[at : at + _AT_ONCE])
        query = select(InstanceRow.id, InstanceRow.started_at).where(
            InstanceRow.tenant == work.tenant, InstanceRow.status == "running", some
        )
        found |= {instance_id: began for instance_id, began in work.session.execute(query)}
    return found


def _hears(work: Work, letter: Letter) -> Iterator[ColumnElement[bool]]:
    yield MessageWaitRow.tenant == work.tenant
    yield MessageWaitRow.kind == "message"
    yield MessageWaitRow.name == letter.name
    # Where message flows are drawn, only those they lead to are meant.
    if letter.targets:
        yield MessageWaitRow.node.in_(letter.targets)
    if letter.instance_id:
        yield MessageWaitRow.instance_id == letter.instance_id
