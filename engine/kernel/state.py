"""The state of one case between two commands: plain JSON, live tokens only, nothing of the past.

    tokens  id → Token    where the case stands; an item of a multi-instance activity has a token of its own
    scopes  id → Scope    one per running body: process, sub-process, called process; holds variables
    waits   id → Wait     timers, messages, signals and conditions that somebody listens for

Ids (`t1`, `s2`, `w3`, activity instances `a4`) are drawn from one counter and never reused.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from engine.model import Json, Variables

#: join: waits at a gateway for others. multi: counts the items of a multi-instance activity.
#: gate: stands at an event-based gateway. throw: is throwing events. turn: waits until no other activity of its
#: ad-hoc sub-process runs. data: waits for the data that it needs.
Standing = Literal["ready", "join", "turn", "data", "active", "multi", "gate", "throw", "compensating", "incident"]


#: What somebody outside works on.
Kind = Literal["task", "job"]


class Run(TypedDict):
    """Parked items side by side."""

    #: The first item, and the numbers of its token and of its activity instance.
    i: int
    t: int
    a: int
    #: From one item to the next; 0 while there is only one.
    dt: int
    da: int
    n: int
    #: Bits of those that aren't here any more, in hexadecimal digits.
    gone: NotRequired[str]


class Kept(TypedDict):
    """What the undoing of an activity sees."""

    #: Variables as they were when the activity was done.
    vars: NotRequired[Variables]
    #: They are a called process's, which sees nothing around it.
    called: NotRequired[bool]


class Entry(Kept):
    """Something done that could be undone: an activity, what runs to undo it, and what was done inside it."""

    node: str
    #: The activity that undoes.
    handler: NotRequired[str | None]
    #: The start event of the event sub-process that undoes.
    start: NotRequired[str | None]
    log: NotRequired[list[Entry]]
    #: A block: its log was done so many times in a row.
    times: NotRequired[int]


class Token(TypedDict):
    """One token."""

    node: str
    scope: str
    state: Standing
    #: What to do when the token moves next; a token without it enters its node.
    phase: NotRequired[str]
    #: The flow it came over.
    via: NotRequired[str]
    #: Activity instance.
    activity: NotRequired[str]
    #: Somebody outside works on it: task or job.
    open: NotRequired[Kind]
    waits: NotRequired[list[str]]
    #: Variables of its own: a loop's counter, what an item wrote.
    vars: NotRequired[Variables]
    #: The token of the whole multi-instance activity, and which of its items this is.
    of: NotRequired[str]
    i: NotRequired[int]
    #: Multi-instance: how many there are, started and done; values to go over; results by item.
    total: NotRequired[int]
    started: NotRequired[int]
    done: NotRequired[int]
    items: NotRequired[list[Json]]
    out: NotRequired[dict[str, Json]]
    #: Kept beside the state: slices of so many values to go over each, and results that were ready earlier.
    per: NotRequired[int]
    slices: NotRequired[Variables]
    ready: NotRequired[Variables]
    #: Open items that are nothing but open and that nobody asks for.
    parked: NotRequired[dict[Kind, list[Run]]]
    #: What was done inside and could be undone.
    log: NotRequired[list[Entry]]
    #: The event definition to throw next.
    next: NotRequired[int]
    #: Compensation: what is still to be undone; the transaction that is being cancelled.
    undo: NotRequired[list[Entry]]
    cancels: NotRequired[str]
    #: Which events of parallel multiple events have occurred, by node.
    seen: NotRequired[dict[str, list[int]]]
    #: Event sub-process: the start event that occurred.
    start: NotRequired[str]
    problem: NotRequired[str]
    #: How many records its data associations have saved in registers.
    stored: NotRequired[int]
    #: The body that is done, while what comes after it couldn't be.
    ran: NotRequired[Scope]


class Scope(TypedDict):
    """One run of a body."""

    node: str
    #: The token that runs it; None for the case itself.
    owner: str | None
    #: Tokens in it.
    n: int
    vars: Variables
    waits: NotRequired[list[str]]
    log: NotRequired[list[Entry]]
    seen: NotRequired[dict[str, list[int]]]
    #: A called process: it sees nothing outside of itself. Names it has changed.
    changed: NotRequired[list[str]]
    #: Ad-hoc sub-process: it is complete, nothing more begins.
    closing: NotRequired[bool]
    #: Complex gateways that have started and wait for their other flows: the flows used.
    reset: NotRequired[dict[str, list[str]]]
    #: An interrupting event sub-process has taken over.
    interrupted: NotRequired[bool]
    #: Runs to undo something.
    undoing: NotRequired[bool]


class Wait(TypedDict):
    """Something listened for, by a token or by a whole scope (event sub-process)."""

    kind: str
    node: str
    #: Which event definition of the node.
    i: int
    token: NotRequired[str]
    scope: NotRequired[str]
    name: NotRequired[str | None]
    correlation: NotRequired[Variables]
    #: Timer: the next moment, how often still (None for ever), the time between.
    due: NotRequired[str]
    left: NotRequired[int | None]
    period: NotRequired[str | None]
    #: What a cycle counts from, and how many periods after it the next moment is.
    origin: NotRequired[str]
    passed: NotRequired[int]
    #: Condition: whether it held when last looked at; the incident of one that can't be evaluated.
    last: NotRequired[bool]
    incident: NotRequired[str]


class Bundle(TypedDict):
    """Items that rest, tied up with all that runs in them."""

    #: Their waits and activity instances, each between two spaces.
    ids: str
    #: Kinds of the events awaited in it.
    awaits: list[str]
    #: The tokens of the whole activities whose items they are.
    of: list[str]
    #: Tokens, scopes and waits: JSON, compressed, in base 64.
    text: str


class State(TypedDict):
    """A case."""

    process: str
    #: running, completed or terminated
    status: str
    seq: int
    tokens: dict[str, Token]
    scopes: dict[str, Scope]
    waits: dict[str, Wait]
    #: Items of long multi-instance activities that nobody asks for.
    bundles: NotRequired[list[Bundle]]
    #: Correlation properties of the messages so far.
    keys: NotRequired[Variables]
    #: Variables of a case that has ended.
    data: NotRequired[Variables]


def new_state(process: str) -> State:
    """Give the state of a case that has not begun."""
    return State(process=process, status="running", seq=0, tokens={}, scopes={}, waits={})
