"""Every outside action an author may pick for a service or send task, declared once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsonschema import Draft202012Validator

from engine.model import Json
from integrations.declared_systems import SYSTEMS
from integrations.declaring import DATA, NAME, TEXT, Connector, Need, parameters_of, texts

_FLAG: Json = {"type": "boolean"}
#: Of what is written; without it the applicant's.
_LANGUAGE: Json = {"enum": ["cs", "en"]}
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

_OFFICE = (
    Connector(
        name="mail.send",
        title=texts("Poslat e-mail", "Send an e-mail"),
        parameters=parameters_of(
            ["to"],
            to=_ADDRESSES,
            template=NAME,
            subject={"type": "string", "maxLength": 250},
            text={"type": "string", "maxLength": 100_000},
            attach={"type": "array", "items": {"type": ["string", "object", "null"]}, "maxItems": 20},
            data=DATA,
            language=_LANGUAGE,
        )
        | {"oneOf": [{"required": ["template"]}, {"required": ["subject", "text"]}]},
        result={
            "type": "object",
            "properties": {"message_id": {"type": "string"}, "to": {"type": "array"}},
            "required": ["message_id", "to"],
        },
        errors={"mail.refused": texts("Adresát e-mail nepřijímá", "The recipient is refused")},
        repeatable=False,
        secrets=["RADNICE_SMTP_URL"],
        needs=frozenset({Need.TEMPLATES, Need.FILES}),
    ),
    Connector(
        name="document.render",
        title=texts("Vytvořit dokument", "Make a document"),
        parameters=parameters_of(
            ["template"],
            template=NAME,
            title=TEXT,
            key=NAME,
            filename=TEXT,
            public=_FLAG,
            data=DATA,
            language=_LANGUAGE,
        ),
        result=_DOCUMENT,
        repeatable=True,
        needs=frozenset({Need.TEMPLATES}),
    ),
    Connector(
        name="submission.render",
        title=texts("Vytvořit opis podání", "Make a copy of the submission"),
        parameters=parameters_of([], title=TEXT, key=NAME, filename=TEXT, public=_FLAG, language=_LANGUAGE),
        result=_DOCUMENT,
        repeatable=True,
        needs=frozenset({Need.TEMPLATES, Need.SUBMISSION}),
    ),
    Connector(
        name="ares.lookup",
        title=texts("Vyhledat subjekt v ARES", "Look a subject up in ARES"),
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
            "ares.invalid-ico": texts("IČO není platné", "The IČO is not valid"),
            "ares.not-found": texts("Subjekt v ARES není", "ARES knows no such subject"),
        },
        repeatable=True,
    ),
    Connector(
        name="scan.read",
        title=texts("Přečíst výsledky skenu (nuclei)", "Read the results of a scan (nuclei)"),
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
        errors={"scan.unreadable": texts("Soubor se skenem nejde přečíst", "The file of the scan can't be read")},
        repeatable=True,
        needs=frozenset({Need.FILES}),
    ),
    Connector(
        name="table.read",
        title=texts("Přečíst tabulku CSV", "Read a CSV table"),
        parameters=parameters_of(
            ["attach"],
            attach=_FILES,
            columns={"type": "array", "items": {"type": "string"}, "maxItems": 50},
            tell={"type": "boolean"},
            at_least={"type": "object", "additionalProperties": {"type": "number"}},
        ),
        result={
            "type": "object",
            "properties": {
                "rows": {"type": "array", "items": {"type": "object"}, "title": "By column, with `line`"},
                "columns": {"type": "array", "items": {"type": "string"}},
                "sha256": {"type": "string"},
                "read": {"type": "integer", "title": "How many rows the file has"},
                "refused": {"type": "string", "title": "With `tell`: why it can't be read"},
                "refused_at": {"type": "integer", "title": "On which line"},
            },
            "required": ["rows", "columns", "sha256", "read", "refused", "refused_at"],
        },
        errors={"table.unreadable": texts("Tabulka nejde přečíst", "The table can't be read")},
        repeatable=True,
        needs=frozenset({Need.FILES}),
    ),
    Connector(
        name="table.render",
        title=texts("Vytvořit tabulku v XLSX", "Make a table in XLSX"),
        parameters=parameters_of(
            ["title", "key", "columns", "rows"],
            title=TEXT,
            key=NAME,
            columns=_COLUMNS,
            rows={"type": "array", "items": {"type": "object"}, "maxItems": 10_000},
            filename=TEXT,
            public=_FLAG,
        ),
        result=_DOCUMENT,
        repeatable=True,
    ),
)


def _registered(declared: Sequence[Connector]) -> Mapping[str, Connector]:
    for connector in declared:
        Draft202012Validator.check_schema(connector.parameters)
        Draft202012Validator.check_schema(connector.result)
    return {connector.name: connector for connector in declared}


#: What `check` and the modeller know and the worker runs.
CONNECTORS = _registered((*_OFFICE, *SYSTEMS))
