"""The pages of a case."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import inspect, select

from engine.store.papers import SubmissionRow
from processes.scenarios.reading import Step
from tests.integration.conftest import ALL
from tests.integration.web.desk import Desk
from web.wording import reword_cases, word_cases


def test_every_page_of_a_case_opens_and_tells_it_in_czech(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    for part, words in {
        "": "Odeslán formulář",
        "/formulare": "Počet obyvatel",
        "/dokumenty": "Přihláška do spolku",
        "/diagram": "Případ stojí u kroku: Zkontrolovat úplnost",
        "/lhuty": "Rozhodnutí o přihlášce",
        "/penize": "Případ je bez peněz",
    }.items():
        assert words in desk.get(f"/prace/pripady/{number}{part}")


def test_a_form_sent_again_is_shown_beside_what_was_sent_before(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    with desk.stage.parts.sessions(info=ALL) as session:
        first = session.scalars(select(SubmissionRow).order_by(SubmissionRow.submitted_at.desc())).first()
        assert first is not None
        facts = {column.key: getattr(first, column.key) for column in inspect(SubmissionRow).columns}
        later = first.submitted_at + timedelta(days=3)
        changed = {**first.data, "name": "Město Jinak"}
        session.add(SubmissionRow(**{**facts, "id": "a" * 32, "data": changed, "submitted_at": later}))
        session.commit()
        before = first.id
    page = f"/prace/pripady/{number}/formulare"
    assert f"{page}/{'a' * 32}/zmeny" in desk.get(page)
    told = desk.get(f"{page}/{'a' * 32}/zmeny")
    assert "Město Jinak" in told
    assert "Rokytnice" in told
    assert told.count('<th scope="row">') == 1
    assert desk.client.get(f"{page}/{before}/zmeny").status_code == 404
    assert desk.client.get(f"{page}/nothing/zmeny").status_code == 404


def test_the_story_tells_a_decision_in_the_agendas_words_and_why_it_fell_so(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    told = desk.get(f"/prace/pripady/{number}").replace("\u00a0", " ")
    assert "Druh členství: řádné; Kdo se hlásí: město" in told
    assert "Kč na obyvatele: 3; Kč za rok: 7 620" in told
    assert "Použil se 1. řádek tabulky „Roční členský příspěvek“: do 10 000 obyvatel" in told
    assert not any(name in told for name in ("rate", "annual", "fee_small", "membership_kind"))
    desk.client.get("/jazyk/en")
    english = desk.get(f"/prace/pripady/{number}").replace("\u00a0", " ")
    assert "CZK per inhabitant: 3; CZK per year: 7,620" in english
    assert "Row 1 of the table “Yearly membership fee” applied: up to 10,000 inhabitants" in english


def test_the_number_typed_into_the_search_opens_the_case(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    answer = desk.client.get(f"/prace/pripady?q={number.lower()}")
    assert answer.status_code == 302
    assert answer.location.endswith(number)


def test_a_case_is_found_by_a_name_without_accents_and_by_company_number(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    assert number in desk.get("/prace/pripady?q=rokytnice nad")
    assert number in desk.get("/prace/pripady?q=00276057")
    assert "Nic tomu neodpovídá" in desk.get("/prace/pripady?q=Kutná Hora")


def test_a_note_stands_in_the_story_and_markup_in_it_is_only_text(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    page = f"/prace/pripady/{number}"
    assert desk.post(f"{page}/poznamka", {"text": "Volal starosta <script>x</script>"}, page).status_code == 302
    told = desk.get(page)
    assert "Volal starosta" in told
    assert "<script>x" not in told


def test_a_note_sent_twice_by_a_double_click_is_written_once(desk: Desk) -> None:
    page = f"/prace/pripady/{desk.application()}"
    desk.sign_in("sekretarka")
    for _click in range(2):
        assert desk.post(f"{page}/poznamka", {"text": "Volali mi."}, page).status_code == 302
    assert desk.get(page).count("Volali mi.") == 1
    desk.stage.clock.advance(timedelta(minutes=2))
    desk.post(f"{page}/poznamka", {"text": "Volali mi."}, page)
    assert desk.get(page).count("Volali mi.") == 2


def test_files_of_one_case_are_not_handed_out_at_another(desk: Desk) -> None:
    first, second = desk.application(), desk.application("liberecky_kraj")
    desk.sign_in("sekretarka")
    page = desk.get(f"/prace/pripady/{first}/dokumenty")
    link = page.split(f"/prace/pripady/{first}/soubory/")[1].split('"')[0]
    assert desk.client.get(f"/prace/pripady/{first}/soubory/{link}").status_code == 200
    assert desk.client.get(f"/prace/pripady/{second}/soubory/{link}").status_code == 404


def test_a_file_is_handed_out_so_that_nothing_in_it_can_run(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    page = desk.get(f"/prace/pripady/{number}/dokumenty")
    link = page.split(f"/prace/pripady/{number}/soubory/")[1].split('"')[0]
    headers = desk.client.get(f"/prace/pripady/{number}/soubory/{link}").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_the_secretary_excludes_a_member_from_the_case(desk: Desk) -> None:
    number = desk.application()
    desk.tell(Step(kind="wait", what="P1D"))
    desk.sign_in("sekretarka")
    page = desk.get(f"/prace/pripady/{number}")
    if "Vyloučit ze spolku" in page:
        link = page.split(f"/prace/pripady/{number}/moznost/")[1].split('"')[0]
        assert "Vyloučit ze spolku" in desk.get(f"/prace/pripady/{number}/moznost/{link}")
    desk.get(f"/prace/pripady/{number}/moznost/w999", 404)


def test_an_operator_suspends_with_a_reason_and_lets_the_case_go_on(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    path = f"/velin/pripady/{number}/pozastavit"
    assert desk.post(path, {"reason": " "}).status_code == 422
    assert desk.post(path, {"reason": "Čeká se na soud."}).status_code == 303
    assert "Čeká se na soud." in desk.get(f"/prace/pripady/{number}")
    assert desk.post(f"/velin/pripady/{number}/pokracovat", {"reason": "Soud rozhodl."}).status_code == 303
    assert "Soud rozhodl." in desk.get(f"/prace/pripady/{number}")


def test_the_cockpit_is_for_operators(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    desk.get("/velin", 403)
    desk.get(f"/velin/pripady/{number}/ukoncit", 403)


def test_a_case_is_found_by_what_was_sent_and_noted(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    page = f"/prace/pripady/{number}"
    desk.post(f"{page}/poznamka", {"text": "Volal starosta kvůli vodojemu"}, page)
    assert word_cases(desk.stage.parts) > 0
    assert word_cases(desk.stage.parts) == 0
    for asked in ("vodojem", "STAROST volal", "obyvatel", "usneseni.pdf"):
        assert number in desk.get(f"/prace/pripady?q={asked}"), asked


def test_putting_words_together_anew_finds_the_same(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    word_cases(desk.stage.parts)
    assert reword_cases(desk.stage.parts) > 0
    assert number in desk.get("/prace/pripady?q=usneseni")


def test_who_has_to_do_with_a_case_and_what_it_sent_stand_on_one_page(desk: Desk) -> None:
    number = desk.accepted()
    desk.sign_in("sekretarka")
    page = desk.get(f"/prace/pripady/{number}/lide")
    assert "Jana Nováková" in page and "Tomáš Beneš" not in page
    assert page.count("odesláno") >= 2 and "komu: " in page
    assert re.search(r"/prace/pripady/[\w-]+/soubory/\w+\">[^<]+\.pdf", page), "what was enclosed can be opened"
    assert "/lide" in desk.get(f"/prace/pripady/{number}")
