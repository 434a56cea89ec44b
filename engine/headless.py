"""Running a file headless on a virtual clock: all its instances, what people answer, messages between them.

Nothing leaves the machine. `python -m engine.headless` is `radnice run --batch`: a JSON object a line in, one out.
"""

from __future__ import annotations

import heapq
import itertools
import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from engine import calendar, kernel
from engine.diagram import NOT_EXECUTABLE, Model, Node, Problem
from engine.errors import Conflict, EngineError, Spinning
from engine.kernel import Logic
from engine.model import Effect, Json, Variables
from engine.reading import read_model

#: When the virtual clock starts.
DAWN = datetime(2026, 1, 1, 8, tzinfo=UTC)
MOST_STEPS = 200_000

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


def run(
    model_bytes: bytes,
    process: str | None = None,
    data: Variables | None = None,
    answers: Answers | None = None,
    max_steps: int = MOST_STEPS,
    logic: Logic | None = None,
) -> RunResult:
    """Run a BPMN file to its end, or until only people's absence or an incident holds it."""
    try:
        model = read_model(model_bytes)
        refused = [told(p) for p in model.problems if p.rule == NOT_EXECUTABLE]
    except EngineError as error:
        refused = [{"element": None, "message": str(error)}]
    if refused:
        return RunResult(status="refused", problems=refused)
    play = Play(model, answers or {}, logic)
    try:
        play.begin(process, data or {})
    except EngineError as error:
        return RunResult(status="refused", problems=[{"element": process, "message": str(error)}])
    play.go(max_steps)
    return play.result()


def told(problem: Problem) -> dict[str, Json]:
    """Give a problem as the contract prints it."""
    return {"element": problem.element, "message": problem.message}


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
    logic: Logic | None = None
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
    spinning: bool = False

    # --- beginning ---------------------------------------------------------------------------------------------------

    def begin(self, process: str | None, data: Variables) -> None:
        """Start the process asked for, or every one that begins by itself."""
        for started, at in [(process, None)] if process else self.first_processes():
            self.command(self.open_case(started), {"do": "start", "data": data, "at": at})

    def first_processes(self) -> list[tuple[str, str | None]]:
        """Give what is started: processes with a none start event that nobody calls, else with a timer or condition."""
        called = {n.called for n in self.model.nodes.values() if n.kind == "callActivity"}
        free = [p for p in self.model.processes if p not in called]
        plain = [(p, None) for p in free if any(not s.triggers and not s.instantiate for s in self.starts(p))]
        timed = [
            (p, s.id)
            for p in free
            for s in self.starts(p)
            if any(t.kind in ("timer", "conditional") for t in s.triggers)
        ]
        return list(plain or timed)

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
            advance = kernel.advance(self.model, case.state, asked, self.now, self.logic)
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
        for index in [i for i in range(len(self.cases)) if i != origin and self.cases[i].state]:
            self.attempt(index, signal)
        self.begin_with("signal", effect)

    def hand_over(self, letter: Effect) -> bool:
        """Bring a message to the first instance that waits for it, or start the process that begins with it."""
        command = {"do": "message", **letter.facts}
        running = [i for i, case in enumerate(self.cases) if case.state is not None]
        return any(self.attempt(i, command) for i in running) or self.begin_with("message", letter)

    def begin_with(self, kind: str, effect: Effect) -> bool:
        """Start processes that begin with this: the first one with a message, every one with a signal."""
        begun = False
        for process, node in self.entries():
            fits = node.id in effect.facts.get("to", ())
            if any(t.kind == kind and (fits or t.name == effect.facts["name"]) for t in node.triggers):
                start = {"do": "start", "at": node.id, "payload": effect.facts["payload"]}
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
        troubled = self.spinning or any(t["state"] == "incident" for t in tokens)
        status = "incident" if troubled else "waiting" if tokens or not texts else "completed"
        waiting = [t["node"] for t in tokens if t["state"] != "incident"]
        return RunResult(status=status, trace=self.trace, waiting=waiting, data=data, problems=self.problems)


# --- batch -----------------------------------------------------------------------------------------------------------


def run_line(line: str) -> dict[str, Json]:
    """Run one line of a batch; whatever is wrong with it becomes its result."""
    try:
        row = json.loads(line)
        result = run(Path(row["model"]).read_bytes(), row.get("process"), row.get("data"), row.get("answers"))
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EngineError) as error:
        result = RunResult(status="refused", problems=[{"element": None, "message": str(error)}])
    return asdict(result)


def main() -> None:
    """Read the batch from standard input, write one result a line."""
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(json.dumps(run_line(line), ensure_ascii=False) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
