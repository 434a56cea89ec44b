"""Whether what a case is doing has a place in another version of its diagram, and which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram import HUMAN, Model, Node
from engine.kernel.moving import unreachable
from engine.kernel.state import Entry, Scope, State, Token
from engine.model import Refusal

#: Kinds that open a task for somebody outside when they name no action of their own.
OUTSIDE = frozenset({"serviceTask", "businessRuleTask"})


@dataclass(kw_only=True)
class Fitting:
    """Finds the place of everything that lives in a state. It changes nothing."""

    old: Model
    new: Model
    #: Nodes that have another id in the new version, or whose work is to begin anew there.
    named: Mapping[str, str]
    state: State
    #: Tokens that end, and begin again at the node they are mapped to.
    again: list[str] = field(default_factory=list)
    #: What is kept: tokens and scopes.
    kept: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._unknown_names()
        for sid, scope in self.state["scopes"].items():
            if scope["owner"] is None:
                self._scope(sid, self.of(scope["node"]))

    def of(self, node: str) -> str | None:
        """Give the id that a node has in the new version; None where it is gone."""
        wanted = self.named.get(node, node)
        return wanted if wanted in self.new.nodes else None

    def flow_of(self, flow: str, node: Node, new: Node) -> str | None:
        """Give the flow over which a token has come to a node: the same id, or the only one from the same source."""
        if any(f.id == flow for f in new.incoming):
            return flow
        source = next((self.of(f.source) for f in node.incoming if f.id == flow), None)
        ways = [f.id for f in new.incoming if f.source == source]
        return ways[0] if len(ways) == 1 else None

    def entries(self, log: list[Entry]) -> tuple[list[Entry], list[str]]:
        """Give the log of what could be undone in the new version's words, and the activities that it loses."""
        kept: list[Entry] = []
        lost: list[str] = []
        for entry in log:
            inner, gone = self.entries(entry.get("log", []))
            lost += gone
            if (renamed := self._entry(entry, inner)) is not None:
                kept.append(renamed)
            else:
                lost.append(entry["node"])
        return kept, [node for node in lost if node]

    def _entry(self, entry: Entry, inner: list[Entry]) -> Entry | None:
        found = Entry(**{**entry, "node": self.of(entry["node"]) or ""})
        if (entry["node"] and not found["node"]) or (entry.get("log") and not inner):
            return None
        if inner:
            found["log"] = inner
        for key in ("handler", "start"):
            if (said := entry.get(key)) is not None:
                if (there := self.of(str(said))) is None:
                    return None
                found[key] = there
        return found

    # --- judging -----------------------------------------------------------------------------------------------------

    def _unknown_names(self) -> None:
        for old, new in self.named.items():
            if old not in self.old.nodes or new not in self.new.nodes:
                self._refuse("mapping-unknown", old, to=new)

    def _refuse(self, code: str, node: str, **facts: str) -> None:
        self.refusals.append(Refusal(code=code, node=node, facts=facts))

    def _scope(self, sid: str, body: str | None) -> None:
        scope = self.state["scopes"][sid]
        if body is None or self.of(scope["node"]) != body:
            return self._refuse("body-gone", scope["node"])
        self.kept.append(sid)
        if (code := self._misfit_scope(scope)) is not None:
            self._refuse(code, scope["node"])
        for tid, token in self.state["tokens"].items():
            if token["scope"] == sid and "of" not in token:
                self._token(tid, token, body)

    def _misfit_scope(self, scope: Scope) -> str | None:
        for node, flows in scope.get("reset", {}).items():
            there = self.of(node)
            if there is None or not all(
                self.flow_of(flow, self.old.nodes[node], self.new.nodes[there]) for flow in flows
            ):
                return "way-in"
        return None if all(self._same_events(node) for node in scope.get("seen", {})) else "events"

    def _same_events(self, node: str) -> bool:
        there = self.of(node)
        return there is not None and _kinds(self.old.nodes[node]) == _kinds(self.new.nodes[there])

    def _token(self, tid: str, token: Token, body: str) -> None:
        items = [each for each, item in self.state["tokens"].items() if item.get("of") == tid]
        there = self.of(token["node"])
        if token["state"] == "compensating":
            return self._refuse("undoing", token["node"])
        if there is None:
            return self._refuse("node-gone", token["node"])
        old, new = self.old.nodes[token["node"]], self.new.nodes[there]
        if new.parent != body:
            return self._refuse("other-body", old.id, to=there)
        code = next(filter(None, (self._misfit(self.state["tokens"][t], old, new) for t in (tid, *items))), None)
        if code is None:
            return self._keep([tid, *items], new)
        # Beginning anew is a loss of what was done so far, so it has to be asked for.
        if old.id in self.named and not unreachable(self.new, body, new) and not _needs_a_flow(new):
            return self.again.append(tid)
        return self._refuse(code, old.id, to=there)

    def _keep(self, tids: list[str], new: Node) -> None:
        self.kept += tids
        for sid, scope in self.state["scopes"].items():
            if scope["owner"] in tids:
                body = new.called if new.kind == "callActivity" else new.id
                self._scope(sid, body)

    def _misfit(self, token: Token, old: Node, new: Node) -> str | None:
        """Say what keeps a token from standing in the new node as it is."""
        checks = (
            (_same_work(token, old, new), "kind"),
            (token.get("open") != "job" or _same_action(old, new), "other-action"),
            (token["state"] == "join" or _same_loop(old, new), "loop"),
            (self._same_way(token, old, new), "way-in"),
            (all(self._same_events(node) for node in token.get("seen", {})), "events"),
            ("start" not in token or self.of(token["start"]) is not None, "node-gone"),
        )
        return next((code for fits, code in checks if not fits), None)

    def _same_way(self, token: Token, old: Node, new: Node) -> bool:
        return token["state"] != "join" or "via" not in token or self.flow_of(token["via"], old, new) is not None


def _kinds(node: Node) -> list[str]:
    return [trigger.kind for trigger in node.triggers]


def _same_work(token: Token, old: Node, new: Node) -> bool:
    if token.get("open") == "task" and token["state"] == "active":
        return _opens_task(new)
    alike = old.kind == new.kind or {old.kind, new.kind} <= HUMAN
    return alike and old.event_sub == new.event_sub and old.ordering == new.ordering


def _opens_task(node: Node) -> bool:
    return node.kind in HUMAN or (node.kind in OUTSIDE and node.connector is None and node.decision is None)


def _same_action(old: Node, new: Node) -> bool:
    return old.connector is not None and new.connector is not None and old.connector.name == new.connector.name


def _same_loop(old: Node, new: Node) -> bool:
    if old.loop is None or new.loop is None:
        return old.loop is new.loop
    return old.loop.kind == new.loop.kind and bool(old.loop.item) == bool(new.loop.item)


def _needs_a_flow(node: Node) -> bool:
    return node.kind.endswith("Gateway") and len(node.incoming) > 1
