"""Every kind of event in every place: a model for each, and what must come of it. docs/bpmn.md shows the table."""

from __future__ import annotations

from collections.abc import Callable

from engine.check import check_bpmn
from tests.unit.kernel.diagrams import body, bpmn, event, on, script, timer, when
from tests.unit.kernel.playing import Case

LINK, CANCEL, TERMINATE = '<linkEventDefinition name="l"/>', "<cancelEventDefinition/>", "<terminateEventDefinition/>"
KINDS = {
    "none": "",
    "message": event("message", "m"),
    "timer": timer("PT1H"),
    "signal": event("signal", "s"),
    "conditional": when("go"),
    "error": event("error", "e"),
    "escalation": event("escalation", "x"),
    "compensation": event("compensate"),
    "link": LINK,
    "terminate": TERMINATE,
    "cancel": CANCEL,
    "multiple": event("message", "m") + event("signal", "s"),
    "parallel multiple": event("message", "m") + event("signal", "s"),
}
PLACES = {
    "start": "start of a process",
    "inside": "start of a sub-process",
    "handler": "event sub-process, interrupting",
    "beside": "event sub-process, non-interrupting",
    "catch": "intermediate catch",
    "boundary": "boundary, interrupting",
    "boundary beside": "boundary, non-interrupting",
    "throw": "intermediate throw",
    "end": "end",
}
WAITED = {"message", "timer", "signal", "conditional", "multiple", "parallel multiple"}
#: What the standard allows (BPMN 2.0.2, table 10.93); everything else is refused.
ALLOWED = {
    "start": WAITED | {"none"},
    "inside": {"none"},
    "handler": WAITED | {"error", "escalation", "compensation"},
    "beside": WAITED | {"escalation"},
    "catch": WAITED | {"link"},
    "boundary": WAITED | {"error", "escalation", "compensation", "cancel"},
    "boundary beside": WAITED | {"escalation"},
    "throw": {"none", "message", "signal", "escalation", "compensation", "link", "multiple"},
    "end": {"none", "message", "signal", "error", "escalation", "compensation", "terminate", "cancel", "multiple"},
}
UNDONE = '<association id="tie" sourceRef="on_user_a" targetRef="script_undo"/>'
UNDOING = {
    "on_user_a": on("user_a", event("compensate")),
    "script_undo": 'isForCompensation="true" |' + script("n = 1"),
}


def attributes(kind: str, interrupting: bool = True, at: str = "isInterrupting") -> str:
    """Give the attributes of a catching event."""
    return f'{at}="{str(interrupting).lower()}"' + (' parallelMultiple="true"' if kind == "parallel multiple" else "")


def beside(kind: str) -> str:
    """Give the inside of a body in which one branch throws and the other rests with a person."""
    definition = KINDS[kind] if kind in ("error", "escalation", "cancel") else ""
    return body("start_i -> and -> user_rest -> end_i; and -> user_act -> end_act", end_act=definition)


# --- models ----------------------------------------------------------------------------------------------------------


def start(kind: str) -> bytes:
    plain = 'parallelMultiple="true" |' if kind == "parallel multiple" else "|"
    return bpmn("start -> user -> end", start=plain + KINDS[kind])


def inside(kind: str) -> bytes:
    return bpmn("start_0 -> sub -> end", sub=body("start -> user -> end_i", start="|" + KINDS[kind]))


def handler(kind: str, interrupting: bool = True) -> bytes:
    begins = attributes(kind, interrupting) + "|" + KINDS[kind]
    handling = 'triggeredByEvent="true" |' + body("start -> user -> end_h", start=begins)
    if kind == "compensation":
        inner = body("start_i -> user_act -> end_i", sub_handler=handling)
        return bpmn("start_0 -> sub -> throw -> end", sub=inner, throw=event("compensate"))
    definition = KINDS[kind] if kind in ("error", "escalation") else ""
    flows = "start_0 -> and -> user_rest -> end; and -> user_act -> end_act"
    return bpmn(flows, sub_handler=handling, end_act=definition)


def catch(kind: str) -> bytes:
    if kind == "link":
        return bpmn("start -> throw; catch -> user -> end", throw=LINK, catch=LINK)
    plain = 'parallelMultiple="true" |' if kind == "parallel multiple" else "|"
    return bpmn("start -> catch -> user -> end", catch=plain + KINDS[kind])


def boundary(kind: str, interrupting: bool = True) -> bytes:
    if kind == "compensation":
        attached = UNDOING | {"on_user_a": on("user_a", event("compensate"), interrupting)}
        return bpmn("start -> user_a -> throw -> end", throw=event("compensate"), more=UNDONE, **attached)
    host = "tx" if kind == "cancel" else "sub"
    sits = f'attachedToRef="{host}" ' + attributes(kind, interrupting, "cancelActivity") + "|" + KINDS[kind]
    return bpmn(f"start -> {host} -> end; on -> user -> end", on=sits, **{host: beside(kind)})


def thrown(kind: str, place: str) -> bytes:
    """Throw at an event inside of a sub-process that listens at its boundary."""
    flows = f"start_i -> user_a -> {place}" + (" -> user_after -> end_i" if place == "throw" else "")
    nodes = {place: KINDS[kind], "more": UNDONE, **UNDOING}
    if kind == "terminate":
        flows += "; start_i -> user_rest"
    if kind == "link" and place == "throw":
        flows, nodes["catch"] = "start_i -> user_a -> throw; catch -> user_after -> end_i", LINK
    caught = {"error": KINDS["error"], "escalation": KINDS["escalation"], "cancel": CANCEL}.get(kind)
    host = "tx" if kind == "cancel" else "sub"
    boundary = {"on": on(host, caught, kind != "escalation")} if caught else {}
    more = "; on -> user" if caught else ""
    return bpmn(f"start -> {host} -> end{more}", **{host: body(flows, **nodes)}, **boundary)


MODELS: dict[str, Callable[[str], bytes]] = {
    "start": start,
    "inside": inside,
    "handler": handler,
    "beside": lambda kind: handler(kind, False),
    "catch": catch,
    "boundary": boundary,
    "boundary beside": lambda kind: boundary(kind, False),
    "throw": lambda kind: thrown(kind, "throw"),
    "end": lambda kind: thrown(kind, "end_act"),
}


# --- what must come of them ------------------------------------------------------------------------------------------


def occurs(case: Case, kind: str) -> None:
    """Let what is waited for occur."""
    if kind == "timer":
        case.ring()
    elif kind == "conditional":
        case.do({"do": "change", "data": {"go": True}})
    elif kind in ("error", "escalation", "cancel", "compensation"):
        case.complete("user_a" if "user_a" in case.open else "user_act")
    if kind in ("message", "parallel multiple"):
        case.message("m")
    if kind in ("signal", "multiple", "parallel multiple"):
        case.signal("s")


def comes_right(kind: str, place: str) -> bool:
    """Play the model of a cell; tells whether what the standard says has come of it."""
    return PLAYED[place](kind, place)


def begins(kind: str, place: str) -> bool:
    event_begins = place == "start" and kind != "none"
    case = Case(start(kind), at="start", name="m") if event_begins else Case(MODELS[place](kind))
    if kind == "parallel multiple":
        assert case.open == []
        case.signal("s")
    return case.open == ["user"]


def is_caught(kind: str, place: str) -> bool:
    case = Case(MODELS[place](kind), go=False, n=0)
    if kind == "link":
        return case.open == ["user"]
    assert "user" not in case.open
    occurs(case, kind)
    if kind == "compensation" and place == "boundary":
        return case.status == "completed" and case.variables["n"] == 1
    rest = "user_rest" in case.open
    return "user" in case.open and rest == (place in ("beside", "boundary beside"))


def is_thrown(kind: str, place: str) -> bool:
    case = Case(MODELS[place](kind), n=0)
    case.complete("user_a")
    told = {e.do for e in case.effects}
    due = {"message", "signal"} if kind == "multiple" else {kind} & {"message", "signal", "error"}
    assert due <= told
    assert (case.variables["n"] == 1) == (kind in ("compensation", "cancel"))
    assert ("user" in case.open) == (kind in ("error", "escalation", "cancel"))
    if place == "throw":
        return "user_after" in case.open
    return case.count("end_act") == 1 and "user_rest" not in case.open


PLAYED: dict[str, Callable[[str, str], bool]] = {
    **dict.fromkeys(("start", "inside"), begins),
    **dict.fromkeys(("handler", "beside", "catch", "boundary", "boundary beside"), is_caught),
    **dict.fromkeys(("throw", "end"), is_thrown),
}


def refused_by(kind: str, place: str) -> list[str]:
    """Give the rules of the check that refuse a cell's model at deployment."""
    return sorted({p.rule for p in check_bpmn(MODELS[place](kind)) if p.severity == "error"})
