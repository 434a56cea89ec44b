"""What differs between two versions of a DMN file, decision by decision and rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from engine.dmn.texts import Column, DecisionText, RuleText

State = Literal["added", "removed", "changed", "moved", "same"]
ANYTHING = ("", "-")


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text in both versions; None where its row or column isn't there."""

    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        """Whether it means something else; an empty cell and "-" mean the same."""
        was, now = ("" if one in ANYTHING else one or "" for one in (self.before, self.after))
        return was != now


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """A row in both versions. Numbers count from 1; None where it isn't there."""

    state: State
    #: As many as the table has columns, with those that are gone.
    cells: tuple[Said, ...]
    annotation: Said
    number_before: int | None
    number_after: int | None


@dataclass(frozen=True, kw_only=True)
class ColumnChange:
    """A column in both versions; None where it isn't there."""

    state: State
    before: Column | None
    after: Column | None

    @property
    def now(self) -> Column:
        """As it is, or was where it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, kw_only=True)
class DecisionChange:
    """A decision in both versions; None where it isn't there."""

    state: State
    before: DecisionText | None
    after: DecisionText | None
    columns: tuple[ColumnChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()

    @property
    def now(self) -> DecisionText:
        """As it is, or was where it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


def differences(before: Sequence[DecisionText], after: Sequence[DecisionText]) -> list[DecisionChange]:
    """Compare two versions; decisions that are gone come last."""
    old = {one.id: one for one in before}
    found = [_decision(old.get(one.id), one) for one in after]
    new = {one.id for one in after}
    return found + [_decision(one, None) for one in before if one.id not in new]


def _decision(before: DecisionText | None, after: DecisionText | None) -> DecisionChange:
    columns = tuple(_columns(before, after))
    rules = tuple(_rules(before, after, columns))
    state = _state(before, after)
    if before and after and state == "changed" and _header(before) == _header(after):
        quiet = {one.state for one in columns} | {one.state for one in rules} <= {"same"}
        state = "same" if quiet else "changed"
    return DecisionChange(state=state, before=before, after=after, columns=columns, rules=rules)


def _header(decision: DecisionText) -> DecisionText:
    return replace(decision, inputs=(), outputs=(), rules=())


def _state(before: object | None, after: object | None) -> State:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "same" if before == after else "changed"


def _columns(before: DecisionText | None, after: DecisionText | None) -> list[ColumnChange]:
    was = {one.id: one for one in before.columns} if before else {}
    now = {one.id: one for one in after.columns} if after else {}
    pairs = [(was.get(one), now.get(one)) for one in [*now, *(key for key in was if key not in now)]]
    return [ColumnChange(state=_state(*pair), before=pair[0], after=pair[1]) for pair in pairs]


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A row of one version, its cells by column."""

    number: int
    cells: Mapping[str, str]
    annotation: str


def _rows(decision: DecisionText | None) -> dict[str, _Row]:
    if decision is None:
        return {}
    keys = [one.id for one in decision.columns]
    return {one.id: _row(number, one, keys) for number, one in enumerate(decision.rules, 1)}


def _row(number: int, rule: RuleText, keys: Sequence[str]) -> _Row:
    return _Row(number=number, cells=dict(zip(keys, rule.cells, strict=False)), annotation=rule.annotation)


def _rules(
    before: DecisionText | None, after: DecisionText | None, columns: Sequence[ColumnChange]
) -> list[RuleChange]:
    """Rows in the order of the newer version, those that are gone where they were."""
    was, now = _rows(before), _rows(after)
    steady = _steady(list(was), list(now))
    keys = [one.now.id for one in columns]
    found = [_rule(was.get(key), row, keys, key in steady) for key, row in now.items()]
    for key, row in was.items():
        if key not in now:
            found.insert(min(row.number - 1, len(found)), _rule(row, None, keys, key in steady))
    return found


def _rule(before: _Row | None, after: _Row | None, keys: Sequence[str], steady: bool) -> RuleChange:
    cells = tuple(
        Said(before=before.cells.get(key) if before else None, after=after.cells.get(key) if after else None)
        for key in keys
    )
    annotation = Said(
        before=before.annotation if before else None,
        after=after.annotation if after else None,
    )
    state = _state(before, after)
    if before and after:
        changed = any(one.differs for one in (*cells, annotation))
        state = "changed" if changed else "same" if steady else "moved"
    return RuleChange(
        state=state,
        cells=cells,
        annotation=annotation,
        number_before=before.number if before else None,
        number_after=after.number if after else None,
    )


def _steady(before: list[str], after: list[str]) -> set[str]:
    """Rows that keep their order among each other."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {before[at] for block in blocks for at in range(block.a, block.a + block.size)}
