"""Towns of one agenda for walks: how they are founded, what time it is in them, what happens while nobody looks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from playwright.sync_api import expect

from engine.calendar import PRAGUE, SettableClock
from engine.commands import CompleteHumanTask, StartInstance
from engine.model import SYSTEM, Actor, Applicant, Started, SubmittedForm
from engine.queries import bank_orders
from engine.queries.cases import Wanted, case, cases
from engine.queries.inbox import tasks_of_case
from engine.queries.payments import payments
from integrations.gateway.shape import Gateway
from processes.catalogue import load
from processes.scenarios.reading import as_json
from tests.browser.town import Town, nobody_is_slowed_down, serve
from tests.browser.traffic import PATIENCE
from tests.browser.visitor import Visitor
from tests.integration.conftest import ALL
from tests.statements import statement_of
from web.auth import ANYONE
from web.bootstrap import Parts
from web.demo import found
from web.migrations import upgrade

T = TypeVar("T")
APPLICANT = Actor(kind="applicant")


def founder(agenda_key: str) -> Callable[[Parts], str]:
    """Give what founds the demo's organisation of an agenda, with its people and no cases."""

    def founded(parts: Parts) -> str:
        upgrade(parts.database)
        agenda = load(agenda_key)
        people = yaml.safe_load(agenda.text("demo/people.yaml") or "")
        # Some agendas live in the association's demo.
        tenant = yaml.safe_load(agenda.text("demo/tenant.yaml") or load("membership").text("demo/tenant.yaml") or "")
        found(parts, [agenda], tenant, people)
        return str(tenant["key"])

    return founded


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE)


@contextmanager
def office_of(agenda_key: str, folder: Path, begins_at: str, gateway: Gateway | None = None) -> Iterator[Town]:
    """Serve a town of an agenda whose clock stands until a walk moves it."""
    with nobody_is_slowed_down():
        yield from serve(folder, founder(agenda_key), SettableClock(moment(begins_at)), gateway)


def comes(town: Town, text: str) -> None:
    """Let it be this moment."""
    clock = town.parts.clock
    assert isinstance(clock, SettableClock)
    clock.set(moment(text))


def told(agenda_key: str, like: str, **changed: Any) -> dict[str, Any]:
    """Answers of a form that the agenda's scenarios give, some changed."""
    data: dict[str, Any] = as_json(yaml.safe_load(load(agenda_key).text("scenarios/_forms.yaml") or ""))[like]
    return {**data, **changed}


def begins(
    town: Town,
    process: str,
    form: str,
    data: Mapping[str, Any],
    actor: Actor = ANYONE,
    applicant: Applicant | None = None,
) -> str:
    """Somebody sends the form that begins a case, as the form names them or another applicant; gives its number."""
    named = Applicant(name=str(data.get("name", "")), email=str(data.get("email", "")))
    command = StartInstance(
        tenant=town.tenant,
        actor=actor,
        process_key=process,
        variables=dict(data),
        submission=SubmittedForm(form=form, data=dict(data)),
        applicant=applicant or named,
    )
    started: Started = town.parts.engine.execute(command)
    return started.business_key


def applicant_answers(town: Town, number: str, node: str, form: str, data: Mapping[str, Any]) -> None:
    """The applicant sends the form of a task."""
    task = town.open_task(number, node)
    sent = SubmittedForm(form=form, data=dict(data))
    town.parts.engine.execute(
        CompleteHumanTask(tenant=town.tenant, actor=APPLICANT, task_id=task, data=dict(data), submission=sent)
    )


def newest_case(town: Town, process: str, nth: int = 1) -> str:
    """Wait until so many cases of a process have begun; gives the number of the newest one."""

    def newest() -> str | None:
        begun = numbers(town, process)
        return max(begun) if len(begun) >= nth else None

    return awaited(newest, lambda: f"case {nth} of {process} has not begun")


def numbers(town: Town, process: str) -> list[str]:
    """Numbers of cases of a process; the clock may have stood, so only they tell which is the newest."""
    with town.parts.sessions(info=ALL) as session:
        return [one.business_key for one in cases(session, town.tenant, Wanted(process_key=process), SYSTEM).items]


def is_open(town: Town, number: str, node: str) -> bool:
    """Whether a case waits at a task."""
    with town.parts.sessions(info=ALL) as session:
        facts = case(session, town.tenant, number=number)
        return node in {one.node for one in tasks_of_case(session, town.tenant, facts.id, town.parts.clock.now())}


def symbol_of(town: Town, number: str) -> str:
    """Wait until a case asks for money; gives the variable symbol of what it asked for last."""

    def asked() -> str | None:
        with town.parts.sessions(info=ALL) as session:
            found = payments(session, town.tenant, case(session, town.tenant, number=number).id)
        return next((one.variable_symbol for one in found if one.state == "open"), None)

    return awaited(asked, lambda: f"{number} asked for no money: {town.trouble(number)}")


def letter_to(town: Town, words: str) -> str:
    """Wait for a letter with these words; gives its text."""

    def found_letter() -> str | None:
        return next((one for one in reversed(town.mails()) if words in one.replace("\u00a0", " ")), None)

    def subjects() -> str:
        return f"no letter says {words}, only {[one.splitlines()[1] for one in town.mails()]}"

    return awaited(found_letter, subjects)


def awaited(look: Callable[[], T | None], complaint: Callable[[], str]) -> T:
    """Look again and again until there is something."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found_now := look():
            return found_now
        time.sleep(0.1)
    raise AssertionError(complaint())


def own_page(visitor: Visitor, town: Town, number: str) -> None:
    """Open the page of a case by the link of its newest letter."""
    pattern = re.compile(rf"/p/{number}\?k=[\w-]+")
    found_at = awaited(lambda: pattern.findall("".join(town.mails())), lambda: f"no letter has a link to {number}")
    visitor.goes(found_at[-1])


def sits_down(person: Visitor, town: Town, number: str, node: str, title: str) -> None:
    """Open a task when the case has come to it."""
    person.goes(f"/prace/ukoly/{town.open_task(number, node)}")
    person.looks(f"{title}, {number}")


def finishes(person: Visitor) -> None:
    """Send the form of the open task; it must be taken."""
    person.presses("Dokončit úkol")
    assert "Hotovo" in person.reads(), person.reads()


def takes_in(treasurer: Visitor, content: bytes, said: str) -> None:
    """Put a statement in on the bank's page."""
    treasurer.goes("/prace/banka")
    upload = {"name": "vypis.gpc", "mimeType": "text/plain", "buffer": content}
    treasurer.page.locator("#statement").set_input_files(upload)
    treasurer.presses("Načíst")
    assert said in treasurer.reads(), treasurer.reads()


def shows(visitor: Visitor, path: str, words: str) -> None:
    """Open a page, again until it shows the words: they come from work behind it."""

    def seen() -> bool:
        visitor.goes(path)
        return words in visitor.reads().replace("\u00a0", " ")

    awaited(seen, lambda: f"{path} does not show {words}")


def carries_orders_out(treasurer: Visitor, town: Town, number: str, *, statement: int) -> str:
    """Make a file of the orders that wait and let the statement of that number show them paid; gives the ABO file."""
    shows(treasurer, "/prace/banka/prikazy", number)
    treasurer.looks("Příkazy k úhradě")
    with town.parts.sessions(info=ALL) as session:
        waiting = bank_orders.orders(session, town.tenant, "prepared").items
    treasurer.presses("Vytvořit soubor pro banku")
    treasurer.looks("Příkazy k úhradě")
    order = treasurer.downloads("ABO (KPC)").decode("cp1250")
    paid = [(one.variable_symbol or "0", -one.amount) for one in waiting]
    takes_in(treasurer, statement_of(paid, opening=10_000_000, number=statement), "Výpis")
    treasurer.looks("Výpis")
    treasurer.goes("/prace/banka/prikazy")
    expect(treasurer.page.locator("main")).to_contain_text(f"banka potvrdila {len(paid)} z {len(paid)}")
    return order
