"""The inbox in the browser: filters, several tasks at once, shortcuts told."""

from __future__ import annotations

import pytest

from tests.integration.web.desk import TOKEN, Desk
from web.workplace import bulk

BULK = "/prace/ukoly/hromadne"
LIST = "/prace/ukoly?view=all"


def test_chosen_tasks_are_taken_and_handed_over_together_and_one_that_refuses_stops_nothing(desk: Desk) -> None:
    number = desk.application()
    task = desk.task(number, "check")
    desk.sign_in("sekretarka")
    answer = desk.post(BULK, {"do": "claim", "task": [task, "0000"]}, LIST)
    assert answer.status_code == 303
    page = desk.get(LIST)
    assert "Hotovo u 1 úkolu." in page
    assert "1 úkol zůstal, jak byl: nenalezeno." in page
    assert "váš" in desk.get(f"/prace/ukoly/{task}")
    desk.post(BULK, {"do": "delegate", "task": [task], "username": "hospodar"}, LIST)
    desk.sign_in("hospodar")
    assert number in desk.get("/prace/ukoly?view=mine")


def test_a_task_with_a_form_is_not_finished_unread(desk: Desk) -> None:
    number = desk.application()
    task = desk.task(number, "check")
    desk.sign_in("sekretarka")
    desk.post(BULK, {"do": "complete", "task": [task]}, LIST)
    assert "s formulářem, který se vyplňuje zvlášť" in desk.get(LIST).replace("\u00a0", " ")
    assert desk.task(number, "check") == task


def test_ten_thousand_chosen_tasks_are_refused_in_a_sentence_before_any_is_done(desk: Desk) -> None:
    task = desk.task(desk.application(), "check")
    desk.sign_in("sekretarka")
    token = TOKEN.search(desk.get(LIST))
    assert token
    # As the page's form is sent; as parts it would be a file of a megabyte.
    asked = {"csrf_token": token[1], "do": "claim", "task": [task, *map(str, range(10_000))]}
    assert desk.client.post(BULK, data=asked).status_code == 303
    page = desk.get(LIST).replace("\u00a0", " ")
    assert "Nic se nestalo: najednou jde nejvýš 1 000 úkolů" in page
    assert "Moje <span" in page and 'view=mine">Moje <span class="count">0' in page


def test_of_several_tasks_each_that_stays_says_why(desk: Desk) -> None:
    taken = desk.task(desk.application(), "check")
    desk.past = None
    free = desk.task(desk.application(), "check")
    desk.sign_in("spravce")
    desk.post(BULK, {"do": "claim", "task": [taken, free]}, LIST)
    assert "2 úkoly zůstaly, jak byly: bez vašeho oprávnění." in desk.get(LIST).replace("\u00a0", " ")
    desk.sign_in("sekretarka")
    desk.post(BULK, {"do": "complete", "task": [taken, free, "0000"]}, LIST)
    page = desk.get(LIST).replace("\u00a0", " ")
    assert "3 úkoly zůstaly, jak byly: s formulářem, který se vyplňuje zvlášť (2), nenalezeno (1)." in page


def test_a_task_of_others_says_whose_it_is(desk: Desk) -> None:
    number = desk.application()
    task = f"/prace/ukoly/{desk.task(number, 'check')}"
    desk.sign_in("vybor1")
    assert "Úkol je pro skupinu Obchodní péče; vy ho můžete číst." in desk.get(task).replace("\u00a0", " ")
    desk.sign_in("sekretarka")
    assert "vy ho můžete číst" not in desk.get(task).replace("\u00a0", " ")
    desk.post(f"{task}/vzit", {}, task)
    desk.sign_in("vybor1")
    assert "Úkol má Jana Nováková; vy ho můžete číst." in desk.get(task).replace("\u00a0", " ")
    desk.sign_in("spravce")
    desk.post(f"/velin/pripady/{number}/pozastavit", {"reason": "čeká se"}, f"/velin/pripady/{number}/pozastavit")
    desk.sign_in("sekretarka")
    assert "Případ je pozastavený." in desk.get(task).replace("\u00a0", " ")


def test_a_list_opened_without_a_view_stays_the_same_when_a_task_of_it_is_taken(desk: Desk) -> None:
    task = desk.task(desk.application(), "check")
    desk.sign_in("sekretarka")
    assert f'href="/prace/ukoly/{task}?view=groups"' in desk.get("/prace/ukoly")


def test_nothing_chosen_and_nobody_chosen_is_said(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    desk.post(BULK, {"do": "claim"}, LIST)
    assert "Vyberte aspoň jeden úkol." in desk.get(LIST)
    desk.post(BULK, {"do": "delegate", "task": [desk.task(number, "check")]}, LIST)
    assert "Vyberte komu." in desk.get(LIST)
    assert desk.post(BULK, {"do": "burn"}, LIST).status_code == 404


def test_tasks_are_found_by_deadline_and_priority(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    assert number in desk.get("/prace/ukoly?view=all&due=month")
    assert number not in desk.get("/prace/ukoly?view=all&due=today")
    assert number not in desk.get("/prace/ukoly?view=all&urgent=1")
    assert number in desk.get("/prace/ukoly?view=all&due=nonsense")
    assert "Klávesové zkratky" in desk.get(LIST)


def test_a_whole_list_is_taken_at_once_and_one_that_is_too_long_is_refused_before_anything_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _case in range(3):
        desk.application()
        desk.past = None
    desk.sign_in("sekretarka")
    whole = f"{BULK}?view=groups"
    monkeypatch.setattr(bulk, "MOST", 2)
    desk.post(whole, {"do": "claim", "all": "1"}, LIST)
    assert "Nic se nestalo: najednou" in desk.get(LIST)
    assert "Moje <span" in desk.get(LIST) and 'view=mine">Moje <span class="count">0' in desk.get(LIST)
    monkeypatch.setattr(bulk, "MOST", 3)
    desk.post(whole, {"do": "claim", "all": "1"}, LIST)
    assert "Hotovo u 3 úkolů." in desk.get(LIST)


def title(page: str) -> str:
    """What the tab of the browser says, without the organisation."""
    return page.partition("<title>")[2].partition(" – ")[0]


def test_the_title_tells_what_waits_for_me_and_for_my_groups(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    assert title(desk.get("/prace/ukoly")) == "Úkoly"
    task = desk.task(desk.application(), "check")
    desk.sign_in("sekretarka")
    assert title(desk.get("/prace/ukoly")) == "Úkoly: k převzetí 1"
    desk.past = None
    desk.application()
    desk.sign_in("sekretarka")
    desk.post(BULK, {"do": "claim", "task": [task]}, LIST)
    assert title(desk.get("/prace/ukoly")) == "Úkoly: moje 1, k převzetí 1"
    # The list beside an open task is asked for anew and must not name the window after itself.
    assert "ignoreTitle" in desk.get(f"/prace/ukoly/{task}") and "ignoreTitle" not in desk.get(LIST)
