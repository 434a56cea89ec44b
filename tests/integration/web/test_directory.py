"""People sign in by a real slapd; a nightly run brings them up to date; the administrator sets it up in the browser."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import AddPerson
from engine.directory import DirectoryAway, DirectorySettings
from engine.errors import NotAllowed
from engine.model import SYSTEM
from engine.store.people import GroupMemberRow, PersonRow
from integrations.directory import Directory
from tests.integration.web.desk import FOREIGN_HOST, Desk, Window
from tests.machine import free_port
from tests.slapd import GROUPS, PASSWORD, PEOPLE, READER, SECRET, Slapd, running_slapd
from web.directory import read_directories, secret_name

# ldap3 leaves the socket of a refused certificate to the collector.
LEFT = "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
pytestmark = pytest.mark.filterwarnings(LEFT)

PAGE = "/velin/adresar"
MAPPING = f"secretariat: cn=office,{GROUPS}\nboard: cn=board,{GROUPS}"


@pytest.fixture(scope="module")
def server() -> Iterator[Slapd]:
    with running_slapd() as running:
        yield running
        gc.collect()


@pytest.fixture
def slapd(server: Slapd, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Slapd:
    """Eva in the office, Karel in the board, which is in the club, whose people are in the office; Ota in nothing."""
    monkeypatch.setenv(secret_name(desk.stage.tenant), SECRET)
    server.clear()
    eva, karel = server.person("eva", "Eva Nová"), server.person("karel", "Karel Starý")
    server.person("ota", "Ota Cizí")
    board = server.group("board", karel)
    club = server.group("club", board)
    server.group("office", eva, club)
    server.join(club, f"cn=office,{GROUPS}")  # A circle must not hang.
    return server


def words(slapd: Slapd, **other: str) -> dict[str, str]:
    return {
        "on": "yes",
        "kind": "ldap",
        "host": "localhost",
        "port": str(slapd.tls_port),
        "encryption": "ldaps",
        "ca": slapd.ca,
        "bind_dn": READER,
        "people_base": PEOPLE,
        "people_filter": "(&(objectClass=inetOrgPerson)(uid={username}))",
        "groups_base": GROUPS,
        "mapping": MAPPING,
        "threshold": "40",
    } | other


def settings(slapd: Slapd, **other: Any) -> DirectorySettings:
    facts = {"host": "localhost", "port": slapd.tls_port, "ca": slapd.ca, "bind_dn": READER, "people_base": PEOPLE}
    groups = {"secretariat": [f"cn=office,{GROUPS}"], "board": [f"cn=board, {GROUPS.upper()}"]}
    return DirectorySettings(**{**facts, "groups_base": GROUPS, "mapping": groups, **other})


def set_up(desk: Desk, slapd: Slapd, **other: str) -> None:
    desk.sign_in("spravce")
    answer = desk.post(PAGE, words(slapd, **other) | {"_go": "save"})
    assert answer.status_code == 303, answer.text


def come_in(desk: Desk, username: str, password: str = PASSWORD) -> int:
    desk.client = Window(desk.app)
    return desk.post("/prihlaseni", {"username": username, "password": password}).status_code


def person(desk: Desk, username: str) -> tuple[str, bool, set[str]] | None:
    with desk.stage.sessions() as session:
        wanted = select(PersonRow).where(PersonRow.tenant == desk.stage.tenant, PersonRow.username == username)
        found = session.scalars(wanted).one_or_none()
        if found is None:
            return None
        groups = session.scalars(select(GroupMemberRow.group_key).where(GroupMemberRow.person_id == found.id))
        return found.name, found.active, set(groups)


# --- asking the directory ---------------------------------------------------------------------------------------------


def test_a_name_and_a_password_are_asked_over_tls_and_groups_in_groups_count(slapd: Slapd) -> None:
    for how in ({}, {"encryption": "starttls", "port": slapd.port}):
        directory = Directory(settings(slapd, **how), SECRET)
        entry = directory.let_in("karel", PASSWORD)
        assert entry is not None
        assert (entry.name, entry.email) == ("Karel Starý", "karel@mesto.example")
        assert entry.groups == {"board", "secretariat"}
        assert directory.let_in("karel", "jiné") is None
        assert {one.username for one in directory.everybody()} == {"eva", "karel"}


@pytest.mark.parametrize("username", ["*", "e*", "eva)(uid=*", "*)(|(uid=*", "eva\0", "", "(", "\\2a", "ota"])
def test_a_hostile_name_finds_nobody(slapd: Slapd, username: str) -> None:
    assert Directory(settings(slapd), SECRET).let_in(username, PASSWORD) is None


@pytest.mark.parametrize("password", ["", "\0", f"{PASSWORD}\0"])
def test_an_empty_password_is_never_sent(slapd: Slapd, password: str) -> None:
    assert Directory(settings(slapd), SECRET).let_in("eva", password) is None


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({"ca": ""}, "certificate"),
        ({"host": "127.0.0.1"}, "certificate"),
        ({"bind_dn": f"cn=nobody,{PEOPLE}"}, "refused"),
        ({"people_base": "dc=elsewhere"}, "search"),
        ({"host": "ldap.example", "encryption": "none"}, "unsafe"),
    ],
)
def test_what_is_wrong_with_the_directory_is_told_by_its_kind(
    slapd: Slapd, other: dict[str, Any], problem: str
) -> None:
    with pytest.raises(DirectoryAway, match=problem):
        Directory(settings(slapd, **other), SECRET).let_in("eva", PASSWORD)


# --- signing in -------------------------------------------------------------------------------------------------------


def test_people_of_the_directory_come_in_and_get_their_groups(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    assert come_in(desk, "eva") == 303
    assert "Eva Nová" in desk.get("/prace/ukoly")
    assert person(desk, "eva") == ("Eva Nová", True, {"secretariat"})
    slapd.rename(f"uid=eva,{PEOPLE}", "Eva Vdaná")
    slapd.join(f"cn=board,{GROUPS}", f"uid=eva,{PEOPLE}")
    assert come_in(desk, "EVA") == 303
    assert person(desk, "eva") == ("Eva Vdaná", True, {"secretariat", "board"})
    assert [come_in(desk, "eva", "jiné"), come_in(desk, "eva", ""), come_in(desk, "ota")] == [422, 422, 422]
    assert person(desk, "ota") is None


def test_a_local_account_can_t_be_taken_over_from_the_directory(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    spravce = slapd.person("spravce", "Falešný Správce")
    slapd.join(f"cn=office,{GROUPS}", spravce)
    assert come_in(desk, "spravce") == 422
    assert come_in(desk, "SPRAVCE") == 422
    assert come_in(desk, "spravce", "spravce") == 303


def test_whom_an_administrator_deactivated_the_directory_does_not_let_in(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    assert come_in(desk, "eva") == 303
    desk.sign_in("spravce")
    assert desk.post("/velin/lide/kdo/eva/odchod", {}, "/velin/lide/kdo/eva").status_code == 303
    assert come_in(desk, "eva") == 422
    read_directories(desk.stage.parts)
    assert come_in(desk, "eva") == 422


def test_a_directory_that_is_away_is_told_and_local_accounts_still_come_in(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd, port=str(free_port()))
    assert come_in(desk, "eva") == 503
    desk.client = Window(desk.app)
    answer = desk.post("/prihlaseni", {"username": "eva", "password": PASSWORD})
    assert "Adresář lidí úřadu neodpovídá" in answer.text
    assert PASSWORD not in answer.text
    assert come_in(desk, "spravce", "spravce") == 303
    assert come_in(desk, "spravce", "jiné") == 422


def test_another_organisation_knows_nothing_of_it(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    desk.client = Window(desk.app)
    desk.client.host = FOREIGN_HOST
    assert desk.post("/prihlaseni", {"username": "eva", "password": PASSWORD}).status_code == 422
    desk.sign_in("spravce", FOREIGN_HOST)
    assert READER not in desk.get(PAGE)


# --- the nightly run --------------------------------------------------------------------------------------------------


def test_the_night_adds_changes_deactivates_and_lets_come_back(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    read_directories(desk.stage.parts)
    assert person(desk, "karel") == ("Karel Starý", True, {"board", "secretariat"})
    slapd.remove(f"uid=karel,{PEOPLE}")
    slapd.rename(f"uid=eva,{PEOPLE}", "Eva Vdaná")
    read_directories(desk.stage.parts)
    assert person(desk, "karel") == ("Karel Starý", True, {"board", "secretariat"}), "once a night"
    desk.stage.clock.set(desk.stage.clock.now() + timedelta(days=1))
    read_directories(desk.stage.parts)
    assert person(desk, "karel") == ("Karel Starý", False, {"board", "secretariat"})
    assert person(desk, "eva") == ("Eva Vdaná", True, {"secretariat"})
    slapd_eva = f"uid=eva,{PEOPLE}"
    slapd.join(f"cn=club,{GROUPS}", slapd_eva)
    slapd.part(f"cn=office,{GROUPS}", slapd_eva)
    desk.sign_in("spravce")
    assert "Deaktivovaní (1)" in desk.get(PAGE)
    another_night(desk)
    assert person(desk, "eva") == ("Eva Vdaná", True, {"secretariat"}), "the club is in the office"
    slapd.join(f"cn=office,{GROUPS}", slapd.person("jana", "Jana Zbylá"))
    slapd.part(f"cn=club,{GROUPS}", slapd_eva)
    another_night(desk)
    assert person(desk, "eva") == ("Eva Vdaná", False, {"secretariat"}), "in no group of the mapping"
    slapd.join(f"cn=office,{GROUPS}", slapd_eva)
    another_night(desk)
    assert person(desk, "eva") == ("Eva Vdaná", True, {"secretariat"})
    desk.sign_in("spravce")
    assert "Vrátili se (1)" in desk.get(PAGE)


def another_night(desk: Desk) -> None:
    desk.stage.clock.set(desk.stage.clock.now() + timedelta(days=1))
    read_directories(desk.stage.parts)


def test_an_entry_that_cannot_be_kept_does_not_end_the_night_for_others(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    long = "x" * 160
    slapd.person(long, "Příliš Dlouhý")
    slapd.join(f"cn=office,{GROUPS}", f"uid={long},{PEOPLE}")
    read_directories(desk.stage.parts)
    assert person(desk, "eva") is not None
    desk.sign_in("spravce")
    assert "Záznam se nedá uložit" in desk.get(PAGE)
    assert person(desk, long) is None


def test_whoever_the_directory_lets_in_has_no_password_here(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    read_directories(desk.stage.parts)
    desk.sign_in("spravce")
    page = "/velin/lide/kdo/eva"
    assert "heslem z adresáře" in desk.get(page)
    facts = {"name": "Eva Nová", "email": "", "password": "docela dlouhé heslo"}
    assert desk.post(page, facts, page=page).status_code == 422
    with pytest.raises(NotAllowed):
        desk.stage.parts.engine.execute(
            AddPerson(tenant=desk.stage.tenant, actor=SYSTEM, username="eva", name="Eva", password_hash="hash")
        )


def test_an_emptied_branch_and_an_outage_deactivate_nobody(desk: Desk, slapd: Slapd) -> None:
    set_up(desk, slapd)
    read_directories(desk.stage.parts)
    slapd.clear()
    desk.stage.clock.set(desk.stage.clock.now() + timedelta(days=1))
    read_directories(desk.stage.parts)
    assert person(desk, "eva") == ("Eva Nová", True, {"secretariat"})
    assert person(desk, "sekretarka") is not None
    desk.sign_in("spravce")
    assert "Zmizeli, ale příliš mnoho najednou" in desk.get(PAGE)
    desk.stage.clock.set(desk.stage.clock.now() + timedelta(days=1))
    set_up(desk, slapd, port=str(free_port()))
    read_directories(desk.stage.parts)
    assert "Adresář se nepodařilo přečíst" in desk.get(PAGE)
    assert person(desk, "karel") == ("Karel Starý", True, {"board", "secretariat"})


# --- the administrator's page -----------------------------------------------------------------------------------------


def test_the_settings_are_tried_before_they_are_kept(desk: Desk, slapd: Slapd) -> None:
    desk.sign_in("spravce")
    tried = desk.post(PAGE, words(slapd, who="karel") | {"_go": "try"})
    assert "Funguje: přihlásit se mohou 2 lidé." in tried.text
    assert "Karel Starý se přihlásí a dostane: board, secretariat." in tried.text
    assert "není v žádné" in desk.post(PAGE, words(slapd, who="ota") | {"_go": "try"}).text
    assert "Certifikátu serveru se nedá věřit" in desk.post(PAGE, words(slapd, ca="") | {"_go": "try"}).text
    assert "cn=reader" not in desk.get(PAGE), "trying keeps nothing"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", ""),
        ("port", "99999"),
        ("port", "²"),
        ("threshold", "0"),
        ("encryption", "maybe"),
        ("bind_dn", ""),
        ("people_base", "here"),
        ("people_filter", "(uid=*)"),
        ("people_filter", "((uid={username}"),
        ("mapping", "nobody: cn=x"),
        ("mapping", "board"),
        ("ca", "/etc/passwd"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk: Desk, slapd: Slapd, field: str, value: str) -> None:
    desk.sign_in("spravce")
    answer = desk.post(PAGE, words(slapd, **{field: value}) | {"_go": "save"})
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text or field == "encryption"
    assert READER in answer.text or field == "bind_dn"


def test_without_encryption_only_this_machine_is_asked(desk: Desk, slapd: Slapd) -> None:
    desk.sign_in("spravce")
    plain = words(slapd, encryption="none", host="ldap.example", port=str(slapd.port))
    assert "Bez šifrování" in desk.post(PAGE, plain | {"_go": "save"}).text
    assert "Funguje" in desk.post(PAGE, plain | {"host": "127.0.0.1", "_go": "try"}).text
