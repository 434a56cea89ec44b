"""What a diagram may refer to: the rest of its agenda and of the installation, as far as names go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class FormFacts:
    """What a rule wants to know of a form: the variables it sets, by name, with their JSON Schema."""

    properties: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ConnectorFacts:
    """A named action: which parameters it needs and which it takes."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    #: Takes parameters of any name.
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call activity somewhere in the agenda."""

    called: str
    #: Variables it passes; none = everything it has.
    given: frozenset[str] = frozenset()
    #: Error codes its boundary catches; None among them = every error.
    catches: frozenset[str | None] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Known names. None = not known here, so nothing is said about such names."""

    forms: Mapping[str, FormFacts] | None = None
    groups: frozenset[str] | None = None
    connectors: Mapping[str, ConnectorFacts] | None = None
    #: Decision ids and names → names of their outputs.
    decisions: Mapping[str, frozenset[str]] | None = None
    #: Decision ids and names → variables they look at.
    decision_inputs: Mapping[str, frozenset[str]] | None = None
    documents: frozenset[str] | None = None
    #: Message templates.
    templates: frozenset[str] | None = None
    registers: frozenset[str] | None = None
    #: Register → fields of its records, where its schema closes them in.
    register_fields: Mapping[str, frozenset[str]] | None = None
    #: Process ids of all diagrams of the agenda.
    processes: frozenset[str] | None = None
    #: Message → processes of the agenda that it begins.
    begun: Mapping[str, frozenset[str]] | None = None
    #: Message → processes of other agendas of the organisation that it begins, with the agenda.
    begun_elsewhere: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Calls of processes in all diagrams of the agenda.
    calls: tuple[Call, ...] | None = None
    #: Variables that every case has from its beginning.
    variables: frozenset[str] = frozenset({"parameters", "case", "today"})
