"""Bringing one message to the case that waits for it, or beginning a case with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, select

from engine.errors import Conflict
from engine.handlers.cases import begin_untold, begun_by, open_case
from engine.handlers.incidents import open_incident
from engine.handlers.movement import attempt
from engine.handlers.work import Work
from engine.model import Applicant, Variables
from engine.store.cases import InstanceRow, MessageWaitRow
from engine.store.matching import hashes_heard


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
        instance, wait = work.lock(instance_id), _wait_now(work, wait_id)
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
    hashes = hashes_heard(letter.correlation)
    statement = (
        select(MessageWaitRow.instance_id, MessageWaitRow.id, MessageWaitRow.correlation_hash)
        .join(InstanceRow, and_(InstanceRow.id == MessageWaitRow.instance_id, InstanceRow.status == "running"))
        .where(*_hears(work, letter, hashes))
        .order_by(InstanceRow.started_at, MessageWaitRow.instance_id)
    )
    rows = work.session.execute(statement).all()
    # The wait that names most keys is meant most.
    rank = {value: place for place, value in enumerate(hashes)}
    for instance_id, wait_id, _hash in sorted(rows, key=lambda row: rank.get(row.correlation_hash, 0)):
        yield instance_id, wait_id


def _hears(work: Work, letter: Letter, hashes: list[str]) -> Iterator[ColumnElement[bool]]:
    yield MessageWaitRow.tenant == work.tenant
    yield MessageWaitRow.kind == "message"
    yield MessageWaitRow.name == letter.name
    # Where message flows are drawn, only those they lead to are meant.
    if letter.targets:
        yield MessageWaitRow.node.in_(letter.targets)
    if letter.instance_id:
        yield MessageWaitRow.instance_id == letter.instance_id
    # A wait that was named is meant whatever its correlation says.
    yield MessageWaitRow.wait == letter.wait if letter.wait else MessageWaitRow.correlation_hash.in_(hashes)


def _wait_now(work: Work, wait_id: str) -> MessageWaitRow | None:
    """Read the wait under its case's lock."""
    statement = select(MessageWaitRow).where(MessageWaitRow.id == wait_id, MessageWaitRow.tenant == work.tenant)
    return work.session.execute(statement, execution_options={"populate_existing": True}).scalar_one_or_none()
