"""One person's data: found, taken away, erased by two administrators, held."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from engine.accounts import AskToEnter, ClaimCase, Enter
from engine.commands import SaveDraft
from engine.model import SYSTEM, Actor
from engine.queries import personal
from engine.queries.cases import case
from engine.queries.people import tenants
from engine.signing_in import BeginSession, Holder, TakeLetters
from engine.store.accounts import AccountCaseRow, AccountRow
from engine.store.papers import DraftRow
from engine.store.signing_in import LiveSessionRow, MailedLinkRow
from processes.catalogue import to_command
from tests.integration.web.desk import Desk
from tests.integration.web.test_sight import hired

PAGE = "/velin/osobni-udaje"
ROKYTNICE = {"ico": "05129061"}


@pytest.fixture
def rokytnice(desk: Desk) -> str:
    """Number of an application of Rokytnice that ended; two administrators work here."""
    number = desk.application()
    hired(desk, "druhy", "admin")
    hired(desk, "spravce", "admin", "operator")
    desk.post(f"/velin/pripady/{number}/ukoncit", {"reason": "zkouška"}, page=f"/velin/pripady/{number}")
    return number


def ico_of(desk: Desk, number: str) -> dict[str, str]:
    with desk.stage.sessions() as session:
        found = case(session, desk.stage.tenant, number=number)
    return {"ico": found.applicant_ico}


def test_a_person_is_found_and_taken_away_with_files(desk: Desk, rokytnice: str) -> None:
    who = ico_of(desk, rokytnice)
    found = desk.post(PAGE, who, page=PAGE)
    assert rokytnice in found.get_data(as_text=True)
    packed = desk.post(f"{PAGE}/vyvoz.zip", who, page=PAGE)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read(next(name for name in names if name.endswith("case.json"))))
    assert told["forms"]
    assert len(names) > 2


def test_erasing_takes_two_and_leaves_a_protocol(desk: Desk, rokytnice: str) -> None:
    desk.post(f"{PAGE}/vymaz", {**ico_of(desk, rokytnice), "reason": "žádost"}, page=PAGE)
    assert f"{PAGE}/vymaz/" in desk.get(PAGE)
    with desk.stage.sessions() as session:
        (wish,) = personal.erasures(session, desk.stage.tenant)
    assert desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE).status_code == 403
    desk.sign_in("druhy")
    desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE)
    page = desk.get(PAGE)
    assert re.search(rf"Vymazané případy: {rokytnice}", page)
    desk.get(f"/prace/pripady/{rokytnice}", 404)
    with desk.stage.sessions() as session:
        assert tenants(session)
        (wish,) = personal.erasures(session, desk.stage.tenant)
    assert (wish.state, wish.subject) == ("done", None)


def test_what_is_held_is_left_and_the_protocol_says_so(desk: Desk, rokytnice: str) -> None:
    desk.post(f"{PAGE}/zadrzeni", {"number": rokytnice, "reason": "spor"}, page=PAGE)
    desk.post(f"{PAGE}/vymaz", {**ico_of(desk, rokytnice), "reason": "žádost"}, page=PAGE)
    with desk.stage.sessions() as session:
        (wish,) = personal.erasures(session, desk.stage.tenant)
    desk.sign_in("druhy")
    desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE)
    assert f"{rokytnice} (zadržen)" in desk.get(PAGE)
    desk.get(f"/prace/pripady/{rokytnice}")


def test_what_is_missing_is_said_in_words(desk: Desk, rokytnice: str) -> None:
    for path, given in (
        ("", {"name": "Jan"}),
        ("/vyvoz.zip", {}),
        ("/vymaz", ico_of(desk, rokytnice)),
        ("/zadrzeni", {"number": "není", "reason": "x"}),
        ("/zadrzeni", {"reason": "x"}),
    ):
        answer = desk.post(f"{PAGE}{path}", given, page=PAGE)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.get_data(as_text=True)


def account_of(desk: Desk, email: str, number: str) -> str:
    """An applicant comes in by a link and finds the case; gives the account's id."""
    do, key = desk.stage.engine.execute, desk.stage.tenant
    who = {"tenant": key, "actor": Actor(kind="applicant")}
    do(AskToEnter(**who, email=email, browser="0" * 64, language="cs"))
    (letter,) = do(TakeLetters(tenant=key, actor=SYSTEM))
    account = do(Enter(**who, secret=letter.secret, browser="0" * 64))
    do(BeginSession(**who, holder=Holder(kind="account", id=account), way="link", agent="Firefox, Windows"))
    with desk.stage.sessions() as session:
        instance = case(session, key, number=number).id
    do(ClaimCase(**who, account_id=account, instance_id=instance))
    do(SaveDraft(**who, process_key="membership", data={"name": "Rozepsáno"}, account_id=account))
    return str(account)


def test_accounts_are_found_taken_away_and_erased_with_sessions_links_and_drafts(desk: Desk, rokytnice: str) -> None:
    email = "starostka@rokytnice.example"
    account_of(desk, email, rokytnice)
    assert "Má 1 účet" in desk.post(PAGE, {"email": email}, page=PAGE).get_data(as_text=True).replace("\u00a0", " ")
    packed = desk.post(f"{PAGE}/vyvoz.zip", {"email": email}, page=PAGE)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        (told,) = json.loads(archive.read("accounts.json"))
    assert (told["email"], told["cases"]) == (email, [rokytnice])
    assert told["sessions"][0]["agent"] == "Firefox, Windows"
    assert told["links"][0]["used_at"]
    assert told["drafts"][0]["data"] == {"name": "Rozepsáno"}
    assert "hash" not in json.dumps(told)
    desk.post(f"{PAGE}/vymaz", {"email": email, "reason": "žádost"}, page=PAGE)
    with desk.stage.sessions() as session:
        (wish,) = personal.erasures(session, desk.stage.tenant)
    desk.sign_in("druhy")
    desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE)
    with desk.stage.sessions() as session:
        for row in (AccountRow, AccountCaseRow):
            assert session.query(row).count() == 0
        assert session.query(LiveSessionRow).filter_by(holder_kind="account").count() == 0
        assert session.query(MailedLinkRow).filter_by(email=email).count() == 0
        assert session.query(DraftRow).filter(DraftRow.account_id.is_not(None)).count() == 0


def keeps(desk: Desk, retention: str, field: str = "") -> None:
    """The agenda published anew with other periods; the question `ico` of the application may have its own."""
    files = dict(desk.agenda.files)
    manifest = files["agenda.toml"].decode()
    files["agenda.toml"] = re.sub(r"\[retention\]\ncase = \S+", f"[retention]\n{retention}", manifest).encode()
    form = json.loads(files["forms/application.json"])
    if field:
        form["properties"]["ico"]["x-retention"] = field
    files["forms/application.json"] = json.dumps(form).encode()
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))
    desk.past = None


def test_a_run_is_rehearsed_on_the_page_done_by_a_button_and_leaves_its_protocol(desk: Desk, rokytnice: str) -> None:
    keeps(desk, 'case = "P2Y"\nhow = "anonymise"')
    assert "2\u00a0roky, potom se anonymizují" in desk.get(PAGE) and f"{PAGE}/beh" not in desk.get(PAGE)
    desk.stage.clock.advance(timedelta(days=800))
    desk.sign_in("spravce")
    page = desk.get(PAGE)
    assert "<h3>Anonymizují se</h3>" in page and rokytnice in page
    assert desk.post(f"{PAGE}/beh", {}, page=PAGE).status_code == 303
    page = desk.get(PAGE)
    assert "<h3>Anonymizují se</h3>" not in page
    assert re.search(rf"<dt>anonymizované</dt><dd>1: {rokytnice}</dd>", page)
    assert ico_of(desk, rokytnice) == {"ico": ""}
    for path in ("", "/formulare", "/dokumenty", "/diagram", "/lide", "/lhuty", "/spis.zip"):
        desk.client.get(f"/prace/pripady/{rokytnice}{path}").close()
        assert desk.client.get(f"/prace/pripady/{rokytnice}{path}").status_code in (200, 404), path
    assert "Nic není po své době; nic se nesmazalo." in run_again(desk)


def run_again(desk: Desk) -> str:
    desk.post(f"{PAGE}/beh", {}, page="/velin/osobni-udaje")
    return desk.get(PAGE)


def test_an_answer_with_a_time_of_its_own_goes_and_the_case_stays(desk: Desk, rokytnice: str) -> None:
    keeps(desk, 'case = "P10Y"', "P1Y")
    ico = ico_of(desk, rokytnice)["ico"]
    assert ico
    desk.stage.clock.advance(timedelta(days=400))
    desk.sign_in("spravce")
    assert '<code class="small wrap-any">/ico</code>' in desk.get(PAGE)
    desk.post(f"{PAGE}/beh", {}, page=PAGE)
    assert f"{rokytnice} (/ico)" in desk.get(PAGE)
    assert ico_of(desk, rokytnice) == {"ico": ""}
    for path in ("", "/formulare", "/dokumenty", "/lhuty"):
        assert ico not in desk.get(f"/prace/pripady/{rokytnice}{path}"), path


def test_what_is_held_is_named_with_the_run_and_stays(desk: Desk, rokytnice: str) -> None:
    keeps(desk, 'case = "P2Y"')
    desk.post(f"{PAGE}/zadrzeni", {"number": rokytnice, "reason": "spor"}, page=PAGE)
    desk.stage.clock.advance(timedelta(days=800))
    desk.sign_in("spravce")
    page = desk.get(PAGE)
    assert "<h3>Po své době, ale zůstávají</h3>" in page and f"{PAGE}/beh" not in page
