"""A vote in the browser: the ballot, the receipt, the result, and what the office does and never sees."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pypdf
import pytest

from engine.voting.published import recount
from integrations.ares import RecordedAres
from integrations.failures import Permanent
from integrations.fakes import PlainPdf
from integrations.pdf import WeasyPdf, pdf_available
from integrations.ports import PdfPrinter
from processes.catalogue import load
from processes.scenarios import play, read_scenarios
from tests.integration.web.desk import Desk, app_of, found
from tests.pdf_ua import faults
from web.code_letters import write_code_letters
from web.limits import limiter
from web.outside import Outside
from web.stage import Theatre
from web.workplace import rolls

VOTE, OFFICE = "/hlasovani/pr-2026", "/prace/hlasovani/pr-2026"
FIRST, SECOND = "NAV-2026-0001", "NAV-2026-0002"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")
RECEIPT = re.compile(r'class="receipt tab">([2-9A-Z-]{19})<')


@pytest.fixture(scope="module")
def opened() -> Iterator[Desk]:
    """An office whose vote on two projects is open."""
    agenda = load("participatory_budget")
    story = next(one for one in read_scenarios(agenda) if "10_" in one.path)
    until = next(at for at, step in enumerate(story.steps) if str(step.what).startswith("2026-04-10"))
    with Theatre() as theatre:
        stage = theatre.stage(agenda)
        found(stage, agenda)
        outcome = play(replace(story, steps=story.steps[: until + 1]), agenda, stage)
        assert outcome.ok, outcome.problem
        desk = Desk(stage=stage, app=app_of(stage), agenda=agenda)
        desk.keep("voting")
        yield desk


@pytest.fixture
def desk(opened: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(limiter, "enabled", False)
    now = opened.stage.clock.now()
    opened.restore("voting")
    opened.stage.clock.set(now.replace(year=2026, month=4, day=10, hour=8))
    opened.begin_window()
    return opened


def codes(desk: Desk, count: int = 1) -> list[str]:
    desk.sign_in("koordinatorka")
    answer = desk.post(f"{OFFICE}/kody", {"count": str(count)}, OFFICE)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return CODE.findall(answer.text)


def vote(desk: Desk, code: str, status: int = 200, **marks: str) -> str:
    data = {f"m.{name.replace('_', '-')}": mark for name, mark in marks.items()}
    answer = desk.post(VOTE, {"code": code, **data})
    assert answer.status_code == status, answer.text[:3000]
    return str(answer.text)


def test_from_a_code_to_the_receipt_and_the_published_count(desk: Desk) -> None:
    first, second = codes(desk, 2)
    desk.begin_window()
    page = desk.get(VOTE)
    assert "Máte 5 hlasů pro" in page and "Lípy" in page and "pro: +2" in page and "proti: −1" in page
    told = vote(desk, first.lower().replace("-", " "), NAV_2026_0001="2")
    (receipt,) = RECEIPT.findall(told)
    vote(desk, second, NAV_2026_0001="1", NAV_2026_0002="-1")
    assert "leží v urně" in desk.get(f"{VOTE}/potvrzenka?r={receipt}")
    assert "Žádný lístek" in desk.get(f"{VOTE}/potvrzenka?r=AAAA")
    assert "Hlasovali 2 lidé" in desk.get(VOTE)
    desk.tell_time("2026-05-02 08:00")
    result = desk.get(VOTE)
    assert "vyřazen, víc lidí proti než pro" in result and "sečteno" in desk.get("/hlasovani")
    assert "se započítal" in desk.get(f"{VOTE}/potvrzenka?r={receipt}")
    file = desk.get(f"{VOTE}/data.json")
    assert recount(file).problems == [] and receipt in json.loads(file)["receipts"]
    assert desk.get(f"{VOTE}/listky.csv").splitlines() == ["times,NAV-2026-0001,NAV-2026-0002", "1,1,-1", "1,2,0"]


def test_a_ballot_that_breaks_the_rules_stays_on_the_page_with_the_reason(desk: Desk) -> None:
    (code,) = codes(desk)
    page = vote(desk, code, 422, NAV_2026_0001="9", NAV_2026_0002="2")
    assert "nejvýš 2 hlasy pro" in page and code in page
    assert re.search(r'name="m.NAV-2026-0002" id="[^"]+" value="2" checked', page)
    assert "Označte aspoň jeden projekt" in vote(desk, code, 422)
    for odd in ("x", "1e9", "--1", "９"):
        vote(desk, code, 422, NAV_2026_0001=odd)
    assert vote(desk, code, NAV_2026_0002="2")


def test_codes_that_are_wrong_missing_or_used(desk: Desk) -> None:
    (code,) = codes(desk)
    assert "Napište kód" in vote(desk, "", 422, NAV_2026_0001="1")
    assert "neplatí" in vote(desk, "AAAA-BBBB-CCCC", 422, NAV_2026_0001="1")
    vote(desk, code, NAV_2026_0001="1")
    assert "už hlasovalo" in vote(desk, code, 409, NAV_2026_0001="1")


def test_nobody_reads_the_tally_before_the_end(desk: Desk) -> None:
    (code,) = codes(desk)
    vote(desk, code, NAV_2026_0001="2")
    desk.get(f"{VOTE}/data.json", 404)
    desk.get(f"{VOTE}/listky.csv", 404)
    for page in (desk.get(OFFICE), desk.get(VOTE)):
        assert "hlasy pro</th>" not in page and "Průběžný" not in page
    for address in (
        "/prace/registry/pb_proposals",
        "/registry/pb_proposals.json",
        "/stranky/participatory_budget/budget",
    ):
        assert '"plus": 2' not in desk.get(address)


def test_in_english_too(desk: Desk) -> None:
    desk.get("/jazyk/en", 302)
    page = desk.get(VOTE)
    assert "You have 5 votes for" in page and "Hand the ballot in" in page


def test_paper_goes_through_two_hands_and_bars_the_web(desk: Desk) -> None:
    (code,) = codes(desk)
    assert desk.post(f"{OFFICE}/papir", {"voter": code}, OFFICE).status_code == 303
    sheet = {"number": "7", f"m.{FIRST}": "1"}
    assert desk.post(f"{OFFICE}/listek", sheet, OFFICE).status_code == 303
    again = desk.post(f"{OFFICE}/listek", sheet, OFFICE)
    assert (again.status_code, "někdo jiný" in again.text) == (422, True)
    assert "už hlasovalo" in vote(desk, code, 409, NAV_2026_0001="1")
    desk.sign_in("komisarka")
    assert desk.post(f"{OFFICE}/listek", sheet, OFFICE).status_code == 303
    assert "Lístek je v urně" in desk.get(OFFICE)
    late = desk.post(f"{OFFICE}/listek", {**sheet, "number": "8"}, OFFICE)
    assert (late.status_code, "Nejdřív člověka zapište" in late.text) == (422, True)


def test_codes_of_a_roll_and_a_lost_letter(desk: Desk) -> None:
    desk.sign_in("koordinatorka")
    roll = {"count": "", "roll": (io.BytesIO(b"17;Jana\n18;Petr\n"), "seznam.csv")}
    answer = desk.post(f"{OFFICE}/kody", roll, OFFICE)
    assert len(CODE.findall(answer.text)) == 2 and "Jana" not in answer.text
    (former, _) = CODE.findall(answer.text)
    desk.post(f"{OFFICE}/nahradni-kod", {"reference": "17"}, OFFICE)
    (new,) = CODE.findall(desk.get(OFFICE))
    vote(desk, former, 422, NAV_2026_0001="1")
    vote(desk, new, NAV_2026_0001="1")
    assert desk.post(f"{OFFICE}/nahradni-kod", {"reference": "99"}, OFFICE).status_code == 422
    assert desk.post(f"{OFFICE}/kody", {"count": ""}, OFFICE).status_code == 422


class BrokenPdf(PlainPdf):
    """A printer that breaks down while it prints."""

    def print(self, html: str) -> bytes:
        raise Permanent("no paper")


def use(desk: Desk, monkeypatch: pytest.MonkeyPatch, printer: PdfPrinter) -> None:
    """Let the office print with another printer."""
    parts = desk.app.extensions["radnice"]
    monkeypatch.setitem(desk.app.extensions, "radnice", replace(parts, outside=replace(parts.outside, pdf=printer)))


@pytest.mark.skipif(bool(pdf_available()), reason="PDF can't be made here")
def test_letters_have_one_page_a_person_with_their_address_in_the_window(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(desk, monkeypatch, WeasyPdf())
    desk.sign_in("koordinatorka")
    roll = "17;Jana Malá;Horní 5;512 01 Podhradí\n18;Petr <Dlouhý>;Dolní 6;512 01 Podhradí\n"
    said = {"count": "", "as": "letters", "roll": (io.BytesIO(roll.encode()), "seznam.csv")}
    answer = desk.post(f"{OFFICE}/kody", said, OFFICE)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) == 2
    assert all(words in pages[1] for words in ("Petr <Dlouhý>", "Dolní 6", "512 01 Podhradí", VOTE))
    assert "Jana" not in pages[1]
    assert faults(answer.data) == []
    (code,) = CODE.findall(pages[0])
    vote(desk, code, NAV_2026_0001="1")


def test_codes_are_not_lost_when_letters_cannot_be_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sign_in("koordinatorka")
    use(desk, monkeypatch, BrokenPdf())
    said = {"count": "1", "as": "letters"}
    answer = desk.post(f"{OFFICE}/kody", said, OFFICE)
    assert answer.mimetype == "text/csv" and len(CODE.findall(answer.text)) == 1
    use(desk, monkeypatch, PlainPdf(reason="no library"))
    assert desk.post(f"{OFFICE}/kody", said, OFFICE).status_code == 422
    use(desk, monkeypatch, PlainPdf())
    many = desk.post(f"{OFFICE}/kody", {"count": "201", "as": "letters"}, OFFICE)
    assert (many.status_code, "nejvýš 200" in many.text) == (422, True)


def test_this_vote_has_no_codes_by_mail(desk: Desk) -> None:
    assert desk.post(f"{VOTE}/kod", {"email": "jana@example.cz"}, VOTE).status_code == 422


def test_the_first_page_leads_to_the_vote(desk: Desk) -> None:
    assert f'href="{VOTE}"' in desk.get("/")
    desk.get("/hlasovani/neni", 404)


def test_a_code_by_mail() -> None:
    agenda = load("participatory_budget")
    story = next(one for one in read_scenarios(agenda) if "12_" in one.path)
    until = next(at for at, step in enumerate(story.steps) if str(step.what).startswith("2026-04-10"))
    with Theatre() as theatre:
        stage = theatre.stage(agenda)
        found(stage, agenda)
        outcome = play(replace(story, steps=story.steps[: until + 1]), agenda, stage)
        assert outcome.ok, outcome.problem
        desk = Desk(stage=stage, app=app_of(stage), agenda=agenda)
        desk.begin_window()
        assert desk.post(f"{VOTE}/kod", {"email": "nesmysl"}, VOTE).status_code == 422
        assert "posíláme kód" in desk.post(f"{VOTE}/kod", {"email": "jana@example.cz"}, VOTE).text
        write_code_letters(stage.parts, Outside(mailer=stage.mailer, pdf=PlainPdf(), companies=RecordedAres()))
        (code,) = CODE.findall(stage.mails[-1].text)
        assert RECEIPT.findall(vote(desk, code, NAV_2026_0001="2"))
        assert "Průběžný výsledek" in desk.get(VOTE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Soubor je prázdný."),
        (b"17;Jana\n;Petr\n", "Řádek 2 seznamu nemá v prvním sloupci číslo."),
        (b"17;Jana\n18;" + b"x" * 201, "víc než"),
        (b'17;Jana\n18;"Petr', "useknutý"),
        (b"PK\x03\x04\0\0", "není tabulka"),
        (b"<html><table><tr><td>17</td></tr></table></html>", "není tabulka"),
    ],
    ids=["empty", "no number", "long", "cut", "workbook", "page"],
)
def test_a_roll_that_cannot_be_read_makes_no_codes(desk: Desk, content: bytes, said: str) -> None:
    desk.sign_in("koordinatorka")
    answer = desk.post(f"{OFFICE}/kody", {"count": "", "roll": (io.BytesIO(content), "seznam.csv")}, OFFICE)
    assert answer.status_code == 422
    assert said in answer.text.replace("\xa0", " ")
    assert not CODE.findall(answer.text)


def test_a_roll_larger_than_any_is_refused_and_not_cut(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolls, "MOST_BYTES", 10)
    desk.sign_in("koordinatorka")
    answer = desk.post(f"{OFFICE}/kody", {"count": "", "roll": (io.BytesIO(b"17;Jana\n18;Petr\n"), "s.csv")}, OFFICE)
    assert answer.status_code == 422 and "Rozdělte" in answer.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1250", "utf-16"])
def test_a_roll_of_any_usual_encoding_and_separator_is_read(desk: Desk, encoding: str) -> None:
    desk.sign_in("koordinatorka")
    roll = "17,Žďár\n18,Říčany\n17,Žďár\n".encode(encoding)
    answer = desk.post(f"{OFFICE}/kody", {"count": "", "roll": (io.BytesIO(roll), "seznam.csv")}, OFFICE)
    assert len(CODE.findall(answer.text)) == 2 and re.search(r"^17[;,]", answer.text, re.MULTILINE)
