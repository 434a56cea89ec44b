"""Lets schemathesis loose on the API: requests made from its own description, every answer checked against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

#: How often a made-up value gives way to one that is known here.
OFTEN = 0.7
#: Valid by the description and refused all the same: a form, a register or a zip says more than JSON Schema can.
NOT_TOLD = "positive_data_acceptance"


@dataclass(frozen=True, kw_only=True)
class Fuzzed:
    """What came of it."""

    answers: int = 0
    #: Status → how many.
    statuses: Mapping[int, int] = field(default_factory=dict)
    failures: Sequence[str] = ()


def fuzz(app: Flask, token: str, known: Mapping[str, Sequence[str]], examples: int, seed: int = 1) -> Fuzzed:
    """Call everything; `known` gives real values for parameters of addresses, `path.task_id`."""
    config = SchemathesisConfig.from_dict(settings(token, known, examples, seed))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    statuses: dict[int, int] = {}
    failures: dict[str, None] = {}
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            for interaction in event.recorder.interactions.values():
                status = interaction.response.status_code if interaction.response is not None else 0
                statuses[status] = statuses.get(status, 0) + 1
            failures |= dict.fromkeys(failed(event.recorder))
        elif isinstance(event, events.NonFatalError):
            failures[f"{event.label}: {event.value!r}"] = None
        elif isinstance(event, events.FatalError):
            raise event.exception
    return Fuzzed(answers=sum(statuses.values()), statuses=statuses, failures=list(failures))


def settings(token: str, known: Mapping[str, Sequence[str]], examples: int, seed: int) -> dict[str, Any]:
    """How schemathesis is to run: all phases, the same every time."""
    return {
        "seed": seed,
        "auth": {"openapi": {"token": {"bearer": token}}},
        "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
        "checks": {NOT_TOLD: {"enabled": False}, "ignored_auth": {"enabled": False}},
        "phases": {"stateful": {"max-steps": 4}},
        "cache": {"enabled": False},
        "continue-on-failure": True,
        "dictionaries": {name.replace(".", "-"): {"values": list(values)} for name, values in known.items()},
        "parameters": {name: {"dictionary": name.replace(".", "-"), "probability": OFTEN} for name in known},
    }


def failed(recorder: Any) -> list[str]:
    """The failed checks of a scenario, each with the request that shows it."""
    told = []
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                case = recorder.cases[case_id].value
                told.append(
                    f"{case.operation.label}: {failure.title}: {failure.message}\n  {check.failure_info.code_sample}"
                )
    return told
