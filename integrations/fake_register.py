"""The register of contracts on this machine: takes the same XML, answers in the same XML, publishes nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from integrations.contracts_register import NAMESPACE
from integrations.failures import Failure
from integrations.ports import File

_NS = f"{{{NAMESPACE}}}"


@dataclass
class FakeContractsRegister:
    """Answers at once; what it took stands in `taken` by key."""

    taken: dict[str, bytes] = field(default_factory=dict)
    #: Raised by the next publications, in order.
    failures: list[Failure] = field(default_factory=list)
    #: A code of the register with which it refuses everything.
    refuses: str = ""

    def publish(self, message: bytes, files: Sequence[File], key: str, tenant: str = "") -> bytes:
        """Give the answer that the register would; a file that is listed but missing is refused."""
        if self.failures:
            raise self.failures.pop(0)
        sent = etree.fromstring(message)
        listed = [node.text for node in sent.iter(f"{_NS}nazevSouboru")]
        missing = set(listed) - {file.filename for file in files}
        if self.refuses or missing:
            return _error(self.refuses or "CHYBI_PRILOHA")
        self.taken.setdefault(key, message)
        return _answer(sent, {file.filename: file.content for file in files}, list(self.taken).index(key) + 1)


def _answer(sent: etree._Element, files: dict[str, bytes], number: int) -> bytes:
    root = etree.Element(f"{_NS}odpovedZverejneni", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _say(root, "puvodniZprava", str(number))
    data = _say(root, "data")
    which = _say(data, "identifikator")
    _say(which, "idSmlouvy", str(number))
    _say(which, "idVerze", str(number))
    _say(data, "odkaz", f"https://smlouvy.gov.cz/smlouva/{number}")
    _say(data, "casZverejneni", datetime(2026, 1, 1, tzinfo=UTC).isoformat())
    contract = sent.find(f"{_NS}smlouva")
    assert contract is not None
    data.append(deepcopy(contract))
    enclosed = _say(data, "prilohy")
    for name, content in files.items():
        one = _say(enclosed, "priloha")
        _say(one, "hash", hashlib.sha256(content).hexdigest()).set("algoritmus", "sha256")
        _say(one, "nazevSouboru", name)
    proof = _say(root, "potvrzeni")
    _say(proof, "hash", hashlib.sha256(etree.tostring(data)).hexdigest()).set("algoritmus", "sha256")
    _say(proof, "elektronickaZnacka", base64.b64encode(b"fake").decode())
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _error(code: str) -> bytes:
    root = etree.Element(f"{_NS}chyba", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _say(root, "puvodniZprava", "0")
    _say(root, "kodChyby", code)
    _say(root, "chybovyText", "Operace nebyla provedena.")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _say(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    node = etree.SubElement(parent, f"{_NS}{name}")
    node.text = text
    return node
