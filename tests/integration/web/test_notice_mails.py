"""What people are told comes by mail as they chose; their deadlines stand in a calendar behind a secret address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from sqlalchemy import update

from engine.commands import AddPerson
from engine.model import SYSTEM
from engine.staffing import DeactivatePerson
from engine.store.notifications import NotificationRow
from engine.store.wall import everybodys
from integrations.failures import Temporary
from integrations.ports import Mail
from tests.integration.web.desk import NOW, QUICK, Desk
from web.staff_mails import write_to_staff

SETTINGS = "/prace/upozorneni/nastaveni"


class Broken:
    """A mail server that is away."""

    def send(self, mail: Mail) -> str:
        raise Temporary("away")


def with_address(desk: Desk, username: str, *groups: str) -> None:
    desk.stage.engine.execute(
        AddPerson(
            tenant=desk.stage.tenant,
            actor=SYSTEM,
            username=username,
            name=username.capitalize(),
            email=f"{username}@mesta.example",
            groups=groups,
            password_hash=QUICK.hash(username),
        )
    )
    desk.past = None


def chooses(desk: Desk, username: str, mail: str) -> int:
    desk.sign_in(username)
    return desk.post(SETTINGS, {"mail": mail}).status_code


def named(desk: Desk, number: str, text: str = "@sekretarka podívejte se na dluhy.") -> None:
    desk.sign_in("hospodar")
    assert desk.post(f"/prace/pripady/{number}/poznamka", {"text": text}, f"/prace/pripady/{number}").status_code == 302


def sent(desk: Desk) -> list[Mail]:
    desk.stage.mailer.sent.clear()
    write_to_staff(desk.stage.parts, desk.stage.mailer)
    return list(desk.stage.mailer.sent)


def test_each_thing_comes_at_once_and_once_and_says_nothing_of_what_was_written(desk: Desk) -> None:
    number = desk.application()
    with_address(desk, "sekretarka", "secretariat")
    assert chooses(desk, "sekretarka", "at_once") == 303
    named(desk, number)
    [mail] = sent(desk)
    assert mail.to == ["sekretarka@mesta.example"]
    assert number in mail.subject and f"/prace/pripady/{number}" in mail.text
    assert "dluhy" not in mail.text + mail.html
    assert sent(desk) == []


def test_only_a_substitute_who_left_is_told_as_such(desk: Desk) -> None:
    number = desk.application()
    with_address(desk, "sekretarka", "secretariat")
    chooses(desk, "sekretarka", "at_once")
    named(desk, number)
    with everybodys(desk.stage.parts.database).begin() as connection:
        connection.execute(update(NotificationRow).values(instance_id=None))
    assert not any("/prace/zastupy" in mail.text for mail in sent(desk))


def test_a_mail_that_did_not_go_out_is_tried_again_later_and_not_at_once(desk: Desk) -> None:
    number = desk.application()
    with_address(desk, "sekretarka", "secretariat")
    chooses(desk, "sekretarka", "at_once")
    named(desk, number)
    write_to_staff(desk.stage.parts, Broken())
    assert sent(desk) == []
    desk.stage.clock.advance(timedelta(minutes=2))
    assert len(sent(desk)) == 1


def test_what_was_read_meanwhile_and_who_left_get_no_mail(desk: Desk) -> None:
    number = desk.application()
    with_address(desk, "sekretarka", "secretariat")
    chooses(desk, "sekretarka", "at_once")
    named(desk, number)
    desk.sign_in("sekretarka")
    desk.post("/prace/upozorneni", {})
    assert sent(desk) == []
    named(desk, number)
    desk.stage.engine.execute(DeactivatePerson(tenant=desk.stage.tenant, actor=SYSTEM, username="sekretarka"))
    assert sent(desk) == []


def test_the_days_mail_comes_once_each_working_day_with_what_is_new_overdue_and_soon(desk: Desk) -> None:
    number = desk.application()
    with_address(desk, "sekretarka", "secretariat")
    chooses(desk, "sekretarka", "daily")
    task = desk.task(number, "check")
    desk.post(f"/prace/ukoly/{task}/vzit", {}, f"/prace/ukoly/{task}")
    named(desk, number)
    assert sent(desk) == [], "today it was chosen, the first one comes tomorrow"
    desk.stage.clock.set(datetime(2026, 6, 2, 4, 0, tzinfo=UTC))
    assert sent(desk) == [], "six o'clock in Prague"
    desk.stage.clock.set(datetime(2026, 6, 2, 5, 30, tzinfo=UTC))
    [mail] = sent(desk)
    assert "2. 6. 2026" in mail.subject.replace("\u00a0", " ")
    assert "vás zmiňuje v poznámce" in mail.text and f"/prace/pripady/{number}" in mail.text
    assert sent(desk) == []
    desk.stage.clock.set(datetime(2026, 6, 6, 8, 0, tzinfo=UTC))
    assert sent(desk) == [], "a Saturday"
    desk.stage.clock.set(datetime(2026, 7, 1, 8, 0, tzinfo=UTC))
    [mail] = sent(desk)
    assert "Po lhůtě" in mail.text and f"/prace/ukoly/{task}" in mail.text
    assert "zmiňuje" not in mail.text, "it was told of in June"


def test_a_days_mail_that_failed_comes_the_same_day_and_an_empty_one_never(desk: Desk) -> None:
    number = desk.application()
    with_address(desk, "sekretarka", "secretariat")
    with_address(desk, "hospodar", "treasurer")
    chooses(desk, "sekretarka", "daily")
    chooses(desk, "hospodar", "daily")
    named(desk, number)
    desk.stage.clock.set(NOW + timedelta(days=1))
    write_to_staff(desk.stage.parts, Broken())
    assert [mail.to for mail in sent(desk)] == [["sekretarka@mesta.example"]]


def test_without_an_address_no_mail_can_be_chosen(desk: Desk) -> None:
    assert chooses(desk, "vybor1", "daily") == 422
    assert chooses(desk, "vybor1", "none") == 303
    assert chooses(desk, "vybor1", "carrier pigeon") == 422


def calendar_of(desk: Desk, username: str) -> str:
    desk.sign_in(username)
    assert desk.post(f"{SETTINGS}/kalendar", {}, SETTINGS).status_code == 303
    found = re.search(r"/kalendar/[\w-]+\.ics", desk.get(SETTINGS))
    assert found
    assert found[0] not in desk.get(SETTINGS), "shown once"
    return found[0]


def test_the_calendar_has_days_of_own_tasks_and_of_periods_of_their_cases_and_no_names(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    address = calendar_of(desk, "sekretarka")
    assert not Calendar.from_ical(desk.get(address)).walk("VEVENT")
    task = desk.task(number, "check")
    desk.post(f"/prace/ukoly/{task}/vzit", {}, f"/prace/ukoly/{task}")
    desk.client.delete_cookie("radnice", domain="localhost")
    text = desk.get(address)
    events = Calendar.from_ical(text).walk("VEVENT")
    assert len(events) == 2, "the task and the period for the decision"
    assert {str(one["summary"]).split(":")[0] for one in events} == {number}
    assert "Rokytnice" not in text
    assert all(one["dtend"].dt - one["dtstart"].dt == timedelta(days=1) for one in events)


def test_a_new_address_ends_the_old_one_and_a_cancelled_one_finds_nothing(desk: Desk) -> None:
    first = calendar_of(desk, "sekretarka")
    second = calendar_of(desk, "sekretarka")
    desk.get(first, 404)
    desk.get(second)
    assert desk.post(f"{SETTINGS}/kalendar/zrusit", {}, SETTINGS).status_code == 303
    desk.get(second, 404)


def test_an_address_works_neither_elsewhere_nor_for_somebody_who_left(desk: Desk) -> None:
    address = calendar_of(desk, "sekretarka")
    assert desk.client.get(address, base_url="http://jinde.example").status_code == 404
    desk.stage.engine.execute(DeactivatePerson(tenant=desk.stage.tenant, actor=SYSTEM, username="sekretarka"))
    desk.get(address, 404)
