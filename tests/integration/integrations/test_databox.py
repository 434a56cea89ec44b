"""Data boxes: what is written fits the schemas, what comes back is read, the ten days end on the right day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from engine.calendar import SettableClock
from engine.model import Variables
from integrations.bank_fakes import CUT, listening
from integrations.databox import envelope
from integrations.databox.contracts import ContractsByDataBox
from integrations.databox.delivering import delivered, fiction_on
from integrations.databox.fake import FakeIsds
from integrations.databox.isds import Account, Isds, make_databox
from integrations.databox.memory import DataBoxInMemory
from integrations.databox.running import told_of
from integrations.databox.shape import BY_FICTION, BY_LOGIN, PLACED, READ, UNDELIVERABLE, NewMessage, Standing
from integrations.failures import BusinessError, Failure, LockedOut, Permanent, Temporary, Unreachable
from integrations.guard import guarded_client
from integrations.ports import File

_STANDARDS = (up / "shared" / "standards" / "databox" for up in Path(__file__).parents)
SCHEMAS = next((folder for folder in _STANDARDS if folder.is_dir()), Path("databox"))
PDF = File(filename="výzva.pdf", media_type="application/pdf", content=b"%PDF-1.7 \xc5\x99")
MESSAGE = NewMessage(
    box="def6789",
    subject="Výzva k doplnění <žádosti> & příloh",
    files=[PDF, File(filename="b.txt", media_type="text/plain", content=b"b")],
    reference="DOT-2026-0001",
    file_mark="SZ 1/2026",
    to_hands="Jana Nováková",
    personal=True,
)
DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def isds() -> Iterator[FakeIsds]:
    fake = FakeIsds()
    with listening(fake):
        yield fake


def boxes(fake: FakeIsds, password: str = "") -> Isds:
    account = Account(fake.username, password or fake.password)
    return Isds(guarded_client(["127.0.0.1"], allow_private=True), {"mesto": account}, fake.url)


def schema(name: str) -> etree.XMLSchema:
    if not SCHEMAS.is_dir():
        pytest.skip(f"{SCHEMAS} is not there")
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


def test_what_is_asked_and_what_the_stand_in_answers_fit_the_schema(isds: FakeIsds) -> None:
    types = schema("dmBaseTypes.xsd")
    asked = [
        envelope.create_message(MESSAGE),
        envelope.of_message("GetDeliveryInfo", "900000000"),
        envelope.of_message("MessageDownload", "800000000"),
        envelope.of_period("GetListOfSentMessages", DAY, DAY, "dmSenderOrgUnitNum", 10),
        envelope.of_period("GetListOfReceivedMessages", DAY, DAY, "dmRecipientOrgUnitNum", 10),
    ]
    isds.box.come("def6789", [PDF])
    for request in asked:
        types.assertValid(etree.fromstring(etree.tostring(request)))
        headers = {"Authorization": "Basic bWVzdG90ZXN0Omhlc2xvIE1lc3RvMQ=="}
        name = etree.QName(request).localname
        path = "/dz" if name in {"CreateMessage", "MessageDownload"} else "/dx"
        status, _kind, body = isds.answer("POST", path, headers, envelope.enveloped(request))
        assert status == 200
        answer = etree.fromstring(etree.tostring(envelope.opened(body)))
        types.assertValid(answer)
        assert envelope.text_of(answer, "dmStatusCode") == "0000"


def test_a_message_goes_out_and_its_way_is_told(isds: FakeIsds) -> None:
    box = boxes(isds)
    number = box.send("mesto", MESSAGE)
    kept = isds.box.messages[number]
    assert (kept.subject, kept.reference, kept.personal, kept.fiction) == (MESSAGE.subject, "DOT-2026-0001", True, True)
    assert [(file.filename, file.content) for file in kept.files] == [("výzva.pdf", PDF.content), ("b.txt", b"b")]
    assert box.standing("mesto", number).state == 1
    isds.box.place(DAY)
    assert box.standing("mesto", number).placed_at == DAY
    isds.box.move(BY_LOGIN, accepted_at=DAY + timedelta(days=2))
    assert told_of(box.standing("mesto", number), date(2026, 3, 5))["delivered_on"] == "2026-03-04"


def test_a_box_that_takes_nothing_and_an_organisation_without_one_are_told(isds: FakeIsds) -> None:
    for tenant, to, code in (
        ("mesto", "xef6789", "databox.no-box"),
        ("mesto", "krátké", "databox.no-box"),
        ("jine", "def6789", "databox.off"),
    ):
        with pytest.raises(BusinessError) as refused:
            boxes(isds).send(tenant, NewMessage(box=to, subject="x", files=[PDF]))
        assert refused.value.code == code
    with pytest.raises(LockedOut):
        boxes(isds, password="jine").standing("mesto", "1")
    with pytest.raises(BusinessError):
        boxes(isds).standing("mesto", "1")
    assert not isds.box.messages


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (503, b"", Unreachable),
        (200, b"<soap:Envelope", Unreachable),
        (200, b"<html/>", Permanent),
        (200, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Permanent),
        (200, envelope.enveloped(envelope.element("GetDeliveryInfoResponse")), Permanent),
    ],
)
def test_a_cut_or_strange_answer_is_no_answer(isds: FakeIsds, status: int, body: bytes, failure: type[Failure]) -> None:
    isds.answers = [(status, "text/xml", body)]
    with pytest.raises(failure):
        boxes(isds).standing("mesto", "900000000")


def test_a_line_that_breaks_in_the_middle_sends_nothing_twice(isds: FakeIsds) -> None:
    cut = Isds(guarded_client(["127.0.0.1"], allow_private=True), boxes(isds).accounts, isds.url)
    isds.answers = [(200, "text/xml", envelope.enveloped(_open_box())), (CUT, "text/xml", b"")]
    with pytest.raises(Permanent, match="not known"):
        cut.send("mesto", MESSAGE)


def _open_box() -> etree._Element:
    root = envelope.element("CheckDataBoxResponse")
    etree.SubElement(root, f"{{{envelope.ISDS}}}dbState").text = "1"
    status = etree.SubElement(root, f"{{{envelope.ISDS}}}dbStatus")
    etree.SubElement(status, f"{{{envelope.ISDS}}}dbStatusCode").text = "0000"
    return root


@pytest.mark.parametrize(("subject", "reference"), [("x" * 256, ""), ("x", "y" * 51), ("\x00", "")])
def test_what_the_boxes_would_refuse_is_refused_before(subject: str, reference: str) -> None:
    with pytest.raises(BusinessError):
        envelope.create_message(NewMessage(box="def6789", subject=subject, files=[PDF], reference=reference))
    with pytest.raises(BusinessError):
        envelope.create_message(NewMessage(box="def6789", subject="x", files=[]))


# --- the ten days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("placed", "last"),
    [
        ("2026-03-02T08:00:00+01:00", "2026-03-12"),
        # Saturday, Sunday: Monday.
        ("2026-03-04T08:00:00+01:00", "2026-03-16"),
        # Good Friday to Easter Monday: Tuesday.
        ("2026-03-24T08:00:00+01:00", "2026-04-07"),
        # A minute before midnight in Prague is another day in UTC.
        ("2026-03-01T23:59:00+01:00", "2026-03-11"),
        ("2026-03-01T23:30:00+00:00", "2026-03-12"),
        # Christmas and the Sunday after it.
        ("2026-12-14T08:00:00+01:00", "2026-12-28"),
    ],
)
def test_ten_days_end_on_a_working_day(placed: str, last: str) -> None:
    assert fiction_on(datetime.fromisoformat(placed)).isoformat() == last


def standing(state: int, accepted: int | None = None, *, fiction: bool = True) -> Standing:
    placed = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    moment = placed + timedelta(days=accepted) if accepted is not None else None
    return Standing(id="1", state=state, placed_at=placed, accepted_at=moment, fiction=fiction)


@pytest.mark.parametrize(
    ("found", "today", "expected"),
    [
        (standing(PLACED), "2026-03-16", None),
        (standing(PLACED), "2026-03-17", ("fiction", "2026-03-16")),
        # The system counts ten days and does not look at Saturdays.
        (standing(BY_FICTION, 10), "2026-03-14", None),
        (standing(BY_FICTION, 10), "2026-03-16", ("fiction", "2026-03-16")),
        (standing(READ, 10), "2026-03-20", ("fiction", "2026-03-16")),
        (standing(BY_LOGIN, 3), "2026-03-08", ("login", "2026-03-07")),
        (standing(READ, 3), "2026-03-08", ("login", "2026-03-07")),
        # Substitute delivery excluded: never without a login.
        (standing(PLACED, fiction=False), "2027-01-01", None),
        (standing(READ, 20, fiction=False), "2026-04-01", ("login", "2026-03-24")),
        (standing(UNDELIVERABLE), "2026-04-01", None),
    ],
)
def test_the_law_says_when_it_was_delivered(found: Standing, today: str, expected: tuple[str, str] | None) -> None:
    how = delivered(found, date.fromisoformat(today))
    assert (how and (how.how, how.on.isoformat())) == expected


# --- the register of contracts over it -------------------------------------------------------------------------------


def answer_to(number: str) -> bytes:
    space = "http://portal.gov.cz/rejstriky/ISRS/1.2/"
    return f'<chyba xmlns="{space}"><puvodniZprava>{number}</puvodniZprava><kodChyby>X</kodChyby></chyba>'.encode()


def test_a_contract_is_sent_once_and_its_answer_found_later() -> None:
    box = DataBoxInMemory()
    register = ContractsByDataBox(box, SettableClock(DAY))
    with pytest.raises(Temporary):
        register.publish(b"<zverejneni/>", [PDF], "i1:a7", "mesto")
    with pytest.raises(Temporary):
        register.publish(b"<zverejneni/>", [PDF], "i1:a7", "mesto")
    ((number, sent),) = box.messages.items()
    assert (sent.box, [file.filename for file in sent.files]) == ("whbt3kp", ["zverejneni.xml", "výzva.pdf"])
    box.come("whbt3kp", [File(filename="chyba.xml", media_type="application/xml", content=answer_to("123"))])
    box.come("podvrh7", [File(filename="chyba.xml", media_type="application/xml", content=answer_to(number))])
    box.come("whbt3kp", [File(filename="a.xml", media_type="application/xml", content=b"<cut")])
    with pytest.raises(Temporary):
        register.publish(b"<zverejneni/>", [PDF], "i1:a7", "mesto")
    box.come("whbt3kp", [File(filename="chyba.xml", media_type="application/xml", content=answer_to(number))])
    assert register.publish(b"<zverejneni/>", [PDF], "i1:a7", "mesto") == answer_to(number)


def test_settings_name_whose_account_it_is() -> None:
    assert make_databox({}) is None
    facts: Variables = {"mesto": "uzivatel heslo s mezerou"}
    made = make_databox(facts)
    assert isinstance(made, Isds)
    assert made.accounts["mesto"] == Account("uzivatel", "heslo s mezerou")
    assert "heslo" not in repr(made)
