"""The administrator looks after people in the browser; everybody after their own password."""

from __future__ import annotations

from tests.integration.web.desk import FOREIGN_HOST, Desk, Window

PAGE = "/velin/lide"
NEW = {"username": "nova.eva", "name": "Eva Nová", "email": "eva@mesto.example", "group": "secretariat"}
WORDS = "modrý vlak jede včas"


def come_in(desk: Desk, username: str, password: str) -> int:
    desk.client = Window(desk.app)
    return desk.post("/prihlaseni", {"username": username, "password": password}).status_code


def test_somebody_is_added_works_and_leaves(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    assert desk.post(f"{PAGE}/novy", NEW | {"password": WORDS}).status_code == 303
    assert "Eva Nová" in desk.get(PAGE)
    assert come_in(desk, "nova.eva", WORDS) == 303
    evas, task = desk.client, desk.task(number, "check")
    assert desk.post(f"/prace/ukoly/{task}/vzit", {}, f"/prace/ukoly/{task}").status_code == 303
    desk.sign_in("spravce")
    person = f"{PAGE}/kdo/nova.eva"
    assert "nikdy" not in desk.get(person), "their sign-in is told"
    assert desk.post(f"{person}/odchod", {}, person).status_code == 303
    assert "1 úkol se vrátil své skupině." in desk.get(person)
    assert evas.get("/prace/ukoly").status_code == 302, "the session ended with the account"
    assert come_in(desk, "nova.eva", WORDS) == 422
    desk.sign_in("sekretarka")
    assert number in desk.get("/prace/ukoly")


def test_tasks_of_a_group_that_nobody_is_in_any_more_are_told_to_whoever_can_help(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    assert "nikdo v ní není" not in desk.get("/velin")
    person = f"{PAGE}/kdo/sekretarka"
    assert desk.post(f"{person}/odchod", {}, person).status_code == 303
    told = desk.get("/velin").replace("\u00a0", " ")
    assert "Na skupinu Obchodní péče čeká 1 úkol a nikdo v ní není." in told
    assert "nikdo v ní není" in desk.get("/prace/vytizeni")
    task = desk.task(number, "check")
    assert "Zkontrolovat úplnost" in desk.get(f"/prace/ukoly/{task}"), "whoever may see everything still finds it"


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost_but_the_password(desk: Desk) -> None:
    desk.sign_in("spravce")
    refused = desk.post(f"{PAGE}/novy", NEW | {"username": "nová", "email": "eva", "password": "krátké"})
    assert refused.status_code == 422
    for sentence in ("Písmena bez háčků", "Napište e-mailovou adresu", "nejméně 12 znaků; stačí"):
        assert sentence in refused.text
    assert 'value="Eva Nová"' in refused.text
    assert 'value="secretariat" checked' in refused.text
    assert "krátké" not in refused.text
    assert "už někdo má" in desk.post(f"{PAGE}/novy", NEW | {"username": "sekretarka"}).text
    assert "snadno uhodnout" in desk.post(f"{PAGE}/novy", NEW | {"password": "nova.evanova.eva"}).text


def test_a_person_changes_their_own_password_and_other_sessions_end(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    elsewhere = desk.client
    desk.sign_in("sekretarka")
    page, new = "/prace/heslo", {"new": WORDS, "again": WORDS}
    assert "Toto není vaše současné heslo." in desk.post(page, {"old": "jiné", **new}).text
    assert "Hesla se liší." in desk.post(page, {"old": "sekretarka", "new": WORDS, "again": "x"}).text
    assert desk.post(page, {"old": "sekretarka", **new}).status_code == 303
    assert "Heslo je změněné" in desk.get(page)
    assert elsewhere.get("/prace/ukoly").status_code == 302
    assert come_in(desk, "sekretarka", "sekretarka") == 422
    assert come_in(desk, "sekretarka", WORDS) == 303


def test_the_people_of_another_organisation_are_not_there(desk: Desk) -> None:
    desk.sign_in("spravce", FOREIGN_HOST)
    assert "sekretarka" not in desk.get(PAGE)
    desk.get(f"{PAGE}/kdo/sekretarka", 404)
    for what in ("", "/odchod", "/navrat"):
        assert desk.post(f"{PAGE}/kdo/sekretarka{what}", {"name": "Jiná"}, f"{PAGE}/novy").status_code == 404
    assert come_in(desk, "sekretarka", "sekretarka") == 303
