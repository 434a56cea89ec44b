"""The applicant's line: public stations of a diagram, in the order a case meets them, and where a case stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.diagram import Model, Node

State = Literal["done", "now", "next"]


@dataclass(frozen=True, kw_only=True)
class Station:
    """One stop of the line: what the diagram says about it."""

    name: str
    #: Nodes that stand for it.
    nodes: frozenset[str]
    text: str = ""
    #: The applicant acts here.
    yours: bool = False
    #: Timer text of its deadline, where it has one.
    due: str = ""
    #: Only some cases come here; the others aren't told that they will.
    aside: bool = False


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A station of one case."""

    station: Station
    state: State
    #: When it was left.
    at: datetime | None = None
    #: Until when it should be done.
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Where a case has been and is, by node."""

    #: Node → when it was passed last.
    passed: Mapping[str, datetime] = field(default_factory=dict)
    #: Node that is open → its deadline.
    open: Mapping[str, datetime | None] = field(default_factory=dict)


def successors(model: Model, node: Node) -> Iterable[str]:
    """What may come after a node: along flows, into a body or a called process, over boundary events."""
    if node.kind == "callActivity" and node.called in model.nodes:
        yield node.called
    yield from node.starts
    yield from (flow.target for flow in node.outgoing)
    yield from node.boundaries


def onward(model: Model, origins: Iterable[str]) -> list[str]:
    """All nodes that may be reached from the origins, nearest first, the origins included."""
    seen = dict.fromkeys(node for node in origins if node in model.nodes)
    queue = deque(seen)
    while queue:
        for following in successors(model, model.nodes[queue.popleft()]):
            if following in model.nodes and following not in seen:
                seen[following] = None
                queue.append(following)
    return list(seen)


def met(model: Model, body: str, seen: dict[str, None]) -> None:
    """Add the nodes of a body in the order a case may meet them: what lies within a step before what follows it."""
    seen[body] = None
    queue = deque(model.nodes[body].starts)
    while queue:
        name = queue.popleft()
        if name in seen or name not in model.nodes:
            continue
        seen[name], node = None, model.nodes[name]
        if node.kind == "callActivity" and node.called in model.nodes and node.called not in seen:
            met(model, node.called, seen)
        elif node.starts:
            met(model, name, seen)
        queue.extend((*(flow.target for flow in node.outgoing), *node.boundaries))


def stations(model: Model, process: str) -> list[Station]:
    """The stations of a process in the order a case may meet them."""
    by_name: dict[str, list[Node]] = {}
    order: dict[str, None] = {}
    met(model, process, order)
    for name in order:
        node = model.nodes[name]
        if node.station:
            by_name.setdefault(node.station, []).append(node)
    return [station(name, nodes) for name, nodes in by_name.items()]


def station(name: str, nodes: list[Node]) -> Station:
    """A station and the nodes that stand for it."""
    first = nodes[0]
    return Station(
        name=name,
        nodes=frozenset(node.id for node in nodes),
        text=next((node.documentation.strip() for node in nodes if node.documentation.strip()), ""),
        yours=first.start is not None or (first.human is not None and first.human.audience == "applicant"),
        due=next((node.human.due for node in nodes if node.human is not None and node.human.due), ""),
        aside=all(node.aside for node in nodes),
    )


def within(model: Model, node: str, here: Collection[str]) -> Iterable[str]:
    """The node, the bodies it lies in and what calls these: an open step inside counts for the station outside."""
    current: str | None = node
    while current is not None and current in model.nodes:
        yield current
        current = model.nodes[current].parent or caller(model, current, here)


def caller(model: Model, process: str, here: Collection[str]) -> str | None:
    """The open call activity that runs a process; several may call the same one."""
    return next((name for name in here if name in model.nodes and model.nodes[name].called == process), None)


def opened(model: Model, visits: Visits) -> dict[str, datetime | None]:
    """Every node something is open in, with the nearest deadline inside it."""
    found: dict[str, datetime | None] = {}
    for node, due in visits.open.items():
        for name in within(model, node, visits.open):
            known = found.get(name)
            found[name] = min(due, known) if due and known else due or known
    return found


def standing(model: Model, process: str, visits: Visits, *, ended: bool) -> list[Stop]:
    """The line of a case: stations it has passed, where it is, and those it may still meet."""
    all_stations = stations(model, process)
    open_nodes = opened(model, visits)
    ahead = set() if ended else reachable(model, visits.open, open_nodes)
    found = (stop(item, visits, open_nodes, ahead) for item in all_stations)
    order = {"done": 0, "now": 1, "next": 2}
    stops = without_way_back([item for item in found if item is not None])
    return sorted(stops, key=lambda item: (order[item.state], item.at.timestamp() if item.at else 0))


def without_way_back(stops: list[Stop]) -> list[Stop]:
    """Leave out stations before the present one that the case has passed by; only a loop could lead there."""
    here = next((at for at, stop in enumerate(stops) if stop.state == "now"), 0)
    return [stop for at, stop in enumerate(stops) if at >= here or stop.state != "next"]


def reachable(model: Model, here: Collection[str], around: Collection[str]) -> set[str]:
    """Nodes that still may come: after what is open, and after the bodies around it, which don't begin again."""
    nodes = [model.nodes[name] for name in around if name not in here and name in model.nodes]
    after = (name for node in nodes for name in (*(flow.target for flow in node.outgoing), *node.boundaries))
    return {*around, *onward(model, [*here, *after])}


def stop(item: Station, visits: Visits, open_nodes: Mapping[str, datetime | None], ahead: set[str]) -> Stop | None:
    """The station as the case sees it; None = the case can't come to it any more, or mostly doesn't."""
    here = item.nodes & open_nodes.keys()
    if here:
        due = min((due for name in here if (due := open_nodes[name])), default=None)
        return Stop(station=item, state="now", due=due)
    passed = [visits.passed[node] for node in item.nodes if node in visits.passed]
    if passed:
        return Stop(station=item, state="done", at=max(passed))
    return Stop(station=item, state="next") if item.nodes & ahead and not item.aside else None
