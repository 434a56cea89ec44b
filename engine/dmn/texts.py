"""What a DMN file says in the author's own texts: for reading without an editor, and for telling versions apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lxml import etree

from engine.dmn.read import read_root


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table as it is written."""

    id: str
    label: str
    #: The expression that an input looks at; the name under which an output is given.
    text: str
    type: str
    #: Values that it may have, as they are written; "" = any.
    values: str


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """A row as it is written."""

    id: str
    #: Inputs first, then outputs.
    cells: tuple[str, ...]
    annotation: str


@dataclass(frozen=True, kw_only=True)
class DecisionText:
    """A decision as it is written."""

    id: str
    name: str
    description: str
    #: Names of decisions and data that it asks.
    asks: tuple[str, ...]
    #: UNIQUE, FIRST …, COLLECT SUM; "" where there is no table.
    hit_policy: str = ""
    inputs: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()
    rules: tuple[RuleText, ...] = ()
    #: A FEEL expression in place of a table.
    expression: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Inputs, then outputs, as cells of rows come."""
        return (*self.inputs, *self.outputs)

    @property
    def is_table(self) -> bool:
        """Whether it decides by a table."""
        return bool(self.outputs)


def read_texts(content: bytes) -> list[DecisionText]:
    """Read the decisions of a file as they are written. Cells may be wrong. Raises UnreadableModel."""
    root = read_root(content)
    names = {str(one.get("id")): _named(one) for one in root.iterfind("{*}*[@id]")}
    return [_decision(one, names) for one in root.iterfind("{*}decision")]


def in_words(decision: DecisionText, say: Callable[[str], str]) -> DecisionText:
    """The decision with everything that people read said by `say`; cells and expressions stay as they are."""
    return replace(
        decision,
        name=say(decision.name),
        description=say(decision.description),
        asks=tuple(say(one) for one in decision.asks),
        inputs=tuple(replace(one, label=say(one.label)) for one in decision.inputs),
        outputs=tuple(replace(one, label=say(one.label)) for one in decision.outputs),
        rules=tuple(replace(one, annotation=say(one.annotation)) for one in decision.rules),
    )


def _decision(element: etree._Element, names: dict[str, str]) -> DecisionText:
    wanted = [*element.iterfind("{*}informationRequirement/*"), *element.iterfind("{*}knowledgeRequirement/*")]
    targets = [str(one.get("href") or "").rpartition("#")[2] for one in wanted]
    plain = DecisionText(
        id=str(element.get("id") or ""),
        name=_named(element),
        description=_said(element, "{*}description"),
        asks=tuple(names.get(one, one) for one in targets),
        expression=_said(element, "{*}literalExpression/{*}text"),
    )
    table = element.find("{*}decisionTable")
    return plain if table is None else _with_table(plain, table)


def _with_table(decision: DecisionText, table: etree._Element) -> DecisionText:
    return replace(
        decision,
        hit_policy=" ".join((table.get("hitPolicy") or "UNIQUE", table.get("aggregation") or "")).strip(),
        inputs=tuple(_input(one) for one in table.iterfind("{*}input")),
        outputs=tuple(_output(one) for one in table.iterfind("{*}output")),
        rules=tuple(_rule(one) for one in table.iterfind("{*}rule")),
    )


def _input(column: etree._Element) -> Column:
    expression = column.find("{*}inputExpression")
    return Column(
        id=str(column.get("id") or ""),
        label=str(column.get("label") or ""),
        text=_said(column, "{*}inputExpression/{*}text"),
        type=str(expression.get("typeRef") or "") if expression is not None else "",
        values=_said(column, "{*}inputValues/{*}text"),
    )


def _output(column: etree._Element) -> Column:
    return Column(
        id=str(column.get("id") or ""),
        label=str(column.get("label") or ""),
        text=str(column.get("name") or ""),
        type=str(column.get("typeRef") or ""),
        values=_said(column, "{*}outputValues/{*}text"),
    )


def _rule(row: etree._Element) -> RuleText:
    cells = [*row.iterfind("{*}inputEntry"), *row.iterfind("{*}outputEntry")]
    return RuleText(
        id=str(row.get("id") or ""),
        cells=tuple(_said(one, "{*}text") for one in cells),
        annotation=_said(row, "{*}annotationEntry/{*}text") or _said(row, "{*}description"),
    )


def _named(element: etree._Element) -> str:
    return " ".join(str(element.get("name") or element.get("id") or "").split())


def _said(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
