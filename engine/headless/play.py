"""All instances of one file on one clock: what people answer, timers, messages and signals between them."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine import calendar, kernel
from engine.diagram import Model, Node, Trigger
from engine.errors import Conflict, Spinning
from engine.headless.stores import MemoryStores
from engine.kernel import Logic, StarlarkLogic, Stores
from engine.model import Effect, Json, Variables

#: When the virtual clock starts.
DAWN = datetime(2026, 1, 1, 8, tzinfo=UTC)
#: How often a cycle may start a process.
MOST_STARTS = 100

Answers = Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What `radnice run` prints."""

    #: completed, waiting, incident or refused
    status: str
    #: Ids of completed flow nodes in order, over all instances of the file.
    trace: Sequence[str] = ()
    #: Ids of what is still open.
    waiting: Sequence[str] = ()
    data: Variables = field(default_factory=dict)
    #: [{"element", "message"}]
    problems: Sequence[Mapping[str, Json]] = ()


@dataclass
class Case:
    """One running instance."""

    process: str
    state: str | None = None
    status: str = "running"


@dataclass
class Play:
    """All instances of one file on one clock."""

    model: Model
    answers: Answers
    logic: Logic = field(default_factory=StarlarkLogic)
    stores: Stores = field(default_factory=MemoryStores)
    now: datetime = DAWN
    cases: list[Case] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    problems: list[dict[str, Json]] = field(default_factory=list)
    #: (when, order, case, command), a heap
    due: list[tuple[datetime, int, int, dict[str, Json]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=itertools.count)
    #: Messages and signals on their way: (case that threw it, effect).
    post: deque[tuple[int, Effect]] = field(default_factory=deque)
    #: Messages that nobody waits for yet.
    kept: list[Effect] = field(default_factory=list)
    #: How often each activity has been answered.
    rounds: dict[str, int] = field(default_factory=dict)
    #: How often each activity that is offered again has begun.
    begun: dict[str, int] = field(default_factory=dict)
    spinning: bool = False

    # --- beginning ---------------------------------------------------------------------------------------------------

    def begin(self, process: str | None, data: Variables) -> None:
        """Start the process asked for, or every one that begins by itself; those that time begins are planned."""
        for free in [process] if process else self.uncalled():
            if process or any(not s.triggers and not s.instantiate for s in self.starts(free)):
                self.command(self.open_case(free), {"do": "start", "data": data})
            else:
                for start in self.starts(free):
                    self.plan_start(free, start, data)

    def uncalled(self) -> list[str]:
        """Give the processes that no call activity names."""
        called = {n.called for n in self.model.nodes.values() if n.kind == "callActivity"}
        return [p for p in self.model.processes if p not in called]

    def plan_start(self, process: str, start: Node, data: Variables) -> None:
        """Start a process when its timer says, as often as it says, or now if its condition holds."""
        command = {"do": "start", "data": data, "at": start.id}
        for trigger in start.triggers:
            if trigger.kind == "timer":
                for moment in self.moments(trigger, data):
                    self.at(moment, self.open_case(process), command)
            elif trigger.kind == "conditional" and self.value(trigger.text or "False", data):
                self.command(self.open_case(process), command)

    def moments(self, trigger: Trigger, data: Variables) -> Iterator[datetime]:
        """Give when a timer starts a process; one that never ends is tried once."""
        text = trigger.text or ""
        if not calendar.is_time_text(text):
            text = str(self.value(text, data))
        plan = self.logic.schedule(trigger.timer or "timeDate", text, self.now)
        moment = plan.first
        for number in range(min(1 if plan.count is None else plan.count, MOST_STARTS)):
            yield moment
            if plan.period and plan.origin:
                moment = calendar.next_of_cycle(moment, plan.period, plan.origin, plan.passed + number + 1)

    def value(self, text: str, data: Variables) -> Json:
        """Evaluate an expression over the data that a process would start with."""
        return self.logic.value(text, lambda name: (name in data, data.get(name)))

    def starts(self, process: str) -> list[Node]:
        """Give the nodes where a process begins."""
        return [self.model.nodes[s] for s in self.model.nodes[process].starts]

    def open_case(self, process: str) -> int:
        """Add an instance; gives its number."""
        self.cases.append(Case(process))
        return len(self.cases) - 1

    # --- commands ----------------------------------------------------------------------------------------------------

    def command(self, index: int, command: dict[str, Json]) -> None:
        """Give a command to an instance and follow up what it tells."""
        case = self.cases[index]
        asked = {"process": case.process, **command}
        try:
            advance = kernel.advance(self.model, case.state, asked, self.now, self.logic, stores=self.stores)
        except Spinning as error:
            self.problems.append({"element": case.process, "message": str(error)})
            self.spinning = True
            return
        case.state, case.status = advance.state, advance.status
        for effect in advance.effects:
            self.follow_up(index, effect)

    def attempt(self, index: int, command: dict[str, Json]) -> bool:
        """Give a command that may come too late; tells whether it was taken."""
        try:
            self.command(index, command)
        except Conflict:
            return False
        return True

    def follow_up(self, index: int, effect: Effect) -> None:
        """Note an effect, or do what it asks for."""
        if effect.do == "passed":
            self.trace.append(effect.node or "")
        elif effect.do == "incident":
            self.problems.append({"element": effect.node, "message": effect.facts["message"]})
        elif effect.do in ("task-opened", "job-opened"):
            self.answer(index, effect)
        elif effect.do == "wait-set" and effect.facts["name"] == kernel.choice_named(effect.node or ""):
            self.choose(index, effect)
        elif effect.do == "timer-set":
            when = max(calendar.parse_moment(effect.facts["due"]), self.now)
            self.at(when, index, {"do": "fire", "wait": effect.facts["wait"]})
        elif effect.do in ("message", "signal"):
            self.post.append((index, effect))

    def answer(self, index: int, effect: Effect) -> None:
        """Plan the answer to a task: the one given for this round, else {} at once."""
        given = self.answers.get(effect.node or "", {})
        if isinstance(given, list):
            turn = self.rounds[effect.node or ""] = self.rounds.get(effect.node or "", -1) + 1
            given = given[turn] if turn < len(given) else {}
        when = calendar.after(self.now, given["after"]) if given.get("after") else self.now
        self.at(when, index, {"do": "complete", "activity": effect.activity, "data": given.get("data") or {}})

    def choose(self, index: int, effect: Effect) -> None:
        """Begin an activity of an ad-hoc sub-process again while there are answers for further rounds of it."""
        node, given = effect.node or "", self.answers.get(effect.node or "", {})
        begun = self.begun.get(node, 1)
        if isinstance(given, list) and begun < len(given):
            self.begun[node] = begun + 1
            self.at(self.now, index, {"do": "message", "name": effect.facts["name"], "wait": effect.facts["wait"]})

    def at(self, when: datetime, index: int, command: dict[str, Json]) -> None:
        """Plan a command."""
        heapq.heappush(self.due, (when, next(self.order), index, command))

    # --- one step ----------------------------------------------------------------------------------------------------

    def go(self, max_steps: int) -> None:
        """Go on until nothing is planned."""
        for _ in range(max_steps):
            if self.spinning or not self.step():
                return
        self.problems.append({"element": None, "message": "The run took more steps than it may."})
        self.spinning = True

    def step(self) -> bool:
        """Deliver what was thrown, else what was kept, else the earliest thing planned; False at the end."""
        if self.post:
            self.deliver(*self.post.popleft())
            return True
        for letter in list(self.kept):
            if self.hand_over(letter):
                self.kept.remove(letter)
                return True
        if not self.due:
            return False
        when, _, index, command = heapq.heappop(self.due)
        self.now = max(self.now, when)
        self.attempt(index, command)
        return True

    def deliver(self, origin: int, effect: Effect) -> None:
        """Bring a message to one receiver, a signal to everybody."""
        if effect.do == "message":
            if not self.hand_over(effect):
                self.kept.append(effect)
            return
        signal = {"do": "signal", "name": effect.facts["name"], "payload": effect.facts["payload"]}
        others = [i for i in range(len(self.cases)) if i != origin and self.cases[i].state]
        # A case that has half begun, with one of several signals, takes the next one instead of a new case.
        listening = {wait["node"] for i in others for wait in kernel.load(self.cases[i].state or "")["waits"].values()}
        for index in others:
            self.attempt(index, signal)
        self.begin_with("signal", effect, listening)

    def hand_over(self, letter: Effect) -> bool:
        """Bring a message to the first instance that waits for it, or start the process that begins with it."""
        command = {"do": "message", **letter.facts}
        running = [i for i, case in enumerate(self.cases) if case.state is not None]
        return any(self.attempt(i, command) for i in running) or self.begin_with("message", letter)

    def begin_with(self, kind: str, effect: Effect, listening: Container[str] = ()) -> bool:
        """Start processes that begin with this: the first one with a message, every one with a signal."""
        begun, facts, to = False, effect.facts, effect.facts.get("to")
        for process, node in self.entries():
            named = any(t.kind == kind and t.name == facts["name"] for t in node.triggers)
            if (node.id in to if to else named) and node.id not in listening:
                start = {"do": "start", "at": node.id, "name": facts["name"], "payload": facts["payload"]}
                start["correlation"] = facts.get("correlation")
                begun = self.attempt(self.open_case(process), start)
                if begun and kind == "message":
                    return True
        return begun

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Give every node that an event can start a process at."""
        for process in self.model.processes:
            for start in self.starts(process):
                if start.kind == "eventBasedGateway" and start.instantiate:
                    yield from ((process, self.model.nodes[f.target]) for f in start.outgoing)
                elif start.kind == "startEvent" or start.instantiate:
                    yield process, start

    # --- result ------------------------------------------------------------------------------------------------------

    def result(self) -> RunResult:
        """Tell how it ended."""
        texts = [case.state for case in self.cases if case.state is not None]
        tokens = [token for text in texts for token in kernel.load(text)["tokens"].values()]
        data: Variables = {}
        for text in reversed(texts):
            data |= kernel.variables(text)
        troubled = self.spinning or any(kernel.rest(text).incidents for text in texts)
        status = "incident" if troubled else "waiting" if tokens or not texts else "completed"
        waiting = [t["node"] for t in tokens if t["state"] != "incident"]
        return RunResult(status=status, trace=self.trace, waiting=waiting, data=data, problems=self.problems)
