"""A small agenda with outside actions, and an installation that runs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.calendar import Clock
from engine.commands import AddTenant, Deploy, StartInstance
from engine.model import SYSTEM, Applicant, SubmittedForm, Variables
from engine.queries import cases
from tests.integration.conftest import ALL
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
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(places))
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
FORM = """{"title": "Přihláška", "type": "object", "properties": {
 "name": {"type": "string", "title": "Název"}, "fee": {"type": "integer", "title": "Příspěvek"}}}""".encode()


def installation(var: Path, database_url: str, clock: Clock | None = None, **settings: str) -> Parts:
    """An installation with one tenant on an empty database."""
    parts = bootstrap(a_setting(var, database_url, **settings), clock)
    parts.engine.execute(
        AddTenant(tenant=TENANT, actor=SYSTEM, name="Otevřená města", settings={"mail_from": "urad@example.cz"})
    )
    return parts


def a_setting(var: Path, database_url: str, **settings: str) -> Settings:
    given: dict[str, Any] = {"ares_url": "offline", "secret_key": "test", "database_url": database_url}
    return Settings(var=var, **given | settings)


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


def status(parts: Parts, instance_id: str) -> str:
    with parts.sessions(info=ALL) as session:
        found = cases.case(session, TENANT, instance_id=instance_id)
    return "incident" if found.open_incidents else found.status


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.02)
