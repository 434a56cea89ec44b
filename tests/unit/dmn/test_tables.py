"""Decision tables: hit policies, requirements, the membership fee, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from engine import dmn
from engine.errors import DecisionError, UnreadableModel

NAMESPACES = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def text(tag: str, content: str, attributes: str = "") -> str:
    return f"<{tag} {attributes}><text>{content.translate(ESCAPES)}</text></{tag}>"


def table(
    policy: str, inputs: list[str], outputs: list[str], rules: list[str], extra: str = "", values: str = ""
) -> str:
    """Build a table; a rule is `cells | results`, separated by semicolons."""
    columns = "".join(f"<input>{text('inputExpression', i)}</input>" for i in inputs)
    columns += "".join(f'<output name="{o}">{values}</output>' for o in outputs)
    rows = ""
    for number, rule in enumerate(rules, 1):
        cells, results = rule.split("|")
        entries = "".join(text("inputEntry", cell.strip()) for cell in cells.split(";"))
        entries += "".join(text("outputEntry", cell.strip()) for cell in results.split(";"))
        rows += f'<rule id="r{number}">{entries}</rule>'
    return f'<decisionTable hitPolicy="{policy}" {extra}>{columns}{rows}</decisionTable>'


def decision(logic: str, identifier: str = "d", requires: str = "") -> str:
    return f'<decision id="{identifier}" name="{identifier}">{requires}{logic}</decision>'


def needs(*identifiers: str) -> str:
    inner = "".join(f'<requiredDecision href="#{i}"/>' for i in identifiers)
    return f"<informationRequirement>{inner}</informationRequirement>" if inner else ""


def file(*decisions: str, version: str = "1.3") -> bytes:
    head = f'<definitions xmlns="{NAMESPACES[version]}" id="x" name="x" namespace="x">'
    return (head + "".join(decisions) + "</definitions>").encode()


def value(logic: str, **variables: Any) -> Any:
    return dmn.evaluate(dmn.read_decisions(file(decision(logic))), "d", variables).value


def fee_table() -> str:
    return table(
        "UNIQUE",
        ["kind", "inhabitants"],
        ["rate", "annual"],
        [
            '"municipality"; <= 10000 | 3; inhabitants * 3',
            '"municipality"; ]10000..100000] | 2; inhabitants * 2',
            '"municipality"; > 100000 | 1; inhabitants',
            '"region"; - | 0; 49000',
            '"starter"; - | 0; 5000',
        ],
    )


@pytest.mark.parametrize(
    ("kind", "inhabitants", "annual"),
    [
        ("municipality", 2540, 7620),
        ("municipality", 10_000, 30_000),
        ("municipality", 10_001, 20_002),
        ("municipality", 100_000, 200_000),
        ("municipality", 100_001, 100_001),
        ("region", 1, 49_000),
        ("starter", None, 5_000),
    ],
)
def test_the_membership_fee(kind: str, inhabitants: int | None, annual: int) -> None:
    found = value(fee_table(), kind=kind, inhabitants=inhabitants)
    assert found["annual"] == annual and isinstance(found["annual"], int)


def test_the_account_says_which_rule_fired_on_what() -> None:
    outcome = dmn.evaluate(dmn.read_decisions(file(decision(fee_table()))), "d", {"kind": "region", "inhabitants": 5})
    assert outcome.inputs == {"kind": "region", "inhabitants": 5}
    assert [(rule["rule"], rule["number"], rule["outputs"]) for rule in outcome.rules] == [
        ("r4", 4, {"rate": 0, "annual": 49000})
    ]


@pytest.mark.parametrize("version", list(NAMESPACES))
def test_every_version_of_the_format_is_read(version: str) -> None:
    content = file(decision(table("FIRST", ["x"], ["y"], ["> 1 | 5"])), version=version)
    assert dmn.evaluate(dmn.read_decisions(content), "d", {"x": 2}).value == 5


# --- hit policies ----------------------------------------------------------------------------------------------------

OVERLAPPING = ["> 1 | 5", "> 2 | 7", "> 3 | 7"]
PRIORITIES = "<outputValues><text>7, 5</text></outputValues>"


@pytest.mark.parametrize(
    ("policy", "extra", "x", "expected"),
    [
        ("UNIQUE", "", 2, 5),
        ("FIRST", "", 4, 5),
        ("ANY", "", 2, 5),
        ("PRIORITY", "", 3, 7),
        ("RULE ORDER", "", 4, [5, 7, 7]),
        ("OUTPUT ORDER", "", 4, [7, 7, 5]),
        ("COLLECT", "", 4, [5, 7, 7]),
        ("COLLECT", 'aggregation="SUM"', 4, 19),
        ("COLLECT", 'aggregation="MIN"', 4, 5),
        ("COLLECT", 'aggregation="MAX"', 4, 7),
        ("COLLECT", 'aggregation="COUNT"', 4, 2),
        ("UNIQUE", "", 0, None),
        ("FIRST", "", 0, None),
        ("RULE ORDER", "", 0, []),
        ("COLLECT", "", 0, []),
        ("COLLECT", 'aggregation="SUM"', 0, None),
        ("COLLECT", 'aggregation="COUNT"', 0, 0),
    ],
)
def test_a_hit_policy_chooses(policy: str, extra: str, x: int, expected: Any) -> None:
    assert value(table(policy, ["x"], ["y"], OVERLAPPING, extra, PRIORITIES), x=x) == expected


def test_a_unique_table_refuses_two_matches_and_names_them() -> None:
    with pytest.raises(DecisionError, match="rules 1, 2"):
        value(table("UNIQUE", ["x"], ["y"], OVERLAPPING), x=3)


def test_an_any_table_refuses_matches_that_differ_and_takes_those_that_agree() -> None:
    with pytest.raises(DecisionError, match="different results"):
        value(table("ANY", ["x"], ["y"], OVERLAPPING), x=3)
    assert value(table("ANY", ["x"], ["y"], ["> 1 | 5", "> 2 | 5"]), x=3) == 5


def test_nothing_that_matches_gives_the_default() -> None:
    default = "<defaultOutputEntry><text>0</text></defaultOutputEntry>"
    assert value(table("UNIQUE", ["x"], ["y"], ["> 1 | 5"], values=default), x=0) == 0


def test_no_rule_for_a_variable_that_is_not_there_is_an_error() -> None:
    logic = table("UNIQUE", ["x"], ["y"], ["> 1 | 5"])
    assert value(logic, x=None) is None
    with pytest.raises(DecisionError, match="variable x is not there"):
        value(logic)


def test_a_decision_knows_the_variables_it_looks_at() -> None:
    rate = decision(table("UNIQUE", ["n + m"], ["y"], ["<= limit | z", "> 10 | 2"]), "rate")
    body = "rate * k + sum(for i in rows return i)"
    total = decision(text("literalExpression", body), "total", needs("rate"))
    decisions = dmn.read_decisions(file(total, rate))
    assert dmn.variables_of(decisions, "total") == {"n", "m", "limit", "z", "k", "rows"}


def test_a_value_that_the_column_does_not_allow_is_an_error() -> None:
    column = f"<input>{text('inputExpression', 'x')}{text('inputValues', '1, 2')}</input>"
    logic = table("UNIQUE", ["x"], ["y"], ["1 | 5"]).replace(f"<input>{text('inputExpression', 'x')}</input>", column)
    assert value(logic, x=1) == 5
    with pytest.raises(DecisionError, match="does not allow"):
        value(logic, x=3)


def test_money_and_dates_written_as_texts_are_read_by_the_type_of_the_column() -> None:
    logic = table("UNIQUE", ["amount"], ["y"], ["> 50000 | 1", "<= 50000 | 2"])
    typed = logic.replace("<inputExpression ", '<inputExpression typeRef="number" ')
    assert value(typed, amount="50000.01") == 1
    assert value(typed, amount="50000.00") == 2


# --- several decisions -----------------------------------------------------------------------------------------------


def test_a_decision_uses_those_it_requires() -> None:
    base = decision(table("UNIQUE", ["n"], ["y"], ["<= 10 | 3", "> 10 | 2"]), "rate")
    total = decision(text("literalExpression", "rate * n"), "total", needs("rate"))
    outcome = dmn.evaluate(dmn.read_decisions(file(total, base)), "total", {"n": 4})
    assert outcome.value == 12
    assert [rule["decision"] for rule in outcome.rules] == ["rate"]


def test_decisions_of_several_files_are_one_set() -> None:
    base = file(decision(text("literalExpression", "2"), "rate"))
    total = file(decision(text("literalExpression", "rate * 2"), "total", needs("rate")))
    assert dmn.evaluate(dmn.read_decisions(base, total), "total", {}).value == 4


def test_a_business_knowledge_model_is_a_function() -> None:
    model = (
        '<businessKnowledgeModel id="k" name="pro rata"><encapsulatedLogic><formalParameter name="fee"/>'
        '<formalParameter name="months"/>' + text("literalExpression", "fee * months / 12") + "</encapsulatedLogic>"
        "</businessKnowledgeModel>"
    )
    direct = decision(text("literalExpression", "pro rata(7620, 6)"))
    assert dmn.evaluate(dmn.read_decisions(file(model, direct)), "d", {}).value == 3810
    bindings = "".join(
        f'<binding><parameter name="{n}"/>{text("literalExpression", v)}</binding>'
        for n, v in [("months", "6"), ("fee", "12")]
    )
    boxed = decision(f"<invocation>{text('literalExpression', 'pro rata')}{bindings}</invocation>")
    assert dmn.evaluate(dmn.read_decisions(file(model, boxed)), "d", {}).value == 6


def test_a_boxed_context_gives_its_last_entry() -> None:
    entries = f'<contextEntry><variable name="a"/>{text("literalExpression", "2")}</contextEntry>'
    entries += f"<contextEntry>{text('literalExpression', 'a * 3')}</contextEntry>"
    assert value(f"<context>{entries}</context>") == 6


def test_a_decision_is_found_by_its_name_and_an_unknown_one_is_an_error() -> None:
    content = file(decision(text("literalExpression", "1")).replace('name="d"', 'name="Sazba"'))
    decisions = dmn.read_decisions(content)
    assert dmn.evaluate(decisions, "Sazba", {}).value == 1
    with pytest.raises(DecisionError, match="no decision other"):
        dmn.evaluate(decisions, "other", {})


# --- files that are refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "well-formed"),
        (b"<a/>", "not a DMN file"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (file(decision(table("BEST", ["x"], ["y"], []))), "hit policy BEST"),
        (file(decision(table("UNIQUE", ["x"], ["y"], ["< | 1"]))), "can't be read"),
        (file(decision(table("UNIQUE", ["x"], ["y"], ["1; 2 | 1"]))), "as many cells"),
        (file(decision(table("UNIQUE", ["x"], [], []))), "no output"),
        (file(decision("", "a", needs("b")), decision("", "b", needs("a"))), "requires itself"),
        (file(decision("", "a"), decision("", "a")), "twice"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableModel, match=why):
        dmn.read_decisions(content)
