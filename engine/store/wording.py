"""Words by which cases are found: one row a case, written off the way of commands (ADR 019)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import (
    ARRAY,
    DDL,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Select,
    String,
    Text,
    any_,
    cast,
    event,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column
from sqlalchemy.types import UserDefinedType

from engine.store.base import Base
from engine.store.cases import InstanceRow, Serial
from engine.store.searching import MOST_ASKED, every_word, fold

#: Letters of a word and words of a case that are kept: PostgreSQL's limits are 2 kB and 1 MB.
LONGEST_WORD, MOST_WORDS = 60, 20_000
#: Cases that are told one by one to the question for their rows; of more the database itself makes the best.
MOST_FOUND = 20_000
#: Different names of applicants that a question may mean.
MOST_APPLICANTS = 500
#: Counted back from the newest case of the tenant.
LATELY = timedelta(days=1)
_WORD = re.compile(r"[^\W_]+")
_PUT = "INSERT INTO case_words_fts (rowid, words) VALUES (new.id, new.words)"
_TAKE = "INSERT INTO case_words_fts (case_words_fts, rowid, words) VALUES ('delete', old.id, old.words)"
_SWEEP = "INSERT INTO case_words_fts (case_words_fts) VALUES ('optimize')"
#: What finds words in the table, by database: FTS5, or an inverted index.
INDEX: Mapping[str, Sequence[str]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE case_words_fts USING fts5"
        "(words, content='case_words', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
        f"CREATE TRIGGER case_words_put AFTER INSERT ON case_words BEGIN {_PUT}; END",
        # Words that were taken out stay in FTS5's pages until it merges them: what was erased has to go at once.
        f"CREATE TRIGGER case_words_take AFTER DELETE ON case_words BEGIN {_TAKE}; {_SWEEP}; END",
        f"CREATE TRIGGER case_words_change AFTER UPDATE ON case_words BEGIN {_TAKE}; {_PUT}; END",
    ),
    "postgresql": (
        "CREATE INDEX case_words_vector ON case_words USING gin (array_to_tsvector(string_to_array(words, ' ')))",
    ),
}
#: Inboxes look only for cases that go on, few among all that ever were. On PostgreSQL.
INDEX_GOING_ON = (
    "CREATE INDEX case_words_going_on ON case_words USING gin (array_to_tsvector(string_to_array(words, ' ')))"
    " WHERE going_on"
)


class CaseWordsRow(Base):
    """All words of a case, folded, each once, sorted; no sentence can be read out of them.

    The column isn't called `tenant`: they are read past the wall, so that the index is used (ADR 019).
    """

    __tablename__ = "case_words"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    owner: Mapped[str] = mapped_column(String(63), ForeignKey("tenant.key"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    #: The newest entry of the history that the words know of.
    upto: Mapped[int] = mapped_column(BigInteger)
    #: Whether the case went on then.
    going_on: Mapped[bool] = mapped_column(default=False, server_default=false())


# A database in memory is made without the steps of the schema.
for _dialect, _statements in (*INDEX.items(), ("postgresql", (INDEX_GOING_ON,))):
    for _statement in _statements:
        _made = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy gives none
        event.listen(CaseWordsRow.__table__, "after_create", _made)


class WordsMarkRow(Base):
    """Up to which entry of the history every case is in words. Of all tenants, as the numbers of entries are."""

    __tablename__ = "words_mark"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    upto: Mapped[int] = mapped_column(BigInteger)


class _TsQuery(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Name it as PostgreSQL does."""
        return "TSQUERY"


def words_of(*texts: object) -> Sequence[str]:
    """Give the words of texts, folded: `Říčany 12/3` is `12`, `3`, `ricany`."""
    found = {word[:LONGEST_WORD] for word in _WORD.findall(fold(*texts))}
    return sorted(found)[:MOST_WORDS]


def cases_saying(session: Session, tenant: str, asked: str, *, going_on: bool = False) -> Select[str] | None:
    """Give ids of the tenant's cases in which every word begins one that is asked for; None where none is asked for.

    `going_on`: only of those that went on when they were put into words.

    Whether the reader may see them is for the query around it to say.
    """
    words = words_of(asked)[:MOST_ASKED]
    if not words:
        return None
    on_postgres = session.get_bind().dialect.name == "postgresql"
    matches = _in_vector(words) if on_postgres else _in_fts(words)
    query = select(CaseWordsRow.instance_id).where(CaseWordsRow.owner == tenant, matches)
    return query.where(CaseWordsRow.going_on) if going_on else query


def found_by(session: Session, tenant: str, asked: str) -> ColumnElement[bool]:
    """Of InstanceRow: cases that say what is asked for; of those begun lately also any part of number and applicant."""
    found = cases_found(session, tenant, asked)
    if found is None:
        return true()
    if session.get_bind().dialect.name != "postgresql":
        return InstanceRow.id.in_(found)
    # PostgreSQL can't know how few they are and would read through all cases.
    ids = session.scalars(found.limit(MOST_FOUND + 1)).all()
    return InstanceRow.id == any_(literal(ids, ARRAY(String))) if len(ids) <= MOST_FOUND else InstanceRow.id.in_(found)


def cases_found(
    session: Session, tenant: str, asked: str, *, going_on: bool = False
) -> CompoundSelect[str] | Select[str] | None:
    """Give ids of the cases that `found_by` means, once or twice; None where no word is asked for.

    What was begun lately may not be in words yet.
    """
    saying = cases_saying(session, tenant, asked, going_on=going_on)
    if saying is None:
        return None
    newest = session.scalar(select(func.max(InstanceRow.started_at)).where(InstanceRow.tenant == tenant))
    if newest is None:
        return saying
    young = aliased(InstanceRow)
    lately = select(young.id).where(young.tenant == tenant, young.started_at >= newest - LATELY)
    return union_all(saying, lately.where(every_word([young.search], asked)))


def cases_of_applicant(session: Session, tenant: str, asked: str) -> Select[str]:
    """Give ids of cases that go on and whose applicant has this company number, or words in the name that begin so."""
    going_on = (InstanceRow.tenant == tenant, InstanceRow.status.in_(("running", "suspended")))
    cases = select(InstanceRow.id).where(*going_on)
    number = asked.replace(" ", "")
    if number.isdigit():
        return cases.where(InstanceRow.applicant_ico == number.zfill(8))
    words, found = words_of(asked)[:MOST_ASKED], cases_found(session, tenant, asked, going_on=True)
    if found is None:
        return cases.where(false())
    # What a case is called doesn't tell whose the words are: names that have them are looked at, once each.
    holding = select(InstanceRow.applicant_name).where(*going_on, InstanceRow.id.in_(found))
    called = holding.where(every_word([InstanceRow.search], asked))
    names = session.scalars(called.distinct().limit(MOST_APPLICANTS)).all()
    meant = [name for name in names if _begins_each(words_of(name), words)]
    return cases.where(InstanceRow.applicant_name.in_(meant))


def _begins_each(names: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(name.startswith(word) for name in names) for word in words)


def _in_vector(words: Sequence[str]) -> ColumnElement[bool]:
    # Words have only letters and digits, so that nothing in the query is anything but a word.
    query = " & ".join(f"'{word}':*" for word in words)
    vector = func.array_to_tsvector(func.string_to_array(CaseWordsRow.words, literal_column("' '")), type_=TSVECTOR)
    return vector.bool_op("@@")(cast(query, _TsQuery))


def _in_fts(words: Sequence[str]) -> ColumnElement[bool]:
    query = " ".join(f'"{word}"*' for word in words)
    found = text("SELECT rowid FROM case_words_fts WHERE case_words_fts MATCH :words").bindparams(words=query)
    return CaseWordsRow.id.in_(found.columns(CaseWordsRow.id))
