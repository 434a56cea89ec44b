"""Tasks in the browser: the list, taking, answering, handing over, and what must not happen."""

from __future__ import annotations

from tests.integration.web.desk import Desk


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(desk: Desk) -> None:
    answer = desk.client.get("/prace/ukoly?view=all")
    assert answer.status_code == 302
    assert answer.location == "/prihlaseni?next=/prace/ukoly?view%3Dall"


def test_the_secretary_finds_takes_and_finishes_the_completeness_check(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    assert number in desk.get("/prace/ukoly")
    task = desk.task(number, "check")
    page = desk.get(f"/prace/ukoly/{task}")
    assert "Je přihláška úplná?" in page
    assert "Ing. Jan Vzorný" in page, "what was sent stands beside the task"
    assert desk.post(f"/prace/ukoly/{task}/vzit", {}, f"/prace/ukoly/{task}").status_code == 303
    assert "váš" in desk.get(f"/prace/ukoly/{task}")
    sent = desk.fill(f"/prace/ukoly/{task}", {"/outcome": "complete", "/board_mode": "per_rollam"})
    assert sent.status_code == 303, sent.text
    desk.task(number, "vote")


def test_a_form_left_empty_comes_back_with_a_linked_summary_and_nothing_changes(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    task = desk.task(number, "check")
    answer = desk.fill(f"/prace/ukoly/{task}", {})
    assert answer.status_code == 422
    assert "Vyberte, jestli je přihláška úplná." in answer.text
    assert desk.task(number, "check") == task


def test_what_is_saved_for_later_is_there_again(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    task = desk.task(number, "check")
    assert desk.post(f"/prace/ukoly/{task}", {"/outcome": "return", "_go": "save"}).status_code == 303
    assert "Co má žadatel opravit" in desk.get(f"/prace/ukoly/{task}")


def test_a_task_is_saved_quietly_and_two_windows_do_not_overwrite_each_other(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    path = f"/prace/ukoly/{desk.task(number, 'check')}"
    assert "data-autosave" in desk.get(path)
    first, second = {"_tab": "one", "_seen": "0"}, {"_tab": "other", "_seen": "0"}
    kept = desk.post(path, {**first, "/outcome": "return", "_go": "keep"})
    assert (kept.status_code, kept.get_json()["seen"]) == (200, 1)
    assert desk.post(path, {**first, "/outcome": "return", "_go": "keep"}).status_code == 200
    told = desk.post(path, {**second, "/outcome": "complete", "_go": "keep"})
    assert told.status_code == 409
    assert "v jiném okně" in told.get_json()["overtaken"]
    answers = {"/outcome": "complete", "/board_mode": "per_rollam", "_go": "continue"}
    page = desk.post(path, {**second, **answers})
    assert page.status_code == 409
    assert "v jiném okně" in page.text
    assert "Co má žadatel opravit" in desk.get(path), "the first window's answer is kept"
    knowing = {"_tab": "other", "_seen": "2"}
    assert desk.post(path, {**knowing, **answers}).status_code == 303


def test_the_second_of_two_people_on_one_task_is_told(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    task = desk.task(number, "check")
    data = {"/outcome": "complete", "/board_mode": "per_rollam", "_go": "continue"}
    page = f"/prace/ukoly/{task}"
    assert desk.post(page, data).status_code == 303
    desk.sign_in("hospodar")
    late = desk.post(page, data, "/prace/banka")
    assert late.status_code == 409
    assert "už někdo dokončil" in late.text
    assert 'href="/prace/ukoly"' in late.text


def test_a_second_press_of_the_button_leads_where_the_first_did(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    path = f"/prace/ukoly/{desk.task(number, 'check')}"
    data = {"/outcome": "complete", "/board_mode": "per_rollam", "_go": "continue"}
    first, second = (desk.post(path, data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    told = desk.get(second.location).replace("\u00a0", " ")
    assert f"Už jste ho dokončili: Zkontrolovat úplnost, {number}. Podruhé se nic neodeslalo." in told


def test_who_is_not_in_the_group_can_read_but_not_answer(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("hospodar")
    task = desk.task(number, "check")
    page = desk.get(f"/prace/ukoly/{task}")
    assert "Dokončit úkol" not in page
    data = {"/outcome": "complete", "/board_mode": "per_rollam", "_go": "continue"}
    refused = desk.post(f"/prace/ukoly/{task}", data, "/prace/banka")
    assert refused.status_code == 403
    desk.task(number, "check")


def test_a_task_that_does_not_exist_is_a_page_that_does_not_exist(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    assert "Stránka tu není" in desk.get("/prace/ukoly/0000", 404)


def test_a_post_without_its_token_is_refused(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    task = desk.task(number, "check")
    assert desk.client.post(f"/prace/ukoly/{task}", data={"/outcome": "complete"}).status_code == 400


def test_the_list_takes_nonsense_in_its_address(desk: Desk) -> None:
    desk.application()
    desk.sign_in("sekretarka")
    desk.get("/prace/ukoly?view=nic&sort=nic&page=-1&process=nic&group=nic&q=%25_'")
    desk.get("/prace/ukoly?group=%00", 400)
    desk.get("/prace/pripady?q=%25_'&status=nic&page=99999999999")
