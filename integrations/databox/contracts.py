"""The register of contracts over the organisation's data box: a message to its box, an answer that comes later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from engine.calendar import Clock
from integrations.contracts_register import BOX, NAMESPACE
from integrations.databox.shape import DataBox, NewMessage
from integrations.failures import Temporary
from integrations.ports import File

SUBJECT = "Zveřejnění smlouvy v registru smluv"
#: Answers come within hours; a publication sent longer ago is not looked for.
LOOKED_BACK = timedelta(days=30)
#: The one file name by which the register knows what it is asked for.
FILENAME = "zverejneni.xml"


@dataclass(frozen=True)
class ContractsByDataBox:
    """Sends a publication once, and looks for the answer each time it is asked again."""

    box: DataBox
    clock: Clock

    def publish(self, message: bytes, files: Sequence[File], key: str, tenant: str = "") -> bytes:
        """Give the register's answer. Raises Temporary until it has come."""
        now, mark = self.clock.now(), hashlib.sha256(key.encode()).hexdigest()[:40]
        sent = self._sent(tenant, mark, now)
        if sent is None:
            xml = File(filename=FILENAME, media_type="application/xml", content=message)
            publication = NewMessage(box=BOX, subject=SUBJECT, files=[xml, *files], file_mark=mark)
            self.box.send(tenant, publication)
            raise Temporary("The contract was sent to the register, which has not answered yet.")
        if answer := self._answer(tenant, sent, now):
            return answer
        raise Temporary("The register of contracts has not answered yet.")

    def _sent(self, tenant: str, mark: str, now: datetime) -> str | None:
        """The message of an earlier try: what is in the box is the memory of what was sent."""
        listed = self.box.sent(tenant, now - LOOKED_BACK, now)
        return next((one.id for one in listed if one.recipient == BOX and one.file_mark == mark), None)

    def _answer(self, tenant: str, sent: str, now: datetime) -> bytes | None:
        for one in self.box.received(tenant, now - LOOKED_BACK, now):
            if one.sender != BOX:
                continue
            for file in self.box.download(tenant, one.id).files:
                if _answers(file.content, sent):
                    return file.content
        return None


def _answers(content: bytes, sent: str) -> bool:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return False
    node = root.find(f"{{{NAMESPACE}}}puvodniZprava")
    return node is not None and (node.text or "").strip() == sent
