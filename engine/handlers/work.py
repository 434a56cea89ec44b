"""What a command works with while its transaction is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session, make_transient_to_detached, sessionmaker

from engine.calendar import PRAGUE
from engine.commands import CorrelateMessage
from engine.errors import NotFound
from engine.handlers.history import Entry, Story
from engine.handlers.large_values import OPEN_ENDED, LargeValues
from engine.handlers.published import Definition, Published
from engine.ids import new_id
from engine.model import Actor, Hint, Json
from engine.store import locking
from engine.store.base import table_of
from engine.store.cases import HistoryRow, InstanceRow, KeptMessageRow
from engine.store.lending import join
from engine.store.locking import OfCase, OpenTask
from engine.store.matching import correlation_hash
from engine.store.prepared import insertion
from engine.store.session import TENANT
from engine.store.writes import Writes
from engine.voting.envelopes import no_ballot_key

_TELL = insertion(table_of(HistoryRow), *Entry.__annotations__)


@dataclass(kw_only=True)
class Work:
    """One command being executed: its transaction, its moment, who gave it, and what is to be told after commit."""

    #: The transaction.
    connection: Connection
    sessions: sessionmaker[Session]
    #: The moment of the command; stands still while it runs.
    now: datetime
    tenant: str
    actor: Actor
    published: Published
    #: Gives the key of the installation that ballots are sealed with.
    ballot_key: Callable[[], bytes] = no_ballot_key
    hints: list[Hint] = field(default_factory=list)
    #: Rows of messages and signals that this command sent; each is delivered after commit, in its own transaction.
    sent: list[str] = field(default_factory=list)
    #: Cases that began to wait for a message; what was kept for them is looked for after commit.
    waiting: set[str] = field(default_factory=set)
    #: Id of the message that is being delivered.
    hearing: str = ""
    story: Story = field(init=False)
    #: What the hot path writes; sent before anything is read, and at the end.
    writes: Writes = field(init=False)
    #: By case.
    _large: dict[str, LargeValues] = field(default_factory=dict, init=False)
    _opened: Session | None = field(default=None, init=False)
    #: What was asked for last.
    _running: Definition | None = field(default=None, init=False)
    #: Cases read past the ORM, which join the session when it is opened.
    _held: list[InstanceRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.story = Story(self.actor, self.now)
        self.writes = Writes(self.connection)

    @property
    def session(self) -> Session:
        """The transaction as the ORM sees it; opened on first use, because most commands do without."""
        self.writes.send()
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    @property
    def today(self) -> date:
        """The day in Prague."""
        return self.now.astimezone(PRAGUE).date()

    def lock(self, instance_id: str) -> InstanceRow:
        """Give a case and keep every other command off it until this transaction ends."""
        instance = locking.lock_case(self.session, self.tenant, instance_id)
        if instance is None:
            raise NotFound
        return instance

    def lock_case_of(self, row_class: type[OfCase], row_id: str) -> tuple[InstanceRow, OfCase]:
        """Give a row that belongs to a case, with the case; both are locked."""
        found = locking.lock_case_with(self.session, self.tenant, row_class, row_id)
        if found is None:
            raise NotFound
        return found

    def lock_task(self, task_id: str) -> tuple[InstanceRow, OpenTask]:
        """Give a human task with its case, both locked; call `changing` before any change to the case's own row."""
        found = locking.lock_task(self.connection, self.tenant, task_id)
        if found is None:
            raise NotFound
        self._held.append(found[0])
        return found

    def large(self, instance: InstanceRow) -> LargeValues:
        """Give the large values of a case; first asked for before the case's state is changed."""
        found = self._large.get(instance.id)
        if found is None:
            found = self._large[instance.id] = LargeValues(self.connection, self.writes, instance)
        return found

    def changing(self, instance: InstanceRow) -> InstanceRow:
        """Give the case as a row of the session, which will write what is changed in it."""
        self.session.add(instance)
        return instance

    def definition(self, instance: InstanceRow) -> Definition:
        """Give the definition that the case runs on."""
        wanted = instance.definition_id
        if self._running is None or self._running.id != wanted:
            known = self.published.known(self.tenant, wanted)
            self._running = known or self.published.by_id(self.session, self.tenant, wanted)
        return self._running

    def act_as(self, actor: Actor) -> None:
        """Go on as somebody who acts for a colleague; what is told from now on says so."""
        self.actor = actor
        self.story.actor = actor

    def tell(
        self, instance: InstanceRow, kind: str, node: str | None = None, activity: str | None = None, **facts: Json
    ) -> None:
        """Add an entry to the case's story."""
        self.enter(instance, kind, node, activity, facts)

    def enter(
        self, instance: InstanceRow, kind: str, node: str | None, activity: str | None, facts: dict[str, Json]
    ) -> None:
        """Add an entry to the case's story, which keeps the facts."""
        if kind in OPEN_ENDED:
            facts = self.large(instance).named(facts)
        self.story.tell(instance, kind, node, activity, facts)

    def send(self, message: CorrelateMessage) -> None:
        """Send a message to whoever waits for it, another case or a process that it begins.

        The row written here is the promise; delivery follows the commit.
        """
        facts = {"name": message.name, "correlation": message.correlation, "payload": message.payload}
        self.post("message", facts, message_id=message.message_id)

    def post(
        self, kind: str, facts: Mapping[str, Json], *, message_id: str | None = None, thrower: str | None = None
    ) -> None:
        """Write the row of a message or signal on its way: name, correlation?, payload?, to?."""
        correlation = dict(facts.get("correlation") or {})
        row = KeptMessageRow(
            id=new_id(),
            tenant=self.tenant,
            message_id=message_id or new_id(),
            kind=kind,
            name=facts["name"] or "",
            targets=list(facts.get("to") or ()),
            correlation=correlation,
            correlation_hash=correlation_hash(correlation),
            payload=dict(facts.get("payload") or {}),
            state="thrown",
            received_at=self.now,
            thrown_by=thrower,
        )
        self.session.add(row)
        self.sent.append(row.id)

    def finish(self) -> None:
        """Write what was gathered."""
        if self._opened is not None:
            self.session.flush()
        if self.story.entries:
            self.writes.put(_TELL, *self.story.entries)
        for instance_id, values in self._large.items():
            told = [entry for entry in self.story.entries if entry["kind"] in OPEN_ENDED]
            values.write(entry["facts"] for entry in told if entry["instance_id"] == instance_id)
        self.writes.send()

    def close(self) -> None:
        """Let go of the session; the transaction is for its owner to end."""
        if self._opened is not None:
            self._opened.close()

    def _open(self) -> Session:
        join(self.connection)
        session = self.sessions(bind=self.connection, info={TENANT: self.tenant})
        for instance in self._held:
            make_transient_to_detached(instance)
            session.add(instance)
        self._held.clear()
        return session
