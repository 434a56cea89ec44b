"""What docs/bpmn.md says of every element, from the names of the tests that show it; `python -m` writes the page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.event_table import ALLOWED, KINDS, PLACES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "bpmn.md"
ROOMS = ("tests/unit/kernel", "tests/unit/reading")
#: These tell what operators do to a case, not what elements do.
NOT_OF_ELEMENTS = frozenset({"test_migrating", "test_moving"})
#: How words stand in a sentence that can't stand in a name.
SPELLING = {
    "_s_": "'s ",
    "_": " ",
    "ad hoc": "ad-hoc",
    "sub process": "sub-process",
    "event based": "event-based",
    "multi instance": "multi-instance",
    "starlark": "Starlark",
}
BEGIN, END = "<!-- written by tests/conformance/elements.py -->", "<!-- end -->"

#: Element → words of the names of the tests that show what it does.
ELEMENTS: dict[str, tuple[str, ...]] = {
    "Exclusive gateway": ("an_exclusive_gateway",),
    "Parallel gateway": ("a_parallel_gateway", "two_tokens_over_one_flow", "a_parallel_join", "a_join_l"),
    "Inclusive gateway": ("an_inclusive_",),
    "Event-based gateway": ("an_event_based_gateway",),
    "Complex gateway": ("a_complex_gateway",),
    "Sequence flows of an activity": ("conditional_and_default_flows", "a_task_whose_flows", "start_quantity"),
    "User, manual and abstract task": (
        "what_a_person_did",
        "a_human_task",
        "a_due_date",
        "an_assignee",
        "every_entry",
        "completing_a_task",
    ),
    "Script task": ("a_script_", "a_failing_script"),
    "Service task": ("a_service_task", "a_job_that"),
    "What fails in an activity": (
        "an_error_of_a_job",
        "an_error_in_",
        "an_error_with",
        "an_incident_",
        "what_comes_after",
    ),
    "Send task, receive task": ("a_send_task", "a_receive_task"),
    "Business rule task": ("a_business_rule_task", "a_decision_that"),
    "Sub-process": ("a_sub_process", "an_empty_sub_process", "variables_declared", "a_terminate_end_event"),
    "Event sub-process": (
        "an_event_sub_process",
        "an_interrupting_event_sub",
        "an_error_event_sub",
        "what_an_event_sub",
    ),
    "Transaction": ("a_cancelled_transaction", "an_error_ends_a_transaction"),
    "Ad-hoc sub-process": (
        *("an_ad_hoc", "a_sequential_ad_hoc", "undoing_inside_an_ad_hoc", "an_activity_of_an_ad_hoc"),
        *(
            "the_same_choice_in",
            "an_automatic_activity_of",
            "an_activity_that_is_to_wait_in",
            "an_event_sub_process_that_interrupts_an",
        ),
    ),
    "Call activity, global task": ("a_called_process", "a_call_", "what_a_called_process", "a_global_task"),
    "Standard loop": ("a_loop_goes", "a_loop_that_tests", "a_loop_stops", "a_loop_whose", "each_round"),
    "Multi-instance": (
        *(
            "parallel_items",
            "sequential_items",
            "a_completion_condition",
            "no_items",
            "items_of",
            "something_that_is_no",
        ),
        *("a_boundary_event_of_a_multi", "an_item_in_trouble", "multi_instance_behaviour", "finished_items"),
    ),
    "Boundary event": (
        "an_interrupting_boundary",
        "a_boundary_event_that",
        "a_timer_boundary",
        "a_cycle_on_a_boundary",
    ),
    "Message event": (
        "a_message_",
        "a_catch_event_may",
        "a_case_can_begin",
        "an_offer_tells",
        "a_receive_task_can_begin",
    ),
    "Timer event": ("a_timer_", "a_cycle_on_a_catch", "a_finished_activity", "the_starts_of_a_cycle"),
    "Signal event": ("a_signal_", "two_signals"),
    "Conditional event": ("a_condition_",),
    "Error event": ("an_error_", "an_end_event_whose_error"),
    "Escalation event": ("an_escalation_",),
    "Compensation": (
        "what_was_",
        "one_activity_",
        "every_item_is_undone",
        "a_finished_sub",
        "a_loop_s_",
        "whoever_throws",
    ),
    "Link event": ("a_link_",),
    "Multiple and parallel multiple event": ("all_events", "any_event", "a_case_that_all", "of_several_results"),
    "Data objects and associations": (
        "a_data_object",
        "data_",
        "an_association",
        "a_person_s_data",
        "a_thrown_message",
        "a_data_store",
        "a_record_that_a_register",
    ),
    "Scopes of data": ("what_two_branches", "a_sub_process_has_data", "a_loop_may_take"),
    "Correlation": ("a_case_waits_for", "a_subscription", "each_process_of_a_file", "a_case_that_a_message"),
    "Pools, message flows, lanes": ("pools_and", "processes_of_one_file", "a_lane_is"),
}


def names_of_tests() -> list[str]:
    """Give the names of all tests of these rooms."""
    files = sorted(path for room in ROOMS for path in (ROOT / room).glob("test_*.py"))
    trees = (ast.parse(path.read_text()) for path in files if path.stem not in NOT_OF_ELEMENTS)
    return [
        n.name for tree in trees for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")
    ]


def sentence(name: str) -> str:
    """Give the sentence that a test's name is."""
    words = name.removeprefix("test_")
    for written, spoken in SPELLING.items():
        words = words.replace(written, spoken)
    return words[0].upper() + words[1:] + "."


def shown(element: str, names: list[str]) -> list[str]:
    """Give the sentences about an element."""
    return [sentence(n) for n in names if n.removeprefix("test_").startswith(ELEMENTS[element])]


def cell(kind: str, place: str) -> str:
    return "yes" if kind in ALLOWED[place] else "–"


def page() -> Iterator[str]:
    """Give the written part of the page."""
    yield "| event | " + " | ".join(PLACES.values()) + " |"
    yield "|---" * (len(PLACES) + 1) + "|"
    for kind in KINDS:
        yield f"| {kind} | " + " | ".join(cell(kind, place) for place in PLACES) + " |"
    yield "\n## Elements"
    names = names_of_tests()
    for element in ELEMENTS:
        yield f"\n**{element}**"
        yield from (f"- {found}" for found in shown(element, names))
    yield ""


def written(text: str) -> str:
    """Give the page with its written part renewed."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + "\n".join(page()) + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
