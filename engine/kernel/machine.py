"""The moving parts: tokens in scopes, waits, and the order in which things move. Behaviours are elsewhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from engine.calendar import day_in_prague
from engine.diagram import Flow, Model, Node
from engine.errors import BadTime, ScriptError
from engine.kernel.aside import Large
from engine.kernel.logic import Logic, Lookup, Stores
from engine.kernel.state import Scope, State, Token, Wait
from engine.kernel.variables import Layers
from engine.model import Effect, Json, Variables


class Stuck(Exception):
    """A token can't go on; the sentence says why."""


#: What turns into an incident of the token instead of failing the command.
TROUBLE = (Stuck, ScriptError, BadTime)


class Behaviour(Protocol):
    """What an element does. One object per kind, without state of its own."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        """Take a token that has just arrived."""

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        """Go on with a token that was put back into the queue in some phase."""

    def caught(self, machine: Machine, tid: str, node: Node) -> None:
        """Go on after the event that the token waited for has occurred."""

    def body_done(self, machine: Machine, tid: str, node: Node, scope: Scope | None = None) -> None:
        """Go on after the body of an activity is over; `scope` is what ran in it."""


class Machine:
    """One case in motion, for the length of one command."""

    def __init__(
        self,
        model: Model,
        state: State,
        now: datetime,
        logic: Logic,
        behaviours: Mapping[str, Behaviour],
        large: Large | None = None,
    ) -> None:
        self.model, self.state, self.now, self.logic = model, state, now, logic
        self.behaviours = behaviours
        #: None where there are no registers.
        self.stores: Stores | None = None
        self.tokens: dict[str, Token] = state["tokens"]
        self.scopes: dict[str, Scope] = state["scopes"]
        self.waits: dict[str, Wait] = state["waits"]
        self.layers = Layers(self.tokens, self.scopes, model, large)
        self.effects: list[Effect] = []
        self.ready: deque[str] = deque()
        #: Tokens that throw a message or signal once all others rest, so nobody about to listen misses it.
        self.late: deque[str] = deque()
        #: Conditions that held when they were armed.
        self.urgent: deque[str] = deque()
        #: Scopes whose last token is gone.
        self.finished: deque[str] = deque()
        #: A variable changed since conditions were last looked at.
        self.dirty = False

    # --- words -------------------------------------------------------------------------------------------------------

    def id(self, letter: str) -> str:
        """Draw a fresh id."""
        self.state["seq"] += 1
        return f"{letter}{self.state['seq']}"

    def node(self, tid: str) -> Node:
        """Give the node a token stands at."""
        return self.model.nodes[self.tokens[tid]["node"]]

    def behaviour(self, node: Node) -> Behaviour:
        """Give what a node does."""
        return self.behaviours[node.kind]

    def tell(self, do: str, node: str | None = None, activity: str | None = None, **facts: Json) -> None:
        """Tell an effect."""
        self.effects.append(Effect(do=do, node=node, activity=activity, facts=facts))

    def passed(self, tid: str, node: Node) -> None:
        """Tell that a node is done."""
        self.effects.append(Effect(do="passed", node=node.id, activity=self.tokens[tid].get("activity")))

    # --- tokens ------------------------------------------------------------------------------------------------------

    def put(self, node: str, scope: str, **facts: Json) -> str:
        """Put a new token to a node; it moves when its turn comes."""
        tid = self.id("t")
        self.tokens[tid] = Token(node=node, scope=scope, state="ready", **facts)  # type: ignore[typeddict-item]
        if "of" not in facts:
            self.scopes[scope]["n"] += 1
        self.ready.append(tid)
        return tid

    def move(self, tid: str, node: str, via: str | None = None) -> None:
        """Send a token to another node, with nothing of its past."""
        token = Token(node=node, scope=self.tokens[tid]["scope"], state="ready")
        if via is not None:
            token["via"] = via
        self.tokens[tid] = token
        self.ready.append(tid)

    def wake(self, tid: str, phase: str) -> None:
        """Put a token into the queue again, to go on with a phase of its behaviour."""
        token = self.tokens[tid]
        token["state"], token["phase"] = "ready", phase
        self.ready.append(tid)

    def leave(self, tid: str) -> None:
        """Send a token out of its activity, which is done: nobody listens at its boundaries any more."""
        self.disarm(self.tokens[tid])
        self.wake(tid, "leave")

    def follow(self, tid: str, flows: Sequence[Flow], times: int = 1) -> None:
        """Send a token over flows; where there is none it is consumed."""
        for flow in flows:
            for _ in range(times):
                self.effects.append(Effect(do="flow", node=flow.source, facts={"flow": flow.id}))
        if len(flows) == 1 and times == 1:
            self.move(tid, flows[0].target, flows[0].id)
            return
        scope = self.tokens[tid]["scope"]
        for flow in flows:
            for _ in range(times):
                self.put(flow.target, scope, via=flow.id)
        self.consume(tid)

    def drop(self, tid: str) -> str:
        """Take a token off without asking whether its scope is done; gives the scope."""
        token = self.tokens[tid]
        self.disarm(token)
        del self.tokens[tid]
        if "of" not in token:
            self.scopes[token["scope"]]["n"] -= 1
        return token["scope"]

    def consume(self, tid: str) -> None:
        """Take a token off; the last one of a scope finishes it."""
        self.check_done(self.drop(tid))

    def check_done(self, sid: str) -> None:
        """Finish a scope when no token is left in it."""
        if not self.scopes[sid]["n"]:
            self.finished.append(sid)

    def at(self, node: str, scope: str) -> list[str]:
        """Give the tokens that wait at a join, the oldest first."""
        return [
            tid for tid, t in self.tokens.items() if t["node"] == node and t["scope"] == scope and t["state"] == "join"
        ]

    # --- scopes ------------------------------------------------------------------------------------------------------

    def open_scope(self, body: Node, owner: str | None, variables: Variables | None = None) -> str:
        """Begin a run of a body; what it declares starts as None."""
        sid = self.id("s")
        self.scopes[sid] = Scope(
            node=body.id, owner=owner, n=0, vars={**dict.fromkeys(body.local), **(variables or {})}
        )
        return sid

    def close_scope(self, sid: str) -> Scope:
        """End a run of a body."""
        self.disarm(self.scopes[sid])
        return self.scopes.pop(sid)

    # --- variables ---------------------------------------------------------------------------------------------------

    def lookup(self, where: str) -> Lookup:
        """Give the reader of variables seen from a token or scope; `today` is the day in Prague unless it is set."""

        def find(name: str) -> tuple[bool, Json]:
            known, value = self.layers.find(where, name)
            if not known and name == "today":
                return True, day_in_prague(self.now).isoformat()
            return known, value

        return find

    def value(self, where: str, text: str) -> Json:
        """Evaluate an expression seen from a token or scope."""
        return self.logic.value(text, self.lookup(where))

    def truth(self, where: str, text: str) -> bool:
        """Evaluate a condition seen from a token or scope."""
        return self.logic.truth(text, self.lookup(where))

    def values(self, where: str, texts: Mapping[str, str]) -> Variables:
        """Evaluate named expressions."""
        return {name: self.value(where, text) for name, text in texts.items()}

    def copies(self, where: str, pairs: Iterable[tuple[str, str]]) -> Variables:
        """Evaluate data associations; a variable that isn't there isn't copied."""
        found = {}
        for name, text in pairs:
            known, value = (
                (True, self.value(where, text[1:])) if text.startswith("=") else self.layers.find(where, text)
            )
            if known:
                found[name] = value
        return found

    def take_in(self, where: str, data: Mapping[str, Json] | None) -> None:
        """Assign variables as they are seen from a token or scope."""
        if not data:
            return
        self.layers.assign(where, data)
        self.dirty = True
        token = self.tokens.get(where)
        node = token["node"] if token else None
        self.tell("set", node, token.get("activity") if token else None, variables=dict(data))

    def converse(self, keys: Mapping[str, Json]) -> None:
        """Remember the correlation properties of a message; the first value of each stays for the whole case."""
        if keys:
            self.state["keys"] = {**keys, **self.state.get("keys", {})}

    # --- waits -------------------------------------------------------------------------------------------------------

    def hold(self, owner: Token | Scope, wait: Wait) -> str:
        """Listen for something on behalf of a token or scope."""
        wid = self.id("w")
        self.waits[wid] = wait
        owner.setdefault("waits", []).append(wid)
        return wid

    def disarm(self, owner: Token | Scope) -> None:
        """Stop listening for everything that a token or scope listens for."""
        for wid in owner.pop("waits", ()):
            self.unlisten(wid, False)

    def forget(self, wid: str, fired: bool = True) -> None:
        """Stop listening for one thing."""
        wait = self.waits[wid]
        self.owner_of(wait)["waits"].remove(wid)
        self.unlisten(wid, fired)

    def unlisten(self, wid: str, fired: bool) -> None:
        """Take a wait off and tell it."""
        wait = self.waits.pop(wid)
        if wait["kind"] != "conditional":
            self.tell("wait-cleared", wait["node"], wait=wid, fired=fired)
        elif "incident" in wait:
            self.tell("cancelled", wait["node"], wait["incident"])

    def owner_of(self, wait: Wait) -> Token | Scope:
        """Give the token or scope that listens."""
        return self.tokens[wait["token"]] if "token" in wait else self.scopes[wait["scope"]]

    # --- trouble -----------------------------------------------------------------------------------------------------

    def stuck(self, tid: str, message: str, phase: str | None = None) -> None:
        """Turn a token into an incident; a retry goes on with the phase, else enters the node again."""
        token = self.tokens[tid]
        if phase is None:
            self.disarm(token)
            token.pop("phase", None)
        else:
            token["phase"] = phase
        token["state"], token["problem"] = "incident", message
        token.setdefault("activity", self.id("a"))
        self.tell("incident", token["node"], token["activity"], message=message)

    # --- order -------------------------------------------------------------------------------------------------------

    def next_ready(self) -> str | None:
        """Give the token that can move and has waited longest; None when there is none."""
        while self.ready:
            tid = self.ready.popleft()
            if tid in self.tokens and self.tokens[tid]["state"] == "ready":
                return tid
        return None

    def step_token(self, tid: str) -> None:
        """Move one token one step."""
        token = self.tokens[tid]
        node = self.model.nodes[token["node"]]
        behaviour = self.behaviours[node.kind]
        phase = token.pop("phase", None)
        try:
            if phase is None:
                behaviour.enter(self, tid, node)
            else:
                behaviour.resume(self, tid, node, phase)
        except TROUBLE as error:
            if tid not in self.tokens:
                raise
            self.stuck(tid, str(error), phase)
