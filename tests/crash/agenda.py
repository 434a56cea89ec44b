"""What the cases of a crash test do: a call, then a person, a payment and a timer side by side, a mail, and a message
with which another case begins that makes a call of its own."""

from __future__ import annotations

from hashlib import sha256

from engine.commands import AddPerson, AddTenant, AddToken, Deploy
from engine.facade import Engine
from engine.model import SYSTEM
from tests.integration.diagrams import (
    catch,
    chain,
    correlation,
    diagram,
    end,
    gateway,
    message,
    messages,
    payload,
    service,
    start,
    throw,
    timer,
    user,
)

TENANT, TOKEN = "town", "crash"
HEAD = messages("paid", "finished")
NUMBER = 'case["number"]'
#: What every case does outside, by the case's own steps.
STEPS = ("tell", "mail", "archive")


def call(node: str, url: str, number: str) -> str:
    return service(node, "webhook.post", url=f'"{url}"', data=f'{{"case": {number}, "step": "{node}"}}')


def main(url: str) -> bytes:
    return diagram(
        start(),
        call("tell", url, NUMBER),
        gateway("fork", "parallel"),
        user("approve", 'subject="case[&quot;number&quot;]"'),
        catch("paid_for", message("paid"), correlation("number", NUMBER)),
        catch("pause", timer("PT1S")),
        gateway("join", "parallel"),
        service("mail", "mail.send", to='"obec@example.cz"', subject=NUMBER, text='"Hotovo."'),
        throw("finish", message("finished"), payload("of", NUMBER)),
        end(),
        chain("s", "tell", "fork"),
        *(chain("fork", each, "join") for each in ("approve", "paid_for", "pause")),
        chain("join", "mail", "finish", "e"),
        process="main",
        head=HEAD,
    )


def archiving(url: str) -> bytes:
    return diagram(
        start("begun", message("finished")),
        call("archive", url, "of"),
        end("archived"),
        chain("begun", "archive", "archived"),
        process="archiving",
        head=HEAD,
    )


def found(engine: Engine, url: str) -> None:
    """Make the organisation, its agenda and the program that starts cases."""

    def do(command: type, **facts: object) -> None:
        engine.execute(command(tenant=TENANT, actor=SYSTEM, **facts))

    do(AddTenant, name="Město", settings={"mail_from": "urad@example.cz"})
    do(AddPerson, username="program", name="Program", groups=("admin",))
    do(AddToken, username="program", token_hash=sha256(TOKEN.encode()).hexdigest())
    files = {"main.bpmn": main(url), "archiving.bpmn": archiving(url)}
    do(Deploy, agenda="crash", title={"cs": "Pád"}, files=files)
