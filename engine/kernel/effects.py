"""Everything the kernel tells, in the order in which it happens. The value lists the keys of `Effect.facts`.

`node` and `activity` of the effect say where. Moments are ISO 8601 in UTC.
"""

from __future__ import annotations

EFFECTS: dict[str, tuple[str, ...]] = {
    # A token entered an activity: a fresh activity instance. item: index in a multi-instance activity.
    "entered": ("item",),
    # A flow node is done; a loop's round or an item too.
    "passed": (),
    # A sequence flow was taken.
    "flow": ("flow",),
    # A person's work: who, how, until when. A service task without a connector opens as a task, too.
    "task-opened": (
        *("kind", "item", "form", "group", "assignee", "candidates", "due", "derivation", "subject", "audience"),
        *("comments", "differs_from", "priority"),
    ),
    # An action of a connector, with its evaluated parameters.
    "job-opened": ("kind", "item", "connector", "parameters", "result"),
    # The open task or job of this activity was completed.
    "closed": (),
    # The activity was stopped before it was done; an open task or job of it is gone.
    "cancelled": (),
    # A timer was set, or set to its next time.
    "timer-set": ("wait", "due", "derivation"),
    # Somebody listens. kind: message or signal.
    "wait-set": ("wait", "kind", "name", "correlation", "offer"),
    # Nobody listens any more. fired: because it occurred.
    "wait-cleared": ("wait", "fired"),
    # A message was thrown. to: nodes at the other end of message flows.
    "message": ("name", "to", "correlation", "payload"),
    # A signal was thrown; this case has heard it already.
    "signal": ("name", "payload"),
    # Variables changed.
    "set": ("variables",),
    # A decision was asked.
    "decision": ("ref", "inputs", "outputs", "rules"),
    # A token can't go on until somebody mends it.
    "incident": ("message",),
    # reason: of whoever has it tried again; none where it went away by itself.
    "incident-resolved": ("reason",),
    # An error was thrown. caught_by: the node that catches it.
    "error": ("code", "message", "caught_by"),
    # The activity goes on at a node that is otherwise (migration). Without the facts of a task only its name changed.
    "relocated": ("from", "name", "form", "group", "audience", "comments", "differs_from", "priority"),
    # What is listened for belongs to a node with another id.
    "wait-relocated": ("wait", "from"),
    # What this activity did can't be undone by compensation any more.
    "undo-lost": (),
    # An activity that an intervention had cancelled is open again, with all it had.
    "reopened": (),
    # The case is over. status: completed or terminated.
    "ended": ("status",),
}
