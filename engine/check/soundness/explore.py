"""Visits every state that a process can reach: the kernel itself, with an oracle in place of the texts.

A state is noted where something is chosen and where all rests; between these there is only one way to go.
"""

from __future__ import annotations

import json
import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from engine.check.soundness.frontier import Frontier
from engine.check.soundness.oracle import NOW, SUPPOSED, Oracle
from engine.check.soundness.shape import Marking, crowd, grown, marking, shape
from engine.diagram import ACTIVITIES, Model
from engine.errors import EngineError
from engine.kernel.advance import step
from engine.kernel.choice import NO_WAY_OUT
from engine.kernel.commands import COMMANDS
from engine.kernel.machine import Machine
from engine.kernel.occurring import broadcast, occur
from engine.kernel.state import State, new_state
from engine.kernel.table import BEHAVIOURS
from engine.model import Effect, Json

MOST_STATES = 20_000
#: Seconds of computing for one process, and after something endless was found.
MOST_SECONDS, MORE_SECONDS = 6.0, 0.5
#: Ways in which the texts of one step may turn out.
MOST_OUTCOMES = 1_024
#: Steps without a choice: more of them is a circle without a way out.
MOST_STEPS = 2_000
#: Tokens that stand alike before growth counts as endless, and where events from outside may cause it.
CROWD, NOISY_CROWD = 8, 2
#: How the kernel's sentence about an error that leaves the process begins.
UNCAUGHT = "Nobody catches"
_QUEUES = ("ready", "late", "urgent", "finished")

Path = tuple[str, ...]
Move = dict[str, Json]


@dataclass(slots=True)
class Snapshot:
    """A state between two steps, and how it came about."""

    text: str
    queues: list[list[str]]
    dirty: bool
    #: Nothing moves by itself any more.
    rests: bool = False
    #: How often something from outside has happened that may happen any number of times.
    noise: int = 0
    marking: Marking | None = None
    #: Key of the state before, and what was passed since.
    before: Hashable = None
    way: Path = ()


@dataclass
class Findings:
    """What exploring a process showed."""

    states: int = 0
    #: Everything was visited.
    whole: bool = True
    can_complete: bool = False
    entered: set[str] = field(default_factory=set)
    #: Node → the way to the state in which a token stays there for ever.
    stuck: dict[str, Path] = field(default_factory=dict)
    #: Node → the way to endlessly many tokens.
    crowded: dict[str, Path] = field(default_factory=dict)
    #: Node → the way to two tokens that stand there alike.
    doubled: dict[str, Path] = field(default_factory=dict)
    #: Node → (sentence, way) of an incident that isn't a matter of data.
    broken: dict[str, tuple[str, Path]] = field(default_factory=dict)
    #: Node from which the process runs in a circle without stopping.
    circles: dict[str, Path] = field(default_factory=dict)


class Explorer:
    """Explores one process."""

    def __init__(self, model: Model, process: str, most: int = MOST_STATES) -> None:
        self.model, self.process, self.most = model, process, most
        self.oracle = Oracle(model)
        self.seen: dict[Hashable, Snapshot] = {}
        self.todo: Frontier[Snapshot] = Frontier()
        #: Joins that look at what else is on its way: more tokens may then do less.
        self.looks_around = any(
            n.kind == "complexGateway" or (n.kind == "inclusiveGateway" and len(n.incoming) > 1)
            for n in model.nodes.values()
        )
        self.deadline = 0.0
        self.found = Findings()

    def explore(self) -> Findings:
        """Visit all states, the nearest first, so that counterexamples are short."""
        for command in self._starts():
            blank = Snapshot(json.dumps(new_state(self.process)), [[], [], [], []], False)
            self._follow(blank, None, command)
        self.deadline = time.thread_time() + MOST_SECONDS
        while self.todo and len(self.seen) < self.most and time.thread_time() < self.deadline:
            self._visit(*self.todo.pop())
        self.found.whole = self.found.whole and not self.todo
        self.found.states = len(self.seen)
        return self.found

    def _starts(self) -> Iterator[Move]:
        process = self.model.nodes[self.process]
        starts = [self.model.nodes[s] for s in process.starts]
        if not starts or any(not s.triggers and not s.instantiate for s in starts):
            yield {"do": "start", "process": self.process}
        for start in starts:
            if start.kind == "eventBasedGateway":
                yield from ({"do": "start", "process": self.process, "at": f.target} for f in start.outgoing)
            elif start.triggers or start.instantiate:
                yield {"do": "start", "process": self.process, "at": start.id}

    # --- one state --------------------------------------------------------------------------------------------------

    def _visit(self, key: Hashable, snapshot: Snapshot) -> None:
        if not snapshot.rests:
            return self._follow(snapshot, key, None)
        state: State = json.loads(snapshot.text)
        if state["status"] != "running":
            self.found.can_complete = True
            return None
        moves = list(self._moves(state))
        if not moves:
            self._note_stuck(state, key)
        for move in moves:
            self._follow(snapshot, key, move)
        return None

    def _note_stuck(self, state: State, key: Hashable) -> None:
        waiting = [t["node"] for t in state["tokens"].values() if t["state"] == "join"]
        for node in waiting or [t["node"] for t in state["tokens"].values()]:
            # What a complex gateway waits for is a matter of data.
            if self.model.nodes[node].kind != "complexGateway":
                self.found.stuck.setdefault(node, self.way_to(key))

    def _moves(self, state: State) -> Iterator[Move]:
        """Give everything that the outside can do."""
        for tid, token in state["tokens"].items():
            if token["state"] == "active" and "open" in token:
                activity = token.get("activity")
                yield {"do": "complete", "activity": activity}
                for code in self._codes(token["node"]):
                    yield {"do": "fail", "activity": activity, "code": code}
            elif token["state"] == "data":
                # Whether the data that it waits for comes is a matter of data.
                yield {"do": "supply", "token": tid}
        signals: set[str | None] = set()
        for wid, wait in state["waits"].items():
            if wait["kind"] != "signal":
                yield {"do": "occur", "wait": wid}
            elif wait.get("name") not in signals:
                signals.add(wait.get("name"))
                yield {"do": "broadcast", "name": wait.get("name")}

    def _codes(self, node: str) -> list[str | None]:
        """Give the error codes that somebody around a node would catch."""
        codes: list[str | None] = []
        body = self.model.nodes.get(node)
        while body is not None:
            starts = [s for sub in body.event_subs for s in self.model.nodes[sub].starts]
            for catcher in (self.model.nodes[c] for c in [*body.boundaries, *starts]):
                codes += [t.caught_code for t in catcher.triggers if t.kind == "error"]
            body = self.model.nodes.get(body.parent or "")
        return list(dict.fromkeys(codes))

    # --- going on ---------------------------------------------------------------------------------------------------

    def _follow(self, snapshot: Snapshot, before: Hashable, move: Move | None) -> None:
        """Make a move, or the next step, in every way the texts may turn out."""
        choices: list[bool] = []
        for _ in range(MOST_OUTCOMES):
            self.oracle.begin(choices)
            self._run(snapshot, before, move)
            asked = list(self.oracle.asked)
            while asked and asked[-1]:
                asked.pop()
            if not asked:
                return
            choices = [*asked[:-1], True]
        self.found.whole = False

    def _run(self, snapshot: Snapshot, before: Hashable, move: Move | None) -> None:
        machine = self._machine(snapshot)
        noise = snapshot.noise
        if move is not None:
            noise += self._is_noise(machine, move)
            try:
                self._make(machine, move)
            except EngineError:
                return
        for _ in range(MOST_STEPS):
            moved = not self.oracle.asked and step(machine)
            if not moved or self.oracle.asked:
                return self._keep(machine, before, noise, rests=not moved and not self.oracle.asked)
        return self._note(self.found.circles, self._last(machine), before, machine)

    def _make(self, machine: Machine, move: Move) -> None:
        if move["do"] == "occur":
            occur(machine, move["wait"])
        elif move["do"] == "broadcast":
            broadcast(machine, move["name"])
        elif move["do"] == "supply":
            machine.wake(move["token"], "listen")
        else:
            COMMANDS[move["do"]](machine, move)

    def _is_noise(self, machine: Machine, move: Move) -> bool:
        """Say whether a move may be made again and again: an event that doesn't interrupt goes on listening."""
        if move["do"] == "broadcast":
            heard = [w for w in machine.waits.values() if w["kind"] == "signal" and w.get("name") == move["name"]]
        else:
            heard = [w for w in [machine.waits.get(move.get("wait", ""))] if w is not None]
        nodes = [machine.model.nodes[wait["node"]] for wait in heard]
        # People may begin an activity of an ad-hoc sub-process as often as they like, too.
        return any(
            not node.interrupting or ("scope" in wait and node.kind in ACTIVITIES)
            for node, wait in zip(nodes, heard, strict=True)
        )

    def _keep(self, machine: Machine, before: Hashable, noise: int, rests: bool) -> None:
        """Note a state to be visited, unless it is known, impossible or one of endlessly many."""
        self._note_effects(machine.effects)
        if self._is_impossible(machine, before):
            return
        count, node = crowd(machine.state)
        if count > (NOISY_CROWD if noise else CROWD):
            if not noise:
                self._note_endless(node, before, machine)
            return
        if count > 1 and rests and not noise:
            self._note(self.found.doubled, node, before, machine)
        queues = [list(getattr(machine, name)) for name in _QUEUES]
        key = (rests, shape(machine.state, queues))
        if key in self.seen:
            return
        snapshot = Snapshot(json.dumps(machine.state), queues, machine.dirty, rests, noise)
        snapshot.before, snapshot.way = before, _way(machine.effects)
        self.seen[key] = snapshot
        if rests and not self.looks_around:
            snapshot.marking = marking(machine.state)
            if (more := self._grows(snapshot)) is not None:
                return self._note_endless(more, before, machine)
        self.todo.push(key, machine.state, snapshot)

    def _grows(self, snapshot: Snapshot) -> str | None:
        """Give a node at which a state has more tokens than one on the way to it that had all its others."""
        now, earlier = snapshot.marking, self.seen.get(snapshot.before)
        while now is not None and earlier is not None and earlier.noise == snapshot.noise:
            if earlier.marking is not None and (node := grown(earlier.marking, now)) is not None:
                return node
            earlier = self.seen.get(earlier.before)
        return None

    def _note_endless(self, node: str, before: Hashable, machine: Machine) -> None:
        if not self.found.crowded:
            self.deadline = min(self.deadline, time.thread_time() + MORE_SECONDS)
        self.found.whole = False
        self._note(self.found.crowded, node, before, machine)

    def _is_impossible(self, machine: Machine, before: Hashable) -> bool:
        """Say whether a token can't go on: by the oracle's whim, or because the diagram is wrong."""
        problems = [t for t in machine.tokens.values() if t["state"] == "incident"]
        for token in problems:
            sentence = token.get("problem", "")
            if sentence.startswith(UNCAUGHT):
                # The process ends by an error; who called it may catch it (rule errors-are-caught).
                self.found.can_complete = True
            elif sentence != NO_WAY_OUT and not sentence.endswith(SUPPOSED):
                way = (*self.way_to(before), *_way(machine.effects))
                self.found.broken.setdefault(token["node"], (sentence, way))
        return bool(problems)

    def _machine(self, snapshot: Snapshot) -> Machine:
        machine = Machine(self.model, json.loads(snapshot.text), NOW, self.oracle, BEHAVIOURS)
        machine.stores = self.oracle
        for name, ids in zip(_QUEUES, snapshot.queues, strict=True):
            getattr(machine, name).extend(ids)
        machine.dirty = snapshot.dirty
        return machine

    # --- notes ------------------------------------------------------------------------------------------------------

    def _note_effects(self, effects: list[Effect]) -> None:
        for effect in effects:
            if effect.do in ("entered", "passed") and effect.node:
                self.found.entered.add(effect.node)
            elif effect.do == "flow":
                flow = self.model.flows.get(effect.facts["flow"])
                self.found.entered |= {flow.source, flow.target} if flow else set()

    def _note(self, notes: dict[str, Path], node: str, before: Hashable, machine: Machine) -> None:
        self._note_effects(machine.effects)
        notes.setdefault(node, (*self.way_to(before), *_way(machine.effects)))

    def _last(self, machine: Machine) -> str:
        nodes = [effect.node for effect in machine.effects if effect.do == "flow" and effect.node]
        return nodes[-1] if nodes else self.process

    def way_to(self, key: Hashable) -> Path:
        """Give the flows taken and the nodes passed from the beginning to a state."""
        pieces: list[Path] = []
        while key is not None:
            snapshot = self.seen[key]
            pieces.append(snapshot.way)
            key = snapshot.before
        return tuple(piece for way in reversed(pieces) for piece in way)


def _way(effects: list[Effect]) -> Path:
    found = [e.facts["flow"] if e.do == "flow" else e.node for e in effects if e.do in ("flow", "passed")]
    return tuple(piece for piece in found if piece)
