"""What a declaration of an outside action says, and the shapes that several of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from engine.model import Json


class Need(StrEnum):
    """What an action must be given of its case besides the variables."""

    TEMPLATES = "templates"
    #: Contents of the files that the parameter `attach` names.
    FILES = "files"
    SUBMISSION = "submission"


@dataclass(frozen=True, kw_only=True)
class Connector:
    """A named outside action. Texts are {"cs", "en"}."""

    name: str
    title: Mapping[str, str]
    #: JSON Schema of what it is given; the modeller shows a form of it.
    parameters: Mapping[str, Json]
    #: JSON Schema of what it gives back.
    result: Mapping[str, Json]
    #: Business errors by code, which a boundary event may catch.
    errors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Doing it twice is the same as doing it once.
    repeatable: bool
    #: Names of the secrets it takes from the settings.
    secrets: Sequence[str] = ()
    needs: frozenset[Need] = frozenset()

    def problem(self, parameters: Json) -> str | None:
        """Say in one sentence what is wrong with evaluated parameters."""
        error = best_match(Draft202012Validator(self.parameters).iter_errors(parameters))
        if error is None:
            return None
        where = "/".join(str(part) for part in error.absolute_path)
        # The value itself may be personal, so only the rule it breaks is told.
        rule = (
            error.message if error.validator in {"required", "additionalProperties"} else f"it breaks {error.validator}"
        )
        return f"The parameter {where} of {self.name} is wrong: {rule}." if where else f"{self.name}: {rule}."


def parameters_of(required: Sequence[str], **properties: Json) -> dict[str, Json]:
    """Give a JSON Schema of parameters that takes nothing else."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def texts(czech: str, english: str) -> dict[str, str]:
    """Give a text in both languages."""
    return {"cs": czech, "en": english}


NAME: Json = {"type": "string", "pattern": r"^[\w-]+$", "maxLength": 100}
TEXT: Json = {"type": "string", "maxLength": 2000}
DATA: Json = {"type": "object"}
