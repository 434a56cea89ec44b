"""What the files of an agenda say of each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.check import ConnectorFacts, Surroundings, check_agenda, check_dmn
from tests.unit.check.bpmn import action, extended, file, flow, human, line, node, process, script, split, start_form

FORM = {
    "type": "object",
    "properties": {
        "kind": {"oneOf": [{"const": "town"}, {"const": "region"}]},
        "inhabitants": {"type": "integer", "minimum": 1},
        "name": {"type": "string"},
        "agrees": {"type": "boolean"},
    },
    "if": {"properties": {"kind": {"const": "region"}}},
    "then": {"properties": {"region_code": {"type": "string"}}},
}
MANIFEST = b'key = "x"\n[groups.staff]\ncs = "A"\nen = "A"\n'
CONNECTORS = {
    "mail.send": ConnectorFacts(required=frozenset({"to"}), optional=frozenset({"template"})),
    "document.render": ConnectorFacts(required=frozenset({"template"}), open=True),
    "register.save": ConnectorFacts(required=frozenset({"register"}), open=True),
}


def agenda(diagram: bytes, **more: bytes) -> dict[str, bytes]:
    return {
        "agenda.toml": MANIFEST,
        "x.bpmn": diagram,
        "forms/application.json": json.dumps(FORM).encode(),
        "documents/letter.html": b"",
        "messages/hello.md": b"",
        "registers/members.json": b"{}",
        **{path.replace("__", "."): content for path, content in more.items()},
    }


def found(diagram: bytes, **more: bytes) -> dict[tuple[str, str | None], str]:
    problems = check_agenda(agenda(diagram, **more), Surroundings(connectors=CONNECTORS), lang="en")
    return {(p.rule, p.element): p.message for p in problems}


def test_an_agenda_whose_names_are_all_known_has_no_problems() -> None:
    diagram = line(
        ("t", human("t", 'form="application" group="staff"')),
        ("m", action("m", "mail.send", to="name", template='"hello"')),
        ("d", action("d", "document.render", template='"letter"')),
        ("r", action("r", "register.save", register='"members"')),
        start=start_form("application"),
    )
    assert found(diagram) == {}


@pytest.mark.parametrize(
    ("diagram", "element", "sentence"),
    [
        (line(("t", human("t", 'form="nothing" group="staff"'))), "t", "no form nothing"),
        (line(("t", human("t", 'group="nobody"'))), "t", "no group nobody"),
        (line(start=start_form("nothing")), "s", "no form nothing"),
        (line(("a", action("a", "fax.send"))), "a", "no action fax.send"),
        (line(("a", action("a", "mail.send", to="1", template='"no"'))), "a", "no message no"),
        (line(("a", action("a", "document.render", template='"no"'))), "a", "no document no"),
        (line(("a", action("a", "register.save", register='"no"'))), "a", "no register no"),
        (
            line(("b", node("businessRuleTask", "b", extended('<radnice:decision ref="no"/>')))),
            "b",
            "no decision no",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_an_error(diagram: bytes, element: str, sentence: str) -> None:
    assert sentence in found(diagram)["names-are-known", element]


def test_missing_and_unknown_parameters_of_an_action_are_named() -> None:
    messages = found(line(("a", action("a", "mail.send", form='"x"'))))
    assert messages["connector-parameters", "a"] in (
        "The action mail.send lacks to.",
        "The action mail.send does not know form.",
    )


def test_a_task_without_a_group_is_nobodys() -> None:
    assert ("somebody-may", "t") in found(line(("t", human("t", 'form="application"'))))
    assert ("somebody-may", "t") not in found(line(("t", human("t", 'audience="applicant"'))))


def test_four_eyes_need_another_task() -> None:
    assert ("somebody-may", "t") in found(line(("t", human("t", 'group="staff" differsFrom="nothing"'))))


def test_a_process_of_another_file_may_be_called() -> None:
    caller = line(("c", node("callActivity", "c", "", 'calledElement="other"')))
    other = file(process(node("startEvent", "s"), node("endEvent", "e"), flow("s", "e"), identifier="other"))
    assert ("called-processes", "c") in found(caller)
    assert ("called-processes", "c") not in found(caller, other__bpmn=other)


def test_two_files_do_not_hold_the_same_process() -> None:
    assert "already" in found(line(), y__bpmn=line())["unique-processes", "p"]


def begun_by_message(identifier: str, message: str = "paid") -> bytes:
    begins = f'<messageEventDefinition messageRef="{message}"/>'
    inside = node("startEvent", f"{identifier}-s", begins) + node("endEvent", "e") + flow(f"{identifier}-s", "e")
    return file(
        '<message id="paid" name="paid"/><message id="sent" name="sent"/>', process(inside, identifier=identifier)
    )


def test_a_message_that_begins_two_processes_is_told_at_both_with_the_one_that_gets_it() -> None:
    told = found(begun_by_message("b"), y__bpmn=begun_by_message("a"))
    for start, other in (("b-s", "a"), ("a-s", "b")):
        sentence = told["messages-begin-one", start]
        assert f"also begins {other}." in sentence and sentence.endswith("the first by its key: a.")
    assert not found(begun_by_message("b"), y__bpmn=begun_by_message("a", "sent"))


def test_a_message_that_begins_a_process_of_another_agenda_is_told_where_it_is_known() -> None:
    around = Surroundings(connectors={}, begun_elsewhere={"paid": {"z": "fees"}, "sent": {"a": "fees"}})
    (problem,) = check_agenda({"x.bpmn": begun_by_message("b")}, around, lang="cs")
    assert (problem.rule, problem.severity, problem.element) == ("messages-begin-one", "warning", "b-s")
    assert "z (fees)" in problem.message and problem.message.endswith("první podle abecedy: b.")


def test_where_a_message_flow_leads_no_other_process_begins() -> None:
    pools = """<collaboration id="c"><participant id="pa" processRef="a"/><participant id="pb" processRef="b"/>
      <messageFlow id="mf" sourceRef="t" targetRef="b-s"/></collaboration>"""
    text = begun_by_message("b").decode().replace("</definitions>", f"{pools}</definitions>")
    sends = process(node("startEvent", "s") + node("sendTask", "t") + flow("s", "t"), identifier="a")
    text = text.replace('<process id="b"', sends + '<process id="b"')
    assert ("messages-begin-one", "b-s") not in found(text.encode(), y__bpmn=begun_by_message("z"))
    assert ("messages-begin-one", "z-s") in found(text.encode(), y__bpmn=begun_by_message("z"))


def test_a_script_does_not_write_what_the_office_gives_every_case() -> None:
    assert ("reserved-variables", "a") in found(line(("a", script("a", "parameters = 1"))))
    assert ("reserved-variables", "a") not in found(line(("a", script("a", "x = parameters"))))


# --- variables -------------------------------------------------------------------------------------------------------


def test_a_variable_that_nothing_before_sets_is_found() -> None:
    diagram = line(("a", script("a", "b = name + region_code + missing")), start=start_form("application"))
    problems = check_agenda(agenda(diagram), lang="en")
    assert [p.message for p in problems if p.rule == "variables-are-set"] == [
        'Nothing before sets the variable missing; where it may be missing write value_of("missing", default).'
    ]


@pytest.mark.parametrize(
    "text",
    [
        "b = name",
        'b = value_of("missing", 1)',
        "missing = 1\nb = missing",
        "b = today",
        'b = parameters["x"]',
        "b = [x for x in name]",
    ],
)
def test_what_a_form_or_the_script_itself_sets_is_there(text: str) -> None:
    diagram = line(("a", script("a", text)), start=start_form("application"))
    assert not [key for key in found(diagram) if key[0] == "variables-are-set"]


def test_what_is_set_only_later_is_not_there_yet() -> None:
    diagram = line(("a", script("a", "x = late")), ("b", script("b", "late = 1")), start=start_form("application"))
    assert ("variables-are-set", "a") in found(diagram)


def test_a_case_begun_by_a_program_may_have_any_variables() -> None:
    assert ("variables-are-set", "a") not in found(line(("a", script("a", "x = anything"))))


def test_two_branches_that_write_one_variable_are_found() -> None:
    def branches(one: str, other: str) -> bytes:
        parts = [
            node("startEvent", "s"),
            node("parallelGateway", "g"),
            node("parallelGateway", "j"),
            node("endEvent", "e"),
        ]
        ways = [flow("s", "g"), flow("g", "a"), flow("g", "b"), flow("a", "j"), flow("b", "j"), flow("j", "e")]
        return file(process(*parts, script("a", one), script("b", other), *ways))

    assert "also writes x" in found(branches("x = 1", "x = 2"))["concurrent-writes", "a"]
    assert ("concurrent-writes", "a") not in found(branches("x = 1", "y = 2"))


# --- ways out and types ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "missing"),
    [
        ('kind == "town"', 'kind == "region"', None),
        ('kind == "town"', "False", "kind = 'region'"),
        ("inhabitants > 10", "inhabitants <= 10", None),
        ("inhabitants > 10", "inhabitants < 10", "inhabitants = 10"),
        ("agrees", "not agrees", None),
        ("agrees", 'kind == "town"', "agrees = False"),
        ('name == "a"', 'name == "b"', "name = '…'"),
        ('name == "a"', 'name != "a"', None),
        ("unknown > 1", "unknown <= 1", None),
    ],
)
def test_conditions_are_judged_by_the_values_a_form_allows(one: str, other: str, missing: str | None) -> None:
    messages = found(split(("a", one), ("b", other), start=start_form("application")))
    assert (missing or "nothing") in messages.get(("some-way-out", "g"), "nothing")


def test_a_default_flow_is_always_a_way_out() -> None:
    diagram = split(("a", 'name == "a"'), ("b", None), attributes='default="g-b"', start=start_form("application"))
    assert ("some-way-out", "g") not in found(diagram)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ('inhabitants == "5"', "is a number, but it is compared with '5', which is text"),
        ("name == 5", "is text, but it is compared with 5"),
        ("inhabitants > 5", None),
        ('kind == "village"', None),
    ],
)
def test_a_comparison_of_a_text_with_a_number_is_found(condition: str, sentence: str | None) -> None:
    diagram = split(("a", condition), ("b", None), attributes='default="g-b"', start=start_form("application"))
    message = found(diagram).get(("types-compared", "g-a"))
    assert (message is None) if sentence is None else sentence in (message or "")


def test_an_error_that_nobody_catches_is_found() -> None:
    end = node("endEvent", "e", '<errorEventDefinition errorRef="x"/>')
    root = '<error id="x" errorCode="bad"/>'
    thrower = file(root, process(node("startEvent", "s"), end, flow("s", "e"), identifier="thrower"))
    assert ("errors-are-caught", "e") in found(thrower)
    catch = node("boundaryEvent", "b", '<errorEventDefinition errorRef="x"/>', 'attachedToRef="c"')
    parts: list[Any] = [node("startEvent", "s"), node("callActivity", "c", "", 'calledElement="thrower"'), catch]
    parts += [node("endEvent", "e1"), node("endEvent", "e2"), flow("s", "c"), flow("c", "e1"), flow("b", "e2")]
    assert ("errors-are-caught", "e") not in found(thrower, caller__bpmn=file(root, process(*parts)))


# --- decisions -------------------------------------------------------------------------------------------------------


def decision(*rules: tuple[str, str], policy: str = "UNIQUE") -> bytes:
    rows = "".join(
        f"<rule id='r{n}'><inputEntry><text>{cell.replace('<', '&lt;')}</text></inputEntry>"
        f"<outputEntry><text>{result}</text></outputEntry></rule>"
        for n, (cell, result) in enumerate(rules)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x" namespace="x">'
        f'<decision id="d" name="d"><decisionTable hitPolicy="{policy}"><input label="x"><inputExpression>'
        f'<text>x</text></inputExpression></input><output name="y"/>{rows}</decisionTable></decision>'
        "</definitions>"
    ).encode()


def test_a_decision_that_reads_what_nothing_sets_is_found() -> None:
    def asking(name: str) -> dict[tuple[str, str | None], str]:
        table = decision(("<= 10", "1"), ("> 10", "2")).replace(b"<text>x</text>", f"<text>{name}</text>".encode())
        ask = node("businessRuleTask", "b", extended('<radnice:decision ref="d" result="y"/>'))
        return found(line(("b", ask), start=start_form("application")), d__dmn=table)

    assert "reads the variable population" in asking("population")["variables-are-set", "b"]
    assert ("variables-are-set", "b") not in asking("inhabitants")


@pytest.mark.parametrize(
    ("content", "rule", "sentence"),
    [
        (decision(("<= 10", "1"), ("> 10", "2")), None, ""),
        (decision(("< 10", "1"), ("> 10", "2")), "decision-gaps", "No rule matches x = 10"),
        (decision(("<= 10", "1"), (">= 10", "2")), "decision-overlaps", "For x = 10 the rules 1, 2 match"),
        (decision(("<= 10", "1"), (">= 10", "2"), policy="ANY"), "decision-overlaps", "different results"),
        (decision(("<= 10", "1"), (">= 10", "1"), policy="ANY"), None, ""),
        (decision(('"a"', "1"), ('not("a")', "2")), None, ""),
        (decision(("<= 10", "1"), ("-", "2"), policy="FIRST"), None, ""),
        (decision(("< < 10", "1")), "readable", "can't be read"),
        (b"nonsense", "readable", "well-formed"),
    ],
)
def test_gaps_and_overlaps_of_a_table_are_found(content: bytes, rule: str | None, sentence: str) -> None:
    problems = check_dmn(content, lang="en")
    assert [p.rule for p in problems] == ([rule] if rule else [])
    assert all(sentence in p.message for p in problems)


@pytest.mark.parametrize("path", ["x.bpmn", "x.dmn", "forms/x.json", "agenda.toml", "registers/x.json"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]", b"<a/>"])
def test_no_file_is_bad_enough_for_an_exception(path: str, content: bytes) -> None:
    check_agenda({**agenda(line()), path: content})


def test_a_function_that_does_not_exist_is_found_before_it_runs() -> None:
    messages = found(line(("a", script("a", "b = roud(name)")), start=start_form("application")))
    assert "no function roud" in messages["texts-can-be-read", "a"]


def four_eyes(first: str, second: str) -> dict[tuple[str, str | None], str]:
    tasks = (("a", human("a", first)), ("b", human("b", f'{second} differsFrom="a"')))
    return found(line(*tasks))


def test_four_eyes_that_are_one_persons_are_found() -> None:
    one = 'form="application" assignee="boss"'
    assert "same person's" in four_eyes(one, one)["somebody-may", "b"]
    assert ("somebody-may", "b") not in four_eyes(one, 'form="application" group="staff"')


def test_four_eyes_need_a_task_that_comes_before() -> None:
    tasks = (("a", human("a", 'group="staff" differsFrom="b"')), ("b", human("b", 'group="staff"')))
    assert "never comes before" in found(line(*tasks))["somebody-may", "a"]


STORE = '<dataStoreReference id="store" radnice:register="{}"/>'
SAVES = """<dataOutputAssociation><targetRef>store</targetRef><assignment><from>1</from><to>{}</to></assignment>
</dataOutputAssociation>"""


@pytest.mark.parametrize("register, name, said", [("dogs", "chip", ""), ("cats", "chip", "cats"), ("dogs", "x", "x")])
def test_a_data_store_names_a_register_of_the_agenda_and_its_fields(register: str, name: str, said: str) -> None:
    dogs = {"key": "dogs", "schema": {"type": "object", "properties": {"chip": {"type": "string"}}}}
    task = node("manualTask", "t", SAVES.format(name))
    diagram = process(
        STORE.format(register), node("startEvent", "s"), task, node("endEvent", "e"), flow("s", "t"), flow("t", "e")
    )
    files = {"agenda.toml": MANIFEST, "a.bpmn": file(diagram), "registers/dogs.json": json.dumps(dogs).encode()}
    problems = [p for p in check_agenda(files, lang="en") if p.rule in ("data-stores", "names-are-known")]
    assert [said in p.message and p.severity for p in problems] == (["error"] if said else [])
