"""A new agenda in the studio: founded, from the shelf, a package; its card on the portal; bad input loses nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pytest

from processes.agenda import parse_agenda
from processes.catalogue import load, pack, unpack
from processes.starting import Founding, found
from tests.integration.web.desk import FOREIGN_HOST, Desk

NEW = "/studio/nova-agenda"
WOOD = {
    "how": "starter",
    "title": "Palivové dřevo",
    "title_en": "Firewood",
    "summary": "Samovýroba v obecním lese.",
    "group": "+",
    "group_title": "Hajný",
    "prefix": "dre",
}
CARD = "/studio/palivove_drevo/portal/palivove_drevo"
TEXTS = {"title.cs": "Povolení těžby dříví", "summary.cs": "Pro všechny občany.", "category.cs": "Les"}
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    return desk


def founded(author: Desk) -> None:
    author.post(NEW, WOOD)


def test_an_agenda_is_founded_offered_and_asked_for(author: Desk) -> None:
    founded(author)
    page = author.get("/studio/palivove_drevo")
    assert "Palivové dřevo" in page
    assert "není nabízeno" in page
    assert "Palivové dřevo" not in author.get("/")
    version = VERSION.search(author.get(CARD))
    assert version
    author.post(CARD, {**TEXTS, "version": version[1]}, CARD)
    assert "Povolení těžby dříví" in author.get("/")
    assert "Pro všechny občany." in author.get("/sluzby/palivove_drevo/palivove_drevo")
    author.post(f"{CARD}/stahnout", {"version": "2"}, CARD)
    assert "Povolení těžby dříví" not in author.get("/")


def test_its_group_is_there_for_people_and_its_package_comes_back(author: Desk) -> None:
    founded(author)
    files = unpack(author.client.get("/studio/palivove_drevo.zip").data)
    agenda = parse_agenda(files)
    assert (agenda.key, agenda.numbering) == ("palivove_drevo", "DRE-{year}-{n:04}")
    assert agenda.groups == {"hajny": {"cs": "Hajný"}}
    author.sign_in("spravce")
    assert "Hajný" in author.get("/velin/lide/novy")


def test_the_same_name_twice_gives_two_agendas(author: Desk) -> None:
    founded(author)
    founded(author)
    assert parse_agenda(unpack(author.client.get("/studio/palivove_drevo_2.zip").data)).groups == {
        "hajny_2": {"cs": "Hajný"}
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**WOOD, "title": "  "}, "Napište, jak se agenda jmenuje"),
        ({**WOOD, "group_title": ""}, "Napište, jak se skupina jmenuje"),
        ({**WOOD, "group": "admin"}, "Zvolte, čí je to práce"),
        ({**WOOD, "prefix": "dř1"}, "Dvě až šest písmen"),
        ({"how": "ready", "ready": "../membership"}, "Zvolte agendu"),
        ({"how": "ready", "ready": "membership"}, "Zvolte agendu"),
        ({"how": "package"}, "Vyberte soubor"),
        ({"how": "nijak"}, "Vyberte, čím začít"),
        ({}, "Vyberte, čím začít"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(author: Desk, fields: Mapping[str, str], said: str) -> None:
    answer = author.post(NEW, fields)
    assert answer.status_code == 422
    assert said in answer.text.replace("\xa0", " ")
    assert (fields.get("summary") or "") in answer.text
    assert "palivove_drevo" not in author.get("/studio")


def package_of(key: str = "les", **changed: bytes | None) -> bytes:
    title = {"cs": "Les"}
    files = found(Founding(key=key, title=title, summary={}, group="forest", group_title=title, prefix="LES"))
    for path, content in changed.items():
        name = path.replace("__", "/").replace("_0", ".")
        if content is None:
            del files[name]
        else:
            files[name] = content
    return pack(files)


def test_a_package_is_taken_whole(author: Desk) -> None:
    answer = author.post(NEW, {"how": "package", "package": (io.BytesIO(package_of()), "les.zip")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/studio/les")
    assert author.client.get("/studio/les.zip").data == package_of()


@pytest.mark.parametrize(
    ("package", "status"),
    [
        (b"PK\x03\x04 cut", 422),
        (b"", 422),
        (package_of()[:-40], 422),
        (package_of(les_0bpmn=b"<a>"), 422),
        (package_of(agenda_0toml=None), 422),
        (package_of(forms__application_0json=b"{"), 422),
        (pack(load("membership").files), 409),
    ],
)
def test_a_bad_package_or_one_that_is_here_changes_nothing(author: Desk, package: bytes, status: int) -> None:
    before = author.client.get("/studio/membership.zip").data
    answer = author.post(NEW, {"how": "package", "package": (io.BytesIO(package), "les.zip")})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert author.client.get("/studio/les.zip").status_code == 404
    assert author.client.get("/studio/membership.zip").data == before


def test_a_package_whose_story_does_not_come_out_is_refused_with_the_story(author: Desk) -> None:
    red = b"""title: Nikdy
process: les
starts: 2026-03-02 09:00
steps:
  - start: application
    with: {name: A, email: a@b.cz, request: x}
  - expect: {status: completed}
"""
    package = package_of(scenarios__red_0yaml=red)
    answer = author.post(NEW, {"how": "package", "package": (io.BytesIO(package), "les.zip")})
    assert answer.status_code == 422
    assert "Nikdy" in answer.text


def test_the_card_says_what_is_missing_and_is_not_put_over_a_newer_version(author: Desk) -> None:
    founded(author)
    lacking = author.post(CARD, {**TEXTS, "summary.cs": "", "version": "1"})
    assert lacking.status_code == 422
    assert "Povolení těžby dříví" in lacking.text
    late = author.post(CARD, {**TEXTS, "version": "0"})
    assert late.status_code == 409
    assert "Povolení těžby dříví" in late.text
    assert "Povolení těžby dříví" not in author.get("/")
    author.get("/studio/palivove_drevo/portal/nikde", 404)


def test_new_agendas_are_for_authors_and_stay_in_their_organisation(author: Desk) -> None:
    founded(author)
    author.sign_in("sekretarka")
    author.get(NEW, 403)
    author.get("/studio/palivove_drevo.zip", 403)
    author.sign_in("spravce", FOREIGN_HOST)
    author.get("/studio/palivove_drevo.zip", 404)
    author.get(CARD, 404)
    assert "Palivové" not in author.get("/studio")
