"""People who vote in a scenario: each with a code of their own, on the web or on paper."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from engine.commands import Command
from engine.errors import EngineError
from engine.ids import new_id
from engine.model import SYSTEM, Actor, Json
from engine.queries.voting import PollFacts, polls_of_case
from engine.voting.commands import (
    AskForCode,
    CastBallot,
    EnterSheet,
    IssueCodes,
    MarkPaperVoter,
    NoteCodeLetterSent,
    TakeCodeLetters,
)
from engine.voting.rules import Paper
from processes.scenarios.acting import Acting
from processes.scenarios.failing import Failed

_VOTER = Actor(kind="applicant")
#: Who enters a paper ballot; where two are asked for, both do.
_PAPER = "paper"


def cast(acting: Acting, marks: Json, words: Mapping[str, Json]) -> None:
    """`ballot: {NAV-2026-0001: 2}, times: 30`: so many people vote alike in the newest vote of the case.

    `paper: [anna, eva]` names who enters the sheets; `refused: plus-each` expects that the ballot breaks this rule.
    `ballot: any, seed: 1`: each votes as they like, the same at each play.
    """
    poll = _newest(acting, words)
    taste = Random(words.get("seed"))  # noqa: S311 (no secret hangs on it)
    for code in _codes(acting, poll, int(words.get("times") or 1)):
        chosen = liked(poll.paper, taste) if marks == "any" else marks
        try:
            _vote(acting, poll, code, chosen, words)
        except EngineError as error:
            told = f"{error.facts.get('code', '')} {error.facts.get('faults', '')}"
            if "refused" not in words or str(words["refused"]) not in told:
                raise
        else:
            if "refused" in words:
                raise Failed("The ballot was to be refused for {code}.", code=words["refused"])


def _vote(acting: Acting, poll: PollFacts, code: str, marks: Json, words: Mapping[str, Json]) -> None:
    tenant = acting.office.stage.tenant
    if not words.get(_PAPER):
        _do(acting, CastBallot(tenant=tenant, actor=_VOTER, poll=poll.key, code=code, marks=marks))
        return
    clerks = [acting.office.stage.people[name].actor() for name in words[_PAPER]]
    _do(acting, MarkPaperVoter(tenant=tenant, actor=clerks[0], poll=poll.key, voter=code))
    number = int(new_id()[:7], 16)
    for clerk in clerks:
        _do(acting, EnterSheet(tenant=tenant, actor=clerk, poll=poll.key, number=number, marks=marks))


def _newest(acting: Acting, words: Mapping[str, Json]) -> PollFacts:
    stage, case = acting.office.stage, acting.office.case(words.get("in"))
    with stage.sessions() as session:
        found = polls_of_case(session, stage.tenant, case.id)
    if not found:
        raise Failed("The case has opened no vote.")
    return found[-1]


def liked(paper: Paper, taste: Random) -> dict[str, int]:
    """Draw a ballot that keeps the rules; options that stand earlier on it are liked a little more."""
    marks: dict[str, int] = {}
    for at, option in enumerate(paper.options):
        if taste.random() < 0.7 - 0.3 * at / len(paper.options):
            tried = {**marks, option.id: taste.choice((2, 1, 1, -1))}
            marks = marks if paper.faults(tried) else tried
    return marks or {next(one.id for one in paper.options if not one.withdrawn): 1}


def _codes(acting: Acting, poll: PollFacts, count: int) -> list[str]:
    tenant = acting.office.stage.tenant
    if poll.admission == "codes":
        issued = _do(acting, IssueCodes(tenant=tenant, actor=SYSTEM, poll=poll.key, count=count))
        return [one.code for one in issued]
    return [_mailed(acting, poll) for _ in range(count)]


def _mailed(acting: Acting, poll: PollFacts) -> str:
    tenant = acting.office.stage.tenant
    email = f"{new_id()}@volici.example"
    _do(acting, AskForCode(tenant=tenant, actor=_VOTER, poll=poll.key, email=email))
    (letter,) = _do(acting, TakeCodeLetters(tenant=tenant, actor=SYSTEM))
    _do(acting, NoteCodeLetterSent(tenant=tenant, actor=SYSTEM, letter_id=letter.letter_id))
    return str(letter.code)


def _do(acting: Acting, command: Command[Json]) -> Json:
    return acting.office.stage.engine.execute(command)
