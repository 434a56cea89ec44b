"""Which flow nodes and sequence flows of an agenda its scenarios have gone through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.diagram import FLOW_NODES, Model
from engine.model import Json


@dataclass(kw_only=True)
class Coverage:
    """Everything there is, and what was seen of it. Ids are unique in an agenda."""

    nodes: frozenset[str]
    flows: frozenset[str]
    #: Event behind an event-based gateway → the flow that leads to it: taken when the event occurs.
    behind: Mapping[str, str] = field(default_factory=dict)
    seen_nodes: set[str] = field(default_factory=set)
    seen_flows: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, models: Iterable[Model]) -> Coverage:
        """Begin with nothing seen of these diagrams."""
        nodes: set[str] = set()
        flows: set[str] = set()
        behind: dict[str, str] = {}
        for model in models:
            nodes |= {node.id for node in model.nodes.values() if node.kind in FLOW_NODES}
            flows |= model.flows.keys()
            behind |= {
                flow.target: flow.id
                for flow in model.flows.values()
                if flow.source in model.nodes and model.nodes[flow.source].kind == "eventBasedGateway"
            }
        return cls(nodes=frozenset(nodes), flows=frozenset(flows), behind=behind)

    def add(self, node: str, facts: Mapping[str, Json]) -> None:
        """Note a node that was passed and the flows taken from it."""
        self.seen_nodes.add(node)
        self.seen_flows.update(facts.get("flows", []))
        if node in self.behind:
            self.seen_flows.add(self.behind[node])

    @property
    def missing(self) -> list[str]:
        """Ids that no scenario went through, nodes first."""
        return sorted(self.nodes - self.seen_nodes) + sorted(self.flows - self.seen_flows)

    def percent(self) -> tuple[float, float]:
        """Give the share of nodes and of flows, in hundredths."""
        return _share(self.nodes, self.seen_nodes), _share(self.flows, self.seen_flows)

    def as_json(self) -> dict[str, Json]:
        """Give the figures as `radnice scenario --json` prints them."""
        nodes, flows = self.percent()
        return {"activities": nodes, "flows": flows, "missing": self.missing}


def _share(all_of: frozenset[str], seen: set[str]) -> float:
    return round(100 * len(all_of & seen) / len(all_of), 1) if all_of else 100.0
