"""The state of one case between two commands: plain JSON, live tokens only, nothing of the past.

    tokens  id → Token    where the case stands; an item of a multi-instance activity has a token of its own
    scopes  id → Scope    one per running body: process, sub-process, called process; holds variables
    waits   id → Wait     timers, messages, signals and conditions that somebody listens for

Ids (`t1`, `s2`, `w3`, activity instances `a4`) are drawn from one counter and never reused.
"""

from __future__ import annotations

import json
from typing import Literal, NotRequired, TypedDict

from engine.kernel import aside
from engine.kernel.aside import Large
from engine.kernel.parking import Kind, Run, park, take_over, unpark
from engine.model import Json, Variables

#: join: waits at a gateway for others. multi: counts the items of a multi-instance activity.
#: gate: stands at an event-based gateway. throw: is throwing events. turn: waits until no other activity of its
#: ad-hoc sub-process runs. data: waits for the data that it needs.
Standing = Literal["ready", "join", "turn", "data", "active", "multi", "gate", "throw", "compensating", "incident"]


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
    open: NotRequired[Literal["task", "job"]]
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
    #: Condition: whether it held when last looked at; the incident of one that can't be evaluated.
    last: NotRequired[bool]
    incident: NotRequired[str]


class State(TypedDict):
    """A case."""

    process: str
    #: running, completed or terminated
    status: str
    seq: int
    tokens: dict[str, Token]
    scopes: dict[str, Scope]
    waits: dict[str, Wait]
    #: Correlation properties of the messages so far.
    keys: NotRequired[Variables]
    #: Variables of a case that has ended.
    data: NotRequired[Variables]


def new_state(process: str) -> State:
    """Give the state of a case that has not begun."""
    return State(process=process, status="running", seq=0, tokens={}, scopes={}, waits={})


def load(text: str, large: Large | None = None) -> State:
    """Read a state from its JSON text, with a token for every open item; without `large` names stay as written."""
    state = load_parked(text, large)
    unpark(state["tokens"])
    return state


def load_parked(text: str, large: Large | None = None) -> State:
    """Read a state from its JSON text; items that nobody asks for stay parked in the token of the whole."""
    state: State = json.loads(text)
    take_over(state["tokens"])
    if large is not None and aside.may_name(text):
        aside.take_names(state)
    return state


def dump(state: State, large: Large | None = None) -> str:
    """Write a state as compact JSON text, and be done with it; the order of keys carries no meaning.

    With `large` what is large is kept there.
    """
    park(state["tokens"])
    text = aside.write(state)
    if large is None or (len(text) <= aside.BOUND and not aside.may_name(text)):
        return text
    aside.put_aside(state, large)
    return aside.write(state)
