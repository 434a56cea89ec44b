"""Single-step activities: what people, scripts, services and decisions do."""

from __future__ import annotations

from engine import calendar
from engine.diagram import HumanWork, Node
from engine.errors import ScriptError
from engine.kernel import arming, throwing
from engine.kernel.activities import Activity
from engine.kernel.machine import Machine
from engine.kernel.state import Token
from engine.model import Json, Variables


def item_of(token: Token) -> Variables:
    """Give which item of a multi-instance activity a token is."""
    return {"item": token["i"]} if "of" in token else {}


def open_task(machine: Machine, tid: str, node: Node, facts: Variables) -> None:
    """Let somebody outside do it."""
    token = machine.tokens[tid]
    token["open"] = "task"
    machine.tell("task-opened", node.id, token.get("activity"), kind=node.kind, **item_of(token), **facts)


def open_job(machine: Machine, tid: str, node: Node) -> None:
    """Ask for the action of a connector."""
    token, call = machine.tokens[tid], node.connector
    assert call is not None
    parameters = machine.values(tid, call.parameters)
    token["open"] = "job"
    facts = {"connector": call.name, "parameters": parameters, "result": call.result}
    machine.tell("job-opened", node.id, token.get("activity"), kind=node.kind, **item_of(token), **facts)


class Human(Activity):
    """A task that a person does."""

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        open_task(machine, tid, node, self.work(machine, tid, node.human or HumanWork()))

    def work(self, machine: Machine, tid: str, human: HumanWork) -> Variables:
        """Say who does it, how, until when."""
        due, derivation = self.due(machine, tid, human.due)
        return {
            "form": self.form(machine, tid, human),
            "group": human.group,
            "assignee": machine.value(tid, human.assignee) if human.assignee else None,
            "candidates": machine.value(tid, human.candidates) if human.candidates else None,
            "due": due,
            "derivation": derivation,
            "subject": str(machine.value(tid, human.subject)) if human.subject else "",
            "audience": human.audience,
            "comments": human.comments,
            "differs_from": human.differs_from,
            "priority": human.priority,
        }

    def form(self, machine: Machine, tid: str, human: HumanWork) -> str | None:
        """Give the key of the form; one that each case has of its own is worked out now and stays."""
        if not human.form_from:
            return human.form
        form = machine.value(tid, human.form_from)
        if form in (None, ""):
            raise ScriptError(f"formFrom gives no key of a form: {human.form_from}")
        return str(form)

    def due(self, machine: Machine, tid: str, text: str | None) -> tuple[str | None, Json]:
        """Give the moment until which it should be done, and how it came about."""
        if not text:
            return None, None
        if not calendar.is_time_text(text):
            value = machine.value(tid, text)
            if value is None:
                return None, None
            text = str(value)
        plan = machine.logic.schedule("due", text, machine.now)
        return plan.first.isoformat(), plan.derivation


class Service(Activity):
    """A service task: a job of its connector; without one somebody outside does it."""

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        if node.connector is None:
            open_task(machine, tid, node, {})
        else:
            open_job(machine, tid, node)


class Decide(Activity):
    """A business rule task: asks a decision; without one somebody outside does it."""

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        if node.decision is None:
            return Service().begin(machine, tid, node)
        decided = machine.logic.decide(node.decision.ref, machine.layers.visible(tid))
        facts = {"inputs": dict(decided.inputs), "outputs": dict(decided.outputs), "rules": list(decided.rules)}
        machine.tell("decision", node.id, machine.tokens[tid].get("activity"), ref=node.decision.ref, **facts)
        result = node.decision.result
        machine.take_in(tid, {result: decided.value} if result else decided.outputs)
        self.body_done(machine, tid, node)


class Script(Activity):
    """A script task."""

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        machine.take_in(tid, machine.logic.script(node.script or "pass", machine.lookup(tid)))
        self.body_done(machine, tid, node)


class Receive(Activity):
    """A receive task."""

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        arming.arm(machine, node, tid)


class Send(Activity):
    """A send task: its connector's action first, then its message."""

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        if phase == "throw":
            throwing.go_on(machine, tid, node, self.thrown)
        else:
            super().resume(machine, tid, node, phase)

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        if node.connector is not None:
            open_job(machine, tid, node)
        else:
            throwing.begin(machine, tid, node)

    def completed(self, machine: Machine, tid: str, node: Node) -> None:
        throwing.begin(machine, tid, node)

    def thrown(self, machine: Machine, tid: str, node: Node) -> None:
        """Go on once the message is thrown."""
        machine.tokens[tid]["state"] = "active"
        self.body_done(machine, tid, node)
