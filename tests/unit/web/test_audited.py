"""The audit in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import engine.facade  # noqa: F401  (knows every command)
from engine.commands import Command
from engine.handlers.auditing import is_noted, kind_of
from web import i18n
from web.ui import audited
from web.workplace.telling import TELLERS

ROOT = Path(__file__).resolve().parents[3]
#: Where the kind of an entry is written down.
WRITTEN = re.compile(r"""\b(?:noted|note)\((?:work, )?["']([a-z-]+)["']""")


#: Told by the story of their case, whose entries have words of their own.
IN_STORIES = {
    *("add-note", "change-deadline", "claim-task", "complete-human-task", "delegate-task", "intervention"),
    *("migrate-instance", "move-token", "release-task", "report-job", "resume-instance", "set-variables"),
    *("start-instance", "suspend-instance", "terminate-instance"),
}
#: Nobody of the staff does these; an applicant's are not in the audit.
OF_APPLICANTS = {
    *("ask-for-code", "ask-for-reset", "ask-to-enter", "cast-ballot", "claim-by-email", "claim-case", "end-account"),
    *("enter", "reset-password", "set-account-password", "try-sign-in"),
}
OF_THE_SYSTEM = {
    *("begin-by-itself", "deliver-kept", "expire-messages", "fire-timer", "fire-watch", "forget-batches"),
    *(
        "forget-imports",
        "forget-tries",
        "report-batch",
        "note-code-letter-sent",
        "note-directory-away",
        "note-letter-sent",
        "purge-tries",
    ),
    *("put-off-start", "put-off-timer", "put-off-watch", "take-batch", "take-code-letters", "take-letters"),
}


def names_of_commands() -> set[str]:
    """Every command that the audit would note, by the kind it would be noted under."""
    waiting, found = [Command], set[str]()
    for one in waiting:
        waiting += one.__subclasses__()
        if one is not Command and one.__module__.startswith("engine.") and is_noted(one):
            found.add(kind_of(one))
    return found


@pytest.fixture
def czech() -> Iterator[None]:
    """A Czech page."""
    app = Flask("words")
    i18n.install(app)
    with app.test_request_context("/"):
        yield


def kinds() -> set[str]:
    """Every kind that anything notes, and every one of the stories of cases."""
    modules = [path for folder in ("engine", "web") for path in (ROOT / folder).rglob("*.py")]
    return {kind for path in modules for kind in WRITTEN.findall(path.read_text())} | set(TELLERS)


def test_everything_that_is_noted_has_words(czech: None) -> None:
    assert not kinds() - set(audited.KINDS)


def test_every_command_of_the_staff_has_words(czech: None) -> None:
    assert not names_of_commands() - set(audited.KINDS) - IN_STORIES - OF_APPLICANTS - OF_THE_SYSTEM


def test_no_command_is_excused_for_nothing() -> None:
    assert names_of_commands() >= IN_STORIES | OF_APPLICANTS | OF_THE_SYSTEM


def test_every_word_has_its_czech(czech: None) -> None:
    tables = (audited.KINDS, audited.OBJECTS, audited.FACTS, audited.ACTS)
    same = {"Audit", "Import", "Agenda", "Role"}
    words: list[Any] = [word for table in tables for word in table.values()]
    assert {str(word) for word in words if str(word) == word._args[0]} <= same


def test_details_are_a_list_in_words_without_what_is_empty(czech: None) -> None:
    facts = {"rows": 21, "narrowed": {}, "groups": ["board", "fees"], "active": True, "withheld": 0, "new": "x"}
    assert audited.details(facts) == "řádků: 21, skupiny: board, fees, aktivní: ano, neposkytnuto: 0, new: x"


def test_what_is_done_with_many_tasks_is_told_in_words(czech: None) -> None:
    assert audited.details({"number": 250, "act": "complete"}) == "číslo: 250, co se dělá: dokončení"


def test_a_kind_without_words_is_told_by_its_key(czech: None) -> None:
    assert audited.kind("made-up") == "Made-up"
    assert ("made-up", "Made-up") in audited.choices("made-up")
    words = [word for _, word in audited.choices("")]
    assert words.index("Změna hesla") < words.index("Zrušen zástup")
