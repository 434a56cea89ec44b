"""Cases that go on with another version of their diagram; the rehearsal is the same function."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine import kernel
from engine.model import Effect, Migrated
from engine.reading import read_model
from tests.unit.check.blocks import BLOCKS, Block, Drawing
from tests.unit.check.bpmn import file
from tests.unit.check.bpmn import process as process_of
from tests.unit.kernel.diagrams import body, bpmn, definitions, process
from tests.unit.kernel.playing import Case

DAYS = "<timerEventDefinition><timeDuration>P{}D</timeDuration></timerEventDefinition>"
MANY = "<multiInstanceLoopCharacteristics{}><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


def rehearse(case: Case, target: bytes, named: Mapping[str, str] | None = None) -> Migrated:
    return kernel.migrate(case.model, read_model(target), case.state or "", named or {}, case.now, case.logic)


def migrate(case: Case, target: bytes, **named: str) -> list[Effect]:
    """Migrate a case that must be able to; gives what it told."""
    found = rehearse(case, target, named)
    assert found.step is not None, found.refusals
    case.model = read_model(target)
    case.state, case.status = json.dumps(json.loads(found.step.state), sort_keys=True), found.step.status
    case.effects += found.step.effects
    return list(found.step.effects)


def why(case: Case, target: bytes, **named: str) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.node) for refusal in rehearse(case, target, named).refusals]


def told(effects: list[Effect]) -> list[tuple[str, str | None]]:
    return [(effect.do, effect.node) for effect in effects]


def test_an_identical_version_changes_nothing() -> None:
    source = bpmn("start -> user_a -> end; on_time -> end", on_time=f'attachedToRef="user_a" | {DAYS.format(5)}')
    case = Case(source, n=1)
    earlier = case.state or ""
    assert migrate(case, source) == []
    assert kernel.fingerprint(case.state or "") == kernel.fingerprint(earlier)


def test_an_open_task_goes_on_and_takes_the_new_way() -> None:
    case = Case(bpmn("start -> user_a -> end"))
    (activity,) = case.activities("user_a")
    assert migrate(case, bpmn("start -> user_a -> user_b -> end")) == []
    case.do({"do": "complete", "activity": activity})
    assert case.open == ["user_b"]


def test_a_renamed_node_needs_its_new_name() -> None:
    case, target = Case(bpmn("start -> user_a -> end")), bpmn("start -> user_x -> end")
    assert why(case, target) == [("node-gone", "user_a")]
    (activity,) = case.activities("user_a")
    (effect,) = migrate(case, target, user_a="user_x")
    assert (effect.do, effect.node, effect.activity) == ("relocated", "user_x", activity)
    case.complete("user_a")
    assert case.status == "completed"


def test_a_name_that_nobody_knows_is_refused() -> None:
    case, target = Case(bpmn("start -> user_a -> end")), bpmn("start -> user_a -> end")
    assert why(case, target, user_a="user_nowhere") == [("mapping-unknown", "user_a"), ("node-gone", "user_a")]


def test_a_task_that_became_something_else_begins_anew_only_where_that_is_asked_for() -> None:
    case, target = Case(bpmn("start -> user_a -> end")), bpmn("start -> script_a -> user_b -> end")
    assert why(case, target) == [("node-gone", "user_a")]
    effects = migrate(case, target, user_a="script_a")
    assert told(effects)[:2] == [("cancelled", "user_a"), ("entered", "script_a")]
    assert case.open == ["user_b"]


def test_a_timer_keeps_its_moment_even_where_the_new_version_would_say_another() -> None:
    flows = "start -> user_a -> end; on_time -> user_late -> end"
    case = Case(bpmn(flows, on_time=f'attachedToRef="user_a" | {DAYS.format(5)}'))
    before = case.waits("timer")
    migrate(case, bpmn(flows, on_time=f'attachedToRef="user_a" | {DAYS.format(30)}'))
    assert case.waits("timer") == before
    case.ring()
    assert case.open == ["user_late"]


def test_new_boundary_events_and_event_sub_processes_begin_to_listen_and_removed_ones_stop() -> None:
    case = Case(
        bpmn(
            "start -> user_a -> end; on_old -> end",
            on_old='attachedToRef="user_a" | <messageEventDefinition messageRef="old"/>',
        )
    )
    inside = body("start_in -> user_in -> end_in", start_in='<messageEventDefinition messageRef="withdraw"/>')
    target = bpmn(
        "start -> user_a -> end; on_new -> end",
        on_new=f'attachedToRef="user_a" | {DAYS.format(3)}',
        sub_event=f'triggeredByEvent="true" | {inside}',
    )
    effects = migrate(case, target)
    assert told(effects) == [("wait-set", "start_in"), ("wait-cleared", "on_old"), ("timer-set", "on_new")]
    case.message("withdraw")
    assert case.open == ["user_in"]


def test_a_timer_that_has_fired_is_not_set_again() -> None:
    late = f'attachedToRef="user_a" cancelActivity="false" | {DAYS.format(5)}'
    source = bpmn("start -> user_a -> end; on_late -> user_remind -> end", on_late=late)
    case = Case(source)
    case.ring()
    migrate(case, bpmn("start -> user_a -> user_b -> end; on_late -> user_remind -> end", on_late=late))
    assert case.waits("timer") == {}


def test_a_message_with_another_name_is_waited_for_by_it() -> None:
    case = Case(bpmn("start -> catch_m -> end", catch_m='<messageEventDefinition messageRef="old"/>'))
    migrate(case, bpmn("start -> catch_m -> end", catch_m='<messageEventDefinition messageRef="new"/>'))
    case.message("new")
    assert case.status == "completed"


def test_items_of_a_multi_instance_activity_go_on() -> None:
    case = Case(bpmn("start -> user_a -> end", user_a=MANY.format("")))
    case.complete("user_a")
    migrate(case, bpmn("start -> user_x -> user_b -> end", user_x=MANY.format("")), user_a="user_x")
    case.complete("user_a")
    case.complete("user_a")
    assert case.open == ["user_b"]


def test_a_multi_instance_activity_does_not_become_a_single_one_by_itself() -> None:
    case, single = Case(bpmn("start -> user_a -> end", user_a=MANY.format(""))), bpmn("start -> user_a -> end")
    assert why(case, single) == [("loop", "user_a")]
    assert why(case, bpmn("start -> user_a -> end", user_a=MANY.format(' isSequential="true"'))) == [("loop", "user_a")]
    migrate(case, single, user_a="user_a")
    assert case.open == ["user_a"]


def test_a_job_in_flight_is_kept_only_by_the_same_action() -> None:
    call = '<extensionElements><radnice:connector name="{}"/></extensionElements>'
    case = Case(bpmn("start -> service_a -> end", service_a=call.format("mail.send")))
    assert why(case, bpmn("start -> service_a -> end", service_a=call.format("pay.out"))) == [
        ("other-action", "service_a")
    ]
    migrate(case, bpmn("start -> service_a -> user_b -> end", service_a=call.format("mail.send")))
    case.result("service_a")
    assert case.open == ["user_b"]


def test_a_task_in_another_sub_process_is_refused() -> None:
    case = Case(bpmn("start -> user_a -> end"))
    target = bpmn("start -> sub_b -> end", sub_b=body("start_in -> user_a -> end_in"))
    assert why(case, target) == [("other-body", "user_a")]


def test_a_sub_process_goes_on_inside() -> None:
    case = Case(bpmn("start -> sub_b -> end", sub_b=body("start_in -> user_a -> end_in")))
    target = bpmn("start -> sub_x -> user_z -> end", sub_x=body("start_in -> user_a -> user_b -> end_in"))
    migrate(case, target, sub_b="sub_x")
    case.complete("user_a")
    case.complete("user_b")
    assert case.open == ["user_z"]


def test_what_a_called_process_does_goes_on_in_the_new_version_too() -> None:
    def version(inside: str) -> bytes:
        caller = process("p", "start -> call_q -> end", call_q='calledElement="q"')
        return definitions(caller, process("q", inside))

    case = Case(version("start_q -> user_q -> end_q"))
    migrate(case, version("start_q -> user_q -> user_r -> end_q"))
    case.complete("user_q")
    assert case.open == ["user_r"]


def test_tokens_at_a_join_are_judged_by_the_new_ways_in() -> None:
    flows = "start -> and_a -> user_a -> and_j -> user_z -> end; and_a -> user_b -> and_j"
    case = Case(bpmn(f"{flows}; and_a -> user_c -> and_j"))
    case.complete("user_a")
    case.complete("user_b")
    assert why(case, bpmn(flows)) == [("node-gone", "user_c")]
    migrate(case, bpmn(f"{flows}; user_c -> end"))
    assert case.open == ["user_c", "user_z"]


def test_an_incident_is_tried_again_in_the_mended_version() -> None:
    flows = "start -> script_a -> user_b -> end"
    case = Case(bpmn(flows, script_a="<script>total = amount + 1</script>"))
    assert case.incidents == ["script_a"]
    migrate(case, bpmn(flows, script_a="<script>total = 1</script>"))
    activity = next(t["activity"] for t in case.facts["tokens"].values())
    case.do({"do": "retry", "activity": activity})
    assert case.open == ["user_b"]


def test_what_could_be_undone_stays_so_or_is_named() -> None:
    parts: dict[str, Any] = {
        "on_undo": 'attachedToRef="user_a" | <compensateEventDefinition/>',
        "user_undo": 'isForCompensation="true"',
        "more": '<association id="x" sourceRef="on_undo" targetRef="user_undo" associationDirection="One"/>',
        "throw_undo": "<compensateEventDefinition/>",
    }
    case = Case(bpmn("start -> user_a -> user_b -> throw_undo -> end", **parts))
    case.complete("user_a")
    assert migrate(case, bpmn("start -> user_a -> user_b -> user_c -> throw_undo -> end", **parts)) == []
    effects = migrate(case, bpmn("start -> user_b -> user_c -> end"))
    assert told(effects) == [("undo-lost", "user_a")]


# --- properties ------------------------------------------------------------------------------------------------------


def play(case: Case, steps: list[int]) -> None:
    """Do open tasks and let timers ring, as the numbers say."""
    for number in steps:
        doable = case.activities()
        if case.status != "running" or not doable:
            return
        if case.waits("timer") and number % 5 == 0:
            case.ring()
        else:
            data = {"x": number % 3, "again": number % 7 == 0}
            case.do({"do": "complete", "activity": doable[number % len(doable)], "data": data})


def renamed(source: bytes, nodes: list[str]) -> bytes:
    text = source.decode()
    for node in nodes:
        text = re.sub(rf'"{node}"', f'"{node}x"', text)
    return text.encode()


STEPS = st.lists(st.integers(0, 100), max_size=8)


@given(st.lists(BLOCKS, min_size=1, max_size=3), STEPS, STEPS, st.data())
def test_a_case_that_a_rehearsal_lets_through_runs_on(
    blocks: list[Block], before: list[int], after: list[int], data: st.DataObject
) -> None:
    source = file(process_of(Drawing().closed(blocks)))
    case = Case(source, x=0, again=False)
    play(case, before)
    if case.status != "running":
        return
    ids = sorted(node.id for node in case.model.nodes.values() if node.kind != "process")
    changed = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=4))
    said = [node for node in changed if data.draw(st.booleans())]
    target = renamed(source, changed)
    state = case.state
    found = rehearse(case, target, {node: f"{node}x" for node in said})
    assert case.state == state
    standing = {token["node"] for token in case.facts["tokens"].values()}
    if found.step is None:
        assert {refusal.node for refusal in found.refusals} <= standing
        assert standing & {*changed} - {*said}
        return
    migrate(case, target, **{node: f"{node}x" for node in said})
    assert {token["node"] for token in case.facts["tokens"].values()} <= case.model.nodes.keys()
    assert {wait["node"] for wait in case.facts["waits"].values()} <= case.model.nodes.keys()
    play(case, after)
    finish(case)


def finish(case: Case) -> None:
    """Do what is open until nothing is: a sound process then ends."""
    for _ in range(200):
        if case.status != "running":
            return
        case.do({"do": "complete", "activity": case.activities()[0], "data": {"again": False}})
    raise AssertionError("the case does not end")


@given(st.lists(BLOCKS, min_size=1, max_size=3), STEPS)
def test_the_same_version_again_changes_nothing(blocks: list[Block], steps: list[int]) -> None:
    case = Case(source := file(process_of(Drawing().closed(blocks))), x=0, again=False)
    play(case, steps)
    if case.status == "running":
        earlier = case.state or ""
        assert migrate(case, source) == []
        assert kernel.fingerprint(case.state or "") == kernel.fingerprint(earlier)


@given(st.lists(BLOCKS, min_size=1, max_size=3), STEPS)
def test_a_migration_that_is_taken_back_leaves_everything_as_it_was(blocks: list[Block], steps: list[int]) -> None:
    source = file(process_of(Drawing().closed(blocks)))
    case = Case(source, x=0, again=False)
    play(case, steps)
    if case.status != "running":
        return
    old, earlier = case.model, case.state or ""
    ids = sorted(node.id for node in old.nodes.values() if node.kind != "process")
    migrate(case, renamed(source, ids), **{node: f"{node}x" for node in ids})
    step = kernel.restore(case.model, old, case.state or "", earlier)
    assert kernel.fingerprint(step.state) == kernel.fingerprint(earlier)
