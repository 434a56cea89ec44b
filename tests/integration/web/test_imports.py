"""Tables into registers: every row's fate is seen before one is stored; all, only the good ones, or back again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from engine.commands import SaveRecord
from engine.model import SYSTEM
from engine.queries import registers
from engine.queries.registers import Wanted
from tests.integration.web.desk import Desk

PATH = "/prace/registry/members"
HEAD = "IČO;Název;Druh členství;Členem od;Stav;Počet obyvatel"
GOOD = (
    f"{HEAD}\n00276057;Rokytnice;řádné;1. 7. 2026;aktivní;1 500\n00240702;Říčany;startovací;2026-01-15;active;16 000\n"
)


def records(desk: Desk) -> dict[str, dict[str, Any]]:
    with desk.stage.sessions() as session:
        found = registers.records(session, desk.stage.tenant, "members", Wanted(page_size=500), SYSTEM)
    return {str(one.data["name"]): one.data for one in found.items}


def bring(desk: Desk, content: bytes | str, filename: str = "clenove.csv") -> str:
    """Send a table; gives the address of its import."""
    body = content.encode() if isinstance(content, str) else content
    answer = desk.post(f"{PATH}/import", {"file": (io.BytesIO(body), filename)})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def refused(desk: Desk, content: bytes, filename: str = "clenove.csv") -> str:
    answer = desk.post(f"{PATH}/import", {"file": (io.BytesIO(content), filename)})
    assert answer.status_code == 422, answer.status_code
    return answer.text.replace("\xa0", " ")


def tried(desk: Desk, address: str, mode: str = "replace") -> str:
    """Take the columns as they were matched and try every row; gives the page."""
    page = desk.get(address)
    selects = re.findall(r'<select class="mini" id="c-[0-9]+" name="([^"]+)">(.*?)</select>', page)
    chosen = {name: found[1] for name, inside in selects if (found := re.search(r'value="(\w+)" selected', inside))}
    answer = desk.post(f"{address}/sloupce", {**chosen, "mode": mode}, page=address)
    assert answer.status_code == 303, answer.text
    return desk.get(address)


def counts(page: str) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]+)</dt><dd class=\"tab\">(\d+)</dd>", page)
    return {name: int(number) for name, number in found}


@pytest.fixture
def secretary(desk: Desk) -> Desk:
    desk.sign_in("sekretarka")
    return desk


def test_nothing_is_stored_before_it_is_asked_for_and_czech_is_read(secretary: Desk) -> None:
    address = bring(secretary, GOOD)
    page = tried(secretary, address)
    assert counts(page) == {"nový záznam": 2, "změna záznamu": 0, "nic se nemění": 0, "nejde uložit": 0}
    assert records(secretary) == {}
    assert secretary.post(f"{address}/ulozit", {}, page=address).status_code == 303
    found = records(secretary)
    assert found["Rokytnice"] == {
        "ico": "00276057",
        "name": "Rokytnice",
        "kind": "regular",
        "since": "2026-07-01",
        "state": "active",
        "inhabitants": 1500,
    }
    assert found["Říčany"]["inhabitants"] == 16000
    assert "importem" in secretary.get(re.findall(rf'href="({PATH}/\w{{26,32}})"', secretary.get(PATH))[0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2", "cp852", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_usual_encoding_and_separator_is_read(secretary: Desk, encoding: str, separator: str) -> None:
    page = tried(secretary, bring(secretary, GOOD.replace(";", separator).encode(encoding)))
    assert counts(page)["nový záznam"] == 2
    assert "Říčany" in page


def test_a_row_with_a_fault_is_told_at_its_column_and_only_the_good_ones_may_go_in(secretary: Desk) -> None:
    table = GOOD + "12345678;Omyl;řádné;32. 13. 2026;aktivní;mnoho\n;Bez čísla;řádné;1. 1. 2026;aktivní;\n"
    address = bring(secretary, table)
    page = tried(secretary, address).replace("\xa0", " ")
    assert counts(page)["nejde uložit"] == 2
    assert "Členem od" in page and "IČO" in page
    report = secretary.get(f"{address}/radky.csv")
    assert report.splitlines()[3].startswith("4;nejde uložit;") and "IČO" in report.splitlines()[3]
    assert secretary.post(f"{address}/ulozit", {}, page=address).status_code == 422
    assert records(secretary) == {}
    assert secretary.post(f"{address}/ulozit", {"only_good": "1"}, page=address).status_code == 303
    assert sorted(records(secretary)) == ["Rokytnice", "Říčany"]


def test_the_same_table_again_changes_nothing_and_a_changed_one_only_what_it_says(secretary: Desk) -> None:
    first = bring(secretary, GOOD)
    tried(secretary, first)
    secretary.post(f"{first}/ulozit", {}, page=first)
    again = bring(secretary, GOOD)
    page = tried(secretary, again)
    assert counts(page)["nic se nemění"] == 2 and "Není co uložit" in page and "už tu byl uložen" in page
    part = bring(secretary, "IČO;Počet obyvatel\n00240702;17 000\n")
    assert counts(tried(secretary, part))["změna záznamu"] == 1
    secretary.post(f"{part}/ulozit", {}, page=part)
    assert records(secretary)["Říčany"]["inhabitants"] == 17_000
    assert records(secretary)["Říčany"]["kind"] == "starter"
    assert secretary.post(f"{part}/vratit", {}, page=part).status_code == 303
    assert records(secretary)["Říčany"]["inhabitants"] == 16_000
    assert records(secretary)["Rokytnice"]["inhabitants"] == 1500
    # What was taken back may be brought in again.
    again = bring(secretary, "IČO;Počet obyvatel\n00240702;17 500\n")
    assert counts(tried(secretary, again))["změna záznamu"] == 1
    secretary.post(f"{again}/ulozit", {}, page=again)
    assert records(secretary)["Říčany"]["inhabitants"] == 17_500


def test_to_add_what_is_there_is_a_fault_and_so_is_one_key_twice(secretary: Desk) -> None:
    first = bring(secretary, GOOD)
    tried(secretary, first)
    secretary.post(f"{first}/ulozit", {}, page=first)
    page = tried(secretary, bring(secretary, GOOD), "add")
    assert counts(page)["nejde uložit"] == 2 and "už v registru je" in page
    twice = GOOD + "00276057;Podruhé;řádné;1. 1. 2026;aktivní;1\n"
    assert "Totéž má řádek 2" in tried(secretary, bring(secretary, twice))


def test_an_import_is_taken_back_but_not_what_was_changed_since(secretary: Desk) -> None:
    ids = {
        name: secretary.stage.engine.execute(
            SaveRecord(
                tenant=secretary.stage.tenant,
                actor=SYSTEM,
                register="members",
                data={"ico": ico, "name": name, "kind": "regular", "since": "2020-01-01", "state": "active"},
            )
        )
        for name, ico in (("Říčany", "00240702"),)
    }
    address = bring(secretary, GOOD + "00271632;Jičín;řádné;1. 1. 2026;aktivní;\n")
    tried(secretary, address)
    secretary.post(f"{address}/ulozit", {}, page=address)
    assert len(records(secretary)) == 3
    (changed,) = (path for path in re.findall(rf'href="({PATH}/\w{{26,32}})">Jičín', secretary.get(PATH)))
    assert secretary.fill(f"{changed}/upravit", {"/name": "Město Jičín"}).status_code == 303
    assert secretary.post(f"{address}/vratit", {}, page=address).status_code == 303
    page = secretary.get(address)
    assert "Vzaté zpět jsou 2 řádky" in page and "mezitím" in page
    found = records(secretary)
    assert sorted(found) == ["Město Jičín", "Říčany"]
    assert found["Říčany"]["since"] == "2020-01-01" and ids
    # Once is enough.
    assert secretary.post(f"{address}/vratit", {}, page=address).status_code == 409


def test_a_record_changed_after_the_check_lets_the_rows_be_tried_anew(secretary: Desk) -> None:
    first = bring(secretary, GOOD)
    tried(secretary, first)
    secretary.post(f"{first}/ulozit", {}, page=first)
    address = bring(secretary, GOOD.replace("1 500", "1 600"))
    tried(secretary, address)
    (path,) = re.findall(rf'href="({PATH}/\w{{26,32}})">Rokytnice', secretary.get(PATH))
    secretary.fill(f"{path}/upravit", {"/city": "Rokytnice"})
    secretary.post(f"{address}/ulozit", {}, page=address)
    page = secretary.get(address)
    assert "čeká na vaše rozhodnutí" in page and counts(page)["změna záznamu"] == 1
    secretary.post(f"{address}/ulozit", {}, page=address)
    assert records(secretary)["Rokytnice"]["city"] == "Rokytnice"
    assert records(secretary)["Rokytnice"]["inhabitants"] == 1600


def book(rows: list[list[Any]]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def test_a_workbook_and_json_are_read_too(secretary: Desk) -> None:
    rows: list[list[Any]] = [HEAD.split(";"), ["00276057", "Rokytnice", "řádné", date(2026, 7, 1), "aktivní", 1500.0]]
    assert counts(tried(secretary, bring(secretary, book(rows), "t.xlsx")))["nový záznam"] == 1
    kept = {"ico": "00240702", "name": "Říčany", "kind": "regular", "since": "2026-01-01", "state": "active"}
    page = tried(secretary, bring(secretary, json.dumps({"records": [kept]}), "t.json"))
    assert counts(page)["nový záznam"] == 1


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "said"),
    [
        (b"", "a.csv", "Soubor je prázdný."),
        (b"%PDF-1.7 hello", "a.csv", "není tabulka"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, "a.xls", "starý Excel"),
        (b"a;b\0;c\n1;2;3\n", "a.csv", "není tabulka"),
        (b"a;A\n1;2\n", "a.csv", "Dva sloupce se jmenují"),
        (b'{"records": [', "a.json", "není JSON"),
        (b'{"records": 5}', "a.json", "není seznam záznamů"),
        (b"PK\x03\x04 broken", "a.xlsx", "poškozený"),
        (book([["a"], ["b"]])[:2000], "a.xlsx", "poškozený"),
        (zipped(xl__workbook_xml=b"<a/>", xl__vbaProject_bin=b"x"), "a.xlsm", "makra"),
        (zipped(xl__workbook_xml=b"<a/>", xl__s_xml=b"0" * 30_000_000), "a.xlsx", "obrovské"),
        (zipped(word__document_xml=b"<a/>"), "a.xlsx", "není tabulka"),
        (b"\xef\xbb\xbfa;b\n\xff\xfe;1\n", "a.csv", "UTF-8"),
    ],
)
def test_a_bad_file_is_refused_in_words(secretary: Desk, content: bytes, filename: str, said: str) -> None:
    assert said in refused(secretary, content, filename)


@pytest.mark.parametrize(
    "table",
    [GOOD + '00271632;"Jičín', GOOD + "00271632;Jič", GOOD.encode()[:-40].decode() + "ř"],
    ids=["quote", "cells", "x"],
)
def test_a_file_that_is_cut_off_is_refused_with_its_row(secretary: Desk, table: str) -> None:
    address = bring(secretary, table)
    chosen = {"sloupec.0": "ico", "mode": "replace"}
    secretary.post(f"{address}/sloupce", chosen, page=address)
    page = secretary.get(address).replace("\xa0", " ")
    assert "useknutý" in page and "Nic se neuložilo" in page


def test_a_formula_stays_a_text_there_and_back(secretary: Desk) -> None:
    table = GOOD.replace("Rokytnice", '"=HYPERLINK(""http://zlo"")"')
    address = bring(secretary, table)
    tried(secretary, address)
    secretary.post(f"{address}/ulozit", {}, page=address)
    csv = secretary.get(f"{PATH}/export.csv")
    assert "'=HYPERLINK" in csv
    again = tried(secretary, bring(secretary, csv))
    assert counts(again)["nic se nemění"] == 2
    answer = secretary.client.get(f"{PATH}/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells['=HYPERLINK("http://zlo")'] == "s"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_what_is_exported_comes_in_again_as_it_was(secretary: Desk, kind: str) -> None:
    address = bring(secretary, GOOD)
    tried(secretary, address)
    secretary.post(f"{address}/ulozit", {}, page=address)
    file = secretary.client.get(f"{PATH}/export.{kind}")
    assert file.status_code == 200
    page = tried(secretary, bring(secretary, file.data, f"t.{kind}"))
    assert counts(page)["nic se nemění"] == 2, page
    some = secretary.client.get(f"{PATH}/export.json?q=ricany").get_json()
    assert [one["name"] for one in some["records"]] == ["Říčany"]


def test_the_columns_chosen_last_time_are_remembered(secretary: Desk) -> None:
    address = bring(secretary, GOOD.replace("Název", "Jak se jmenuje"))
    chosen = {f"sloupec.{at}": name for at, name in enumerate(["ico", "name", "kind", "since", "state", "inhabitants"])}
    secretary.post(f"{address}/sloupce", {**chosen, "mode": "replace"}, page=address)
    page = secretary.get(bring(secretary, GOOD.replace("Název", "Jak se jmenuje")))
    assert re.search(r'name="sloupec.1">.*?<option value="name" selected>', page)


def test_two_columns_to_one_field_and_none_at_all_are_refused(secretary: Desk) -> None:
    address = bring(secretary, GOOD)
    both = secretary.post(f"{address}/sloupce", {"sloupec.0": "ico", "sloupec.1": "ico"}, page=address)
    none = secretary.post(f"{address}/sloupce", {"mode": "add"}, page=address)
    assert (both.status_code, none.status_code) == (422, 422)
    assert "do téhož údaje" in both.text and "aspoň jeden" in none.text


def test_who_may_not_write_brings_nothing_in(secretary: Desk) -> None:
    address = bring(secretary, GOOD)
    secretary.sign_in("hospodar")
    for path in (f"{PATH}/import", address, f"{address}/radky.csv"):
        secretary.get(path, 403)
