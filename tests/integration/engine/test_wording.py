"""Cases are found by the beginnings of their words, by whoever may read them, whatever is typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import inspect, select, text

from engine.commands import AddNote, TerminateInstance
from engine.erasing import EraseCase
from engine.model import Actor
from engine.queries import cases, inbox
from engine.queries.wording import SETTLES, Stretch, stretch
from engine.store.session import read_sessions
from engine.store.wall import EVERY
from engine.store.wording import LATELY, CaseWordsRow, words_of
from engine.wording import KeepWords, Worded
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import JANA, OPERATOR, Office

STEPS = diagram(start(), user("a", 'group="fees"'), end(), chain("s", "a", "e"))
CLERK = Actor(kind="person", username="clerk", groups=frozenset({"fees"}))
STRANGER = Actor(kind="person", username="stranger", groups=frozenset({"roads"}))


def worded(office: Office, *texts: str) -> str:
    """A case that says these texts."""
    case = office.start().instance_id
    office.do(KeepWords, cases={case: Worded(words=words_of(*texts), upto=1)})
    return case


def found(office: Office, asked: str, by: Actor = OPERATOR, tenant: str = "town") -> Sequence[str]:
    with read_sessions(office.database, tenant)() as session:
        page = cases.cases(session, tenant, cases.Wanted(q=asked), by)
        assert page.total == len(page.items)
        return [case.id for case in page.items]


def news(office: Office, after: int = 0) -> Stretch:
    with read_sessions(office.database, EVERY)() as session:
        return stretch(session, after, office.clock.now())


@pytest.fixture
def archive(engine_on: Office) -> Office:
    engine_on.deploy(STEPS, groups={"fees": {"cs": "Poplatky", "en": "Fees"}})
    return engine_on


def test_words_are_found_by_their_beginnings_without_accents_all_of_them(archive: Office) -> None:
    case = worded(archive, "Říčany u Prahy, č. j. 12/2026")
    worded(archive, "Rokytnice")
    for asked in ("říčany", "RICANY", "prah ric", "12/2026", "č.j. 12"):
        assert found(archive, asked) == [case], asked
    for asked in ("icany", "ricany rokytnice", "2027"):
        assert found(archive, asked) == [], asked


@pytest.mark.parametrize(
    "asked",
    ["'", '"', "a' & !b | (c", "NEAR(a b", "*", ":*", "a:*b", "\\", "%_", "a\x00b", "x" * 5000, "a " * 500, "∅"],
)
def test_whatever_is_typed_is_only_words(archive: Office, asked: str) -> None:
    worded(archive, "something")
    found(archive, asked)
    with read_sessions(archive.database, "town")() as session:
        inbox.inbox(session, "town", CLERK, inbox.Wanted(view="all", q=asked), archive.clock.now())


def test_who_may_not_read_a_case_finds_and_counts_nothing(archive: Office) -> None:
    case = worded(archive, "tajemství")
    assert found(archive, "tajem", CLERK) == [case]
    assert found(archive, "tajem", STRANGER) == []


def test_the_inbox_finds_a_task_by_what_its_case_says(archive: Office) -> None:
    case = worded(archive, "kanalizace")
    worded(archive, "vodovod")
    with read_sessions(archive.database, "town")() as session:
        wanted = inbox.Wanted(view="groups", q="kanal")
        page = inbox.inbox(session, "town", CLERK, wanted, archive.clock.now()).tasks
        assert ([task.instance_id for task in page.items], page.total) == ([case], 1)


@pytest.mark.parametrize(("asked", "named"), [("kanal", False), ("kanal ucet", True), ("ucet", True), ("vodo", False)])
def test_what_was_seen_of_all_tasks_spares_a_look_at_each_and_changes_nothing_found(
    archive: Office, asked: str, named: bool
) -> None:
    archive.deploy(
        diagram(start(), user("a", 'group="fees"', name="Účet"), end(), chain("s", "a", "e")),
        groups={"fees": {"cs": "Poplatky", "en": "Fees"}},
    )
    worded(archive, "kanalizace")
    worded(archive, "vodovod")
    with read_sessions(archive.database, "town")() as session:
        wanted, now = inbox.Wanted(view="groups", q=asked), archive.clock.now()
        seen = inbox.survey(session, "town", CLERK, now, asked)
        assert seen.named is named
        assert inbox.tasks(session, "town", CLERK, wanted, now, seen) == inbox.tasks(
            session, "town", CLERK, wanted, now
        )


def test_another_organisation_finds_nothing(archive: Office) -> None:
    worded(archive, "tajemství")
    archive.add_tenant("village")
    assert found(archive, "tajem", OPERATOR, "village") == []


def test_what_was_begun_lately_is_found_by_its_number_before_it_is_in_words(archive: Office) -> None:
    number = archive.case(archive.start().instance_id).business_key
    assert len(found(archive, number)) == 1
    archive.pass_time(LATELY * 2)
    archive.start()
    assert found(archive, number) == []


def test_of_cases_that_say_it_those_come_first_that_are_called_so(archive: Office) -> None:
    called = archive.start().instance_id
    number = archive.case(called).business_key
    archive.pass_time(LATELY / 2)
    saying = worded(archive, f"see {number}")
    assert found(archive, number) == [called, saying]


def test_only_what_brings_words_makes_a_case_stale_and_only_until_it_is_worded(archive: Office) -> None:
    case = archive.start().instance_id
    first = news(archive)
    assert [(tenant, one) for tenant, one, _ in first.stale] == [("town", case)]
    archive.do(KeepWords, cases={case: Worded(words=(), upto=first.stale[0][2])})
    assert news(archive).stale == []
    archive.do(AddNote, CLERK, instance_id=case, text="a note")
    assert [one for _, one, _ in news(archive).stale] == [case]


def test_the_mark_waits_for_entries_that_may_still_appear(archive: Office) -> None:
    archive.start()
    assert news(archive).settled == 0 or news(archive).settled < news(archive).stale[0][2]
    archive.pass_time(SETTLES * 2)
    settled = news(archive).settled
    assert settled >= news(archive).stale[0][2]
    assert news(archive, settled).stale == ()


def test_a_case_that_was_erased_meanwhile_gets_no_words(archive: Office) -> None:
    assert archive.do(KeepWords, cases={"gone": Worded(words=("a",), upto=1)}) == 0
    assert archive.rows(CaseWordsRow) == []


def test_of_an_erased_case_no_word_is_left_in_the_index(archive: Office) -> None:
    case = worded(archive, "kvapilova")
    worded(archive, "novak")
    archive.complete("a", by=CLERK, case=case)
    archive.do(EraseCase, instance_id=case, because="retention")
    assert found(archive, "kvapilova") == []
    with archive.everything.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                assert not any(b"kvapilova" in value for value in row if isinstance(value, bytes)), table
                assert not any("kvapilova" in str(value) for value in row), table


def test_who_handed_it_in_finds_it(archive: Office) -> None:
    case = archive.start().instance_id
    assert found(archive, archive.case(case).business_key, JANA) == []


def test_inboxes_look_for_a_case_while_it_goes_on(archive: Office) -> None:
    case = worded(archive, "kanalizace")
    assert going_on(archive) == [case]
    archive.pass_time(LATELY * 2)
    archive.start()
    assert in_inbox(archive, "kanal") == [case]
    archive.do(TerminateInstance, OPERATOR, instance_id=case, reason="a mistake")
    reword(archive, case)
    assert (going_on(archive), in_inbox(archive, "kanal")) == ([], [])
    assert in_inbox(archive, "kanal", state="cancelled") == [case]


def reword(office: Office, case: str) -> None:
    """What the beat does: a case that is stale gets its words anew."""
    (upto,) = (upto for _tenant, one, upto in news(office).stale if one == case)
    office.do(KeepWords, cases={case: Worded(words=words_of("kanalizace"), upto=upto)})


def going_on(office: Office) -> list[str]:
    with read_sessions(office.database, EVERY)() as session:
        return list(session.scalars(select(CaseWordsRow.instance_id).where(CaseWordsRow.going_on)))


def in_inbox(office: Office, asked: str, state: str | None = None) -> list[str]:
    with read_sessions(office.database, "town")() as session:
        wanted = inbox.Wanted(view="all", q=asked, state=state)
        page = inbox.tasks(session, "town", CLERK, wanted, office.clock.now())
        assert page.total == len(page.items)
        return [task.instance_id for task in page.items]


def test_a_page_beyond_the_end_of_what_was_found_is_the_last_one(archive: Office) -> None:
    cases_there = {worded(archive, "kanalizace") for _ in range(3)}
    with read_sessions(archive.database, "town")() as session:
        wanted = inbox.Wanted(view="groups", q="kanal", page=9, page_size=2)
        page = inbox.tasks(session, "town", CLERK, wanted, archive.clock.now())
        assert (page.page, page.pages, page.total, len(page.items)) == (2, 2, 3, 1)
        nothing = inbox.tasks(session, "town", CLERK, inbox.Wanted(q="vodovod", page=9), archive.clock.now())
        assert (nothing.page, nothing.total) == (1, 0)
    assert {task.instance_id for task in page.items} < cases_there
