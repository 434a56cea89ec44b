"""The operator's pages: what needs me, processes in numbers, interventions, migrations."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import select

from engine.commands import CorrelateMessage, ReportJob, SaveRecord
from engine.handlers.undelivered import SetMessageAside
from engine.model import SYSTEM, JobOutcome
from engine.queries.cases import case as case_of
from engine.queries.interventions import places
from engine.store.breakers import BreakerRow
from engine.store.cases import JobRow, KeptMessageRow
from processes.agenda import parse_agenda
from processes.catalogue import to_command
from tests.integration.diagrams import chain, diagram, end, start
from tests.integration.web.desk import FOREIGN_HOST, NOW, Desk
from web.i18n import LOCALE_DIR
from web.ui.failing import KNOWN


def newer_version(desk: Desk, *replaced: tuple[str, str]) -> None:
    """The agenda published once more, with words of its main diagram replaced."""
    files = dict(desk.agenda.files)
    text = files["membership.bpmn"].decode()
    for old, new in replaced:
        text = text.replace(old, new)
    files["membership.bpmn"] = text.encode() + b"\n"
    desk.past = None
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))


def instance(desk: Desk, number: str) -> str:
    with desk.stage.sessions() as session:
        return case_of(session, desk.stage.tenant, number=number).id


def move_of(desk: Desk, number: str, source: str, target: str) -> str:
    """The value with which the page names a move."""
    with desk.stage.sessions() as session:
        found = places(session, desk.stage.tenant, instance(desk, number))
    token = next(place.token for place in found if place.node == source)
    return f"{token}|{source}|{target}"


def test_a_message_that_was_set_aside_is_shown_with_its_reason_and_sent_again(desk: Desk) -> None:
    desk.past = None
    engine, tenant = desk.stage.engine, desk.stage.tenant
    engine.execute(CorrelateMessage(tenant=tenant, actor=SYSTEM, name="nobody.waits"))
    with desk.stage.sessions() as session:
        (row,) = session.scalars(select(KeptMessageRow))
    engine.execute(SetMessageAside(tenant=tenant, actor=SYSTEM, row_id=row.id, problem="It failed."))
    desk.sign_in("spravce")
    assert "odložená: It failed." in desk.get("/velin")
    assert desk.post(f"/velin/zpravy/{row.id}/znovu", {}, page="/velin").status_code == 303
    told = desk.get("/velin")
    assert "nobody.waits" in told and "čeká do" in told and "odložená" not in told


def test_a_connection_that_does_not_answer_is_told_with_its_reason_and_tried_at_once(desk: Desk) -> None:
    desk.past = None
    tenant = desk.stage.tenant
    left = BreakerRow(tenant=tenant, connector="webhook.post", target="svoz.example.cz", state="open", failures=3)
    left.rounds, left.cause, left.message = 1, "unreachable", "The other system does not take the call now (503)."
    left.opened_at, left.next_at = NOW, NOW + timedelta(minutes=1)
    with desk.stage.sessions() as session, session.begin():
        session.add(left)
        session.flush()
        breaker = left.id
    desk.sign_in("spravce")
    assert "Jiný systém (svoz.example.cz)" in desk.get("/velin")
    told = desk.get("/velin/zavady")
    for words in ("Několikrát po sobě nepřišla odpověď", "(503)", "Čeká 0 akcí", "Zkusit hned"):
        assert words in told
    assert "Nothing needs you" not in told
    assert desk.post(f"/velin/spojeni/{breaker}/znovu", {}, page="/velin/zavady").status_code == 303
    with desk.stage.sessions() as session:
        assert (session.get_one(BreakerRow, breaker).next_at or NOW) < NOW + timedelta(minutes=1)


def test_a_watched_record_that_set_nothing_off_is_among_what_failed_and_tried_again(desk: Desk) -> None:
    desk.past = None
    engine, tenant = desk.stage.engine, desk.stage.tenant
    files = dict(desk.agenda.files)
    members = json.loads(files["registers/members.json"])
    watch = [{"changed": [], "start": "nothing"}]
    files["registers/members.json"] = json.dumps(members | {"watch": watch}).encode()
    engine.execute(to_command(desk.agenda, files, tenant, SYSTEM))
    facts = {"tenant": tenant, "actor": SYSTEM, "register": "members"}
    member = {"ico": "00276057", "name": "Obec", "kind": "regular", "since": "2026-01-01", "state": "active"}
    record = engine.execute(SaveRecord(**facts, data=member))
    engine.execute(SaveRecord(**facts, data=member | {"name": "Město"}, record_id=record))
    (watch_id,) = engine.due().watch_ids
    engine.fire_watch(watch_id)
    desk.sign_in("spravce")
    for path in ("/velin", "/velin/zavady"):
        assert "Měl začít postup nothing, ale není tu zveřejněný." in desk.get(path)
    assert not engine.due()
    assert desk.post(f"/velin/hlidani/{watch_id}/znovu", {}, page="/velin/zavady").status_code == 303
    assert engine.due().watch_ids == [watch_id]


def test_every_page_opens_in_czech_and_in_english(desk: Desk) -> None:
    number = desk.application()
    newer_version(desk)
    desk.sign_in("spravce")
    for path in (
        "",
        "/zavady",
        "/pripady",
        "/zasahy",
        "/prechod",
        "/prechod/membership?from=1&to=2",
        "/procesy/membership",
        "/procesy/membership/2?size=fit",
        f"/pripady/{number}",
        *(f"/pripady/{number}/{what}" for what in ("presunout", "opravit", "pozastavit", "ukoncit")),
    ):
        assert "Velín" in desk.get(f"/velin{path}")
    desk.client.get("/jazyk/en")
    assert "What needs me" in desk.get("/velin")


def test_what_is_no_number_in_an_address_is_passed_over(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    for path in ("/zavady?page=²", "/pripady?version=²", "/zasahy?page=²"):
        assert "Velín" in desk.get(f"/velin{path}")
    for before in ("²", "9" * 30):
        assert number in desk.get(f"/prace/pripady/{number}?before={before}")


def test_nobody_but_operators_comes_in_and_strangers_are_sent_to_sign_in(desk: Desk) -> None:
    number = desk.application()
    paths = ["/velin", "/velin/zavady", "/velin/pripady", "/velin/zasahy", "/velin/prechod"]
    paths += ["/velin/procesy/membership", "/velin/procesy.csv", f"/velin/pripady/{number}/presunout"]
    for path in paths:
        assert "/prihlaseni" in desk.client.get(path).location
    desk.sign_in("sekretarka")
    for path in paths:
        desk.get(path, 403)


def test_an_operator_of_another_organisation_finds_nothing_here(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce", FOREIGN_HOST)
    for path in ("", "/pripady", "/procesy/membership", "/prechod/membership"):
        assert number not in desk.get(f"/velin{path}")
    for path in (number, f"{number}/presunout"):
        desk.get(f"/velin/pripady/{path}", 404)
    desk.get("/velin/procesy/membership/9", 404)


def fails_at_the_post(desk: Desk, message: str) -> str:
    """A case whose letter the mail server didn't take, for good; gives its number."""
    number = desk.application()
    with desk.stage.sessions() as session:
        job = next(iter(session.scalars(select(JobRow).where(JobRow.connector == "mail.send"))))
        job.state, tenant, job_id = "running", job.tenant, job.id
        session.commit()
    outcome = JobOutcome(kind="failed", message=message, retry=False)
    desk.stage.engine.execute(ReportJob(tenant=tenant, actor=SYSTEM, job_id=job_id, outcome=outcome))
    desk.past = None
    return number


@pytest.mark.parametrize(
    ("message", "czech", "exactly"),
    [
        ("The mail server refused the mail.", "Poštovní server e-mail odmítl.", ""),
        ("550 5.1.1 mailbox gone", "E-mail se nepodařilo odeslat.", "550 5.1.1 mailbox gone"),
        ("The action failed unexpectedly (KeyError).", "Krok nečekaně selhal", "(KeyError)"),
    ],
)
def test_a_failure_is_told_in_the_language_of_the_page(desk: Desk, message: str, czech: str, exactly: str) -> None:
    number = fails_at_the_post(desk, message)
    desk.sign_in("spravce")
    assert czech in desk.get("/velin")
    for path in ("/velin/zavady", f"/prace/pripady/{number}"):
        page = desk.get(path)
        assert czech in page
        assert exactly in page
        assert exactly or message not in page
    desk.client.get("/jazyk/en")
    assert czech not in desk.get("/velin/zavady")


def test_every_failure_that_is_known_has_its_czech() -> None:
    with (LOCALE_DIR / "cs" / "LC_MESSAGES" / "cockpit.po").open("rb") as file:
        catalogue = read_po(file, locale="cs")
    assert [one for one in KNOWN if not (said := catalogue.get(one)) or not said.string] == []


def test_what_is_late_and_what_stands_still_comes_first(desk: Desk) -> None:
    number = desk.application()
    desk.stage.clock.set(desk.stage.clock.now() + timedelta(days=60))
    desk.past = None
    desk.sign_in("spravce")
    page = desk.get("/velin")
    late = page[page.index("Po lhůtě") : page.index("Stojí bez pohybu")]
    assert number in late
    assert "Zkontrolovat úplnost" in late


def test_the_diagram_tells_how_many_cases_stand_where(desk: Desk) -> None:
    desk.application()
    desk.application("liberecky_kraj")
    desk.sign_in("spravce")
    page = desk.get("/velin/procesy/membership")
    assert re.search(r'badge-ok"[^>]*/><text class="badge-t"[^>]*>2<', page)
    row = next(line for line in page.split("<tr>") if "Zkontrolovat úplnost" in line and "data-label" in line)
    assert re.findall(r'class="num tab[^"]*" data-label="[^"]*">([^<]*)<', row)[0] == "2"
    csv = desk.client.get("/velin/procesy/membership/1/kroky.csv")
    assert csv.mimetype == "text/csv"
    assert "Zkontrolovat úplnost,2," in csv.get_data(as_text=True)
    assert desk.client.get("/velin/procesy.csv").status_code == 200


def test_a_move_is_shown_before_it_is_done_and_taken_back_after(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    page = f"/velin/pripady/{number}/presunout"
    value = move_of(desk, number, "check", "check")
    preview = desk.post(page, {"move": value, "step": "preview", "reason": ""})
    assert preview.status_code == 200
    assert "Zavře se: Zkontrolovat úplnost" in preview.get_data(as_text=True)
    assert desk.post(page, {"move": value, "step": "do", "reason": " "}).status_code == 422
    before = desk.task(number, "check")
    assert desk.post(page, {"move": value, "step": "do", "reason": "Začne se znovu."}).status_code == 303
    assert desk.task(number, "check") != before
    told = desk.get(f"/velin/pripady/{number}")
    assert "Začne se znovu." in told
    undo = re.search(r'action="(/velin/zasahy/\w+/zpet)"', told)
    assert undo
    back = {"reason": "Omyl.", "next": f"/velin/pripady/{number}"}
    assert desk.post(undo[1], back, f"/velin/pripady/{number}").status_code == 303
    assert desk.task(number, "check") == before
    assert "Omyl." in desk.get(f"/prace/pripady/{number}")


def test_a_move_nowhere_is_refused_in_words(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    page = f"/velin/pripady/{number}/presunout"
    assert desk.post(page, {"move": "", "step": "do", "reason": "x"}).status_code == 422
    stale = desk.post(page, {"move": "t999|check|check", "step": "do", "reason": "x"})
    assert stale.status_code == 409
    assert "Zkontrolovat úplnost" in stale.get_data(as_text=True)


def test_a_value_is_corrected_with_its_old_one_in_the_story(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce")
    page = f"/velin/pripady/{number}/opravit"
    assert "Rokytnice" in desk.get(f"{page}?name=name")
    assert desk.post(page, {"name": "2 x", "value": "1", "step": "do", "reason": "x"}).status_code == 422
    answer = desk.post(page, {"name": "name", "value": "Město <b>", "step": "do", "reason": "Překlep."})
    assert answer.status_code == 303
    told = desk.get(f"/prace/pripady/{number}")
    assert "→ Město &lt;b&gt;" in told


def test_several_cases_are_suspended_at_once_and_what_is_not_possible_is_told(desk: Desk) -> None:
    one, other = desk.application(), desk.application("liberecky_kraj")
    desk.sign_in("spravce")
    desk.post(f"/velin/pripady/{one}/pozastavit", {"step": "do", "reason": "x"})
    page = "/velin/pripady?process=membership"
    assert desk.post(page, {"action": "suspend", "reason": "y"}).status_code == 422
    answer = desk.post(page, {"action": "suspend", "reason": "Rozhoduje soud.", "all": "1"})
    assert answer.status_code == 303
    told = desk.get(answer.location)
    assert one in told and other in told
    assert "nejde to" in told


@pytest.mark.parametrize("renamed", [False, True])
def test_cases_are_carried_to_another_version_after_a_rehearsal(desk: Desk, renamed: bool) -> None:
    one, other = desk.application(), desk.application("liberecky_kraj")
    newer_version(desk, *([('"check"', '"check_new"')] if renamed else []))
    desk.sign_in("spravce")
    page = "/velin/prechod/membership?from=1&to=2"
    shown = desk.get(page)
    assert ('value="check_new" selected' in shown) is renamed
    form = {"from": "1", "to": "2", "map.check": "check_new" if renamed else ""}
    rehearsal = desk.post(page, form | {"step": "rehearse"}).get_data(as_text=True)
    assert "2 případy mohou jít dál" in rehearsal
    assert desk.post(page, form | {"step": "run", "reason": ""}).status_code == 422
    with desk.stage.sessions() as session:
        assert case_of(session, desk.stage.tenant, number=one).version == 1
    answer = desk.post(page, form | {"step": "run", "reason": "Nová vyhláška."})
    assert answer.status_code == 303
    told = desk.get(answer.location)
    assert one in told and other in told
    with desk.stage.sessions() as session:
        assert case_of(session, desk.stage.tenant, number=one).version == 2
    assert desk.task(one, "check_new" if renamed else "check")
    assert "Jde dál podle verze 2" in desk.get(f"/prace/pripady/{one}")


def test_a_step_without_a_place_keeps_its_cases_where_they_are(desk: Desk) -> None:
    number = desk.application()
    newer_version(desk, ('"check"', '"check_new"'))
    desk.sign_in("spravce")
    page = "/velin/prechod/membership?from=1&to=2"
    rehearsal = desk.post(page, {"from": "1", "to": "2", "step": "rehearse"}).get_data(as_text=True)
    assert "Zkontrolovat úplnost: Verze takový krok nemá" in rehearsal
    answer = desk.post(page, {"from": "1", "to": "2", "step": "run", "reason": "x"})
    assert "Verze takový krok nemá" in desk.get(answer.location)
    with desk.stage.sessions() as session:
        assert case_of(session, desk.stage.tenant, number=number).version == 1


def test_a_process_that_could_not_begin_by_itself_is_told_until_it_can(desk: Desk) -> None:
    def published(values: str) -> None:
        manifest = f'key = "daily"\n[title]\ncs = "Denně"\n[parameters]\n{values}'
        condition = "<bpmn:condition>parameters[today] == 1</bpmn:condition>"
        event = f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"
        body = diagram(start("s", event), end("e"), chain("s", "e"), process="daily")
        files = {"agenda.toml": manifest.encode(), "daily.bpmn": body}
        desk.past = None
        desk.stage.engine.execute(to_command(parse_agenda(files), files, desk.stage.tenant, SYSTEM))

    published('"2026-06-01" = 0')
    desk.stage.clock.advance(timedelta(days=1))
    (begins,) = desk.stage.engine.due().start_ids
    assert desk.stage.engine.begin(begins) is False
    desk.sign_in("spravce")
    page = desk.get("/velin/zavady")
    assert "Událostí s měl začít případ procesu daily" in page and "2026-06-02" in page
    assert "měl začít případ procesu daily" in desk.get("/velin")
    published('"2026-06-01" = 0\n"2026-06-02" = 1')
    assert desk.stage.engine.begin(begins) is True
    assert "měl začít případ procesu daily" not in desk.get("/velin/zavady")
