"""Every state a row may have and every way from one to another."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Conflict

Lifecycle = Mapping[str, frozenset[str]]

INSTANCE: Lifecycle = {
    "running": frozenset({"suspended", "completed", "terminated"}),
    "suspended": frozenset({"running", "terminated"}),
    "completed": frozenset(),
    "terminated": frozenset(),
}
HUMAN_TASK: Lifecycle = {
    "open": frozenset({"claimed", "completed", "cancelled"}),
    "claimed": frozenset({"open", "claimed", "completed", "cancelled"}),
    "completed": frozenset(),
    # The intervention that cancelled it was taken back.
    "cancelled": frozenset({"open", "claimed"}),
}
JOB: Lifecycle = {
    "ready": frozenset({"running", "cancelled"}),
    # running → running: the lease of a worker that died ran out and another one took over.
    "running": frozenset({"running", "ready", "reported", "done", "failed", "cancelled"}),
    # The outside action has ended while the case was suspended, or the case couldn't go on with what came of it: the
    # outcome waits, also when it is tried in vain once more.
    "reported": frozenset({"ready", "reported", "done", "failed", "cancelled"}),
    # Tries are used up, or the error was caught by nobody: an incident.
    "failed": frozenset({"ready", "cancelled"}),
    "done": frozenset(),
    # The intervention that cancelled it was taken back.
    "cancelled": frozenset({"ready"}),
}
TIMER: Lifecycle = {
    "waiting": frozenset({"fired", "cancelled"}),
    # A cycle goes on with the same wait.
    "fired": frozenset({"waiting"}),
    # The intervention that cancelled it was taken back.
    "cancelled": frozenset({"waiting"}),
}
MESSAGE: Lifecycle = {
    # Sent by a case and not looked at yet.
    "thrown": frozenset({"kept", "delivered", "failed"}),
    "kept": frozenset({"delivered", "expired", "failed"}),
    # Nobody waited for it in time.
    "expired": frozenset(),
    # Every delivery ends in a fault: set aside until a person tries again.
    "failed": frozenset({"thrown"}),
    "delivered": frozenset(),
}
INCIDENT: Lifecycle = {
    "open": frozenset({"resolved"}),
    # The intervention that ended the stuck activity was taken back.
    "resolved": frozenset({"open"}),
}
#: refused: one of several cases with which it couldn't be done.
OPERATION: Lifecycle = {"done": frozenset({"undone"}), "undone": frozenset(), "refused": frozenset()}
BREAKER: Lifecycle = {
    "closed": frozenset({"open"}),
    # Whoever was out when it opened may still bring an answer.
    "open": frozenset({"half-open", "closed"}),
    "half-open": frozenset({"half-open", "open", "closed"}),
}
PAYMENT: Lifecycle = {
    "open": frozenset({"paid", "cancelled"}),
    #: The bank may take a payment back.
    "paid": frozenset({"open"}),
    "cancelled": frozenset(),
}
BANK_ORDER: Lifecycle = {
    # Confirmed at once: somebody typed it into internet banking.
    "prepared": frozenset({"sent", "confirmed", "cancelled"}),
    "sent": frozenset({"confirmed", "cancelled"}),
    #: The bank brought the money back.
    "confirmed": frozenset({"returned"}),
    "returned": frozenset(),
    "cancelled": frozenset(),
}
DEADLINE: Lifecycle = {
    "running": frozenset({"stopped", "met", "missed"}),
    "stopped": frozenset({"running", "met"}),
    "met": frozenset(),
    "missed": frozenset(),
}

#: States in which a person can still do a human task.
OPEN_TASK = ("open", "claimed")
#: States in which a proposal of an author can still be changed.
OPEN_PROPOSAL = ("draft", "review")


def step(lifecycle: Lifecycle, old: str, new: str, refusal: type[Conflict] = Conflict) -> str:
    """Give `new` where the table allows it after `old`, otherwise raise `refusal`."""
    if new not in lifecycle[old]:
        raise refusal(state=old)
    return new
