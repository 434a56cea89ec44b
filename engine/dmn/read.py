"""Reads DMN 1.1 to 1.5 files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from engine.dmn.feel import parse_expression, parse_tests
from engine.dmn.feel.nodes import Node, Tests
from engine.dmn.tables import (
    Decision,
    Decisions,
    Entries,
    Expression,
    Input,
    Invocation,
    Items,
    Knowledge,
    Logic,
    Output,
    Rule,
    Table,
)
from engine.errors import DecisionError, UnreadableModel

LARGEST_FILE = 8 << 20
MOST_RULES = 5_000
DOCTYPE = "The DMN file has a document type or entities, which are not allowed."
HIT_POLICIES = frozenset(["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"])
AGGREGATIONS = frozenset(["SUM", "MIN", "MAX", "COUNT"])


def read_decisions(*contents: bytes) -> Decisions:
    """Read the decisions of some files together. Raises UnreadableModel."""
    roots = [read_root(content) for content in contents]
    names = frozenset(n for root in roots for n in _names(root))
    decisions: dict[str, Decision] = {}
    knowledge: dict[str, Knowledge] = {}
    for root in roots:
        reader = _Reader(names, root)
        for element in root.iterfind("{*}decision"):
            decision = reader.decision(element)
            if decision.id in decisions:
                raise UnreadableModel(f"The decision {decision.id} is there twice.")
            decisions[decision.id] = decision
        for element in root.iterfind("{*}businessKnowledgeModel"):
            model = reader.knowledge(element)
            knowledge[model.name] = model
    _refuse_circles(decisions)
    return Decisions(by_id=decisions, knowledge=knowledge)


def read_root(content: bytes) -> etree._Element:
    """Read a file as XML without anything harmful. Raises UnreadableModel."""
    if len(content) > LARGEST_FILE:
        raise UnreadableModel("The DMN file is larger than 8 MB.", reason="large")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableModel(DOCTYPE, reason="doctype")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableModel(f"The DMN file is not well-formed XML: {error}", reason="xml", why=str(error)) from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise UnreadableModel(DOCTYPE, reason="doctype")
    if etree.QName(root).localname != "definitions" or "DMN" not in (etree.QName(root).namespace or ""):
        raise UnreadableModel("The file is not a DMN file.")
    return root


def _names(root: etree._Element) -> Iterator[str]:
    """Give all names that a FEEL text may use, for those with spaces."""
    for element in root.iterfind(".//{*}*[@name]"):
        yield " ".join(str(element.get("name")).split())


def _refuse_circles(decisions: dict[str, Decision]) -> None:
    done: set[str] = set()

    def visit(identifier: str, way: tuple[str, ...]) -> None:
        if identifier in way:
            raise UnreadableModel(f"The decision {identifier} requires itself.")
        if identifier in done or identifier not in decisions:
            return
        for required in decisions[identifier].requires:
            visit(required, (*way, identifier))
        done.add(identifier)

    for identifier in decisions:
        visit(identifier, ())


class _Reader:
    """Reads one file; says in an error where it stands."""

    def __init__(self, names: frozenset[str], root: etree._Element) -> None:
        self.names = names
        self.place = ""
        self.ids = {str(e.get("id")): e for e in root.iterfind(".//{*}*[@id]")}
        self.types = {str(e.get("name")): e for e in root.iterfind("{*}itemDefinition")}

    def decision(self, element: etree._Element) -> Decision:
        self.place = identifier = str(element.get("id") or element.get("name") or "")
        name = str(element.get("name") or identifier)
        variable = element.find("{*}variable")
        required = [_target(e) for e in element.iterfind("{*}informationRequirement/{*}requiredDecision")]
        inputs = [self.ids.get(_target(e)) for e in element.iterfind("{*}informationRequirement/{*}requiredInput")]
        return Decision(
            id=identifier,
            name=name,
            variable=" ".join(str((variable.get("name") if variable is not None else None) or name).split()),
            type=variable.get("typeRef") if variable is not None else None,
            logic=self.first_logic(element),
            requires=tuple(required),
            inputs={str(e.get("name")): _type_of(e) for e in inputs if e is not None},
        )

    def knowledge(self, element: etree._Element) -> Knowledge:
        self.place = str(element.get("id") or "")
        function = element.find("{*}encapsulatedLogic")
        body = self.first_logic(function) if function is not None else None
        if function is None or body is None:
            raise UnreadableModel(f"The business knowledge model {self.place} has no logic.")
        parameters = tuple(str(p.get("name")) for p in function.iterfind("{*}formalParameter"))
        return Knowledge(name=str(element.get("name")), parameters=parameters, body=body)

    # --- boxed expressions ----------------------------------------------------------------------------------------

    def first_logic(self, element: etree._Element) -> Logic | None:
        """Read the first boxed expression inside an element."""
        for child in element:
            read = self._boxes.get(_local(child))
            if read:
                return read(self, child)
        return None

    def _expression(self, element: etree._Element) -> Expression:
        text = _text(element)
        return Expression(text=text, node=self._feel(text))

    def _invocation(self, element: etree._Element) -> Invocation:
        arguments: dict[str, Logic] = {}
        for binding in element.iterfind("{*}binding"):
            parameter, value = binding.find("{*}parameter"), self.first_logic(binding)
            if parameter is not None and value is not None:
                arguments[str(parameter.get("name"))] = value
        return Invocation(function=_text(element.find("{*}literalExpression")), arguments=arguments)

    def _context(self, element: etree._Element) -> Entries:
        entries: list[tuple[str | None, Logic]] = []
        for entry in element.iterfind("{*}contextEntry"):
            variable, value = entry.find("{*}variable"), self.first_logic(entry)
            if value is not None:
                entries.append((str(variable.get("name")) if variable is not None else None, value))
        return Entries(entries=tuple(entries))

    def _list(self, element: etree._Element) -> Items:
        return Items(items=tuple(self._boxes[_local(c)](self, c) for c in element if _local(c) in self._boxes))

    def _table(self, element: etree._Element) -> Table:
        inputs = tuple(self._input(column) for column in element.iterfind("{*}input"))
        outputs = tuple(self._output(column) for column in element.iterfind("{*}output"))
        rows = element.findall("{*}rule")
        if len(rows) > MOST_RULES:
            raise UnreadableModel(f"The table {self.place} has more than {MOST_RULES} rules.")
        policy = " ".join((element.get("hitPolicy") or "UNIQUE").upper().split())
        aggregation = element.get("aggregation")
        if policy not in HIT_POLICIES or (aggregation and aggregation not in AGGREGATIONS):
            raise UnreadableModel(f"The table {self.place} has the unknown hit policy {policy} {aggregation or ''}.")
        if not outputs:
            raise UnreadableModel(f"The table {self.place} has no output.")
        return Table(
            id=element.get("id"),
            hit_policy=policy,
            aggregation=aggregation if policy == "COLLECT" else None,
            inputs=inputs,
            outputs=outputs,
            rules=tuple(self._rule(row, number, inputs, outputs) for number, row in enumerate(rows, 1)),
        )

    def _input(self, column: etree._Element) -> Input:
        expression = column.find("{*}inputExpression")
        text = _text(expression) or str(column.get("label") or "")
        declared = expression.get("typeRef") if expression is not None else None
        values = _text(column.find("{*}inputValues")) or self._values_of_type(declared)
        return Input(
            text=text,
            expression=self._feel(text),
            label=str(column.get("label") or ""),
            type=self._basic(declared),
            allowed=self._tests(values) if values else None,
        )

    def _output(self, column: etree._Element) -> Output:
        name = column.get("name") or column.get("label") or column.get("id") or "result"
        default = _text(column.find("{*}defaultOutputEntry"))
        return Output(
            name=str(name),
            label=str(column.get("label") or ""),
            type=self._basic(column.get("typeRef")),
            values=self._tests(_text(column.find("{*}outputValues"))).tests,
            default=self._feel(default) if default else None,
        )

    def _rule(self, row: etree._Element, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> Rule:
        self.place = str(row.get("id") or f"{self.place} rule {number}")
        tests = tuple(self._tests(_text(entry)) for entry in row.iterfind("{*}inputEntry"))
        results = [_text(entry) for entry in row.iterfind("{*}outputEntry")]
        if len(tests) != len(inputs) or len(results) != len(outputs):
            raise UnreadableModel(f"Rule {number} ({self.place}) has not as many cells as the table has columns.")
        return Rule(
            id=self.place,
            number=number,
            tests=tests,
            results=tuple(self._feel(text) if text not in ("", "-") else None for text in results),
            annotation=_text(row.find("{*}annotationEntry")) or _text(row, "{*}description"),
        )

    # --- types and texts ------------------------------------------------------------------------------------------

    def _values_of_type(self, declared: str | None) -> str:
        element = self.types.get(declared or "")
        return _text(element.find("{*}allowedValues")) if element is not None else ""

    def _basic(self, declared: str | None) -> str | None:
        """Follow a declared type to the basic one it stands on."""
        element = self.types.get(declared or "")
        basic = declared if element is None else (element.findtext("{*}typeRef") or "")
        return basic.strip().rpartition(":")[2] if basic else None

    def _feel(self, text: str) -> Node:
        try:
            return parse_expression(text, self.names)
        except DecisionError as error:
            raise UnreadableModel(f"{self.place}: {error}", element=self.place) from error

    def _tests(self, text: str) -> Tests:
        try:
            return parse_tests(text, self.names)
        except DecisionError as error:
            raise UnreadableModel(f"{self.place}: {error}", element=self.place) from error

    _boxes: dict[str, Callable[[_Reader, etree._Element], Logic]]


_Reader._boxes = {
    "decisionTable": _Reader._table,
    "literalExpression": _Reader._expression,
    "invocation": _Reader._invocation,
    "context": _Reader._context,
    "list": _Reader._list,
}


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _target(element: etree._Element) -> str:
    return str(element.get("href") or "").rpartition("#")[2]


def _type_of(element: etree._Element) -> str | None:
    variable = element.find("{*}variable")
    return variable.get("typeRef") if variable is not None else None


def _text(element: etree._Element | None, child: str = "{*}text") -> str:
    return (element.findtext(child) or "").strip() if element is not None else ""
