"""A small agenda with outside actions, and an installation that runs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from engine.commands import AddTenant, Deploy, StartInstance
from engine.model import SYSTEM, Applicant, SubmittedForm, Variables
from engine.store import Base
from web.bootstrap import Parts, bootstrap
from web.settings import Settings

TENANT = "town"
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0" '
    'targetNamespace="https://radnice.cz/tests"'
)


def service(node: str, connector: str, result: str = "", **parameters: str) -> str:
    """A service task with a connector; parameters are Starlark."""
    given = "".join(f'<radnice:parameter name="{name}">{text}</radnice:parameter>' for name, text in parameters.items())
    return (
        f'<bpmn:serviceTask id="{node}" name="{node}"><bpmn:extensionElements>'
        f'<radnice:connector name="{connector}" result="{result}">{given}</radnice:connector>'
        f"</bpmn:extensionElements></bpmn:serviceTask>"
    )


def process(*nodes: str, key: str = "letters") -> bytes:
    """A process of nodes one after another."""
    ids = [node.split('id="', 1)[1].split('"', 1)[0] for node in nodes]
    places = ["start", *ids, "end"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(zip(places, places[1:], strict=False))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="d">'
        f'<bpmn:process id="{key}" isExecutable="true"><bpmn:startEvent id="start"/>{"".join(nodes)}'
        f'<bpmn:endEvent id="end"/>{flows}</bpmn:process></bpmn:definitions>'
    ).encode()


LETTER = b"""{% extends "letter.html" %}{% block title %}Dopis{% endblock %}
{% block body %}<p>{{ name }} zaplat\xc3\xad {{ fee|money_dash }}.</p>{% endblock %}"""
WELCOME = """# Vítejte, {{ name }}

Vaše číslo je **{{ case.number }}**, [sledujte ho]({{ case.tracking_url }}).
""".encode()
FORM = b"""{"title": "P\xc5\x99ihl\xc3\xa1\xc5\xa1ka", "type": "object", "properties": {
 "name": {"type": "string", "title": "N\xc3\xa1zev"}, "fee": {"type": "integer", "title": "P\xc5\x99\xc3\xadsp\xc4\x9bvek"}}}"""


def installation(tmp_path: Path, **settings: str) -> Parts:
    """A fresh installation on SQLite with one tenant."""
    given = {"ares_url": "offline", "secret_key": "test"} | settings
    parts = bootstrap(Settings(var=tmp_path, **given))  # type: ignore[arg-type]
    Base.metadata.create_all(parts.database)
    parts.engine.execute(
        AddTenant(tenant=TENANT, actor=SYSTEM, name="Otevřená města", settings={"mail_from": "urad@example.cz"})
    )
    return parts


def deploy(parts: Parts, diagram: bytes) -> None:
    files = {
        "letters.bpmn": diagram,
        "documents/letter.html": LETTER,
        "messages/welcome.md": WELCOME,
        "forms/application.json": FORM,
        "agenda.toml": b'key = "letters"\n[title]\ncs = "Dopisy"\n',
    }
    parts.engine.execute(
        Deploy(tenant=TENANT, actor=SYSTEM, agenda="letters", title={"cs": "Dopisy"}, files=files, numbering="D-{n:04}")
    )


def start(parts: Parts, **variables: object) -> str:
    data: Variables = {"name": "Rokytnice", "fee": 762_000} | variables
    command = StartInstance(
        tenant=TENANT,
        actor=SYSTEM,
        process_key="letters",
        variables=data,
        applicant=Applicant(name="Rokytnice", email="obec@example.cz"),
        submission=SubmittedForm(form="application", data={"name": data["name"], "fee": data["fee"]}),
    )
    return parts.engine.execute(command).instance_id


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.02)
