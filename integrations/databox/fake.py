"""ISDS on loopback: the same SOAP over a `DataBoxInMemory`, for tests and demonstrations."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from integrations.bank_fakes import Answer, Speaking
from integrations.databox import envelope
from integrations.databox.envelope import ISDS, OK, text_of
from integrations.databox.memory import DataBoxInMemory
from integrations.databox.shape import Listed, NewMessage, Standing
from integrations.failures import BusinessError
from integrations.ports import File

XML = "text/xml; charset=utf-8"
#: What the system says where a message is none of ours, and where the input is wrong.
NOT_OURS, BAD_INPUT = "1219", "1201"


@dataclass
class FakeIsds(Speaking):
    """Answers questions of one account; whoever else comes is sent away."""

    box: DataBoxInMemory = field(default_factory=DataBoxInMemory)
    username: str = "mestotest"
    password: str = "heslo Mesto1"  # noqa: S105
    #: Given instead of the next answers, in order.
    answers: list[Answer] = field(default_factory=list)
    #: Operations that were asked for.
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one operation."""
        if self.answers:
            return self.answers.pop(0)
        basic = b64encode(f"{self.username}:{self.password}".encode()).decode()
        if headers.get("Authorization") != f"Basic {basic}":
            return 401, "text/html", b"<html>401</html>"
        request = envelope.opened(body)
        operation = etree.QName(request).localname
        self.asked.append(operation)
        wanted = {"CreateMessage": "/dz", "MessageDownload": "/dz", "CheckDataBox": "/df"}.get(operation, "/dx")
        if path != wanted:
            return 404, "text/html", b""
        return 200, XML, envelope.enveloped(getattr(self, f"_{operation}", self._unknown)(request))

    def _CheckDataBox(self, request: etree._Element) -> etree._Element:
        root = envelope.element("CheckDataBoxResponse")
        _say(root, "dbState", "4" if text_of(request, "dbID").startswith("x") else "1")
        return _well(root, kind="db")

    def _CreateMessage(self, request: etree._Element) -> etree._Element:
        files = list(envelope.files_in(request))
        kinds = [node.get("dmFileMetaType") for node in request.iter(f"{{{ISDS}}}dmFile")]
        root = envelope.element("CreateMessageResponse")
        if kinds[:1] != ["main"] or kinds.count("main") != 1:
            return _well(root, BAD_INPUT)
        number = self.box.send("", _message(request, files))
        _say(root, "dmID", number)
        return _well(root)

    def _GetDeliveryInfo(self, request: etree._Element) -> etree._Element:
        root = envelope.element("GetDeliveryInfoResponse")
        try:
            standing = self.box.standing("", text_of(request, "dmID"))
        except BusinessError:
            return _well(root, NOT_OURS)
        delivery = _say(root, "dmDelivery")
        message = self.box.messages[standing.id]
        _envelope(_say(delivery, "dmDm"), standing.id, self.box.own, envelope.values_of(message))
        _say(delivery, "dmHash", "aGFzaA==").set("algorithm", "SHA-256")
        _say(delivery, "dmQTimestamp", "cmF6aXRrbw==")
        _moments(delivery, standing)
        _say(delivery, "dmMessageStatus", str(standing.state))
        event = _say(_say(delivery, "dmEvents"), "dmEvent")
        _say(event, "dmEventTime", "2026-01-01T08:00:00.000+01:00")
        _say(event, "dmEventDescr", "EV0: Datová zpráva byla podána.")
        return _well(root)

    def _GetListOfSentMessages(self, request: etree._Element) -> etree._Element:
        return _list("GetListOfSentMessagesResponse", list(self.box.sent("", *_period(request))))

    def _GetListOfReceivedMessages(self, request: etree._Element) -> etree._Element:
        return _list("GetListOfReceivedMessagesResponse", list(self.box.received("", *_period(request))))

    def _MessageDownload(self, request: etree._Element) -> etree._Element:
        root = envelope.element("MessageDownloadResponse")
        number = text_of(request, "dmID")
        if number not in self.box.inbox:
            return _well(root, NOT_OURS)
        listed, received = self.box.inbox[number]
        returned = _say(root, "dmReturnedMessage")
        inside = _say(returned, "dmDm")
        facts = {"dbIDRecipient": listed.recipient, "dmAnnotation": listed.subject}
        _envelope(inside, number, listed.sender, facts)
        envelope.add_files(_say(inside, "dmFiles"), received.files)
        _say(returned, "dmHash", "aGFzaA==").set("algorithm", "SHA-256")
        _say(returned, "dmQTimestamp", "cmF6aXRrbw==")
        _moments(returned, Standing(id=number, state=6))
        _say(returned, "dmMessageStatus", "6")
        _say(returned, "dmAttachmentSize", "1")
        return _well(root)

    def _unknown(self, request: etree._Element) -> etree._Element:
        return _well(envelope.element(f"{etree.QName(request).localname}Response"), BAD_INPUT)


def _message(request: etree._Element, files: list[File]) -> NewMessage:
    return NewMessage(
        box=text_of(request, "dbIDRecipient"),
        subject=text_of(request, "dmAnnotation"),
        files=files,
        reference=text_of(request, "dmSenderRefNumber"),
        file_mark=text_of(request, "dmSenderIdent"),
        to_hands=text_of(request, "dmToHands"),
        personal=text_of(request, "dmPersonalDelivery") == "true",
        fiction=text_of(request, "dmAllowSubstDelivery") != "false",
    )


def _list(name: str, found: list[Listed]) -> etree._Element:
    root = envelope.element(name)
    records = _say(root, "dmRecords")
    for place, one in enumerate(found, start=1):
        record = _say(records, "dmRecord")
        _say(record, "dmOrdinal", str(place))
        facts = {"dbIDRecipient": one.recipient, "dmAnnotation": one.subject, "dmSenderIdent": one.file_mark}
        _envelope(record, one.id, one.sender, facts)
        _say(record, "dmMessageStatus", "6")
        _say(record, "dmAttachmentSize", "1")
        _moments(record, Standing(id=one.id, state=6))
    return _well(root)


def _envelope(parent: etree._Element, number: str, sender: str, facts: Mapping[str, str]) -> None:
    _say(parent, "dmID", number)
    _say(parent, "dbIDSender", sender)
    _say(parent, "dmSender", "Odesílatel")
    _say(parent, "dmSenderAddress", "Náměstí 1, 100 00 Praha")
    _say(parent, "dmSenderType", "10")
    _say(parent, "dmRecipient", "Příjemce")
    _say(parent, "dmRecipientAddress", "Dlouhá 2, 100 00 Praha")
    envelope.add_envelope(parent, facts)


def _moments(parent: etree._Element, standing: Standing) -> None:
    for name, moment in (("dmDeliveryTime", standing.placed_at), ("dmAcceptanceTime", standing.accepted_at)):
        node = _say(parent, name, moment.isoformat() if moment else None)
        if moment is None:
            node.set(envelope.NIL, "true")


def _well(root: etree._Element, code: str = OK, kind: str = "dm") -> etree._Element:
    status = _say(root, f"{kind}Status")
    _say(status, f"{kind}StatusCode", code)
    _say(status, f"{kind}StatusMessage", "Provedeno úspěšně." if code == OK else "Operace nebyla provedena.")
    return root


def _period(request: etree._Element) -> tuple[datetime, datetime]:
    since, until = (datetime.fromisoformat(text_of(request, name)) for name in ("dmFromTime", "dmToTime"))
    return since, until


def _say(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    node = etree.SubElement(parent, f"{{{ISDS}}}{name}")
    node.text = text
    return node
