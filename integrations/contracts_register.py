"""The register of contracts (Registr smluv, ISRS): its XML over a data box, and what it answers.

Source: the published XSD 1.2 of `http://portal.gov.cz/rejstriky/ISRS/1.2/` and the interface's
description at smlouvy.gov.cz.
A publication is one data message to the box `whbt3kp`; the XML is its main file, the contract's files are enclosures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from lxml import etree

from engine.model import Json, Variables
from integrations.failures import BusinessError, Permanent
from integrations.ports import File

NAMESPACE = "http://portal.gov.cz/rejstriky/ISRS/1.2/"
BOX = "whbt3kp"
REFUSED = "register.refused"
_LONGEST = 255


class ContractsRegister(Protocol):
    """Takes a publication and gives the register's answer."""

    def publish(self, message: bytes, files: Sequence[File], key: str, tenant: str = "") -> bytes:
        """Send `zverejneni.xml` with its files and give `odpoved_zverejneni.xml` or `chyba.xml`.

        The same key twice is the same publication of the organisation. Raises Temporary while no answer has come.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Published:
    """A contract in the register."""

    contract_id: str
    version_id: str
    link: str
    published_at: str


def publication(contract: Variables, filenames: Sequence[str]) -> bytes:
    """Give `zverejneni.xml` of a contract `{subject, signed_on, number?, approved_by?, amount?, publisher, parties}`.

    A subject `{name, ico?, address?, data_box?, recipient?}` is written in the order of the schema. Amounts are Kč.
    Raises BusinessError("register.refused") for what the register would refuse.
    """
    if not filenames:
        raise BusinessError(REFUSED, "The register takes no contract without a file.")
    root = etree.Element(f"{{{NAMESPACE}}}zverejneni", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    node = _child(root, "smlouva")
    _subject(_child(node, "subjekt"), contract["publisher"], "platce", pays=True)
    for party in contract["parties"]:
        _subject(_child(node, "smluvniStrana"), party, "prijemce", pays=bool(party.get("recipient")))
    _text(node, "predmet", contract["subject"], needed=True)
    _text(node, "datumUzavreni", contract["signed_on"], needed=True)
    _text(node, "cisloSmlouvy", contract.get("number"))
    _text(node, "schvalil", contract.get("approved_by"))
    if contract.get("amount") not in (None, ""):
        _text(node, "hodnotaBezDph", _decimal(contract["amount"]))
    enclosed = _child(root, "prilohy")
    for name in filenames:
        _text(_child(enclosed, "priloha"), "nazevSouboru", name, needed=True)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def read_answer(content: bytes) -> Published:
    """Read what the register answered. Raises BusinessError("register.refused") with its reason, Permanent."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise Permanent("The register of contracts gave an answer that is not XML.") from error
    found = {etree.QName(node).localname: node.text or "" for node in root.iter(f"{{{NAMESPACE}}}*")}
    name = etree.QName(root).localname
    if name == "chyba":
        raise BusinessError(REFUSED, f"The register of contracts refused it ({found.get('kodChyby', '?')[:40]}).")
    if name != "odpovedZverejneni" or not found.get("idSmlouvy"):
        raise Permanent("The register of contracts gave an unknown answer.")
    return Published(
        contract_id=found["idSmlouvy"],
        version_id=found.get("idVerze", ""),
        link=found.get("odkaz", ""),
        published_at=found.get("casZverejneni", ""),
    )


def _subject(node: etree._Element, subject: Mapping[str, Json], role: str, *, pays: bool) -> None:
    _text(node, "datovaSchranka", subject.get("data_box"))
    _text(node, "nazev", subject.get("name"), needed=True)
    _text(node, "ico", subject.get("ico"))
    _text(node, "adresa", subject.get("address"))
    _text(node, role, "true" if pays else "false")


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _text(parent: etree._Element, name: str, value: Json, *, needed: bool = False) -> None:
    text = str(value if value is not None else "").strip()
    if not text and not needed:
        return
    if not text or len(text) > _LONGEST:
        raise BusinessError(REFUSED, f"The register of contracts takes a text of 1 to {_LONGEST} characters ({name}).")
    try:
        _child(parent, name).text = text
    except ValueError as error:
        raise BusinessError(REFUSED, f"The register of contracts takes no such characters ({name}).") from error


def _decimal(value: Json) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise BusinessError(REFUSED, "The contract's amount is not a number.") from error
    if not amount.is_finite() or amount < 0:
        raise BusinessError(REFUSED, "The contract's amount must not be negative.")
    return format(amount, "f")
