"""A process author can't hurt the worker: whatever a script does, its case gets an incident and the others go on."""

from __future__ import annotations

import resource
from pathlib import Path

from engine.commands import Deploy, StartInstance
from engine.model import SYSTEM
from integrations.ares import RecordedAres
from integrations.fakes import PlainPdf, RememberingMailer
from tests.integration.integrations.town import TENANT, installation, process, service, status, until
from web.bootstrap import Parts
from web.outside import Outside
from web.worker import start_embedded

#: Name → what the script does. There is no regular expression in the language; what comes nearest is a long search.
ATTACKS = {
    "an endless loop": "for i in range(2000000000):\n    pass",
    "a huge text": 'x = "a" * 2000000000',
    "recursion": "def f(n):\n    return f(n + 1)\nx = f(0)",
    "a list of a million": "x = list(range(1000000))",
    "a million times the same": "x = [0] * 1000000",
    "deep nesting": "x = []\nfor i in range(100000):\n    x = [x]",
    "huge numbers": "x = 7\nfor i in range(60):\n    x = x * x",
    "a shift": "x = 1 &lt;&lt; 100000000000",
    "doubling": "x = 'ab'\nfor i in range(60):\n    x = x + x",
    "a long search": "x = [('a' * 1000000 + 'b').find('a' * n + 'c') for n in range(100000)]",
    "splitting and joining": "x = ('a' * 5000000).split('a')",
    "a regular expression": "x = re.match('(a+)+$', 'a' * 40 + 'b')",
}
#: More than the worker itself may grow while a script tries to take gigabytes.
MOST_GROWTH = 600 << 10


def mail(node: str) -> str:
    return service(node, "mail.send", "mail", to='"obec@example.cz"', template='"welcome"')


def script(node: str, text: str) -> str:
    return f'<bpmn:scriptTask id="{node}" name="{node}"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>'


def start(parts: Parts, key: str) -> str:
    return parts.engine.execute(StartInstance(tenant=TENANT, actor=SYSTEM, process_key=key)).instance_id


def test_hostile_scripts_in_the_worker_are_incidents_and_other_cases_go_on(tmp_path: Path, database_url: str) -> None:
    parts, mailer = installation(tmp_path, database_url), RememberingMailer()
    files = {
        f"{n}.bpmn": process(mail(f"mail{n}"), script(f"script{n}", text), key=f"attack{n}")
        .replace(b'"start"', b'"start%d"' % n)
        .replace(b'"end"', b'"end%d"' % n)
        .replace(b'id="f', b'id="f%d_' % n)
        for n, text in enumerate(ATTACKS.values())
    }
    files["letters.bpmn"] = process(mail("mail"), script("script", "x = [n + 1 for n in [1, 2]]"))
    files |= {"messages/welcome.md": b"# Welcome", "agenda.toml": b'key = "letters"\n[title]\ncs = "Dopisy"\n'}
    parts.engine.execute(
        Deploy(tenant=TENANT, actor=SYSTEM, agenda="letters", title={"cs": "Dopisy"}, files=files, numbering="D-{n:04}")
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stop = start_embedded(parts, Outside(mailer=mailer, pdf=PlainPdf(), companies=RecordedAres()))
    try:
        attacks = {name: start(parts, f"attack{n}") for n, name in enumerate(ATTACKS)}
        others = [start(parts, "letters") for _ in range(5)]
        until(lambda: all(status(parts, each) == "completed" for each in others), 600)
        until(lambda: all(status(parts, each) != "running" for each in attacks.values()), 600)
        told = {name: status(parts, each) for name, each in attacks.items()}
    finally:
        stop()
        parts.database.dispose()
    assert told == dict.fromkeys(ATTACKS, "incident")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH
    assert len(mailer.sent) == len(attacks) + len(others)
