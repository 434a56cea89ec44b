"""Ten human tasks in a row."""

from django.http import HttpRequest, HttpResponse
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process

STEPS = 10


def page(request: HttpRequest) -> HttpResponse:
    """Stand for the page of a task, which nobody opens here."""
    raise NotImplementedError


_NODES: dict[str, object] = {"start": flow.StartHandle().Next(this.u0), "end": flow.End()}
for _step in range(STEPS):
    _next = getattr(this, f"u{_step + 1}" if _step < STEPS - 1 else "end")
    # Assigned at once: ours completes without a claim, too.
    _NODES[f"u{_step}"] = flow.View(page).Assign(username="jana").Next(_next)

Ten = type("Ten", (flow.Flow,), {**_NODES, "process_class": Process, "__module__": __name__})
