"""What SpiffWorkflow's parser reads of a file: names behind ids, correlation, lanes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.data_spec import BpmnDataStoreSpecification
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

from engine.errors import UnreadableModel
from engine.reading.xml import BPMN, Element, plain, text_of


class AnyDataStore(dict[str, type]):
    """Every data store is a register of ours, whatever its name."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> type:
        return BpmnDataStoreSpecification  # type: ignore[no-any-return]


class FileParser(SpiffBpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's parser, open to every data store."""

    DATA_STORE_CLASSES = AnyDataStore()


@dataclass(kw_only=True)
class Registries:
    """Names that elements of a file refer to by id."""

    messages: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    #: id → code (else name, else the id)
    errors: dict[str, str] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)
    #: ids of errors and escalations without a code
    codeless: frozenset[str] = frozenset()
    #: message id → [(correlation property, expression over the payload)]
    correlations: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    #: process id → correlation property → expression over the process's own data that it must equal
    subscriptions: dict[str, dict[str, str]] = field(default_factory=dict)
    #: flow node id → name of its lane
    lanes: dict[str, str] = field(default_factory=dict)

    def name(self, kind: str, reference: str) -> str:
        """Give the name or code behind a reference; a reference to nothing names itself."""
        known = {
            "message": self.messages,
            "signal": self.signals,
            "error": self.errors,
            "escalation": self.escalations,
        }[kind]
        return known.get(reference, reference)


def read_registries(root: Element) -> Registries:
    """Read messages, signals, errors, escalations, correlation properties and lanes of one file."""
    parser = FileParser()
    try:
        parser.add_bpmn_xml(root)
    except (ValidationException, ValueError, TypeError) as error:
        raise UnreadableModel(f"The file is not readable BPMN: {error}") from error
    return Registries(
        messages={i: name or i for i, name in parser.messages.items()},
        signals={i: name or i for i, name in parser.signals.items()},
        errors={i: e["error_code"] or e["name"] or i for i, e in parser.errors.items()},
        escalations={i: e["escalation_code"] or e["name"] or i for i, e in parser.escalations.items()},
        codeless=frozenset(codeless(parser)),
        correlations=dict(correlations(parser)),
        subscriptions={p.get("id") or "": dict(subscriptions(p)) for p in root.iterchildren(BPMN + "process")},
        lanes={node: lane for node, lane in parser.get_document_lanes(root).items() if lane},
    )


def codeless(parser: FileParser) -> Iterator[str]:
    """Give the ids of errors and escalations without a code."""
    yield from (i for i, e in parser.errors.items() if not e["error_code"])
    yield from (i for i, e in parser.escalations.items() if not e["escalation_code"])


def correlations(parser: FileParser) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give for each message the expressions over its payload that identify a conversation."""
    for message, properties in parser.message_correlations.items():
        yield message, [(p.name, p.retrieval_expression.strip()) for p in properties]


def subscriptions(process: Element) -> Iterator[tuple[str, str]]:
    """Give the bindings of correlation properties to a process's data."""
    for binding in process.iter(BPMN + "correlationPropertyBinding"):
        key, text = plain(binding.get("correlationPropertyRef")), text_of(binding, "dataPath")
        if key and text:
            yield key, text
