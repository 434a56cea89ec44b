"""The count: figures of the domain's acceptance story, and what holds for any ballots."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.voting.counting import Result, commitment_of, count, lot_of
from engine.voting.published import line_of, marks_of, publication, recount
from engine.voting.rules import MoneyClass, Option, Paper, Rules, read_paper

MONEY = MoneyClass(key="all", title="Město", budget=500_000)


def paper(*options: tuple[str, int], budget: int = 500_000, **rules: object) -> Paper:
    return Paper(
        rules=Rules(**rules),  # type: ignore[arg-type]
        options=[Option(id=name, title=name, price=price, group="all") for name, price in options],
        classes=[MoneyClass(key="all", title="Město", budget=budget)],
    )


def outcomes(result: Result) -> dict[str, str]:
    return {one.option: one.outcome for one in result.standings}


def test_thirty_for_and_thirty_one_against_is_excluded() -> None:
    """Citizens count, not votes: sixty positive votes of thirty people don't help."""
    ballots = [({"skate": 2}, 30), ({"skate": -1, "trees": 1}, 31)]
    result = count(paper(("skate", 1), ("trees", 1)), ballots, "seed")
    skate = next(one for one in result.standings if one.option == "skate")
    assert (skate.plus, skate.people_for, skate.people_against) == (60, 30, 31)
    assert (skate.outcome, skate.place) == ("opposed", 0)
    assert outcomes(result)["trees"] == "chosen"


def test_as_many_for_as_against_stays() -> None:
    result = count(paper(("skate", 1)), [({"skate": 1}, 30), ({"skate": -1}, 30)], "seed")
    assert outcomes(result) == {"skate": "chosen"}


def test_fewer_negative_votes_go_first_among_equals() -> None:
    ballots = [({"a": 2, "b": 2}, 5), ({"a": -1}, 1)]
    assert count(paper(("a", 1), ("b", 1)), ballots, "seed").chosen == ["b", "a"]


def test_a_tie_is_broken_by_the_lot_and_says_so() -> None:
    first, second = sorted(("a", "b"), key=lambda name: lot_of("seed", name))
    result = count(paper(("a", 1), ("b", 1), ("c", 1)), [({"a": 1, "b": 1, "c": 2}, 3)], "seed")
    assert [one.option for one in result.standings] == ["c", first, second]
    assert [bool(one.lot) for one in result.standings] == [False, True, True]


def test_another_seed_may_draw_otherwise() -> None:
    papers = paper(("a", 1), ("b", 1))
    drawn = {count(papers, [({"a": 1, "b": 1}, 1)], f"seed {at}").chosen[0] for at in range(20)}
    assert drawn == {"a", "b"}


def test_money_of_a_class_ends_at_the_first_that_does_not_fit() -> None:
    options = (("a", 300_000), ("b", 250_000), ("c", 100_000))
    ballots = [({"a": 1}, 9), ({"b": 1}, 8), ({"c": 1}, 7)]
    stopped = count(paper(*options), ballots, "seed")
    assert outcomes(stopped) == {"a": "chosen", "b": "over_budget", "c": "over_budget"}
    skipped = count(paper(*options, over_budget="skip"), ballots, "seed")
    assert outcomes(skipped) == {"a": "chosen", "b": "over_budget", "c": "chosen"}
    assert skipped.classes[0].spent == 400_000


def test_each_class_has_its_own_money() -> None:
    two = Paper(
        options=[
            Option(id="park", title="", price=100, group="small"),
            Option(id="bench", title="", price=90, group="small"),
            Option(id="hall", title="", price=900, group="big"),
        ],
        classes=[MoneyClass(key="small", title="", budget=100), MoneyClass(key="big", title="", budget=900)],
    )
    result = count(two, [({"park": 2, "bench": 1, "hall": 1}, 4)], "seed")
    assert outcomes(result) == {"park": "chosen", "bench": "over_budget", "hall": "chosen"}
    assert [(one.key, one.spent) for one in result.classes] == [("small", 100), ("big", 900)]


def test_nobody_came() -> None:
    result = count(paper(("a", 1), ("b", 1)), [], "seed")
    assert (result.ballots, result.chosen) == (0, [])
    assert set(outcomes(result).values()) == {"few_votes"}


def test_without_a_quorum_nothing_is_chosen() -> None:
    result = count(paper(("a", 1), quorum=3), [({"a": 1}, 2)], "seed")
    assert (result.quorum_met, outcomes(result)) == (False, {"a": "no_quorum"})
    assert count(paper(("a", 1), quorum=3), [({"a": 1}, 3)], "seed").chosen == ["a"]


def test_votes_for_what_was_withdrawn_count_for_nothing() -> None:
    one = Paper(
        options=[Option(id="a", title="", group="all", withdrawn=True), Option(id="b", title="", group="all")],
        classes=[MONEY],
    )
    result = count(one, [({"a": 2, "b": 1}, 3)], "seed")
    assert outcomes(result) == {"b": "chosen", "a": "withdrawn"}


@pytest.mark.parametrize(
    ("marks", "faults"),
    [
        ({"a": 2, "b": 2, "c": 1, "d": -1, "e": -1}, []),
        ({"a": 3}, [("plus-each", "a", 2)]),
        ({"a": -2}, [("minus-each", "a", 1)]),
        ({"a": 2, "b": 2, "c": 2}, [("plus", "", 5)]),
        ({"a": -1, "b": -1, "c": -1}, [("minus", "", 2)]),
        ({"zoo": 1}, [("unknown-option", "zoo", 0)]),
        ({"a": 0}, [("empty", "", 0)]),
        ({"a": True}, [("bad-number", "a", 0)]),
    ],
)
def test_five_for_and_two_against(marks: dict[str, int], faults: list[tuple[str, str, int]]) -> None:
    """Domain 5.1: 5 positive votes, 2 for one project at most; 2 negative, 1 for one project."""
    found = paper(*((name, 1) for name in "abcde")).faults(marks)
    assert [(one.code, one.option, one.most) for one in found] == faults


@pytest.mark.parametrize(
    ("rules", "marks", "codes"),
    [
        ({"method": "approval", "choices": 2}, {"a": 1, "b": 1}, []),
        ({"method": "approval", "choices": 2}, {"a": 1, "b": 1, "c": 1}, ["choices"]),
        ({"method": "approval", "choices": 2}, {"a": 2}, ["plus-each"]),
        ({"method": "approval"}, {"a": -1}, ["negative"]),
        ({"method": "knapsack"}, {"a": 1, "b": 1}, []),
        ({"method": "knapsack"}, {"a": 1, "b": 1, "c": 1}, ["budget"]),
        ({"method": "points", "points": 6, "points_each": 4}, {"a": 4, "b": 2}, []),
        ({"method": "points", "points": 6, "points_each": 4}, {"a": 4, "b": 3}, ["points"]),
        ({"method": "points", "points": 6, "points_each": 4}, {"a": 5}, ["points-each"]),
    ],
)
def test_other_methods(rules: dict[str, object], marks: dict[str, int], codes: list[str]) -> None:
    found = paper(("a", 60), ("b", 40), ("c", 1), budget=100, **rules).faults(marks)
    assert [fault.code for fault in found] == codes


@pytest.mark.parametrize(
    ("rules", "options", "classes"),
    [
        ({"method": "dice"}, [{"id": "a", "title": ""}], [{"key": "", "title": "", "budget": 1}]),
        ({}, [], [{"key": "", "title": "", "budget": 1}]),
        ({}, [{"id": "a", "title": ""}, {"id": "a", "title": ""}], [{"key": "", "title": "", "budget": 1}]),
        ({}, [{"id": "a;b=1", "title": ""}], [{"key": "", "title": "", "budget": 1}]),
        ({}, [{"id": "a", "title": "", "group": "x"}], [{"key": "", "title": "", "budget": 1}]),
        ({}, [{"id": "a", "title": "", "price": -1}], [{"key": "", "title": "", "budget": 1}]),
        ({}, [{"id": "a", "title": "", "colour": "red"}], [{"key": "", "title": "", "budget": 1}]),
    ],
)
def test_a_ballot_paper_that_makes_no_sense_is_refused(rules: object, options: object, classes: object) -> None:
    with pytest.raises(Invalid):
        read_paper(rules, options, classes)


NAMES = "abcdef"
BALLOTS = st.lists(st.dictionaries(st.sampled_from(NAMES), st.integers(-1, 2), max_size=6), max_size=40)
PAPER = paper(*((name, 100 + at) for at, name in enumerate(NAMES)), budget=300)


@settings(max_examples=150, deadline=None)
@given(ballots=BALLOTS, order=st.randoms(use_true_random=False))
def test_whoever_counts_in_whatever_order_gets_the_same(ballots: list[dict[str, int]], order: object) -> None:
    shuffled = list(ballots)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    together = Counter(line_of(marks) for marks in ballots)
    first = count(PAPER, ((marks, 1) for marks in ballots), "seed")
    assert first == count(PAPER, ((marks, 1) for marks in shuffled), "seed")
    assert first == count(PAPER, ((marks_of(line), times) for line, times in together.items()), "seed")


@settings(max_examples=150, deadline=None)
@given(ballots=BALLOTS)
def test_no_class_gives_out_more_than_it_has(ballots: list[dict[str, int]]) -> None:
    result = count(PAPER, ((marks, 1) for marks in ballots), "seed")
    prices = {option.id: option.price for option in PAPER.options}
    assert sum(prices[name] for name in result.chosen) == result.classes[0].spent <= 300
    assert all(one.people_against <= one.people_for for one in result.standings if one.outcome == "chosen")


@settings(max_examples=100, deadline=None)
@given(ballots=BALLOTS)
def test_one_more_vote_for_it_never_costs_a_place(ballots: list[dict[str, int]]) -> None:
    before = {one.option: one.place for one in count(PAPER, ((each, 1) for each in ballots), "seed").standings}
    more = [*ballots, {"a": 2}]
    after = {one.option: one.place for one in count(PAPER, ((each, 1) for each in more), "seed").standings}
    assert before["a"] == 0 or 0 < after["a"] <= before["a"]


def file_of(ballots: list[dict[str, int]], secret: str = "s" * 64) -> dict[str, object]:
    valid = [marks for marks in ballots if not PAPER.faults(marks)]
    lines = Counter(line_of(marks) for marks in valid)
    receipts = [f"R-{at}" for at in range(len(valid))]
    return publication(key="2026", title="Hlasování", paper=PAPER, ballots=lines, receipts=receipts, secret=secret)


@settings(max_examples=60, deadline=None)
@given(ballots=BALLOTS)
def test_the_published_file_gives_the_published_result(ballots: list[dict[str, int]]) -> None:
    found = recount(json.dumps(file_of(ballots)))
    assert found.problems == []


BOX = [{"a": 2, "b": 1}, {"a": 1}, {"c": 2, "a": -1}]


@pytest.mark.parametrize(
    ("place", "value", "tells"),
    [
        ("secret", "another", "promised"),
        ("seed", "0" * 64, "seed of the lots"),
        ("box", "0" * 64, "fingerprint"),
        ("receipts", ["R-0", "R-0", "R-1"], "different receipts"),
        ("ballots", [{"times": 3, "marks": {"a": 2, "b": 2, "c": 2}}], "break the rules"),
        ("ballots", [{"times": 3, "marks": {"c": 1}}], "result is not"),
    ],
)
def test_a_file_that_was_tampered_with_is_found_out(place: str, value: object, tells: str) -> None:
    problems = recount(json.dumps(file_of(BOX) | {place: value})).problems
    assert any(tells in problem for problem in problems), problems


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"rules": 1}', json.dumps({**file_of(BOX), "ballots": [{"times": 1}]})]
)
def test_what_is_no_published_file_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        recount(text)


def test_a_ballot_for_something_else_is_refused() -> None:
    with pytest.raises(Invalid, match="zoo"):
        recount(json.dumps(file_of(BOX) | {"ballots": [{"times": 3, "marks": {"zoo": 1}}]}))


def test_the_promise_tells_nothing_of_the_secret() -> None:
    assert commitment_of("secret") != commitment_of("secret ")
    assert "secret" not in commitment_of("secret")
