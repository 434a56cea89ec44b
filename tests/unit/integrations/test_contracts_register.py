"""The register of contracts: what is written fits the state's schemas, what is answered is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.model import Variables
from integrations.connectors import publish_contract
from integrations.contracts_register import publication, read_answer
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.fake_register import FakeContractsRegister
from integrations.ports import File, JobContext
from integrations.registry import CONNECTORS

_STANDARDS = (up / "shared" / "standards" / "contracts-register" for up in Path(__file__).parents)
SCHEMAS = next((folder for folder in _STANDARDS if folder.is_dir()), Path("contracts-register"))
FILE = File(filename="smlouva.pdf", media_type="application/pdf", content=b"%PDF-1.7")
CONTRACT: Variables = {
    "subject": "Dotace: Letní divadlo & hudba <v parku>",
    "signed_on": "2026-06-20",
    "number": "DOT-2026-0001",
    "approved_by": "starosta",
    "amount": "50001.00",
    "publisher": {"name": "Město Podhradí", "ico": "00276057", "address": "Náměstí 1", "data_box": "abc2345"},
    "parties": [
        {"name": "Spolek", "ico": "70890692", "recipient": True},
        {"name": "Jan Řezbář", "address": "Podhradí"},
    ],
}


def schema(name: str) -> etree.XMLSchema:
    """A schema of the register, as the state publishes it."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"{SCHEMAS} is not there")
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd"))


def context(key: str = "k1") -> JobContext:
    return JobContext(key=key, now=None, data={}, templates=None, files={"d1": FILE})  # type: ignore[arg-type]


@pytest.mark.parametrize("leave", [(), ("number", "approved_by", "amount"), ("amount",)])
def test_a_publication_fits_the_schema(leave: tuple[str, ...]) -> None:
    contract = {name: value for name, value in CONTRACT.items() if name not in leave}
    schema("operace_zverejneni").assertValid(etree.fromstring(publication(contract, ["smlouva.pdf", "priloha.pdf"])))


def test_the_stand_in_answers_as_the_schema_says() -> None:
    register = FakeContractsRegister()
    answer = register.publish(publication(CONTRACT, [FILE.filename]), [FILE], "k1")
    schema("odpoved_zverejneni").assertValid(etree.fromstring(answer))
    refused = register.publish(publication(CONTRACT, ["jina.pdf"]), [FILE], "k2")
    schema("chyba").assertValid(etree.fromstring(refused))


def test_a_contract_is_published_once_however_often_it_is_tried() -> None:
    register = FakeContractsRegister(failures=[Temporary()])
    given = {"contract": CONTRACT, "attach": [{"document": "d1"}]}
    assert CONNECTORS["contracts_register.publish"].problem(given) is None
    with pytest.raises(Temporary):
        publish_contract(register, given, context())
    first, again = (publish_contract(register, given, context()) for _ in range(2))
    assert first == again
    assert (first.result["contract_id"], len(register.taken)) == ("1", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": ""},
        {"subject": "x" * 256},
        {"subject": "zvonek \x07"},
        {"amount": "-1"},
        {"amount": "moc"},
        {"amount": "NaN"},
        {"number": "n" * 256},
    ],
)
def test_what_the_register_would_refuse_is_not_sent(change: Variables) -> None:
    with pytest.raises(BusinessError) as refused:
        publication(CONTRACT | change, ["smlouva.pdf"])
    assert refused.value.code == "register.refused"


def test_a_contract_without_a_file_is_not_sent() -> None:
    with pytest.raises(BusinessError):
        publication(CONTRACT, [])


def test_without_a_connection_somebody_publishes_by_hand() -> None:
    with pytest.raises(BusinessError) as refused:
        publish_contract(None, {"contract": CONTRACT, "attach": ["d1"]}, context())
    assert refused.value.code == "register.refused"


def test_the_registers_refusal_is_told_by_its_code() -> None:
    register = FakeContractsRegister(refuses="NEPLATNE_ICO")
    with pytest.raises(BusinessError, match="NEPLATNE_ICO"):
        publish_contract(register, {"contract": CONTRACT, "attach": ["d1"]}, context())


@pytest.mark.parametrize("answer", [b"", b"<html/>", b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_an_answer_that_is_none_is_a_fault_for_good(answer: bytes) -> None:
    with pytest.raises(Permanent):
        read_answer(answer)
