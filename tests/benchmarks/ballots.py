"""A vote of 100,000 ballots: how many are taken a second, whether that stays so, how long opening and counting take.

Then 26 votes of the seed's towns, one after another in one database. `RADNICE_BENCH_BALLOTS` takes another number.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from random import Random
from time import perf_counter

from engine.commands import CorrelateMessage
from engine.facade import Engine
from engine.model import SYSTEM, Actor
from engine.queries.voting import poll, published_file
from engine.store.session import TENANT, command_sessions, make_engine, read_sessions
from engine.voting.commands import CastBallot, IssueCodes
from engine.voting.published import recount
from processes.scenarios.voting import liked
from tests.benchmarks.places import databases
from tests.integration.diagrams import catch, chain, correlation, diagram, end, message, service, start
from tests.integration.office import Office
from web.migrations import upgrade

BALLOTS = int(os.environ.get("RADNICE_BENCH_BALLOTS", "100000"))
TOWNS, IN_TOWN, OPTIONS = 26, 200, 26
VOTER = Actor(kind="applicant")
VOTING = diagram(
    start(),
    service("open", "vote.open", "vote", key="key", title='"PR"', opens="opens", closes="closes", ballot="ballot"),
    catch("wait", message("over"), correlation("key", "key")),
    service("close", "vote.close", "tally", key="key"),
    end(),
    chain("s", "open", "wait", "close", "e"),
    head='<bpmn:message id="over" name="vote.over"/>',
)
BALLOT = {
    "rules": {},
    "options": [{"id": f"p{at:02}", "title": f"Projekt {at}", "price": 100, "group": "g"} for at in range(OPTIONS)],
    "classes": [{"key": "g", "title": "Město", "budget": 1000}],
}


def main() -> None:
    """Print the figures."""
    print(f"{BALLOTS:,} ballots on {OPTIONS} projects, each checked, marked and sealed in a transaction of its own")
    for name, place in databases():
        with place as url:
            database = make_engine(url)
            upgrade(database)
            office = Office(database)
            office.engine = Engine(command_sessions(database), office.clock, office.hints.extend, lambda: b"bench")
            try:
                office.deploy(VOTING)
                one_vote(name, office)
                towns(name, office)
            finally:
                office.close()


def one_vote(name: str, office: Office) -> None:
    """Take all ballots, open the box, count, count again from the published file."""
    begun = perf_counter()
    codes = opened(office, "big", BALLOTS)
    issued = perf_counter() - begun
    quarters, taste = [], Random(1)
    for at in range(4):
        begun = perf_counter()
        cast(office, "big", codes[at * len(codes) // 4 : (at + 1) * len(codes) // 4], taste)
        quarters.append(perf_counter() - begun)
    begun = perf_counter()
    counted(office, "big")
    opening = perf_counter() - begun
    with read_sessions(office.database)(info={TENANT: office.tenant}) as session:
        text = json.dumps(published_file(session, office.tenant, "big"))
        result = poll(session, office.tenant, "big").result
    begun = perf_counter()
    again = recount(text)
    assert again.problems == [] and result is not None and again.result.ballots == BALLOTS == result.ballots
    print(
        f"{name:<10} codes {issued:6.1f} s  taken {BALLOTS / sum(quarters):6.0f}/s"
        f"  last quarter × {quarters[-1] / quarters[0]:.2f}  opened and counted {opening:5.1f} s"
        f"  counted again from {len(text) / 1e6:.1f} MB {perf_counter() - begun:5.1f} s"
    )


def towns(name: str, office: Office) -> None:
    """Let the towns vote, each with its own taste."""
    office.clock.advance(timedelta(days=-30))
    begun = perf_counter()
    for town in range(TOWNS):
        codes = opened(office, f"town-{town}", IN_TOWN)
        cast(office, f"town-{town}", codes, Random(town))
        counted(office, f"town-{town}")
        office.clock.advance(timedelta(days=-30))
    print(f"{name:<10} {TOWNS} towns of {IN_TOWN} ballots {perf_counter() - begun:6.1f} s")


def opened(office: Office, key: str, people: int) -> list[str]:
    """Open a vote and give people codes."""
    now = office.clock.now()
    when = {"opens": now.isoformat(), "closes": (now + timedelta(days=20)).isoformat()}
    office.start(variables={"key": key, "ballot": BALLOT, **when})
    issued = office.engine.execute(IssueCodes(tenant=office.tenant, actor=SYSTEM, poll=key, count=people))
    return [one.code for one in issued]


def cast(office: Office, key: str, codes: list[str], taste: Random) -> None:
    """Let each vote as they like."""
    with read_sessions(office.database)(info={TENANT: office.tenant}) as session:
        paper = poll(session, office.tenant, key).paper
    for code, marks in [(code, liked(paper, taste)) for code in codes]:
        office.engine.execute(CastBallot(tenant=office.tenant, actor=VOTER, poll=key, code=code, marks=marks))


def counted(office: Office, key: str) -> None:
    """Let the vote be over."""
    office.clock.advance(timedelta(days=30))
    over = CorrelateMessage(tenant=office.tenant, actor=SYSTEM, name="vote.over", correlation={"key": key})
    office.engine.execute(over)
