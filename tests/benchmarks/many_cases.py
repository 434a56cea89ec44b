"""An office with a history: so many finished and open cases in PostgreSQL, as if they had been worked on for years.

In each of ten agendas three cases are played as any other: one to its end, one whose task waits for its group, one
whose task somebody has. Their rows, as PostgreSQL writes them for COPY, are the pattern of all the others, with other
ids, numbers, applicants, days and people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any

from psycopg import Cursor, connect, sql
from sqlalchemy import Engine as Database

from engine.commands import AddPerson, ClaimTask, CompleteHumanTask
from engine.model import Actor, Applicant, SubmittedForm
from engine.store.wording import words_of
from tests.benchmarks.models import ANSWER, SCHEMA
from tests.integration.conftest import server
from tests.integration.diagrams import chain, diagram, end, service, start, user
from tests.integration.office import MORNING, Office
from web.passwords import hash_password

AGENDAS = 10
PEOPLE = 50
#: Finished cases began within so many years.
YEARS = 8
STEPS = ("check", "assess", "decide")
#: Tables with rows of a case, in the order in which they may be written; `history` numbers its rows itself.
TABLES = ("process_instance", "human_task", "deadline", "submission", "history")
PLAYED_TITLE, PLAYED_ICO = "Obec Vzorová nad Pokusem", "00276057"
PLAYED_BY = "pokus"
AT_ONCE = 20_000

_AGENDA = """
key = "agenda{number}"
title = {{cs = "Agenda {number}", en = "Agenda {number}"}}
summary = {{cs = "Tři úkoly.", en = "Three tasks."}}
[groups.g{number}]
cs = "Odbor {number}"
en = "Office {number}"
"""
_FIRST = ("Nová", "Horní", "Dolní", "Velká", "Malá", "Stará", "Červená", "Bílá", "Dlouhá", "Vysoká")
_LAST = ("Lhota", "Ves", "Říčka", "Hora", "Voda", "Skála", "Louka", "Bystřice", "Třebová", "Paka")
_KINDS = ("Obec", "Město", "Spolek", "Sokol", "Škola", "Knihovna", "Hasiči", "Muzeum")
_MOMENT = re.compile(r"2026-03-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00")


@dataclass(frozen=True)
class Pattern:
    """The rows of one case: by table its columns and its lines, with places for what differs."""

    columns: Mapping[str, str]
    lines: Mapping[str, str]


def found(office: Office) -> None:
    """Agendas and people."""
    form = json.dumps(SCHEMA).encode()
    for number in range(AGENDAS):
        group = f'form="answer" group="g{number}" due="P10WD" subject="name"'
        process = diagram(
            start(),
            service("clock", "deadline.start", key='"law"', title='"Rozhodnutí"', period='"P30D"'),
            *(user(step, group, step) for step in STEPS),
            end(),
            chain("s", "clock", *STEPS, "e"),
            process=f"p{number}",
        )
        files = {"forms/answer.json": form, "agenda.toml": _AGENDA.format(number=number).encode()}
        office.deploy(process, agenda=f"agenda{number}", files=files)
    for number in range(PEOPLE):
        add(office, f"clerk{number}", f"g{number % AGENDAS}", f"g{(number + 1) % AGENDAS}")
    add(office, "boss", "operator", "admin", *(f"g{number}" for number in range(AGENDAS)))


def add(office: Office, username: str, *groups: str) -> None:
    facts: dict[str, Any] = {"username": username, "name": username.capitalize(), "groups": groups}
    office.do(AddPerson, password_hash=hash_password(username), **facts)


def play(office: Office, number: int, kind: str) -> str:
    """Play one case of an agenda, `done`, `free` or `held`; gives its id."""
    who = Actor(kind="person", username=PLAYED_BY, name=PLAYED_BY, groups=frozenset({f"g{number}"}))
    data = ANSWER | {"name": PLAYED_TITLE}
    started = office.start(
        f"p{number}",
        data,
        submission=SubmittedForm(form="answer", data=data),
        applicant=Applicant(name=PLAYED_TITLE, ico=PLAYED_ICO, email="obec@obec.example"),
    )
    for step in STEPS if kind == "done" else ():
        office.do(CompleteHumanTask, who, task_id=office.open_task(step, started.instance_id).id, data=ANSWER)
    if kind == "held":
        office.do(ClaimTask, who, task_id=office.open_task(STEPS[0], started.instance_id).id)
    return started.instance_id


def pattern(cursor: Cursor[Any], case: str) -> Pattern:
    """Read the rows of a case as COPY writes them and leave places where others differ."""
    number = str(one(cursor, "SELECT business_key FROM process_instance WHERE id = %s", case))
    columns, lines = {}, {}
    for table in TABLES:
        key = "id" if table == "process_instance" else "instance_id"
        names = [row[0] for row in cursor.execute(_COLUMNS, (table,)) if (table, row[0]) != ("history", "id")]
        columns[table] = ", ".join(names)
        written = sql.SQL("COPY (SELECT {} FROM {} WHERE {} = {} ORDER BY id) TO STDOUT").format(
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.Identifier(table),
            sql.Identifier(key),
            sql.Literal(case),
        )
        with cursor.copy(written) as copied:
            text = b"".join(bytes(block) for block in copied).decode()
        own = [row[0] for row in cursor.execute(f"SELECT id::text FROM {table} WHERE {key} = %s", (case,))]
        lines[table] = with_places(text, case, number, own if table != "history" else [])
    return Pattern(columns=columns, lines=lines)


def with_places(text: str, case: str, number: str, own: list[str]) -> str:
    """Put `%(…)s` where cases differ."""
    text = text.replace("%", "%%").replace(case, "%(case)s").replace(number, "%(number)s")
    for place, row_id in enumerate(own):
        text = text.replace(row_id, f"%(stem)s{place + 1:02d}")
    moments = sorted(set(_MOMENT.findall(text)))
    for moment in moments:
        days = (datetime.fromisoformat(moment) - MORNING).days
        text = text.replace(moment, "%(at)s" if days < 1 else "%(due)s")
    text = re.sub(r"2026-0[34]-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00", "%(due)s", text)
    folded = " ".join(words_of(PLAYED_TITLE))
    for played, place in ((PLAYED_TITLE, "name"), (folded, "folded"), (PLAYED_ICO, "ico"), (PLAYED_BY, "who")):
        text = text.replace(played, f"%({place})s")
    return text.replace("obec vzorova nad pokusem", "%(folded)s")


def fill(database: Database, office: Office, *, finished: int, open_cases: int) -> None:
    """Write the cases, the finished ones first."""
    found(office)
    kinds = ("done", "free", "held")
    played = {(kind, number): play(office, number, kind) for kind, number in product(kinds, range(AGENDAS))}
    # COPY does not pass the wall between tenants: the server's administrator writes.
    address = server().set(drivername="postgresql", database=database.url.database).render_as_string(False)
    with connect(address) as connection, connection.cursor() as cursor:
        patterns = {key: pattern(cursor, case) for key, case in played.items()}
        _copy_all(cursor, patterns, finished, open_cases)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")


def _copy_all(cursor: Cursor[Any], patterns: Mapping[tuple[str, int], Pattern], finished: int, open_cases: int) -> None:
    random = Random(1)
    last = one(cursor, "SELECT coalesce(max(id), 0) FROM history")
    for begin in range(0, finished + open_cases, AT_ONCE):
        batch: list[tuple[Pattern, dict[str, Any]]] = []
        for n in range(begin, min(begin + AT_ONCE, finished + open_cases)):
            kind = "done" if n < finished else "held" if n % 3 else "free"
            batch.append((patterns[kind, n % AGENDAS], facts(n, n < finished, finished, random)))
        for table in TABLES:
            columns = batch[0][0].columns[table]
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("".join(one_of.lines[table] % row for one_of, row in batch))
        words = [(row, " ".join(words_of(row["number"], row["name"], row["ico"]))) for _, row in batch]
        with cursor.copy("COPY case_words (owner, instance_id, words, upto, going_on) FROM STDIN") as copy:
            copy.write("".join(f"town\t{row['case']}\t{text}\t{last}\t{row['going_on']}\n" for row, text in words))


def facts(n: int, done: bool, finished: int, random: Random) -> dict[str, Any]:
    """What is this case's own. Open ones began within the last 60 days, some are late."""
    kind, first, word = random.choice(_KINDS), random.choice(_FIRST), random.choice(_LAST)
    name = f"{kind} {first} {word} {random.randrange(400)}"
    ago = timedelta(days=365 * YEARS) * (1 - n / finished) + timedelta(days=60) if done else timedelta()
    began = MORNING - (ago if done else timedelta(minutes=random.randrange(60 * 24 * 60)))
    stem = f"{int(began.timestamp() * 1000):012x}{random.getrandbits(72):018x}"
    return {
        "case": f"{stem}00",
        "going_on": not done,
        "stem": stem,
        "number": f"{'ABCDEFGHIJ'[n % AGENDAS]}-{began.year}-{n:07d}",
        "name": name,
        "folded": " ".join(_fold(name)),
        "ico": f"{random.randrange(20_000):08d}",
        "who": f"clerk{n % AGENDAS + AGENDAS * random.randrange(PEOPLE // AGENDAS)}",
        "at": f"{began:%Y-%m-%d %H:%M:%S}+00",
        "due": f"{began + timedelta(days=random.randrange(10, 90)):%Y-%m-%d %H:%M:%S}+00",
    }


def _fold(name: str) -> Iterator[str]:
    # In the order in which they are written, unlike the words of a case.
    for word in name.split():
        yield from words_of(word)


def one(cursor: Cursor[Any], statement: str, *values: Any) -> Any:
    row = cursor.execute(statement, values).fetchone()  # type: ignore[arg-type]  # a text of ours
    return row[0] if row else None


_COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s"
    " ORDER BY ordinal_position"
)
