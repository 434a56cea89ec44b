"""Actions that reach other systems: webhooks, any HTTP, payment gateways, the register of contracts."""

from __future__ import annotations

from engine.model import Json
from integrations.declaring import DATA, NAME, TEXT, Connector, Need, parameters_of, texts

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
    "gateway.refused": texts("Brána to odmítla", "The gateway refused"),
    "gateway.off": texts("Brána není nastavená", "There is no gateway"),
}

_URL: Json = {"type": "string", "minLength": 8, "maxLength": 2000}
_QUERY: Json = {
    "type": "object",
    "additionalProperties": {"type": ["string", "integer", "boolean"]},
    "maxProperties": 50,
}
_SAID: Json = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "body": {"title": "The answer where it is JSON"},
        "text": {"type": "string", "title": "The answer where it is other text"},
    },
    "required": ["status", "body", "text"],
}
_HTTP_ERRORS = {
    "http.refused": texts("Druhá strana volání odmítla", "The other side refused the call"),
    "http.not-found": texts("Druhá strana nic takového nemá", "The other side has nothing like that"),
}


_DATA_BOX_ERRORS = {
    "databox.refused": texts("Datové schránky zprávu odmítly", "The data boxes refused the message"),
    "databox.no-box": texts("Adresát datovou schránku nemá", "The recipient has no data box"),
    "databox.off": texts("Úřad nemá připojenou datovou schránku", "The office has no data box connected"),
}
_MARK: Json = {"type": "string", "maxLength": 50}
_MOMENT: Json = {"type": ["string", "null"]}

SYSTEMS = (
    Connector(
        name="databox.send",
        title=texts("Poslat datovou zprávu", "Send a data message"),
        parameters=parameters_of(
            ["to", "subject", "attach"],
            to={"type": "string", "minLength": 7, "maxLength": 20},
            subject={"type": "string", "minLength": 1, "maxLength": 255},
            attach={
                "type": "array",
                "items": {"type": ["string", "object", "null"]},
                "minItems": 1,
                "maxItems": 20,
            },
            reference=_MARK,
            file_mark=_MARK,
            to_hands={"type": "string", "maxLength": 100},
            personal={"type": "boolean"},
            fiction={"type": "boolean", "title": "Ten days without a login count as delivery"},
        ),
        result={
            "type": "object",
            "properties": {"message_id": {"type": "string"}, "to": {"type": "string"}},
            "required": ["message_id", "to"],
        },
        errors=_DATA_BOX_ERRORS,
        repeatable=False,
        secrets=["RADNICE_DATABOX_ACCOUNT_…"],
        needs=frozenset({Need.FILES}),
    ),
    Connector(
        name="databox.standing",
        title=texts("Zeptat se na doručení datové zprávy", "Ask how a data message was delivered"),
        parameters=parameters_of(["message_id"], message_id={"type": "string", "pattern": "^[0-9]{1,20}$"}),
        result={
            "type": "object",
            "properties": {
                "message_id": {"type": "string"},
                "state": {"enum": ["sent", "placed", "delivered", "undeliverable"]},
                "placed_at": _MOMENT,
                "delivered_on": _MOMENT,
                "how": {"enum": ["login", "fiction", None]},
                "fiction_on": _MOMENT,
            },
            "required": ["message_id", "state"],
        },
        errors=_DATA_BOX_ERRORS,
        repeatable=True,
        secrets=["RADNICE_DATABOX_ACCOUNT_…"],
    ),
    Connector(
        name="webhook.post",
        title=texts("Zavolat webhook", "Call a webhook"),
        parameters=parameters_of(["url", "data"], url={"type": "string", "maxLength": 2000}, data=DATA),
        result={"type": "object", "properties": {"status": {"type": "integer"}}, "required": ["status"]},
        errors={"webhook.refused": texts("Druhá strana volání odmítla", "The other side refused the call")},
        repeatable=False,
        secrets=["RADNICE_WEBHOOK_SECRET"],
    ),
    Connector(
        name="http.get",
        title=texts("Zeptat se jiného systému (HTTP)", "Ask another system (HTTP)"),
        parameters=parameters_of(["url"], url=_URL, query=_QUERY, key=NAME),
        result=_SAID,
        errors=_HTTP_ERRORS,
        repeatable=True,
        secrets=["RADNICE_HTTP_KEY_…"],
    ),
    Connector(
        name="http.send",
        title=texts("Poslat jinému systému (HTTP)", "Send to another system (HTTP)"),
        parameters=parameters_of(
            ["url"],
            url=_URL,
            method={"enum": ["POST", "PUT", "PATCH", "DELETE"]},
            query=_QUERY,
            body={"title": "JSON"},
            key=NAME,
        ),
        result=_SAID,
        errors=_HTTP_ERRORS,
        repeatable=False,
        secrets=["RADNICE_HTTP_KEY_…"],
    ),
    Connector(
        name="contracts_register.publish",
        title=texts("Zveřejnit v registru smluv", "Publish in the register of contracts"),
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
        errors={"register.refused": texts("Registr smlouvu odmítl", "The register refused the contract")},
        repeatable=True,
        needs=frozenset({Need.FILES}),
    ),
    Connector(
        name="gateway.create",
        title=texts("Založit platbu v bráně", "Begin a payment at the gateway"),
        parameters=parameters_of(
            ["order", "amount", "description", "email"],
            order={"type": "string", "pattern": "^[0-9]{1,10}$"},
            amount=_HALERE,
            description=TEXT,
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
        title=texts("Zeptat se brány na platbu", "Ask the gateway about a payment"),
        parameters=parameters_of(["id"], id=_NUMBER),
        result=_STANDING,
        errors=_GATEWAY_ERRORS,
        repeatable=True,
        secrets=["RADNICE_GATEWAY_SECRET"],
    ),
    Connector(
        name="gateway.refund",
        title=texts("Vrátit platbu přes bránu", "Return a payment through the gateway"),
        parameters=parameters_of(["id", "amount"], id=_NUMBER, amount=_HALERE),
        result={"type": "object", "properties": {"id": {"type": "string"}, "amount": {"type": "integer"}}},
        errors=_GATEWAY_ERRORS,
        repeatable=False,
        secrets=["RADNICE_GATEWAY_SECRET"],
    ),
)
