"""Decisions as they are written: read, compared rule by rule, given a place on the sheet."""

from __future__ import annotations

import re

import pytest

from engine.dmn import read_decisions
from engine.dmn.difference import differences
from engine.dmn.placing import placed
from engine.dmn.texts import read_texts
from engine.errors import UnreadableModel
from processes.catalogue import load

FEE = load("membership").files["membership_fee.dmn"].decode()
STRATEGY = load("energy").files["renewal_strategy.dmn"].decode()


def compared(after: str, before: str = FEE) -> dict[str, str]:
    """State of every rule by its numbers before and after."""
    one = differences(read_texts(before.encode()), read_texts(after.encode()))[0]
    return {f"{rule.number_before}-{rule.number_after}": rule.state for rule in one.rules}


def rule_of(key: str) -> str:
    """The text of one rule."""
    found = re.search(rf' *<rule id="{key}">.*?</rule>\n', FEE, re.S)
    assert found
    return found[0]


def test_a_table_is_read_as_it_is_written() -> None:
    fee = read_texts(FEE.encode())[0]
    assert (fee.id, fee.hit_policy, len(fee.rules)) == ("membership_fee", "UNIQUE", 7)
    assert [one.label for one in fee.columns][2:] == ["Počet obyvatel", "Kč na obyvatele", "Kč za rok"]
    assert fee.rules[0].cells[2:] == ("<= 10000", "3", "inhabitants * 3")
    assert fee.rules[0].annotation == "do 10 000 obyvatel"


def test_the_same_file_differs_in_nothing() -> None:
    assert {one.state for one in differences(read_texts(FEE.encode()), read_texts(FEE.encode()))} == {"same"}
    drawn_elsewhere = FEE.replace('x="160"', 'x="320"')
    assert {one.state for one in differences(read_texts(FEE.encode()), read_texts(drawn_elsewhere.encode()))} == {
        "same"
    }


def test_changed_added_removed_and_moved_rules_are_told_apart() -> None:
    changed = compared(FEE.replace("inhabitants * 3", "inhabitants * 4"))
    assert changed.pop("1-1") == "changed"
    assert set(changed.values()) == {"same"}
    gone = compared(FEE.replace(rule_of("fee_region"), ""))
    assert gone["4-None"] == "removed"
    assert gone["5-4"] == "same"
    extra = rule_of("fee_region").replace("fee_region", "fee_new")
    assert compared(FEE.replace(rule_of("fee_region"), extra + rule_of("fee_region")))["None-4"] == "added"
    first = FEE.replace(rule_of("fee_other"), "").replace(
        rule_of("fee_small"), rule_of("fee_other") + rule_of("fee_small")
    )
    assert compared(first)["7-1"] == "moved"


def test_an_empty_cell_means_the_same_as_a_dash() -> None:
    assert set(compared(FEE.replace("<text>-</text>", "<text></text>")).values()) == {"same"}


def test_a_new_column_changes_only_rules_that_say_something_in_it() -> None:
    column = '<input id="fee_in_new" label="Nový"><inputExpression id="x"><text>new</text></inputExpression></input>\n'
    with_column = FEE.replace('      <output id="fee_out_rate"', f'{column}      <output id="fee_out_rate"')
    cells = re.sub(
        r'(<rule id="(\w+)">.*?)(\s*<outputEntry id="\w+_4">)',
        r'\1<inputEntry id="\2_9"><text>-</text></inputEntry>\3',
        with_column,
        flags=re.S,
    )
    assert set(compared(cells).values()) == {"same"}
    assert compared(cells.replace('fee_small_9"><text>-', 'fee_small_9"><text>true'))["1-1"] == "changed"
    one = differences(read_texts(FEE.encode()), read_texts(cells.encode()))[0]
    assert [column.state for column in one.columns].count("added") == 1


def test_decisions_that_nobody_drew_get_a_place_and_mean_the_same() -> None:
    drawn = placed(STRATEGY.encode())
    assert b"DMNShape" in drawn
    assert read_texts(drawn) == read_texts(STRATEGY.encode())
    assert placed(drawn) == drawn
    assert placed(FEE.encode()) == FEE.encode()


def test_what_asks_stands_above_what_it_asks_and_circles_end() -> None:
    text = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="n" namespace="x">
      <decision id="high" name="High"><informationRequirement><requiredDecision href="#low"/></informationRequirement>
      </decision><decision id="low" name="Low"><informationRequirement><requiredInput href="#age"/>
      </informationRequirement></decision><inputData id="age" name="Age"/></definitions>"""
    drawn = placed(text.encode()).decode()
    heights = {key: int(y) for key, y in re.findall(r'dmnElementRef="(\w+)">\s*<\w+:Bounds x="\d+" y="(\d+)"', drawn)}
    assert heights["high"] < heights["low"] < heights["age"]
    assert drawn.count("DMNEdge id=") == 2
    assert "20191111/MODEL" in drawn
    circle = text.replace('href="#age"', 'href="#high"').replace("requiredInput", "requiredDecision")
    assert placed(circle.encode())


def test_harmful_files_are_refused() -> None:
    for text in (b"<!DOCTYPE a []><a/>", b"<a/>", b"<a", b""):
        with pytest.raises(UnreadableModel):
            placed(text)
        with pytest.raises(UnreadableModel):
            read_texts(text)


def test_a_cell_that_cannot_be_read_is_still_shown() -> None:
    broken = FEE.replace("&lt;= 10000", "&lt;= (")
    with pytest.raises(UnreadableModel):
        read_decisions(broken.encode())
    assert read_texts(broken.encode())[0].rules[0].cells[2] == "<= ("
