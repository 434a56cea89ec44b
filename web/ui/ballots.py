"""Ballots on pages: what each option offers to mark, what was marked, and what is wrong with it in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.queries.figures import Figure
from engine.voting.counting import Result, Standing
from engine.voting.rules import Fault, Option, Paper
from web.i18n import _, language
from web.ui.charts import Chart, chart
from web.ui.words import crowns

#: What the name of a field begins with; the id of the option follows.
PREFIX = "m."
_NUMBER = re.compile(r"-?[0-9]{1,4}")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One thing that may be marked at an option."""

    number: int
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """An option with its marks."""

    option: Option
    group: str
    marks: Sequence[Mark]
    error: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """An option of a result."""

    option: Option
    group: str
    standing: Standing
    outcome: str


def marked(paper: Paper, posted: Mapping[str, str]) -> dict[str, int]:
    """Read what was marked; what is no number counts as 9999, which no rule allows."""
    found = {}
    for name, value in posted.items():
        if name.startswith(PREFIX) and value not in ("", "0"):
            found[name.removeprefix(PREFIX)[:40]] = int(value) if _NUMBER.fullmatch(value) else 9999
    return found


def lines(paper: Paper, marks: Mapping[str, int], faults: Sequence[Fault] = ()) -> list[Line]:
    """Give the options that may be voted for, in their order on the paper."""
    groups = {one.key: one.title for one in paper.classes}
    wrong = {fault.option: sentence(fault, paper) for fault in reversed(faults) if fault.option}
    return [
        Line(
            option=option,
            group=groups[option.group],
            marks=[
                Mark(number=number, label=label, chosen=marks.get(option.id, 0) == number)
                for number, label in _offered(paper)
            ],
            error=wrong.get(option.id, ""),
        )
        for option in paper.options
        if not option.withdrawn
    ]


def _offered(paper: Paper) -> list[tuple[int, str]]:
    rules = paper.rules
    if rules.method == "plus_minus":
        numbers = range(-rules.minus_each if rules.minus else 0, rules.plus_each + 1)
        return [(number, _label(number)) for number in reversed(numbers)]
    if rules.method == "points":
        return [(number, str(number)) for number in range(rules.points_each + 1)]
    return [(1, _("I choose it")), (0, _("no vote"))]


def _label(number: int) -> str:
    if number == 0:
        return _("no vote")
    return _("for: %(number)s", number=f"+{number}") if number > 0 else _("against: %(number)s", number=f"−{-number}")


def how(paper: Paper) -> str:
    """Say the rules of a ballot in a sentence or two."""
    rules = paper.rules
    if rules.method == "plus_minus":
        told = _("You have %(plus)s votes for, at most %(each)s to one project.", plus=rules.plus, each=rules.plus_each)
        if rules.minus:
            told += " " + _(
                "You also have %(minus)s votes against, at most %(each)s to one project.",
                minus=rules.minus,
                each=rules.minus_each,
            )
        return told + " " + _("You needn't use all of them.")
    if rules.method == "approval":
        return _("Choose at most %(most)s projects.", most=rules.choices)
    if rules.method == "knapsack":
        money = sum(one.budget for one in paper.classes)
        return _("Choose projects that cost at most %(money)s together.", money=crowns(money, language()))
    return _(
        "You have %(points)s points, at most %(each)s for one project.", points=rules.points, each=rules.points_each
    )


def sentence(fault: Fault, paper: Paper) -> str:
    """Say what is wrong with a ballot."""
    most = fault.most
    sentences = {
        "plus-each": _("One project can get at most %(most)s votes for.", most=most),
        "minus-each": _("One project can get at most %(most)s votes against.", most=most),
        "plus": _("You gave out more votes for than you have: at most %(most)s.", most=most),
        "minus": _("You gave out more votes against than you have: at most %(most)s.", most=most),
        "choices": _("You have chosen too many projects: at most %(most)s.", most=most),
        "budget": _("What you have chosen costs more than there is money."),
        "points": _("You gave out more points than you have: at most %(most)s.", most=most),
        "points-each": _("One project can get at most %(most)s points.", most=most),
        "empty": _("Mark at least one project."),
        "unknown-option": _("One of the projects is not on the ballot any more. Look at it again."),
    }
    return sentences.get(fault.code) or _("This can't be marked here.")


def outcomes() -> dict[str, str]:
    """How an option may come out."""
    return {
        "chosen": _("chosen"),
        "over_budget": _("not chosen, the money was gone"),
        "opposed": _("left out, more people against than for"),
        "few_votes": _("not chosen, no votes"),
        "no_quorum": _("not chosen, too few people voted"),
        "withdrawn": _("withdrawn"),
    }


def rows(paper: Paper, result: Result) -> list[Row]:
    """Give the result by place."""
    options = {option.id: option for option in paper.options}
    groups, said = {one.key: one.title for one in paper.classes}, outcomes()
    return [
        Row(
            option=options[one.option],
            group=groups[options[one.option].group],
            standing=one,
            outcome=said[one.outcome],
        )
        for one in result.standings
    ]


def votes_chart(paper: Paper, result: Result) -> Chart:
    """Draw votes for and against, an option a bar."""
    titles = {option.id: option.title for option in paper.options}
    figures = [Figure(group=one.option, part="plus", value=float(one.plus)) for one in result.standings]
    parts: dict[str | None, str] = {"plus": _("votes for")}
    if paper.rules.method == "plus_minus" and paper.rules.minus:
        figures += [Figure(group=one.option, part="minus", value=float(one.minus)) for one in result.standings]
        parts["minus"] = _("votes against")
    names: dict[str | None, str] = {one.option: titles[one.option] for one in result.standings}
    return chart("stacked", figures, names, parts, in_time=False)
