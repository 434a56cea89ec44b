"""Substitution in the browser: arranged by oneself, work of the absent colleague found and done, called off."""

from __future__ import annotations

from tests.integration.web.desk import Desk

PAGE = "/prace/zastupy"
AWAY = {"substitute": "hospodar", "begins_on": "2026-06-01", "ends_on": "2026-06-05", "agenda": ""}


def test_the_treasurer_stands_in_for_the_secretary_and_the_story_says_so(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    assert desk.post(PAGE, AWAY).status_code == 303
    desk.sign_in("hospodar")
    assert number in desk.get("/prace/ukoly?view=standing_in")
    task = desk.task(number, "check")
    assert "Jednáte za nepřítomného kolegu" in desk.get(f"/prace/ukoly/{task}")
    sent = desk.fill(f"/prace/ukoly/{task}", {"/outcome": "complete", "/board_mode": "per_rollam"})
    assert sent.status_code == 303, sent.text
    assert "za nepřítomného (Jana Nováková)" in desk.get(f"/prace/pripady/{number}")


def test_what_is_wrong_with_a_substitution_is_said_at_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    refused = desk.post(PAGE, AWAY | {"ends_on": "2026-05-31", "begins_on": "2026-05-30"})
    assert refused.status_code == 422
    assert "Poslední den už uplynul." in refused.text
    assert 'value="2026-05-30"' in refused.text
    assert "Vyberte, kdo zastupuje." in desk.post(PAGE, AWAY | {"substitute": ""}).text
    assert "Napište den" in desk.post(PAGE, AWAY | {"begins_on": "zítra"}).text


def test_only_the_head_of_the_office_arranges_for_others_and_sees_the_workload(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    desk.post(PAGE, AWAY | {"absent": "vybor1"})
    desk.sign_in("spravce")
    page = desk.get(PAGE)
    assert "Alena Horáková</span> →" not in page
    assert desk.post(PAGE, AWAY | {"absent": "vybor1"}).status_code == 303
    assert "Alena Horáková</span> →" in desk.get(PAGE)
    assert "chybí do" in desk.get("/prace/vytizeni")
    desk.sign_in("sekretarka")
    desk.get("/prace/vytizeni", 403)
    assert number


def test_a_task_handed_over_to_come_back_shows_the_colleagues_answer(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    task = desk.task(number, "check")
    path = f"/prace/ukoly/{task}"
    assert desk.post(f"{path}/predat", {"username": "hospodar", "returns": "yes"}, path).status_code == 303
    desk.sign_in("hospodar")
    desk.fill(path, {"/outcome": "complete", "/board_mode": "per_rollam"})
    assert desk.task(number, "check") == task, "nothing is decided yet"
    desk.sign_in("sekretarka")
    page = desk.get(path)
    assert "Odpověď pro vás připravil/a" in page
    assert desk.fill(path, {}).status_code == 303, "the answer stands in the form"
    story = desk.get(f"/prace/pripady/{number}")
    assert "hospodar" not in story.partition("<main")[2], "people stand in the story by their names"
    desk.task(number, "vote")


def test_a_task_may_be_handed_to_colleagues_of_its_group_first_and_to_others_too(desk: Desk) -> None:
    task = desk.task(desk.application(), "check")
    desk.sign_in("sekretarka")
    path = f"/prace/ukoly/{task}"
    desk.post(f"{path}/vzit", {}, path)
    others = desk.get(path).partition('<optgroup label="Ostatní kolegové">')[2]
    assert '<option value="hospodar">' in others and '<option value="sekretarka">' not in others
    desk.post(f"{path}/predat", {"username": ""}, path)
    page = desk.get(path)
    assert "Vyberte komu." in page and "váš</span>" in page, "nobody was chosen, nothing was done"


def test_whoever_is_at_the_end_of_a_chain_sees_whose_work_comes_to_them(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    desk.post(PAGE, AWAY)
    desk.sign_in("hospodar")
    desk.post(PAGE, AWAY | {"substitute": "vybor1"})
    desk.sign_in("vybor1")
    page = desk.get(PAGE)
    assert page.count('class="panel sub-one"') == 2 and page.count("dnes: Alena Horáková") == 2


def test_when_a_substitute_leaves_whoever_lets_them_go_is_told_that_somebody_else_is_needed(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    assert desk.post(PAGE, AWAY).status_code == 303
    desk.sign_in("spravce")
    leaving = "/velin/lide/kdo/hospodar"
    assert desk.post(f"{leaving}/odchod", {}, leaving).status_code == 303
    told = desk.get(leaving).replace("\u00a0", " ")
    assert "1 kolegu teď nikdo nezastupuje: domluvte v Zastupování někoho jiného." in told
    assert "Tomáš Beneš" not in desk.get(PAGE).partition('id="h-new"')[0], "the arrangement has ended"
    desk.sign_in("sekretarka")
    assert number in desk.get("/prace/ukoly?view=groups"), "the work is still the group's"
    bell = desk.get("/prace/upozorneni")
    assert "Tomáš Beneš</span> tu už nepracuje a nezastupuje vás." in bell and f'href="{PAGE}"' in bell
