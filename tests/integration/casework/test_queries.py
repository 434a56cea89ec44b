"""What pages read: inbox, task with rights, case, story, diagram, clocks, offers, operations, people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.commands import (
    AddToken,
    ClaimTask,
    CompleteHumanTask,
    CorrelateMessage,
    DelegateTask,
    SuspendInstance,
)
from engine.errors import NotFound
from engine.model import SYSTEM, Actor
from engine.queries import (
    cases,
    deadlines,
    definitions,
    inbox,
    offers,
    operations,
    payments,
    people,
    progress,
    story,
    tasks,
)
from tests.integration.casework.office import APPLICANT, MORNING, SECRETARY, TREASURER, Office, payment

OTHER = Actor(kind="person", username="dana", name="Dana", groups=frozenset({"secretariat"}))


def names(office: Office, actor: Actor = SECRETARY, **wanted: Any) -> list[str]:
    return [one.title for one in office.inbox(actor, **wanted).tasks.items]


def claim(office: Office, actor: Actor = SECRETARY) -> str:
    task = office.inbox(actor).tasks.items[0].id
    office.engine.execute(ClaimTask(tenant=office.home, actor=actor, task_id=task))
    return task


def complete(office: Office, node: str, actor: Actor = SECRETARY) -> None:
    task = next(one for one in office.inbox(actor, view="all").tasks.items if one.node == node)
    office.engine.execute(CompleteHumanTask(tenant=office.home, actor=actor, task_id=task.id))


@contextmanager
def statements_counted(office: Office) -> Iterator[list[str]]:
    seen: list[str] = []
    engine = office.reads.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: seen.append(text))
    yield seen


def test_views_split_the_tasks_and_their_counts_agree(office: Office) -> None:
    for name in ("Aš", "Brno", "Cheb"):
        office.start(name=name)
    claim(office)
    assert sorted(names(office, view="groups")) == ["Brno", "Cheb"]
    assert names(office, view="mine") == ["Aš"]
    assert len(names(office, view="all")) == 3
    assert names(office, view="overdue") == names(office, TREASURER) == names(office, view="applicant") == []
    office.clock.advance(timedelta(days=20))
    found = office.inbox(SECRETARY, view="overdue")
    assert found.counts == {"mine": 1, "groups": 2, "standing_in": 0, "all": 3, "overdue": 3, "applicant": 0}
    assert all(one.overdue for one in found.tasks.items)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ricany", ["Říčany", "Brno"]),
        ("BRNO", ["Brno"]),
        ("pop-2026-0002", ["Brno"]),
        ("obec@example.cz brno", ["Brno"]),
        ("05129061", ["Říčany", "Brno"]),
        ("100%", []),
        ("zkontrolovat brno", ["Brno"]),
    ],
)
def test_words_are_searched_in_case_and_task_without_accents(office: Office, words: str, found: list[str]) -> None:
    office.start(name="Říčany")
    office.start(name="Brno")
    assert sorted(names(office, q=words), reverse=True) == sorted(found, reverse=True)


def test_the_inbox_is_sorted_filtered_and_paged(office: Office) -> None:
    for day, name in enumerate(("Aš", "Brno", "Cheb")):
        office.clock.set(MORNING + timedelta(days=day))
        office.start(name=name)
    assert names(office) == ["Aš", "Brno", "Cheb"]
    assert names(office, sort="opened") == ["Cheb", "Brno", "Aš"]
    assert names(office, page=2, page_size=2) == ["Cheb"]
    assert names(office, page=9, page_size=2) == ["Cheb"]
    assert names(office, process_key="unmatched") == names(office, group="treasurer") == []
    assert names(office, view="all", assignee="sekretarka") == []
    assert names(office, due_before=MORNING + timedelta(days=7, hours=20)) == ["Aš"]


def test_the_inbox_costs_the_same_for_one_task_and_for_forty(office: Office) -> None:
    office.start()
    with statements_counted(office) as few:
        office.inbox(SECRETARY)
    costs = len(few)
    for _ in range(15):
        office.start()
    few.clear()
    office.inbox(SECRETARY)
    assert len(few) == costs
    assert not any("process_instance.state" in text for text in few)


def test_a_suspended_case_leaves_the_inbox(office: Office) -> None:
    case = office.start().instance_id
    office.engine.execute(SuspendInstance(tenant=office.home, actor=SYSTEM, instance_id=case, reason="spor"))
    assert names(office) == []
    with office.read() as session:
        assert len(inbox.tasks_of_case(session, office.home, case, MORNING)) == 1


def test_the_next_task_is_an_own_one_first(office: Office) -> None:
    office.start(name="Aš")
    office.start(name="Brno")
    second = office.inbox(SECRETARY).tasks.items[1].id
    office.engine.execute(ClaimTask(tenant=office.home, actor=SECRETARY, task_id=second))
    with office.read() as session:
        assert inbox.next_task(session, office.home, SECRETARY, MORNING) == second
        assert inbox.next_task(session, office.home, TREASURER, MORNING) is None
        offered = inbox.choices(session, office.home, SECRETARY, MORNING)
    assert [(one.key, one.name) for one in offered.processes] == [("fee", "Poplatek")]
    assert [key for key, _ in offered.groups] == ["secretariat"]
    assert list(offered.assignees) == [("sekretarka", "Sára Sekretářka")]


def rights(office: Office, task_id: str, actor: Actor) -> tuple[bool, bool, bool]:
    with office.read() as session:
        facts = tasks.task(session, office.home, task_id, actor)
    return facts.may_claim, facts.may_release, facts.may_complete


def test_a_task_tells_who_may_do_what(office: Office) -> None:
    case = office.start().instance_id
    task = office.inbox(SECRETARY).tasks.items[0].id
    assert rights(office, task, SECRETARY) == (True, False, True)
    assert rights(office, task, TREASURER) == rights(office, task, APPLICANT) == (False, False, False)
    claim(office)
    assert rights(office, task, SECRETARY) == (False, True, True)
    assert rights(office, task, OTHER) == (False, False, False)
    office.engine.execute(DelegateTask(tenant=office.home, actor=SECRETARY, task_id=task, username="hospodar"))
    assert rights(office, task, TREASURER) == (False, True, True)
    office.engine.execute(SuspendInstance(tenant=office.home, actor=SYSTEM, instance_id=case, reason="spor"))
    assert rights(office, task, TREASURER) == (False, False, False)


def test_a_task_shows_its_due_date_with_the_way_to_it_and_its_variables(office: Office) -> None:
    office.start()
    task = office.inbox(SECRETARY).tasks.items[0].id
    with office.read() as session:
        facts = tasks.task(session, office.home, task, SECRETARY)
        seen = tasks.visible_variables(session, office.home, task)
        with pytest.raises(NotFound):
            tasks.task(session, office.home, "nothing", SECRETARY)
    assert (facts.form, facts.subject, facts.group) == ("check", "Říčany", "secretariat")
    assert facts.due_at and facts.due_at.date() == date(2026, 3, 9)
    assert [line["rule"] for line in facts.derivation] == ["start-not-counted", "working-days"]
    assert seen["amount"] == 762_000 and seen["case"]["number"] == "POP-2026-0001"


def paid(office: Office) -> str:
    """A case whose check is done and whose money has come."""
    case = office.start().instance_id
    complete(office, "check")
    with office.read() as session:
        symbol = payments.payments(session, office.home, case)[0].variable_symbol
    office.bring(payment(symbol))
    return case


def test_four_eyes_are_told_before_anybody_tries(office: Office) -> None:
    paid(office)
    task = office.inbox(SECRETARY).tasks.items[0].id
    with office.read() as session:
        assert tasks.task(session, office.home, task, SECRETARY).four_eyes
    assert rights(office, task, SECRETARY) == (False, False, False)
    assert rights(office, task, OTHER) == (True, False, True)


def test_a_case_is_found_by_number_and_by_secret_only(office: Office) -> None:
    started = office.start(name="Říčany")
    assert started.secret
    with office.read() as session:
        found = cases.case_by_secret(session, office.home, f" {started.business_key}", started.secret)
        assert (found.title, found.process_name, found.open_tasks) == ("Říčany", "Poplatek", 1)
        assert cases.case(session, office.home, number=started.business_key) == found
        for number, secret in (("POP-2026-9999", started.secret), (started.business_key, "x"), ("", "")):
            with pytest.raises(NotFound):
                cases.case_by_secret(session, office.home, number, secret)
        listed = cases.cases(session, office.home, cases.Wanted(q="ricany", status="running"), SECRETARY)
        assert [one.id for one in listed.items] == [started.instance_id]
        assert cases.cases(session, office.home, cases.Wanted(with_incident=True), SECRETARY).total == 0
        assert cases.counts_by_status(session, office.home) == {"running": 1}


def test_the_story_tells_people_what_happened_newest_first(office: Office) -> None:
    case = paid(office)
    with office.read() as session:
        told = story.story(session, office.home, case)
        everything = story.story(session, office.home, case, everything=True)
        public = story.story_for_applicant(session, office.home, case)
        older = story.story(session, office.home, case, before=told[0].id, limit=1)
    assert [one.kind for one in told] == [
        "message-received",
        "payment-requested",
        "task-completed",
        "case-started",
    ]
    done = told[2]
    assert (done.node_name, done.who, done.who_name, done.version) == (
        "Zkontrolovat žádost",
        "sekretarka",
        "Sára Sekretářka",
        1,
    )
    assert len(everything) > len(told) and older == [told[1]]
    assert [(one.kind, one.who_name) for one in public] == [("payment-requested", ""), ("case-started", "")]
    assert public[0].facts["amount"] == 762_000


def test_the_diagram_knows_the_way_gone_and_the_place(office: Office) -> None:
    case = office.start().instance_id
    complete(office, "check")
    with office.read() as session:
        now = progress.progress(session, office.home, case)
        assert progress.last_passed(session, office.home, case)["check"] == MORNING
    assert {"begin", "check", "ask"} <= now.passed.keys() and {"f1", "f2", "f3"} <= now.flows.keys()
    assert now.active == {} and now.armed == {"paid": 1} and now.incidents == {}


def test_a_waiting_message_is_offered_to_those_it_is_for(office: Office) -> None:
    case = office.start().instance_id
    with office.read() as session:
        found = offers.offers(session, office.home, case, APPLICANT)
        assert [(one.label, one.name) for one in found] == [("Vzít žádost zpět", "fee.withdrawn")]
        assert offers.offers(session, office.home, case, SECRETARY) == []
        assert offers.offer(session, office.home, case, found[0].wait, APPLICANT) == found[0]
    office.engine.execute(
        CorrelateMessage(tenant=office.home, actor=APPLICANT, name=found[0].name, instance_id=case, wait=found[0].wait)
    )
    with office.read() as session:
        assert offers.offers(session, office.home, case, APPLICANT) == []
        assert cases.case(session, office.home, instance_id=case).status == "completed"


def test_the_clocks_of_a_case_come_nearest_first(office: Office) -> None:
    case = office.start().instance_id
    office.inside(case, "deadline.start", key="decide", title="Rozhodnutí", period="P30D")
    office.inside(case, "deadline.start", key="stopped", title="Doplnění", period="P2D")
    office.inside(case, "deadline.stop", key="stopped")
    with office.read() as session:
        found = deadlines.deadlines(session, office.home, case, MORNING + timedelta(days=10))
    assert [(one.kind, one.title, one.overdue) for one in found] == [
        ("task", "Zkontrolovat žádost", True),
        ("deadline", "Rozhodnutí", False),
        ("deadline", "Doplnění", False),
    ]


def test_a_failed_effect_is_an_incident_the_operator_sees(office: Office) -> None:
    case = office.start(amount=-1).instance_id
    complete(office, "check")
    with office.read() as session:
        found = operations.incidents(session, office.home).items
        watched = operations.overview(session, office.home, MORNING)
        listed = cases.cases(session, office.home, cases.Wanted(with_incident=True), SECRETARY)
    assert [(one.node, one.business_key, one.instance_id) for one in found] == [("ask", "POP-2026-0001", case)]
    assert "can't be asked for" in found[0].message
    assert (watched.open_incidents, watched.cases, listed.items[0].open_incidents) == (1, {"running": 1}, 1)
    with office.read() as session:
        assert progress.progress(session, office.home, case).incidents == {"ask": 1}
        assert operations.jobs(session, office.home).total == operations.timers(session, office.home).total == 0
        assert operations.kept_messages(session, office.home).total == 0


def test_agendas_files_and_versions_are_given(office: Office) -> None:
    office.deploy({"forms/a.json": b"{}"})
    with office.read() as session:
        newest = definitions.agendas(session, office.home)
        assert [(one.agenda, one.version, one.toml) for one in newest] == [("fees", 2, b'key = "fees"\n')]
        assert [one.version for one in definitions.agenda_versions(session, office.home, "fees")] == [2, 1]
        assert definitions.files_of(session, office.home, newest[0].deployment_id, "forms/") == {"forms/a.json": b"{}"}
        fee = definitions.newest_definition(session, office.home, "fee")
        assert (fee.version, fee.path) == (2, "fee.bpmn")
        assert b"<bpmn:definitions" in definitions.definition_file(session, office.home, fee.id)
        assert {"fee", "unmatched"} <= definitions.model_of(session, office.home, fee.id).nodes.keys()
        with pytest.raises(NotFound):
            definitions.definition_file(session, office.home, fee.id, "nothing.json")


def test_people_groups_and_tokens_are_given_without_secrets(office: Office) -> None:
    office.engine.execute(AddToken(tenant=office.home, actor=SYSTEM, username="hospodar", token_hash="f" * 64))
    with office.read() as session:
        assert [one.username for one in people.people(session, office.home)] == ["hospodar", "sekretarka"]
        found = people.person_by_token(session, office.home, "f" * 64)
        assert found and found.groups == {"treasurer"}
        assert people.person_by_token(session, office.home, "0" * 64) is None
        assert people.credentials(session, office.home, "hospodar") is None
        assert [(one.key, list(one.members)) for one in people.groups(session, office.home)] == [
            ("secretariat", ["sekretarka"]),
            ("treasurer", ["hospodar"]),
        ]
        assert people.tokens(session, office.home)[0].username == "hospodar"
        assert people.tenant_of(session, office.home).name == "Město"


def test_another_organisation_sees_nothing(office: Office) -> None:
    case = paid(office)
    task = office.inbox(SECRETARY).tasks.items[0].id
    with office.reads() as session:
        for read in (
            lambda: cases.case(session, "jinde", instance_id=case),
            lambda: cases.variables(session, "jinde", case),
            lambda: tasks.task(session, "jinde", task, SECRETARY),
            lambda: tasks.visible_variables(session, "jinde", task),
            lambda: progress.progress(session, "jinde", case),
        ):
            with pytest.raises(NotFound):
                read()
        assert story.story(session, "jinde", case, everything=True) == []
        assert deadlines.deadlines(session, "jinde", case, MORNING) == []
        assert offers.offers(session, "jinde", case, APPLICANT) == []
        assert payments.payments(session, "jinde", case) == []
        assert inbox.inbox(session, "jinde", SECRETARY, inbox.Wanted(view="all"), MORNING).tasks.total == 0
        assert definitions.agendas(session, "jinde") == []
