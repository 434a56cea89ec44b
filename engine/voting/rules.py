"""What a ballot may say: five pluses and two minuses, so many crosses, projects within the money, points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import Invalid
from engine.model import Json

#: Whole numbers by option: what one ballot gives each; options with 0 are left out.
Marks = Mapping[str, int]
#: An address of ours without host, or none.
_PAGE = re.compile(r"(/(?![/\\])[^\s\\]{0,500})?")
METHODS = ("plus_minus", "approval", "knapsack", "points")
#: More would be no ballot that anybody could read.
MOST_OPTIONS = 500


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing to vote on."""

    id: str
    title: str
    #: A few words about it.
    text: str = ""
    #: Whole crowns; what being chosen takes out of its class.
    price: int = 0
    #: Key of its class of money; "" where there is only one.
    group: str = ""
    #: Page of ours with more about it, such as that of a public record; "" = there is none.
    about: str = ""
    #: Taken off the ballot meanwhile: what was given to it counts for nothing.
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class MoneyClass:
    """Money for options of one class, in whole crowns."""

    key: str
    title: str
    budget: int


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A rule that a ballot breaks. `most` is what the rule allows."""

    #: unknown-option, bad-number, negative, plus-each, minus-each, plus, minus, choices, budget, points, points-each,
    #: empty
    code: str
    option: str = ""
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How is voted and how the money is given out. Numbers of other methods than `method` mean nothing."""

    method: str = "plus_minus"
    #: plus_minus: positive votes of one ballot, the most of them for one option; the same of negative ones.
    plus: int = 5
    plus_each: int = 2
    minus: int = 2
    minus_each: int = 1
    #: approval: options that one ballot may choose.
    choices: int = 5
    #: points: how many a ballot gives out, the most of them to one option.
    points: int = 10
    points_each: int = 5
    #: An option that more people are against than for is left out.
    exclude_opposed: bool = True
    #: What happens at the first option that its class can't pay any more: `stop`, or `skip` to the next one.
    over_budget: str = "stop"
    #: Ballots without which nothing is chosen; 0 = any number will do.
    quorum: int = 0
    #: Positive votes without which an option isn't chosen.
    least: int = 1

    def faults(self, marks: Marks, options: Sequence[Option], classes: Sequence[MoneyClass] = ()) -> list[Fault]:
        """Give the rules that a ballot breaks, those of single options first."""
        known = {option.id for option in options if not option.withdrawn}
        found = [Fault(code="unknown-option", option=name) for name in marks if name not in known]
        found += [fault for name in marks if name in known for fault in self._each(name, marks[name])]
        if not any(marks.values()):
            found.append(Fault(code="empty"))
        return found or self._together(marks, options, classes)

    def _each(self, name: str, number: int) -> list[Fault]:
        if not isinstance(number, int) or isinstance(number, bool):
            return [Fault(code="bad-number", option=name)]
        if number < 0 and self.method != "plus_minus":
            return [Fault(code="negative", option=name)]
        most = {"plus_minus": self.plus_each, "points": self.points_each}.get(self.method, 1)
        if number > most:
            return [Fault(code="points-each" if self.method == "points" else "plus-each", option=name, most=most)]
        return [Fault(code="minus-each", option=name, most=self.minus_each)] if -number > self.minus_each else []

    def _together(self, marks: Marks, options: Sequence[Option], classes: Sequence[MoneyClass]) -> list[Fault]:
        up = sum(number for number in marks.values() if number > 0)
        down = -sum(number for number in marks.values() if number < 0)
        if self.method == "knapsack":
            prices, money = {option.id: option.price for option in options}, sum(one.budget for one in classes)
            cost = sum(prices[name] for name, number in marks.items() if number)
            return [Fault(code="budget", most=money)] if cost > money else []
        limits = {
            "plus_minus": (("plus", up, self.plus), ("minus", down, self.minus)),
            "approval": (("choices", up, self.choices),),
            "points": (("points", up, self.points),),
        }[self.method]
        return [Fault(code=code, most=most) for code, given, most in limits if given > most]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands on the ballot and how it is counted."""

    rules: Rules = field(default_factory=Rules)
    options: Sequence[Option]
    classes: Sequence[MoneyClass] = ()

    def faults(self, marks: Marks) -> list[Fault]:
        """Give the rules that a ballot breaks."""
        return self.rules.faults(marks, self.options, self.classes)


def read_paper(rules: Json, options: Json, classes: Json) -> Paper:
    """Read the three parts as JSON has them. Raises Invalid with the first thing that is wrong."""
    try:
        paper = Paper(
            rules=Rules(**rules),
            options=[Option(**one) for one in options],
            classes=[MoneyClass(**one) for one in classes],
        )
    except TypeError as error:
        raise Invalid(f"This is no ballot: {error}.", code="bad-ballot-paper") from error
    if wrong := _wrong(paper):
        raise Invalid(wrong, code="bad-ballot-paper")
    return paper


def _wrong(paper: Paper) -> str:
    ids, keys = [option.id for option in paper.options], {one.key for one in paper.classes}
    checks = (
        (paper.rules.method not in METHODS, f"There is no method {paper.rules.method!r}."),
        (paper.rules.over_budget not in ("stop", "skip"), "over_budget is `stop` or `skip`."),
        (not 0 < len(ids) <= MOST_OPTIONS, f"A ballot has between 1 and {MOST_OPTIONS} options."),
        (len(set(ids)) < len(ids), "Two options have the same id."),
        (not all(_is_name(name) for name in ids), "The id of an option is made of letters, digits, - and _."),
        (not paper.classes, "A ballot needs at least one class of money."),
        (len(keys) < len(paper.classes), "Two classes have the same key."),
        (not {option.group for option in paper.options} <= keys, "An option is in a class that isn't there."),
        (not all(_is_page(option.about) for option in paper.options), "More about an option is on a page of ours."),
        (_has_bad_number(paper), "Prices, budgets and limits are whole numbers, not negative."),
    )
    return next((sentence for broken, sentence in checks if broken), "")


def _is_name(name: Json) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 40 and name.replace("-", "").replace("_", "").isalnum()


def _is_page(address: Json) -> bool:
    return isinstance(address, str) and bool(_PAGE.fullmatch(address))


def _has_bad_number(paper: Paper) -> bool:
    rules = paper.rules
    limits = (rules.plus, rules.plus_each, rules.minus, rules.minus_each, rules.choices, rules.points)
    more = (rules.points_each, rules.quorum, rules.least)
    money = [option.price for option in paper.options] + [one.budget for one in paper.classes]
    return any(not isinstance(each, int) or each < 0 for each in (*limits, *more, *money))
