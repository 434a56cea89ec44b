"""The inbox in the browser: filters, several tasks at once, shortcuts told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import AddPerson, Command, Deploy, StartInstance
from engine.desk import BatchPart, ReportBatch, TakeBatch
from engine.handlers import batches
from engine.model import SYSTEM
from engine.staffing import DeactivatePerson
from engine.store.audit import AuditEventRow
from engine.store.session import TENANT
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.web.desk import QUICK, TOKEN, Desk
from web.batches import carry_batches
from web.delivery import Delivery
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


def test_what_the_list_is_narrowed_by_says_what_taking_it_off_does(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    page = desk.get("/prace/ukoly?view=all&q=lípy&sort=opened").replace("\u00a0", " ")
    chosen = page.partition('class="chosen"')[2].partition("</div>")[0]
    assert "Zrušit filtr: „lípy“" in chosen
    assert "Zpět k obvyklému pořadí" in chosen and chosen.count('title="Zrušit filtr') == 1


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


def begun(desk: Desk, how_many: int, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """The address of a batch that takes so many tasks, and the tasks; the desk is the secretary's."""
    tasks = []
    for _case in range(how_many):
        tasks.append(desk.task(desk.application(), "check"))
        desk.past = None
    desk.sign_in("sekretarka")
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    monkeypatch.setattr(batches, "PART", 2)
    answer = desk.post(f"{BULK}?view=groups", {"do": "claim", "task": [*tasks, "0000"]}, LIST)
    assert answer.status_code == 303
    return answer.location, tasks


def test_many_tasks_are_left_to_a_worker_and_a_page_tells_how_far_they_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _tasks = begun(desk, 3, monkeypatch)
    before = desk.get(page).replace("\u00a0", " ")
    assert "0 z 4" in before
    # Whoever has scripts is not taken back to the top of the page every two seconds.
    assert '<noscript><meta http-equiv="refresh"' in before and f'hx-get="{page}"' in before
    assert f'href="{page}">Hromadně: 0 z 4' in desk.get(LIST), "whoever leaves the page finds the way back to it"
    carry_batches(desk.stage.parts)
    after = desk.get(page).replace("\u00a0", " ")
    assert "4 z 4" in after and 'http-equiv="refresh"' not in after and "hx-get" not in after.partition("<main")[2]
    assert "Hotovo u 3 úkolů. 1 úkol zůstal, jak byl: nenalezeno." in after
    assert 'href="/prace/ukoly?view=groups"' in after
    assert "Hromadně:" not in desk.get(LIST)
    assert 'view=mine">Moje <span class="count">3' in desk.get(LIST)


def test_a_batch_is_whose_it_is_and_can_be_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page, _tasks = begun(desk, 3, monkeypatch)
    desk.sign_in("hospodar")
    desk.get(page, 404)
    desk.sign_in("sekretarka")
    assert desk.post(f"{page}/zastavit", {}, page).status_code == 303
    carry_batches(desk.stage.parts)
    stopped = desk.get(page).replace("\u00a0", " ")
    assert "0 z 4" in stopped and "4 úkolů se to nedotklo." in stopped
    assert 'view=mine">Moje <span class="count">0' in desk.get(LIST)


def taking(desk: Desk, page: str) -> TakeBatch:
    """What a worker says to have the next part."""
    return TakeBatch(tenant=desk.stage.tenant, actor=SYSTEM, batch_id=page.rpartition("/")[2])


def reporting(desk: Desk, page: str, part: BatchPart | None, refused: Mapping[str, int] = {}) -> ReportBatch:
    """What a worker says when it is through with a part."""
    assert part is not None
    told: Any = {"begun": part.begun, "done": len(part.task_ids), "refused": refused}
    return ReportBatch(tenant=desk.stage.tenant, actor=SYSTEM, batch_id=page.rpartition("/")[2], **told)


def test_a_part_that_two_workers_had_is_counted_once_and_no_task_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, tasks = begun(desk, 3, monkeypatch)
    do = desk.stage.engine.execute
    slow = do(taking(desk, page))
    desk.stage.clock.set(desk.stage.clock.now() + batches.IN_HAND)
    quick = do(taking(desk, page))
    assert slow is not None and quick is not None and slow.task_ids == quick.task_ids == tasks[:2]
    do(reporting(desk, page, quick))
    following = do(taking(desk, page))
    do(reporting(desk, page, slow, {"HumanTaskTaken": 2}))
    assert do(taking(desk, page)) is None, "who was late takes nothing out of the other one's hands"
    assert following is not None and following.task_ids == [tasks[2], "0000"]
    desk.sign_in("sekretarka")
    assert "2 z 4" in (halfway := desk.get(page).replace("\u00a0", " ")) and "zůstal" not in halfway
    do(reporting(desk, page, following))
    assert "4 z 4" in desk.get(page).replace("\u00a0", " ")


def test_what_was_in_hand_when_somebody_stopped_is_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page, _tasks = begun(desk, 3, monkeypatch)
    part = desk.stage.engine.execute(taking(desk, page))
    desk.post(f"{page}/zastavit", {}, page)
    desk.stage.engine.execute(reporting(desk, page, part))
    assert desk.stage.engine.execute(taking(desk, page)) is None
    stopped = desk.get(page).replace("\u00a0", " ")
    assert "2 z 4" in stopped and "2 úkolů se to nedotklo." in stopped


def test_what_a_worker_did_before_it_died_counts_as_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page, tasks = begun(desk, 2, monkeypatch)
    desk.post(f"{page}/zastavit", {}, page)
    begin: Any = {"do": "delegate", "task": tasks, "username": "hospodar"}
    page = desk.post(f"{BULK}?view=groups", begin, LIST).location
    desk.stage.engine.execute(taking(desk, page))
    monkeypatch.setattr(bulk, "AT_ONCE", 20)
    desk.post(BULK, {**begin, "task": tasks[:1]}, LIST)
    desk.stage.clock.set(desk.stage.clock.now() + batches.IN_HAND)
    carry_batches(desk.stage.parts)
    told = desk.get(page).replace("\u00a0", " ")
    assert "Hotovo u 2 úkolů." in told and "zůstal" not in told


def test_of_two_batches_each_has_its_turn_after_a_part_of_the_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, tasks = begun(desk, 5, monkeypatch)
    desk.stage.clock.advance(timedelta(seconds=1))
    short = desk.post(f"{BULK}?view=groups", {"do": "claim", "task": tasks[:2]}, LIST).location
    seen: list[str] = []
    execute = desk.stage.engine.execute

    def watched(command: Command[Any]) -> Any:
        if isinstance(command, ReportBatch):
            seen.append("long" if command.batch_id in long else "short")
            assert command.batch_id in long or command.batch_id in short
        return execute(command)

    monkeypatch.setattr(desk.stage.parts.engine, "execute", watched)
    carry_batches(desk.stage.parts)
    assert seen == ["long", "short", "long", "long"]


def test_the_audit_says_what_was_asked_to_be_done_with_how_many_tasks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _tasks = begun(desk, 2, monkeypatch)
    desk.post(f"{page}/zastavit", {}, page)
    with desk.stage.parts.sessions(info={TENANT: desk.stage.tenant}) as session:
        rows = session.scalars(select(AuditEventRow).where(AuditEventRow.kind.in_(["begin-batch", "stop-batch"])))
        noted = {row.kind: (row.object_kind, row.object_id, row.facts) for row in rows}
    batch_id = page.rpartition("/")[2]
    assert noted == {
        "begin-batch": ("batch", batch_id, {"number": 3, "act": "claim"}),
        "stop-batch": ("batch", batch_id, None),
    }


def test_what_came_of_a_batch_is_kept_for_a_month(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page, tasks = begun(desk, 2, monkeypatch)
    carry_batches(desk.stage.parts)
    dead = desk.post(f"{BULK}?view=groups", {"do": "claim", "task": tasks}, LIST).location
    desk.stage.engine.execute(taking(desk, dead))
    delivery = Delivery(desk.stage.parts, desk.stage.parts.outside)
    desk.stage.clock.set(desk.stage.clock.now() + batches.KEPT_FOR)
    delivery.tidy()
    desk.sign_in("sekretarka")
    assert "Hotovo u 2 úkolů." in desk.get(page).replace("\u00a0", " ")
    assert "0 z 2" in desk.get(dead).replace("\u00a0", " ")
    desk.stage.clock.set(desk.stage.clock.now() + timedelta(seconds=1))
    delivery.tidy()
    desk.get(page, 404)
    desk.get(dead, 404)


def test_a_part_that_a_dead_worker_had_in_hand_is_taken_up_again_and_only_when_its_time_is_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _tasks = begun(desk, 3, monkeypatch)
    part = desk.stage.engine.execute(taking(desk, page))
    assert part is not None and len(part.task_ids) == 2
    carry_batches(desk.stage.parts)
    assert "0 z 4" in desk.get(page).replace("\u00a0", " ")
    desk.stage.clock.set(desk.stage.clock.now() + batches.IN_HAND)
    carry_batches(desk.stage.parts)
    assert "Hotovo u 3 úkolů." in desk.get(page).replace("\u00a0", " ")


def test_whoever_leaves_does_nothing_more_by_their_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _page, tasks = begun(desk, 3, monkeypatch)
    leave = DeactivatePerson(tenant=desk.stage.tenant, actor=SYSTEM, username="sekretarka")
    desk.stage.engine.execute(leave)
    carry_batches(desk.stage.parts)
    desk.sign_in("spravce")
    assert all("Úkol je pro skupinu" in desk.get(f"/prace/ukoly/{task}") for task in tasks)


def test_hundreds_of_tasks_are_finished_at_once_each_by_a_transaction_of_its_own(desk: Desk) -> None:
    home: Any = {"tenant": desk.stage.tenant, "actor": SYSTEM}
    do, files = (
        desk.stage.engine.execute,
        {"p.bpmn": diagram(start(), user("a", 'group="many"'), end(), chain("s", "a", "e"))},
    )
    many = {"many": {"cs": "Mnoho", "en": "Many"}}
    do(Deploy(**home, agenda="many", title={"cs": "Mnoho"}, files=files, groups=many))
    for _case in range(250):
        do(StartInstance(**home, process_key="p", variables={}))
    hired = {"username": "many", "name": "Mnohá", "groups": ["many"], "password_hash": QUICK.hash("many")}
    do(AddPerson(**home, **hired))
    desk.sign_in("many")
    answer = desk.post(f"{BULK}?view=groups", {"do": "claim", "all": "1"}, LIST)
    carry_batches(desk.stage.parts)
    assert "Hotovo u 250 úkolů." in desk.get(answer.location).replace("\u00a0", " ")
    answer = desk.post(f"{BULK}?view=mine", {"do": "complete", "all": "1"}, LIST)
    carry_batches(desk.stage.parts)
    assert "Hotovo u 250 úkolů." in desk.get(answer.location).replace("\u00a0", " ")
    assert 'view=mine">Moje <span class="count">0' in desk.get(LIST)


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
