"""SpiffWorkflow runs beside the kernel on the constructs that it executes right: gateways, sub-processes, calls, loops,
multi-instance, transactions, and one error, escalation and cancellation in each process."""

from __future__ import annotations

from random import Random

import pytest
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

from tests.conformance.graphs import Graph, bpmn
from tests.conformance.plain_processes import plain
from tests.unit.kernel.playing import Case


def spiff(graph: Graph, pick: int) -> BpmnWorkflow:
    """Start the process in SpiffWorkflow."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_str(bpmn(graph))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    counters = {n: 0 for g in graph.inside() for n, kind in g.nodes.items() if kind == "count"}
    workflow.get_next_task(state=TaskState.READY).data.update({"pick": pick, "shared": 1, **counters})
    workflow.do_engine_steps()
    return workflow


def open_in(workflow: BpmnWorkflow) -> list[str]:
    return sorted(t.task_spec.bpmn_id for t in workflow.get_tasks(state=TaskState.READY, manual=True))


@pytest.mark.parametrize("seed", range(60))
def test_both_have_the_same_open_tasks_to_the_end(seed: int) -> None:
    random = Random(seed)
    graph = plain(random)
    counters = {n: 0 for g in graph.inside() for n, kind in g.nodes.items() if kind == "count"}
    case, other = Case(bpmn(graph), pick=0, shared=1, **counters), spiff(graph, 0)
    for _ in range(60):
        assert case.open == open_in(other)
        assert (case.status == "completed") == other.is_completed()
        if not case.open:
            break
        node, pick = random.choice(case.open), random.randint(0, 9)
        case.complete(node, pick=pick)
        task = next(t for t in other.get_tasks(state=TaskState.READY, manual=True) if t.task_spec.bpmn_id == node)
        task.data["pick"] = pick
        task.run()
        other.do_engine_steps()
