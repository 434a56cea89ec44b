"""Random processes: graphs of anything with anything."""

from __future__ import annotations

from random import Random

from tests.conformance.graphs import Boundary, Graph, Holds, Trigger
from tests.conformance.making import BODIES, HELD, NOT_CALLED, Maker

WILD = [
    *(["user"] * 5 + ["xor"] * 3 + ["and"] * 3 + ["or"] * 2 + ["complex"] * 2 + ["sub"] * 2 + ["end"]),
    *(
        "many",
        "turns",
        "rounds",
        "write",
        "count",
        "shout",
        "raise",
        "catch",
        "regret",
        "subs",
        "cycle",
        "rows",
        "tx",
        "call",
        "add",
        "abort",
        "stop",
        "fail",
        "fault",
        "flaw",
    ),
]


def unstructured(random: Random) -> Graph:
    """Give a graph of anything with anything; most deadlock somewhere, which is part of the question."""
    return _Wild(random).graph(0)


class _Wild(Maker):
    def graph(self, depth: int, body: str = "") -> Graph:
        graph, random = Graph(), self.random
        kinds = [k for k in WILD if self.is_possible(k, depth, body)]
        for kind in ["start", *random.choices(kinds, k=random.randint(3, 5 if depth else 9)), "end"]:
            node = self.node(graph, kind)
            self.repeat(graph, node, kind)
            if kind in BODIES:
                with self.inside(kind):
                    graph.bodies[node] = self.graph(depth + 1, kind)
            elif kind == "catch":
                graph.catches[node] = self.caught(random.choice(HELD))
            if kind == "tx":
                graph.boundaries[self.fresh("on")] = Boundary(node, Trigger("cancel"))
        for node, kind in list(graph.nodes.items()):
            if kind in ("user", "many", "rounds", *BODIES) and self.chance(0.4):
                self.attach(graph, node)
        if depth < 2 and self.chance(0.25):
            kind = random.choice([*HELD, "error", "escalation"])
            graph.handlers[self.fresh("handler")] = (self.row_of("start", "user", "end"), self.trigger(kind))
        self.connect(graph)
        return graph

    def is_possible(self, kind: str, depth: int, body: str) -> bool:
        """Tell whether a node may stand in a body."""
        if self.called and kind in NOT_CALLED:
            return False
        known = {"abort": body == "tx", "add": self.rows > 0}
        return known.get(kind, kind not in BODIES or depth < 2)

    def attach(self, graph: Graph, node: str) -> None:
        kinds = [
            *HELD,
            *(() if self.called else ("compensate",)),
            *(("error", "escalation") if node in graph.bodies else ()),
        ]
        trigger = self.trigger(self.random.choice(kinds))
        handler = self.node(graph, "undo") if trigger.kind == "compensate" else ""
        graph.boundaries[self.fresh("on")] = Boundary(node, trigger, handler)

    def connect(self, graph: Graph) -> None:
        random = self.random
        events = [b for b, facts in graph.boundaries.items() if not facts.handler]
        nodes = [n for n, kind in graph.nodes.items() if kind != "undo"]
        places, targets = [*nodes, *events], [n for n in nodes if graph.nodes[n] != "start"]
        for position, node in enumerate(places):
            kind = graph.nodes.get(node, "on")
            if kind in ("end", "stop", "fail", "abort"):
                continue
            splits = kind in ("xor", "and", "or", "complex") or random.random() > 0.9
            later = [t for t in targets if places.index(t) > position] or targets
            chosen = [
                random.choice(later if random.random() < 0.75 else targets)
                for _ in range(random.randint(1, 3) if splits else 1)
            ]
            for number, target in enumerate(chosen):
                conditional = kind in ("xor", "or", "complex") and number < len(chosen) - 1
                variable = random.choice(["pick", "pick", "shared"])
                self.arrow(graph, node, target, Holds(number, random.randint(2, 3), variable) if conditional else None)
        reached = {a.target for a in graph.arrows}
        sources = [n for n, kind in graph.nodes.items() if kind in ("user", "start")]
        for node in [t for t in targets if t not in reached]:
            self.arrow(graph, random.choice(sources), node)
        for node in [n for n, kind in graph.nodes.items() if kind == "complex"]:
            ways = sum(arrow.target == node for arrow in graph.arrows)
            graph.thresholds[node] = random.randint(1, max(ways, 1))
