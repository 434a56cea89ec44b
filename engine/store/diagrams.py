"""The diagrams of an agenda as one model, so that a call activity finds a process of another file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.diagram import Model
from engine.errors import Invalid
from engine.reading import read_model


def diagrams_of(files: Mapping[str, bytes]) -> dict[str, Model]:
    """Read every diagram, by its path."""
    return {path: read_model(files[path]) for path in sorted(files) if path.endswith(".bpmn")}


def merged(models: Mapping[str, Model]) -> Model:
    """Join the diagrams. Raises Invalid where two use the same id."""
    whole = Model()
    for path, model in models.items():
        if twice := whole.nodes.keys() & model.nodes.keys() or whole.flows.keys() & model.flows.keys():
            raise Invalid(f"{path}: {min(twice)} is an id in another diagram of the agenda too.")
        whole = replace(
            whole,
            nodes=whole.nodes | model.nodes,
            flows=whole.flows | model.flows,
            processes=whole.processes + model.processes,
            message_flows=whole.message_flows + model.message_flows,
            participants=whole.participants + model.participants,
            problems=whole.problems + model.problems,
        )
    return whole
