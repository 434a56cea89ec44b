"""A vote in the database: one per person, sealed until its end, nothing that joins a person and a ballot."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from engine.commands import StartInstance
from engine.errors import Conflict, DuplicateRecord, EngineError, Invalid, NotAllowed, NotFound
from engine.model import SYSTEM, Actor
from engine.queries import voting
from engine.store.base import table_of
from engine.store.voting import BallotRow, CodeLetterRow, EnvelopeRow, ReceiptRow, SheetRow, VoterRow
from engine.store.wall import everybodys
from engine.voting.commands import (
    AskForCode,
    BadBallot,
    CastBallot,
    EnterSheet,
    IssueCodes,
    MarkPaperVoter,
    NoSuchCode,
    NoteCodeLetterSent,
    ReplaceCode,
    TakeCodeLetters,
    VotedAlready,
    VoteIsOver,
)
from engine.voting.envelopes import WrongKey
from engine.voting.published import recount
from tests.integration.casework.office import APPLICANT, SECRETARY, TREASURER, Office

STRANGER = Actor(kind="person", username="cizi", name="Cizí")
BALLOT: dict[str, Any] = {
    "rules": {"method": "plus_minus"},
    "options": [{"id": name, "title": name, "price": 100, "group": "all"} for name in ("park", "skate", "bench")],
    "classes": [{"key": "all", "title": "Město", "budget": 200}],
}
#: Tables with what people chose or who they are.
SECRET_TABLES = (VoterRow, EnvelopeRow, BallotRow, ReceiptRow)


@pytest.fixture
def vote(office: Office) -> Office:
    return opened(office)


def opened(office: Office, key: str = "pr2026", **ballot: Any) -> Office:
    facts = {"opens": "2026-03-01", "closes": "2026-03-20", "title": "Hlasování", "key": key}
    office.inside(started(office), "vote.open", ballot=BALLOT | ballot, **facts)
    return office


def started(office: Office) -> str:
    start = StartInstance(tenant=office.home, actor=SYSTEM, process_key="fee", variables={})
    return office.engine.execute(start).instance_id


def codes(office: Office, count: int = 1, **facts: Any) -> list[str]:
    command = IssueCodes(tenant=office.home, actor=SECRETARY, poll="pr2026", count=count, **facts)
    return [one.code for one in office.engine.execute(command)]


def cast(office: Office, code: str, **marks: int) -> str:
    return office.engine.execute(CastBallot(tenant=office.home, actor=APPLICANT, poll="pr2026", code=code, marks=marks))


def paper(office: Office, voter: str, by: Actor = SECRETARY) -> None:
    office.engine.execute(MarkPaperVoter(tenant=office.home, actor=by, poll="pr2026", voter=voter))


def sheet(office: Office, number: int, by: Actor = SECRETARY, **marks: int) -> str:
    return office.engine.execute(EnterSheet(tenant=office.home, actor=by, poll="pr2026", number=number, marks=marks))


def close(office: Office) -> Any:
    office.clock.advance(timedelta(days=30))
    return office.inside(case_of(office), "vote.close", key="pr2026")


def facts(office: Office) -> voting.PollFacts:
    with office.read() as session:
        return voting.poll(session, office.home, "pr2026")


def case_of(office: Office) -> str:
    return facts(office).instance_id


def rows(office: Office, row_class: Any) -> list[Any]:
    with everybodys(office.commands.kw["bind"]).connect() as connection:
        return list(connection.execute(select(table_of(row_class))).all())


def test_a_vote_from_code_to_recount(vote: Office) -> None:
    first, second, third = codes(vote, 3)
    receipts = [cast(vote, first, park=2, skate=-1), cast(vote, second.lower().replace("-", " "), park=1, bench=2)]
    result = close(vote)
    assert (result["ballots"], result["voters"]) == (2, {"web": 2, "paper": 0, "all": 3})
    assert [one["option"] for one in result["standings"] if one["outcome"] == "chosen"] == ["park", "bench"]
    with vote.read() as session:
        published = voting.published_file(session, vote.home, "pr2026")
        assert voting.where_is(session, vote.home, facts(vote), receipts[0], vote.key) == "counted"
    assert recount(json.dumps(published)).problems == []
    assert sorted(receipts) == published["receipts"]
    with pytest.raises(VoteIsOver):
        cast(vote, third, park=1)


def test_one_vote_a_person(vote: Office) -> None:
    (code,) = codes(vote)
    cast(vote, code, park=1)
    with pytest.raises(VotedAlready):
        cast(vote, code, park=1)
    with pytest.raises(VotedAlready):
        paper(vote, code)
    assert len(rows(vote, EnvelopeRow)) == 1


def test_one_vote_across_paper_and_web(vote: Office) -> None:
    (code,) = codes(vote)
    paper(vote, code)
    with pytest.raises(VotedAlready):
        cast(vote, code, park=1)


def test_a_ballot_that_breaks_the_rules_takes_nobodys_vote(vote: Office) -> None:
    (code,) = codes(vote)
    with pytest.raises(BadBallot) as refused:
        cast(vote, code, park=3)
    assert [fault.code for fault in refused.value.faults] == ["plus-each"]
    assert cast(vote, code, park=2)


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "'; DROP TABLE poll", "č" * 500])
def test_a_code_that_nobody_has(vote: Office, code: str) -> None:
    codes(vote)
    with pytest.raises(NoSuchCode):
        cast(vote, code, park=1)


def test_nothing_in_the_tables_tells_a_name_a_code_or_a_choice(vote: Office) -> None:
    (code,) = codes(vote, 0, references=("Jana Malá, Dlouhá 5",))
    receipt = cast(vote, code, park=2, skate=-1)
    with everybodys(vote.commands.kw["bind"]).connect() as connection:
        names = inspect(connection).get_table_names()
        told = "".join(str(connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in names)
    for secret in ("Jana Malá", "jana malá", code, code.replace("-", ""), receipt, "park=2", "skate=-1"):
        assert secret not in told, secret


def test_no_column_joins_a_person_and_a_ballot() -> None:
    """Only the vote itself and the tenant are in both; no moment, author, case or running number is in either."""
    columns = [set(table_of(each).columns.keys()) for each in SECRET_TABLES]
    assert columns == [
        {"tenant", "poll_id", "identity", "code_hash", "used"},
        {"tenant", "poll_id", "mark", "sealed"},
        {"tenant", "poll_id", "number", "line", "times"},
        {"tenant", "poll_id", "receipt"},
    ]


def test_ballots_of_an_opened_box_lie_by_the_alphabet_and_not_as_they_came(vote: Office) -> None:
    given = ({"skate": 1}, {"bench": 2}, {"park": 1}, {"bench": 2}, {"park": 2})
    receipts = [cast(vote, code, **marks) for code, marks in zip(codes(vote, 5), given, strict=True)]
    close(vote)
    assert [(row.number, row.line, row.times) for row in rows(vote, BallotRow)] == [
        (1, "bench=2", 2),
        (2, "park=1", 1),
        (3, "park=2", 1),
        (4, "skate=1", 1),
    ]
    assert [row.receipt for row in rows(vote, ReceiptRow)] == sorted(receipts)
    assert rows(vote, EnvelopeRow) == []


def test_envelopes_are_as_long_whatever_is_in_them(vote: Office) -> None:
    for code, marks in zip(codes(vote, 2), ({"park": 1}, {"park": 2, "skate": 2, "bench": -1}), strict=True):
        cast(vote, code, **marks)
    assert len({len(row.sealed) for row in rows(vote, EnvelopeRow)}) == 1


def test_the_box_stays_closed_until_the_end(vote: Office) -> None:
    (code,) = codes(vote)
    cast(vote, code, park=1)
    with pytest.raises(Invalid, match="until the vote is over"):
        vote.inside(case_of(vote), "vote.close", key="pr2026")
    with vote.read() as session:
        with pytest.raises(NotAllowed):
            voting.running(session, vote.home, facts(vote), vote.key)
        with pytest.raises(NotFound):
            voting.published_file(session, vote.home, "pr2026")
    assert facts(vote).result is None


def test_the_running_tally_where_the_call_shows_it(office: Office) -> None:
    opened(office, show_running=True)
    for code in codes(office, 2):
        cast(office, code, park=2)
    with office.read() as session:
        result = voting.running(session, office.home, facts(office), office.key)
    assert (result.ballots, result.standings[0].plus) == (2, 4)


def test_another_key_of_the_installation_is_refused_and_loses_nothing(vote: Office) -> None:
    first, second = codes(vote, 2)
    cast(vote, first, park=1)
    right, vote.key = vote.key, b"another"
    with pytest.raises(WrongKey):
        cast(vote, second, park=1)
    with pytest.raises(WrongKey):
        close(vote)
    vote.key = right
    assert vote.inside(case_of(vote), "vote.close", key="pr2026")["ballots"] == 1


def test_a_receipt_is_found_while_the_vote_lasts(vote: Office) -> None:
    (code,) = codes(vote)
    receipt = cast(vote, code, park=1)
    with vote.read() as session:
        assert voting.where_is(session, vote.home, facts(vote), receipt.lower(), vote.key) == "box"
        assert voting.where_is(session, vote.home, facts(vote), "AAAA", vote.key) is None


def test_paper_ballots_are_entered_by_two_people(vote: Office) -> None:
    (code,) = codes(vote)
    with pytest.raises(Invalid, match="mark the person first"):
        sheet(vote, 1, park=1)
    paper(vote, code)
    assert sheet(vote, 1, park=1) == "first"
    with pytest.raises(NotAllowed):
        sheet(vote, 1, park=1)
    assert sheet(vote, 1, TREASURER, park=2) == "differs"
    assert sheet(vote, 1, TREASURER, park=2) == "first"
    assert sheet(vote, 1, park=2) == "counted"
    with pytest.raises(Conflict):
        sheet(vote, 1, TREASURER, park=2)
    with pytest.raises(Invalid, match="mark the person first"):
        sheet(vote, 2, park=1)
    with vote.read() as session:
        assert voting.sheets(session, vote.home, facts(vote)) == voting.Sheets(counted=1, waiting=[])
        assert voting.turnout(session, vote.home, facts(vote)) == voting.Turnout(web=0, paper=1, everybody=1)
    assert close(vote)["standings"][0]["plus"] == 2


def test_where_one_person_is_enough_for_paper(office: Office) -> None:
    opened(office, two_entries=False)
    paper(office, *codes(office))
    assert sheet(office, 7) == "counted"
    result = close(office)
    assert (result["ballots"], result["blank"]) == (1, 1)


def test_only_those_who_work_in_the_agenda_make_codes_and_enter_paper(vote: Office) -> None:
    (code,) = codes(vote)
    for actor in (STRANGER, APPLICANT):
        with pytest.raises(NotAllowed):
            paper(vote, code, actor)
        with pytest.raises(NotAllowed):
            sheet(vote, 1, actor, park=1)
        with pytest.raises(NotAllowed):
            vote.engine.execute(IssueCodes(tenant=vote.home, actor=actor, poll="pr2026", count=1))


def test_who_is_on_the_roll_twice_gets_one_code(vote: Office) -> None:
    assert len(codes(vote, 0, references=("1", " 1 ", "2"))) == 2
    assert len(codes(vote, 0, references=("2", "3"))) == 1


def test_a_lost_letter_is_replaced_and_the_former_code_is_void(vote: Office) -> None:
    (former,) = codes(vote, 0, references=("12",))
    replace = ReplaceCode(tenant=vote.home, actor=SECRETARY, poll="pr2026", reference="12")
    latter = vote.engine.execute(replace).code
    with pytest.raises(NoSuchCode):
        cast(vote, former, park=1)
    cast(vote, latter, park=1)
    with pytest.raises(VotedAlready):
        vote.engine.execute(replace)


def asked(office: Office, email: str) -> str:
    """The code that this address is mailed."""
    office.engine.execute(AskForCode(tenant=office.home, actor=APPLICANT, poll="pr2026", email=email))
    (letter,) = office.engine.execute(TakeCodeLetters(tenant=office.home, actor=SYSTEM))
    office.engine.execute(NoteCodeLetterSent(tenant=office.home, actor=SYSTEM, letter_id=letter.letter_id))
    return letter.code


def test_a_code_by_e_mail_and_no_address_left_behind(office: Office) -> None:
    opened(office, admission="email")
    cast(office, asked(office, "Jana@Example.cz"), park=1)
    assert asked(office, " jana@example.cz") == ""
    assert rows(office, CodeLetterRow) == []
    with pytest.raises(VotedAlready):
        paper(office, "JANA@example.cz")
    paper(office, "petr@example.cz")
    assert close(office)["voters"] == {"web": 1, "paper": 1, "all": 2}


def test_asked_twice_the_last_code_counts(office: Office) -> None:
    opened(office, admission="email")
    former, latter = asked(office, "jana@example.cz"), asked(office, "jana@example.cz")
    with pytest.raises(NoSuchCode):
        cast(office, former, park=1)
    assert cast(office, latter, park=1)


def test_a_letter_that_was_not_sent_is_tried_again_later(office: Office) -> None:
    opened(office, admission="email")
    take = TakeCodeLetters(tenant=office.home, actor=SYSTEM)
    office.engine.execute(AskForCode(tenant=office.home, actor=APPLICANT, poll="pr2026", email="jana@example.cz"))
    assert len(office.engine.execute(take)) == 1
    assert office.engine.execute(take) == []
    office.clock.advance(timedelta(minutes=1))
    assert len(office.engine.execute(take)) == 1


def test_before_it_begins_and_after_its_end_nobody_votes(office: Office) -> None:
    later = {"opens": "2026-03-10", "closes": "2026-03-20", "title": "Hlasování", "key": "pr2026"}
    office.inside(started(office), "vote.open", ballot=BALLOT, **later)
    (code,) = codes(office)
    with pytest.raises(VoteIsOver):
        cast(office, code, park=1)
    office.clock.advance(timedelta(days=10))
    cast(office, code, park=1)


def test_nobody_came_and_the_box_is_empty(vote: Office) -> None:
    result = close(vote)
    assert (result["ballots"], {one["outcome"] for one in result["standings"]}) == (0, {"few_votes"})


def test_a_project_withdrawn_during_the_vote(vote: Office) -> None:
    first, second = codes(vote, 2)
    cast(vote, first, park=2)
    withdraw = {"key": "pr2026", "option": "park"}
    vote.inside(case_of(vote), "vote.withdraw", **withdraw)
    with pytest.raises(BadBallot):
        cast(vote, second, park=1)
    cast(vote, second, bench=1)
    outcomes = {one["option"]: one["outcome"] for one in close(vote)["standings"]}
    assert outcomes["park"] == "withdrawn"
    assert outcomes["bench"] == "chosen"


def test_a_vote_called_off_burns_its_envelopes(vote: Office) -> None:
    (code,) = codes(vote)
    cast(vote, code, park=2)
    case = case_of(vote)
    vote.inside(case, "vote.cancel", key="pr2026")
    assert rows(vote, EnvelopeRow) == rows(vote, VoterRow) == rows(vote, SheetRow) == []
    with pytest.raises(Invalid):
        vote.inside(case, "vote.close", key="pr2026")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "PR 2026"},
        {"closes": "2026-02-01"},
        {"opens": "zítra"},
        {"ballot": {**BALLOT, "options": []}},
        {"ballot": {**BALLOT, "admission": "anybody"}},
        {"ballot": {**BALLOT, "colour": "red"}},
    ],
)
def test_a_vote_that_makes_no_sense_is_refused(office: Office, wrong: dict[str, Any]) -> None:
    given = {"opens": "2026-03-01", "closes": "2026-03-20", "title": "H", "key": "pr2026", "ballot": BALLOT} | wrong
    with pytest.raises(EngineError):
        office.inside(started(office), "vote.open", **given)


def test_two_votes_of_one_key_are_refused(vote: Office) -> None:
    given = {"opens": "2026-03-01", "closes": "2026-03-20", "title": "H", "key": "pr2026", "ballot": BALLOT}
    with pytest.raises(DuplicateRecord):
        vote.inside(case_of(vote), "vote.open", **given)


def test_a_vote_of_another_case_is_left_alone(vote: Office) -> None:
    vote.clock.advance(timedelta(days=30))
    with pytest.raises(NotFound):
        vote.inside(started(vote), "vote.close", key="pr2026")


def test_the_same_code_from_two_windows_at_once_votes_once(vote: Office) -> None:
    (code,) = codes(vote)
    done: list[str] = []

    def try_it() -> None:
        try:
            done.append(cast(vote, code, park=1))
        except VotedAlready:
            done.append("")

    windows = [threading.Thread(target=try_it) for _ in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(bool(each) for each in done) == [False, False, False, True]
    assert len(rows(vote, EnvelopeRow)) == 1
