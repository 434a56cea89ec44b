"""An agenda of services that only ask a form, so that any form can be met in the product itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.commands import Deploy
from engine.model import SYSTEM
from tests.integration.diagrams import chain, diagram, end, start, user
from web.bootstrap import Parts

AGENDA = "forms"
ASKS = (
    '<bpmn:extensionElements><radnice:start form="{form}" audience="public"/>'
    '<radnice:public station="Podání"/></bpmn:extensionElements>'
)
HEAD = f'key = "{AGENDA}"\n[title]\ncs = "Formuláře"\n'
SERVICE = '[[services]]\nprocess = "{key}"\ntitle.cs = {title}\nsummary.cs = "Jeden formulář."\n'


def title_of(schema: Mapping[str, Any]) -> str:
    """What the service of a form is called."""
    return str(schema.get("title", "Formulář"))


def offer(parts: Parts, tenant: str, forms: Mapping[str, Mapping[str, Any]]) -> None:
    """Publish a service for each form, by the form's key; each case ends with a task of the secretariat."""
    services = "".join(SERVICE.format(key=key, title=json.dumps(title_of(schema))) for key, schema in forms.items())
    files = {"agenda.toml": (HEAD + services).encode()}
    for key, schema in forms.items():
        begin, read, over = (f"{key}_{node}" for node in ("begin", "read", "end"))
        asks = start(begin, ASKS.format(form=key))
        reads = user(read, 'group="secretariat"')
        files[f"{key}.bpmn"] = diagram(asks, reads, end(over), chain(begin, read, over), process=key)
        files[f"forms/{key}.json"] = json.dumps(schema, ensure_ascii=False).encode()
    parts.engine.execute(Deploy(tenant=tenant, actor=SYSTEM, agenda=AGENDA, title={"cs": "Formuláře"}, files=files))


def address(key: str) -> str:
    """Where the form of a key is filled."""
    return f"/sluzby/{AGENDA}/{key}/zadost"
