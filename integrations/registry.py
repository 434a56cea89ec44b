"""Every outside action an author may pick for a service or send task, declared once."""

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


def _texts(czech: str, english: str) -> dict[str, str]:
    return {"cs": czech, "en": english}


_NAME: Json = {"type": "string", "pattern": r"^[\w-]+$", "maxLength": 100}
_TEXT: Json = {"type": "string", "maxLength": 2000}
_FLAG: Json = {"type": "boolean"}
#: Of what is written; without it the applicant's.
_LANGUAGE: Json = {"enum": ["cs", "en"]}
_DATA: Json = {"type": "object"}
_FILES: Json = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1}
_DOCUMENT: Json = {
    "type": "object",
    "properties": {
        "document": {"type": "string", "title": "Id of the document"},
        "sha256": {"type": "string"},
        "filename": {"type": "string"},
        "media_type": {"type": "string"},
    },
    "required": ["document", "sha256", "filename", "media_type"],
}
_ADDRESSES: Json = {
    "oneOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": 50},
    ]
}

#: What a column of a table shows; money is Kč as decimal texts.
_COLUMNS: Json = {
    "type": "array",
    "minItems": 1,
    "maxItems": 100,
    "items": parameters_of(
        ["key", "title"],
        key={"type": "string"},
        title={"type": "string"},
        kind={"enum": ["text", "number", "money"]},
        words={"type": "object"},
        sum={"type": "boolean"},
    ),
}
_SUBJECT: Json = parameters_of(
    ["name"],
    name={"type": "string"},
    ico={"type": ["string", "null"]},
    address={"type": ["string", "null"]},
    data_box={"type": ["string", "null"]},
    recipient={"type": "boolean"},
)
_CONTRACT: Json = parameters_of(
    ["subject", "signed_on", "publisher", "parties"],
    subject={"type": "string"},
    signed_on={"type": "string", "format": "date"},
    number={"type": ["string", "null"]},
    approved_by={"type": ["string", "null"]},
    amount={"type": ["string", "number", "null"]},
    publisher=_SUBJECT,
    parties={"type": "array", "items": _SUBJECT, "minItems": 1, "maxItems": 50},
)

_HALERE: Json = {"type": "integer", "minimum": 1}
_NUMBER: Json = {"type": "string", "minLength": 1, "maxLength": 30}
_STANDING: Json = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "title": "paid, pending, cancelled, …"},
        "amount": {"type": "integer", "title": "In haléře"},
        "order": {"type": "string"},
        "gateway": {"type": "string"},
        "url": {"type": "string", "title": "Where the payer pays, of a payment just begun"},
    },
    "required": ["id", "state", "amount", "order", "gateway"],
}
_GATEWAY_ERRORS = {
    "gateway.refused": _texts("Brána to odmítla", "The gateway refused"),
    "gateway.off": _texts("Brána není nastavená", "There is no gateway"),
}

_DECLARED = (
    Connector(
        name="mail.send",
        title=_texts("Poslat e-mail", "Send an e-mail"),
        parameters=parameters_of(
            ["to"],
            to=_ADDRESSES,
            template=_NAME,
            subject={"type": "string", "maxLength": 250},
            text={"type": "string", "maxLength": 100_000},
            attach={"type": "array", "items": {"type": ["string", "object", "null"]}, "maxItems": 20},
            data=_DATA,
            language=_LANGUAGE,
        )
        | {"oneOf": [{"required": ["template"]}, {"required": ["subject", "text"]}]},
        result={
            "type": "object",
            "properties": {"message_id": {"type": "string"}, "to": {"type": "array"}},
            "required": ["message_id", "to"],
        },
        errors={"mail.refused": _texts("Adresát e-mail nepřijímá", "The recipient is refused")},
        repeatable=False,
        secrets=["RADNICE_SMTP_URL"],
        needs=frozenset({Need.TEMPLATES, Need.FILES}),
    ),
    Connector(
        name="document.render",
        title=_texts("Vytvořit dokument", "Make a document"),
        parameters=parameters_of(
            ["template"],
            template=_NAME,
            title=_TEXT,
            key=_NAME,
            filename=_TEXT,
            public=_FLAG,
            data=_DATA,
            language=_LANGUAGE,
        ),
        result=_DOCUMENT,
        repeatable=True,
        needs=frozenset({Need.TEMPLATES}),
    ),
    Connector(
        name="submission.render",
        title=_texts("Vytvořit opis podání", "Make a copy of the submission"),
        parameters=parameters_of([], title=_TEXT, key=_NAME, filename=_TEXT, public=_FLAG, language=_LANGUAGE),
        result=_DOCUMENT,
        repeatable=True,
        needs=frozenset({Need.TEMPLATES, Need.SUBMISSION}),
    ),
    Connector(
        name="ares.lookup",
        title=_texts("Vyhledat subjekt v ARES", "Look a subject up in ARES"),
        parameters=parameters_of(["ico"], ico={"type": "string", "minLength": 1, "maxLength": 12}),
        result={
            "type": "object",
            "properties": {
                "ico": {"type": "string"},
                "obchodniJmeno": {"type": "string"},
                "recorded": {"type": "boolean", "title": "The answer was recorded earlier"},
                "dissolved": {"type": "boolean"},
            },
            "required": ["ico", "recorded", "dissolved"],
        },
        errors={
            "ares.invalid-ico": _texts("IČO není platné", "The IČO is not valid"),
            "ares.not-found": _texts("Subjekt v ARES není", "ARES knows no such subject"),
        },
        repeatable=True,
    ),
    Connector(
        name="scan.read",
        title=_texts("Přečíst výsledky skenu (nuclei)", "Read the results of a scan (nuclei)"),
        parameters=parameters_of(["attach"], attach=_FILES),
        result={
            "type": "object",
            "properties": {
                "findings": {"type": "array", "items": {"type": "object"}},
                "lines": {"type": "integer"},
                "repeated": {"type": "integer", "title": "Lines that told the same again"},
                "hosts": {"type": "array", "items": {"type": "string"}},
                "sha256": {"type": "string"},
            },
            "required": ["findings", "lines", "repeated", "hosts", "sha256"],
        },
        errors={"scan.unreadable": _texts("Soubor se skenem nejde přečíst", "The file of the scan can't be read")},
        repeatable=True,
        needs=frozenset({Need.FILES}),
    ),
    Connector(
        name="webhook.post",
        title=_texts("Zavolat webhook", "Call a webhook"),
        parameters=parameters_of(["url", "data"], url={"type": "string", "maxLength": 2000}, data=_DATA),
        result={"type": "object", "properties": {"status": {"type": "integer"}}, "required": ["status"]},
        errors={"webhook.refused": _texts("Druhá strana volání odmítla", "The other side refused the call")},
        repeatable=False,
        secrets=["RADNICE_WEBHOOK_SECRET"],
    ),
    Connector(
        name="table.render",
        title=_texts("Vytvořit tabulku v XLSX", "Make a table in XLSX"),
        parameters=parameters_of(
            ["title", "key", "columns", "rows"],
            title=_TEXT,
            key=_NAME,
            columns=_COLUMNS,
            rows={"type": "array", "items": {"type": "object"}, "maxItems": 10_000},
            filename=_TEXT,
            public=_FLAG,
        ),
        result=_DOCUMENT,
        repeatable=True,
    ),
    Connector(
        name="contracts_register.publish",
        title=_texts("Zveřejnit v registru smluv", "Publish in the register of contracts"),
        parameters=parameters_of(
            ["contract", "attach"],
            contract=_CONTRACT,
            attach={"type": "array", "items": {"type": ["string", "object", "null"]}, "minItems": 1, "maxItems": 20},
        ),
        result={
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("contract_id", "version_id", "link", "published_at")},
            "required": ["contract_id"],
        },
        errors={"register.refused": _texts("Registr smlouvu odmítl", "The register refused the contract")},
        repeatable=True,
        needs=frozenset({Need.FILES}),
    ),
    Connector(
        name="gateway.create",
        title=_texts("Založit platbu v bráně", "Begin a payment at the gateway"),
        parameters=parameters_of(
            ["order", "amount", "description", "email"],
            order={"type": "string", "pattern": "^[0-9]{1,10}$"},
            amount=_HALERE,
            description=_TEXT,
            email={"type": "string", "minLength": 3, "maxLength": 200},
        ),
        result=_STANDING,
        errors=_GATEWAY_ERRORS,
        # Begun twice it is another number, of which the payer pays one.
        repeatable=True,
        secrets=["RADNICE_GATEWAY_SECRET"],
    ),
    Connector(
        name="gateway.status",
        title=_texts("Zeptat se brány na platbu", "Ask the gateway about a payment"),
        parameters=parameters_of(["id"], id=_NUMBER),
        result=_STANDING,
        errors=_GATEWAY_ERRORS,
        repeatable=True,
        secrets=["RADNICE_GATEWAY_SECRET"],
    ),
    Connector(
        name="gateway.refund",
        title=_texts("Vrátit platbu přes bránu", "Return a payment through the gateway"),
        parameters=parameters_of(["id", "amount"], id=_NUMBER, amount=_HALERE),
        result={"type": "object", "properties": {"id": {"type": "string"}, "amount": {"type": "integer"}}},
        errors=_GATEWAY_ERRORS,
        repeatable=False,
        secrets=["RADNICE_GATEWAY_SECRET"],
    ),
)


def _registered(declared: Sequence[Connector]) -> Mapping[str, Connector]:
    for connector in declared:
        Draft202012Validator.check_schema(connector.parameters)
        Draft202012Validator.check_schema(connector.result)
    return {connector.name: connector for connector in declared}


#: What `check` and the modeller know and the worker runs.
CONNECTORS = _registered(_DECLARED)
