"""An agenda's texts in another language, and what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.compile import compile_form
from forms.texts import texts, translated
from forms.view import view
from processes.catalogue import load
from processes.documents import Renderer
from processes.filters import filters
from processes.untranslated import lacks
from processes.words import languages, read_words
from web.inspection import inspect

TOML = """
"Ano" = "Yes"
"Příspěvek {year}" = "Fee {year}"
"Hlasy: {votes}." = "Votes: {votes}."
"{member} pro" = "{member} for"
"""
CASE = {"case": {"number": "A-1"}, "tenant": {"name": "Město"}, "today": "2026-07-01"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ano", "Yes"),
        ("Ne", "Ne"),
        ("", ""),
        ("Příspěvek 2026", "Fee 2026"),
        ("Příspěvek ", "Příspěvek "),
        ("Hlasy: Jana pro, Petr pro.", "Votes: Jana for, Petr for."),
        ("Hlasy: Ano.", "Votes: Yes."),
    ],
)
def test_texts_are_said_one_by_one_and_what_is_missing_stays_czech(text: str, said: str) -> None:
    assert read_words({"words.en.toml": TOML.encode()}, "en")(text) == said


def test_damaged_words_say_nothing_and_the_check_tells_it() -> None:
    agenda = load("membership")
    files = {**agenda.files, "words.en.toml": b'"A" = '}
    assert read_words(files, "en")("A") == "A"
    assert [one.file for one in inspect(files) if one.severity == "error"] == ["words.en.toml"]


def test_the_check_hints_at_every_text_and_message_without_english() -> None:
    agenda = load("membership")
    assert list(lacks(agenda)) == []
    files = dict(agenda.files)
    files["words.en.toml"] = files["words.en.toml"].replace('"Výbor" ='.encode(), b'"Somebody" =')
    del files["messages/paid.en.md"]
    assert [one.text for one in lacks(replace(agenda, files=files))] == ["Výbor", "messages/paid.en.md"]


def test_an_agenda_without_words_lacks_nothing() -> None:
    agenda = load("membership")
    files = {path: content for path, content in agenda.files.items() if not path.startswith("words.")}
    assert languages(files) == []
    assert list(lacks(replace(agenda, files=files))) == []


def test_a_form_takes_the_words_of_its_agenda_and_its_own_go_first() -> None:
    schema = {
        "title": "Žádost",
        "properties": {
            "title": {"type": "string", "title": "Název", "x-messages": {"required": "Napište název."}},
            "kind": {"oneOf": [{"const": "a", "title": "první"}, {"const": "b", "title": "druhý"}]},
        },
        "x-translations": {"en": {"/title": "Application"}},
    }
    assert [text for _, text in texts(schema)] == ["Žádost", "Název", "Napište název.", "první", "druhý"]
    said = {"Žádost": "Wish", "Název": "Name", "první": "the first"}
    made = translated(schema, "en", lambda text: said.get(text, text))
    page = view(compile_form(made), {}, lang="en")
    assert (page.title, page.parts[0].label) == ("Application", "Name")
    assert [one.label for one in page.parts[1].options] == ["the first", "druhý"]


FILES = {
    "messages/paid.md": b"# Zaplaceno {{ 762000|money }}\n\nDne {{ day|date_cz }}.",
    "messages/paid.en.md": b"# Paid {{ 762000|money }}\n\nOn {{ day|date_cz }}.",
    "messages/only.md": "# Jen česky\n\nDne {{ day|date_cz }}.".encode(),
}


def test_a_message_is_in_the_readers_language_where_there_is_one_and_writes_as_that_language_does() -> None:
    english = Renderer(files=FILES, lang="en").message("paid", {**CASE, "day": "2026-07-01"})
    assert (english.subject, english.text.replace("\u00a0", " ")) == ("Paid CZK 7,620.00", "On 1 July 2026.")
    assert 'lang="en"' in english.html
    assert "Reference A-1" in english.html
    czech = Renderer(files=FILES, lang="en").message("only", {**CASE, "day": "2026-07-01"})
    assert czech.text.replace("\u00a0", " ") == "Dne 1. 7. 2026."
    assert 'lang="cs"' in czech.html


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("money", -762050, "−CZK 7,620.50"),
        ("money_dash", 762000, "CZK 7,620"),
        ("money_dash", 762050, "CZK 7,620.50"),
        ("number", "46498.5", "46,498.5"),
        ("number", 2540, "2,540"),
        ("date_cz", "2026-11-23T09:58:00+00:00", "23 November 2026"),
        ("ico", "05129061", "051 29 061"),
    ],
)
def test_english_letters_write_money_numbers_and_dates_the_english_way(name: str, value: object, written: str) -> None:
    assert str(filters("en")[name](value)).replace("\u00a0", " ") == written


def test_every_filter_is_there_in_every_language() -> None:
    assert filters("cs").keys() == filters("en").keys() == filters("de").keys()
    assert filters("en")["plural"](2, "month", "months") == "months"
    assert filters("en")["date_cz"]("2026-11-23", "long").startswith("Monday")
