"""What a diagram says, as plain facts. Read once, shared by all instances, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

TASKS = frozenset(
    {"task", "userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask"}
)
BODIES = frozenset({"subProcess", "transaction", "adHocSubProcess", "process"})
ACTIVITIES = TASKS | {"subProcess", "transaction", "adHocSubProcess", "callActivity"}
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
#: Kinds whose work a person does.
HUMAN = frozenset({"task", "userTask", "manualTask"})

Audience = Literal["staff", "applicant"]


def groups_named(*models: Model) -> set[str]:
    """Give the groups for which there is work in these diagrams."""
    works = [work for model in models for node in model.nodes.values() for work in (node.human, node.offer, node.start)]
    return {work.group for work in works if work is not None and work.group}


def begins_with(model: Model, process: Node) -> Iterator[dict[str, str]]:
    """Give the messages and signals that begin a case of the process, each with the node it comes to."""
    for node in (model.nodes[node_id] for node_id in process.members):
        for place in _first_events(model, node):
            for trigger in place.triggers:
                if trigger.kind in ("message", "signal"):
                    yield {"kind": trigger.kind, "name": trigger.name or "", "node": place.id}


def begins_by_itself(model: Model, process: Node) -> Iterator[tuple[Node, int, Trigger]]:
    """Give the timers and conditions that begin a case of the process, each with its start event and number there."""
    for node in (model.nodes[node_id] for node_id in process.members):
        for which, trigger in enumerate(node.triggers if node.kind == "startEvent" else ()):
            if trigger.kind in ("timer", "conditional"):
                yield node, which, trigger


def _first_events(model: Model, node: Node) -> list[Node]:
    if node.kind == "eventBasedGateway" and node.instantiate:
        return [model.nodes[flow.target] for flow in node.outgoing]
    return [node] if node.kind == "startEvent" or node.instantiate else []


@dataclass(slots=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    #: Starlark text; None is an unconditional flow.
    condition: str | None = None


@dataclass(slots=True)
class Trigger:
    """One event definition: what an event waits for or throws."""

    #: message, signal, timer, conditional, error, escalation, compensate, link, terminate or cancel
    kind: str
    #: Message, signal or link name; error or escalation code; activity to compensate.
    name: str | None = None
    #: Timer text or condition.
    text: str | None = None
    #: timeDate, timeDuration or timeCycle
    timer: str | None = None
    #: Compensation: wait for completion.
    wait: bool = True
    ref: str | None = None
    #: Error or escalation without a code: caught here it may be any.
    takes_all: bool = False

    def catches(self, kind: str, code: str | None) -> bool:
        """Tell whether an error or escalation triggers it (BPMN 2.0.2, 10.5.5); without a code only what takes all."""
        return self.kind == kind and (self.takes_all or (code is not None and self.name == code))

    @property
    def caught_code(self) -> str | None:
        """The code that is caught; None = every one, and what has none."""
        return None if self.takes_all else self.name


@dataclass(slots=True)
class Loop:
    """Standard loop or multi-instance."""

    #: standard, parallel or sequential
    kind: str
    condition: str | None = None
    maximum: int | None = None
    test_before: bool = False
    cardinality: str | None = None
    #: Starlark text that gives the list of items.
    collection: str | None = None
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    behaviour: str = "All"
    throws: Trigger | None = None
    complex: list[tuple[str | None, Trigger | None]] = field(default_factory=list)


@dataclass(slots=True)
class HumanWork:
    """`<radnice:task>`: who does a human task, with which form, until when.

    `form_from`, `assignee`, `candidates` and `due` are expressions (see docs/authoring.md); the rest stands as it is
    written.
    """

    form: str | None = None
    #: Starlark giving the key of the form, where each case has its own: `call["form"]`. Goes before `form`.
    form_from: str | None = None
    #: Candidate group; the lane's name where the task has none of its own.
    group: str | None = None
    #: Starlark giving one username.
    assignee: str | None = None
    #: Starlark giving a list of usernames.
    candidates: str | None = None
    #: Timer text: an ISO date or duration, `P10WD` for ten working days, or Starlark giving one.
    due: str | None = None
    priority: int = 50
    audience: Audience = "staff"
    #: Variable that holds comments at fields of the form, `[{"pointer", "comment"}]`.
    comments: str | None = None
    #: Activity whose last doer must not do this one (four eyes).
    differs_from: str | None = None
    #: What the task is about, for the inbox: Starlark giving text.
    subject: str | None = None
    #: Whether the form begins with what the case knows; a vote or a verdict begins empty.
    prefill: bool = True


@dataclass(slots=True)
class ConnectorCall:
    """`<radnice:connector>`: the named action of a service or send task."""

    name: str
    #: Parameter name → Starlark text.
    parameters: dict[str, str] = field(default_factory=dict)
    #: Variable that takes what the action gives back.
    result: str | None = None


@dataclass(slots=True)
class DecisionCall:
    """`<radnice:decision>`: which DMN decision a business rule task asks."""

    ref: str
    result: str | None = None


@dataclass(slots=True)
class Offer:
    """`<radnice:offer>`: a waiting message that a person may send from the case (withdraw, add a document)."""

    label: str
    audience: Audience = "staff"
    form: str | None = None
    group: str | None = None


@dataclass(slots=True)
class StartForm:
    """`<radnice:start>` on a start event: the form with which a person starts the case."""

    form: str
    #: public = anyone on the portal; staff = members of `group`.
    audience: Literal["public", "staff"] = "public"
    group: str | None = None


@dataclass(kw_only=True)
class StoreRead:
    """A data association from a register: which records become which variable."""

    name: str
    register: str
    #: Starlark that makes the value of them, which it sees by the register's name; None = the records themselves.
    text: str | None = None
    #: Starlark giving the id or unique value of the one record meant, and a dict of the values that fields must have.
    key: str | None = None
    where: str | None = None


@dataclass(kw_only=True)
class StoreWrite:
    """A data association to a register: what is saved in it."""

    register: str
    #: Name of a variable, or `=` and Starlark, that gives a record or a list of records.
    text: str | None = None
    #: Or the record field by field: (field, Starlark).
    fields: list[tuple[str, str]] = field(default_factory=list)
    #: Starlark giving the id or unique value of the record to change; where there is none it is made.
    key: str | None = None


@dataclass(frozen=True, slots=True)
class DataSet:
    """An input or output set of an activity."""

    #: Inputs or outputs in it.
    names: frozenset[str]
    #: What must be there: the variables that required inputs come from, or the required outputs.
    needs: frozenset[str]


@dataclass(slots=True)
class Node:
    """A flow node, or a body (process, sub-process) that holds some."""

    id: str
    kind: str
    name: str = ""
    #: The body it lies in.
    parent: str | None = None
    documentation: str = ""
    lane: str | None = None
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    default: str | None = None
    triggers: list[Trigger] = field(default_factory=list)
    #: parallelMultiple
    all_triggers: bool = False
    interrupting: bool = True
    attached_to: str | None = None
    boundaries: list[str] = field(default_factory=list)
    loop: Loop | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    script: str | None = None
    #: Starlark that runs before and after the activity itself.
    before: str | None = None
    after: str | None = None
    #: Data associations, before and after: (variable, name of the variable copied or `=` and Starlark).
    takes: list[tuple[str, str]] = field(default_factory=list)
    gives: list[tuple[str, str]] = field(default_factory=list)
    #: Data outputs that live only as long as the activity.
    private: list[str] = field(default_factory=list)
    #: In the order in which they are looked at. None needs nothing.
    input_sets: list[DataSet] = field(default_factory=list)
    output_sets: list[DataSet] = field(default_factory=list)
    #: Registers that data associations read before it and write after it.
    reads: list[StoreRead] = field(default_factory=list)
    writes: list[StoreWrite] = field(default_factory=list)
    #: Data stores that are no register, yet associations would read or write them by an expression, which is refused.
    stores: list[str] = field(default_factory=list)
    called: str | None = None
    instantiate: bool = False
    #: eventGatewayType=Parallel
    parallel_start: bool = False
    #: isForCompensation
    compensation: bool = False
    #: Boundary: the activity that undoes.
    handler: str | None = None
    #: Complex gateway.
    activation: str | None = None
    event_sub: bool = False
    #: Ad-hoc sub-process.
    ordering: str = "Parallel"
    completion: str | None = None
    cancel_rest: bool = True
    #: Node ids of a body.
    members: list[str] = field(default_factory=list)
    #: Where a token begins when the body is entered.
    starts: list[str] = field(default_factory=list)
    #: Event sub-processes of a body.
    event_subs: list[str] = field(default_factory=list)
    #: Data objects and properties declared in a body.
    local: list[str] = field(default_factory=list)
    line: int | None = None

    human: HumanWork | None = None
    connector: ConnectorCall | None = None
    decision: DecisionCall | None = None
    offer: Offer | None = None
    start: StartForm | None = None
    #: Message catch: correlation key → Starlark, evaluated when the wait is armed.
    #: Message throw: the same, evaluated when it is thrown.
    correlation: dict[str, str] = field(default_factory=dict)
    #: Correlation properties of the message (standard's correlation keys): name → Starlark over the payload.
    #: A case remembers the values of its first message and waits for those that have the same.
    keys: dict[str, str] = field(default_factory=dict)
    #: Message or signal throw: payload name → Starlark.
    payload: dict[str, str] = field(default_factory=dict)
    #: Call activity: what goes in and comes out, (name, Starlark); empty = everything.
    inputs: list[tuple[str, str]] = field(default_factory=list)
    outputs: list[tuple[str, str]] = field(default_factory=list)
    #: `<radnice:public station="…"/>`: the station this node stands for on the applicant's line.
    station: str | None = None
    #: A case may well never come to the station: it shows there only when it does.
    aside: bool = False

    @property
    def is_personal(self) -> bool:
        """Each of several people of a group has a task of their own, as in a vote: nobody may do another's."""
        several = self.loop is not None and self.loop.kind != "standard"
        return several and self.human is not None and bool(self.human.assignee and self.human.group)


@dataclass(slots=True)
class Participant:
    """A pool of a collaboration."""

    id: str
    name: str
    process: str | None


#: Rule of the problems with which the kernel refuses to run a model.
NOT_EXECUTABLE = "cannot-be-executed"


@dataclass(slots=True)
class Problem:
    """Something wrong with a file: what `radnice check` prints."""

    severity: Literal["error", "warning", "hint"]
    #: kebab-case id of the rule
    rule: str
    #: BPMN id or JSON pointer
    element: str | None
    message: str
    file: str | None = None
    #: Counterexample: ids of the flows taken and nodes passed until it goes wrong, for drawing on the diagram.
    path: tuple[str, ...] = ()
    #: How to mend it, one sentence; empty where nobody knows in general.
    mend: str = ""


@dataclass(slots=True)
class Model:
    """All processes of one BPMN file."""

    #: Everything by id, processes and sub-processes too.
    nodes: dict[str, Node] = field(default_factory=dict)
    processes: list[str] = field(default_factory=list)
    flows: dict[str, Flow] = field(default_factory=dict)
    #: (source, target, id)
    message_flows: list[tuple[str, str, str]] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: What the kernel has worked out about the diagram once (engine/kernel/graph.py).
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
